"""What a row still lacks before people can be served by it, and the score that follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from motcua.catalogue.rules.grid.steps import over_limit
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import ProcedureDefinition
from motcua.kernel.messages import Message, msg
from motcua.workflow.rules.definition import ProcessDefinition


class Lack(StrEnum):
    """One thing that is not there yet."""

    LIMIT = "limit"
    PROCESS = "process"
    TIME = "time"
    DECIDING = "deciding"
    FORM = "form"
    FEES = "fees"


LACKS: dict[Lack, Message] = {
    Lack.LIMIT: msg("Chưa rõ thời hạn"),
    Lack.PROCESS: msg("Chưa có quy trình riêng"),
    Lack.TIME: msg("Các bước quá thời hạn"),
    Lack.DECIDING: msg("Chưa rõ cơ quan giải quyết"),
    Lack.FORM: msg("Chưa có biểu mẫu"),
    Lack.FEES: msg("Chưa rõ mức phí"),
}


@dataclass(frozen=True, slots=True)
class Completeness:
    """What was looked at and what of it is missing; a row that needs nothing is complete."""

    looked_at: frozenset[Lack]
    lacks: tuple[Lack, ...]

    @property
    def percent(self) -> int:
        """0 to 100, rounded down, so that 100 means all of it."""
        return (
            100
            if not self.looked_at
            else (len(self.looked_at) - len(self.lacks)) * 100 // len(self.looked_at)
        )

    @property
    def is_complete(self) -> bool:
        return not self.lacks


def completeness(
    *,
    definition: ProcedureDefinition,
    limit: TimeLimit,
    process: ProcessDefinition | None,
    process_is_own: bool,
    deciding_known: bool,
    form: str,
    whole_procedure: bool,
) -> Completeness:
    """Judge one row. `whole_procedure`: the row also carries what is set once for the procedure."""
    checks: dict[Lack, bool] = {
        Lack.LIMIT: limit.has_due_date,
        Lack.PROCESS: process_is_own,
        Lack.TIME: process is None or over_limit(process, limit) is None,
        Lack.DECIDING: deciding_known,
    }
    if whole_procedure:
        if any(paper.kind == "form" for paper in definition.papers):
            named = any(paper.form_code for paper in definition.papers if paper.kind == "form")
            checks[Lack.FORM] = bool(form) or named
        if definition.fees:
            checks[Lack.FEES] = all(fee.amount is not None and fee.applies for fee in definition.fees)
    return Completeness(frozenset(checks), tuple(lack for lack, there in checks.items() if not there))


@dataclass(frozen=True, slots=True)
class Score:
    """How far a department is: `complete` of `rows`, the mean percent, how often each thing is missing."""

    rows: int
    complete: int
    percent: int
    missing: tuple[tuple[Lack, int], ...]


def score(rows: Iterable[Completeness]) -> Score:
    """The score of many rows; all of nothing is 100 percent."""
    found: Sequence[Completeness] = tuple(rows)
    counts = [(lack, sum(lack in row.lacks for row in found)) for lack in Lack]
    return Score(
        rows=len(found),
        complete=sum(row.is_complete for row in found),
        percent=sum(row.percent for row in found) // len(found) if found else 100,
        missing=tuple((lack, count) for lack, count in counts if count),
    )
