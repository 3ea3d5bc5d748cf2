"""What the screens of successions show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation.errors import UnknownSuccession
from motcua.organisation.models import Succession
from motcua.organisation.permissions import require_manage_province
from motcua.organisation.snapshot import current
from motcua.organisation.types import SuccessionKind, SuccessionState

RECENT = 50
ROWS = 200


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    id: int
    number: str
    title: str
    effective_on: date
    state: str
    ended: int
    dossiers: int


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the decision in names, as far as the units are known already."""

    kind: str
    predecessor: str
    predecessor_code: str
    part: str
    successor: str
    successor_code: str


@dataclass(frozen=True, slots=True)
class MovedRow:
    """What passes from one unit to another; `counts` are words and numbers."""

    source: str
    source_code: str
    target: str
    target_code: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class SuccessionPage:
    id: int
    number: str
    title: str
    issuer: str
    decided_on: date
    effective_on: date
    state: str
    loaded_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    lines: tuple[LineShown, ...]
    line_count: int
    report: dict[str, Any] = field(default_factory=dict)


def successions_page(*, actor: Actor) -> list[SuccessionRow]:
    """The latest decisions (one statement). Raises `NotYourUnit` for anybody but the province."""
    require_manage_province(actor)
    rows = Succession.objects.defer("plan", "journal")[:RECENT]
    return [
        SuccessionRow(
            id=row.pk,
            number=row.number,
            title=row.title,
            effective_on=row.effective_on,
            state=row.state,
            ended=int(row.report.get("units_ended", 0)) + int(row.report.get("units_recorded", 0)),
            dossiers=int(row.report.get("totals", {}).get("dossiers", 0)),
        )
        for row in rows
    ]


def succession_page(*, actor: Actor, succession_id: int) -> SuccessionPage:
    """One decision with its first 200 lines (one statement). Raises `UnknownSuccession`, `NotYourUnit`."""
    require_manage_province(actor)
    row = Succession.objects.defer("journal").filter(pk=succession_id).first()
    if row is None:
        raise UnknownSuccession(msg("Không có quyết định này."))
    names = _names(row.plan)
    lines = row.plan.get("lines", [])
    return SuccessionPage(
        id=row.pk,
        number=row.number,
        title=row.title,
        issuer=row.issuer,
        decided_on=row.decided_on,
        effective_on=row.effective_on,
        state=row.state,
        loaded_at=row.loaded_at,
        applied_at=row.applied_at,
        undone_at=row.undone_at,
        lines=tuple(
            LineShown(
                kind=str(SuccessionKind(line["kind"]).label),
                predecessor=names.get(line["predecessor"], line["predecessor"]),
                predecessor_code=line["predecessor"],
                part=", ".join(part for part in (line.get("function", ""), line.get("field", "")) if part),
                successor=names.get(line["successor"], line["successor"]),
                successor_code=line["successor"],
            )
            for line in lines[:ROWS]
        ),
        line_count=len(lines),
        report=row.report if row.state == SuccessionState.APPLIED else {},
    )


def moved_rows(report: dict[str, Any], plan_names: dict[str, str] | None = None) -> list[MovedRow]:
    """Rows of a report in names, those that move most first, no more than a page can bear."""
    names = {unit.code: unit.full_name for unit in current().units.values()} | (plan_names or {})
    rows = []
    for row in report.get("rows", []):
        counts = {name: number for name, number in row.items() if name not in {"from", "to"}}
        source, target = str(row["from"]), str(row["to"])
        rows.append(MovedRow(names.get(source, source), source, names.get(target, target), target, counts))
    rows.sort(key=lambda row: (-row.counts.get("dossiers", 0), -sum(row.counts.values()), row.source_code))
    return rows[:ROWS]


def planned_names(succession_id: int) -> dict[str, str]:
    """Names of the units a decision will make, by code (one statement)."""
    row = Succession.objects.filter(pk=succession_id).only("plan").first()
    return {} if row is None else _names(row.plan)


def _names(plan: dict[str, Any]) -> dict[str, str]:
    names = {unit.code: unit.full_name for unit in current().units.values()}
    for unit in (*plan.get("new_units", []), *plan.get("ended_units", [])):
        names.setdefault(str(unit["code"]), str(unit.get("full_name") or unit.get("name", "")))
    return names
