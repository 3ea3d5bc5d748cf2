"""What is known and what is in doubt about every procedure on offer, for boards."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.rules.search import Entry
from motcua.catalogue.snapshot import current
from motcua.catalogue.types import ProcedureDefinition


@dataclass(frozen=True, slots=True)
class ContentFacts:
    """What the content of a version leaves open. Fixed by its id, hence kept."""

    cases: tuple[str, ...]
    limits_unknown: int
    fee_lines: int
    fees_unknown: int
    has_form: bool
    form_known: bool
    ministry: str


_turns: tuple[str, list[datetime]] = ("", [])
_known: dict[int, ContentFacts] = {}


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """One procedure in force that the province's centres receive."""

    procedure_id: int
    version_id: int
    code: str
    name: str
    field: str
    levels: tuple[str, ...]
    content: ContentFacts


def picture_stamp() -> str:
    """Changes with every write to the catalogue."""
    return current().stamp


def turn(at: datetime) -> int:
    """Which stretch of time an instant lies in: another number once something begins or ends in between."""
    global _turns
    snapshot = current()
    if _turns[0] != snapshot.stamp:
        periods: list[Any] = [*snapshot.entries.values(), *snapshot.rules]
        periods += chain.from_iterable(snapshot.bindings.values())
        periods += chain.from_iterable(snapshot.settings.values())
        instants = {moment for one in periods for moment in (one.valid_from, one.valid_to)} - {None}
        _turns = (snapshot.stamp, sorted(instants))
    return bisect_right(_turns[1], at)


def facts(at: datetime) -> list[ProcedureFacts]:
    """Every procedure on offer at an instant, by code; one statement for versions not seen before."""
    return _of({entry: levels for entry, levels in _standing(at).items() if levels})


def in_force(at: datetime) -> list[ProcedureFacts]:
    """Every procedure in force at an instant, by code, also what only ministries and others do (no levels)."""
    return _of(_standing(at))


def _standing(at: datetime) -> dict[Entry, tuple[str, ...]]:
    """What stands at an instant with the levels at which it is on offer."""
    snapshot = current()
    return {entry: snapshot.offered(entry, at) for entry in snapshot.entries.values() if entry.stands_at(at)}


def _of(found: dict[Entry, tuple[str, ...]]) -> list[ProcedureFacts]:
    _learn(entry.version_id for entry in found if entry.version_id not in _known)
    return [_facts(entry, found[entry]) for entry in sorted(found, key=lambda e: (e.code, e.version_id))]


def _learn(version_ids: Iterable[int]) -> None:
    missing = list(version_ids)
    for start in range(0, len(missing), 500):
        rows = ProcedureVersion.objects.filter(pk__in=missing[start : start + 500])
        for version_id, content in rows.values_list("pk", "definition").iterator(chunk_size=200):
            _known[version_id] = _content(ProcedureDefinition.from_dict(content))


def _content(definition: ProcedureDefinition) -> ContentFacts:
    own = [case for case in definition.cases if case.changes_limit]
    limits = [definition.limit_for(case.key) for case in own] if own else [definition.limit_for()]
    forms = [paper for paper in definition.papers if paper.kind == "form"]
    return ContentFacts(
        cases=tuple(case.key for case in definition.cases),
        limits_unknown=sum(not limit.has_due_date for limit in limits),
        fee_lines=len(definition.fees),
        fees_unknown=sum(fee.amount is None or not fee.applies for fee in definition.fees),
        has_form=bool(forms),
        form_known=any(paper.form_code for paper in forms),
        ministry=definition.ministry,
    )


def _facts(entry: Entry, levels: tuple[str, ...]) -> ProcedureFacts:
    return ProcedureFacts(
        procedure_id=entry.procedure_id,
        version_id=entry.version_id,
        code=entry.code,
        name=entry.short_name or entry.name,
        field=entry.field,
        levels=levels,
        content=_known[entry.version_id],
    )
