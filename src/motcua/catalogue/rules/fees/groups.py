"""Groups of people who pay less, each with its proof (Law on Fees and Charges 97/2015, article 10). Pure.

A sentence of a source names a group only when nothing else is left of it: "trẻ em, hộ nghèo" does, "nhận trẻ khuyết
tật" does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from motcua.catalogue.rules.fees.tariff import Exemption
from motcua.kernel.text import fold

_OPENING = re.compile(r"^(?:nguoi thuoc|doi voi|nguoi)\s+")


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups by key, and the folded phrases that mean each."""

    by_key: Mapping[str, Exemption] = field(default_factory=lambda: MappingProxyType({}))
    phrases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def named_in(self, sentence: str) -> tuple[Exemption, ...]:
        """The groups a sentence lists; nothing when any part of it says something else."""
        plain = " ".join(re.sub(r"\([^)]*\)", " ", fold(sentence)).split())
        if plain in self.phrases:
            return (self.by_key[self.phrases[plain]],)
        parts = [" ".join(part.split()) for part in re.split(r"[,;]", plain) if part.strip()]
        keys = [self.phrases.get(part) or self.phrases.get(_OPENING.sub("", part)) for part in parts]
        if not keys or None in keys:
            return ()
        return tuple(self.by_key[key] for key in dict.fromkeys(keys) if key is not None)
