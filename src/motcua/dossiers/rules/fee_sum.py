"""What a dossier costs by the lines of its procedure: a plain sum of whole đồng.

One function, so that a calculator that knows quantities, exemptions and kinds of applicants can take its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from motcua.catalogue.types import FeeLine, ProcedureDefinition


@dataclass(frozen=True, slots=True)
class FeeSum:
    """`lines` are (key, đồng) in the order of the decision; `unknown` keys of lines whose amount nobody knows."""

    lines: tuple[tuple[str, int], ...]
    unknown: tuple[str, ...]

    @property
    def total(self) -> int:
        """Whole đồng; lines of unknown amount are not in it."""
        return sum(amount for _key, amount in self.lines)


def fee_sum(definition: ProcedureDefinition, *, case_key: str, channel: str) -> FeeSum:
    """The lines that are asked in a case through a channel ("in_person", "post", "online").

    A line in doubt (`applies` false) is not charged. A line whose condition is the name or key of another case is
    not asked in this one.
    """
    asked = [line for line in definition.fees if _asked(line, definition, case_key, channel)]
    return FeeSum(
        lines=tuple((line.key, line.amount) for line in asked if line.amount is not None),
        unknown=tuple(line.key for line in asked if line.amount is None),
    )


def _asked(line: FeeLine, definition: ProcedureDefinition, case_key: str, channel: str) -> bool:
    if not line.applies or (line.channels and channel not in line.channels):
        return False
    return not _of_another_case(
        line.condition, ((case.key, case.name) for case in definition.cases), case_key
    )


def _of_another_case(condition: str, cases: Iterable[tuple[str, str]], case_key: str) -> bool:
    return any(condition in (key, name) and key != case_key for key, name in cases) if condition else False
