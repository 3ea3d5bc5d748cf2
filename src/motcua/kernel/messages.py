"""Sentences for people, made where there is no Django and rendered where there is.

Rules are pure Python, yet their refusals and explanations are read by officers. A `Message` carries the
Vietnamese source sentence and its values; only the edge renders it, in the reader's language.

Vietnamese nouns have no plural; other languages choose the form by the first count named in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_COUNT = re.compile(r"%\((n|count|amount|days|hours|minutes)\)s")


@dataclass(frozen=True, slots=True)
class Message:
    """A Vietnamese sentence with named `%(name)s` places and the values that fill them."""

    text: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def source(self) -> str:
        """The sentence in Vietnamese, whatever language is active."""
        return self._fill(self.text, Message.source)

    def render(self) -> str:
        """The sentence in the active language (Vietnamese where Django is not set up)."""
        return self._fill(_translated(self.text, self.params), Message.render)

    def _fill(self, text: str, inner: object) -> str:
        if not self.params:
            return text
        assert callable(inner)
        values = {
            name: inner(value) if isinstance(value, Message) else value for name, value in self.params.items()
        }
        return text % values

    def __str__(self) -> str:
        return self.render()


def msg(text: str, **params: object) -> Message:
    """A message; `text` is the Vietnamese source with `%(name)s` for each parameter."""
    return Message(text, MappingProxyType(params))


def _translated(text: str, params: Mapping[str, object]) -> str:
    try:
        from django.conf import settings
        from django.utils.translation import gettext, ngettext
    except ImportError:  # pragma: no cover - rules used outside the product
        return text
    if not settings.configured:
        return text
    count = _COUNT.search(text)
    if count is not None:
        formed = ngettext(text, text, 1 if str(params.get(count[1])) == "1" else 2)
        if formed != text:
            return formed
    return gettext(text)
