"""The form in which a person says what must come of a golden dossier."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.queries_rehearsal import GoldenPage
from motcua.dossiers.rules.golden_changes import WORDS
from motcua.dossiers.rules.golden_text import SHAPES, TEXT, as_text, read_text
from motcua.kernel.messages import Message
from motcua.kernel.web.forms import Form

LONGEST = 8_000
HIDDEN = frozenset({"letters", "stuck"})
"""Parts with digests, or that no one can want: confirmed, never typed."""


class GoldenForm(Form):
    """A field for each part of the expectation, and why it was corrected."""

    note = forms.CharField(
        label=_("Ghi chú"),
        required=False,
        max_length=500,
        help_text=_("Vì sao sửa, theo điều nào của quyết định."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, label in WORDS.items():
            if part in HIDDEN:
                continue
            rows = 1 if SHAPES[part] in (TEXT, "number") else 4
            self.fields[part] = forms.CharField(
                label=label.render().capitalize(),
                required=False,
                max_length=LONGEST,
                strip=False,
                widget=forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput(),
            )
        self.order_fields([*(part for part in WORDS if part not in HIDDEN), "note"])

    @classmethod
    def of(cls, page: GoldenPage) -> Self:
        """Filled with what is expected now."""
        shown = {part: as_text(part, getattr(page.expected, part)) for part in WORDS if part not in HIDDEN}
        return cls(initial=shown)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._parts: dict[str, Any] = {}
        for part in WORDS:
            if part in HIDDEN or part not in cleaned or part not in self.data:
                continue  # what was not sent stays as it is
            found = read_text(part, cleaned[part])
            if isinstance(found, Message):
                self.add_error(part, found.render())
            else:
                self._parts[part] = found
        return cleaned

    def parts(self) -> dict[str, Any]:
        """The parts as values of an expectation."""
        return self._parts
