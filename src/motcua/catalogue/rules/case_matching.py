"""Telling that two sources mean the same case: "không xác minh" is "không phải xác minh".

Pure words: folded, without punctuation and filler, the negation kept apart because it turns the meaning
round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from motcua.kernel.text import fold

_FILLER = frozenset(
    [
        "phai",
        "can",
        "co",
        "truong",
        "hop",
        "khac",
        "thong",
        "tin",
        "ho",
        "tich",
        "de",
        "cua",
        "cho",
        "va",
        "hoac",
        "theo",
        "cac",
        "do",
        "nguoi",
        "duoc",
        "thuoc",
        "voi",
        "tu",
    ]
)
_NEGATION = frozenset({"khong", "chua"})


def slug(name: str) -> str:
    """A stable key for a case: `đám tang` gives `dam-tang`; at most 60 characters."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:60].strip("-") or "truong-hop"


@dataclass(frozen=True, slots=True)
class CaseWords:
    """The meaning of a case name as words."""

    negated: bool
    words: frozenset[str]

    @property
    def verified(self) -> bool:
        """Whether the name speaks of verification, which sets a limit of its own and is never "more
        words".
        """
        return {"xac", "minh"} <= self.words

    @classmethod
    def of(cls, name: str) -> CaseWords:
        either_way = re.sub(r"(\w+)/(?:khong|chua) \1", r"\1", fold(name))
        found = re.findall(r"[a-z0-9]+", either_way)
        meaningful = frozenset(word for word in found if word not in _FILLER and word not in _NEGATION)
        return cls(any(word in _NEGATION for word in found), meaningful or frozenset(found))

    def likeness(self, other: CaseWords) -> float:
        """0 (different) to 1 (same): the part of the shorter name found in the longer, less what is extra."""
        shared = self.words & other.words
        if not shared or self.negated != other.negated:
            return 0.0
        inside = len(shared) / min(len(self.words), len(other.words))
        overall = len(shared) / len(self.words | other.words)
        return 0.75 * inside + 0.25 * overall


def closest_of_same_meaning(name: str, candidates: Sequence[tuple[str, str]]) -> str | None:
    """The key of the candidate (key, name) that means the same or more or less of it; None if there is none.

    Meaning the same: negation and verification alike, and every meaningful word of one name is in the other.
    """
    wanted = CaseWords.of(name)
    found = [
        (wanted.likeness(words), key)
        for key, text in candidates
        if (words := CaseWords.of(text)).negated == wanted.negated
        and words.verified == wanted.verified
        and (wanted.words <= words.words or words.words <= wanted.words)
    ]
    return max(found)[1] if found else None


def best_match(name: str, candidates: Sequence[tuple[str, str]], *, at_least: float = 0.6) -> str | None:
    """The key of the candidate (key, name) most like `name`, None when nothing is like enough or two tie."""
    exact = [key for key, text in candidates if fold(text) == fold(name)]
    if exact:
        return exact[0]
    wanted = CaseWords.of(name)
    scored = sorted(((wanted.likeness(CaseWords.of(text)), key) for key, text in candidates), reverse=True)
    if not scored or scored[0][0] < at_least:
        return None
    if len(scored) > 1 and scored[1][0] == scored[0][0]:
        return None
    return scored[0][1]
