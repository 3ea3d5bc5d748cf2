"""One working out of what a dossier owes, as the dossier keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answers it was worked out with, and every line with its reasons, also those waived, held or not known.

    `answers` is `catalogue.rules.fees.answers.Answers`; `lines` are `[{"key", "kind", "name", "standing", "amount",
    "reasons", "basis", "kept_when_refused"}]`; `complete`: nothing is left to be counted, answered or set; `reason`:
    why it was worked out again.
    """

    number: int
    answers: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]
    total: int
    complete: bool
    reason: str
    at: datetime
    by_name: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` is its inverse."""
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError on anything `to_dict` does not write."""
        return cls(**{**data, "at": datetime.fromisoformat(data["at"])})
