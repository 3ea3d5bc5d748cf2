"""How far procedures are prepared: decisions that want an electronic process, and what rehearsals found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max

from motcua.catalogue.models import ChangeLine, ChangeSet, Procedure, Rehearsal, RehearsalFailure
from motcua.catalogue.types_changes import ChangeState

NOBODY = "nobody"
"""Failures of this kind say that nobody holds a role: a matter of the unit, not of the procedure."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """The newest decision in force about a procedure: from its day on the electronic process is waited for."""

    number: str
    signed_on: date
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preparation:
    """By procedure id. `rehearsed` tells whether the newest rehearsal that covered it was green.

    `stamp` changes when anything here may have.
    """

    stamp: tuple[object, ...]
    ordered: Mapping[int, Ordered] = field(default_factory=dict)
    rehearsed: Mapping[int, bool] = field(default_factory=dict)
    rehearsed_all: bool = False
    """A rehearsal of the whole catalogue has been run: what it did not complain of is green."""

    def is_green(self, procedure_id: int) -> bool | None:
        """None: never rehearsed."""
        return self.rehearsed.get(procedure_id, True if self.rehearsed_all else None)


def preparation_stamp() -> tuple[object, ...]:
    """Changes with every publication and every rehearsal (two statements)."""
    sets = ChangeSet.objects.aggregate(published=Max("published_at"), undone=Max("undone_at"))
    return (sets["published"], sets["undone"], Rehearsal.objects.aggregate(newest=Max("pk"))["newest"])


def preparation() -> Preparation:
    """Five statements, whatever the size of the catalogue."""
    stamp = preparation_stamp()
    rehearsed, everything = _rehearsed()
    return Preparation(stamp, _ordered(), rehearsed, everything)


def _ordered() -> dict[int, Ordered]:
    lines = ChangeLine.objects.filter(
        change_set__state=ChangeState.PUBLISHED.value,
        change_set__signed_on__isnull=False,
        procedure__isnull=False,
    ).order_by("change_set__signed_on", "change_set_id")
    rows = lines.values_list(
        "procedure_id", "change_set__number", "change_set__signed_on", "change_set__notes"
    )
    return {
        procedure_id: Ordered(number, signed_on, tuple(notes or ()))
        for procedure_id, number, signed_on, notes in rows.iterator(chunk_size=2_000)
        if procedure_id is not None and signed_on is not None
    }


def _rehearsed() -> tuple[dict[int, bool], bool]:
    newest: dict[tuple[int | None, str], int] = {}
    for pk, change_set_id, scope in Rehearsal.objects.order_by("pk").values_list(
        "pk", "change_set_id", "scope"
    ):
        newest[change_set_id, scope] = pk
    covered: dict[int, int] = {}
    sets = {change_set_id: pk for (change_set_id, _), pk in newest.items() if change_set_id is not None}
    for procedure_id, change_set_id in ChangeLine.objects.filter(
        change_set_id__in=sets, procedure__isnull=False
    ).values_list("procedure_id", "change_set_id"):
        covered[procedure_id] = max(covered.get(procedure_id, 0), sets[change_set_id])
    scopes = {scope: pk for (change_set_id, scope), pk in newest.items() if scope and change_set_id is None}
    for procedure_id, code in Procedure.objects.filter(code__in=scopes).values_list("pk", "code"):
        covered[procedure_id] = max(covered.get(procedure_id, 0), scopes[code or ""])
    everything = newest.get((None, ""))
    failed = _failed([*sets.values(), *scopes.values(), *([everything] if everything else [])])
    found = {
        procedure_id: (pk, procedure_id) not in failed
        for procedure_id, pk in covered.items()
        if everything is None or pk > everything
    }
    if everything is not None:
        for pk, procedure_id in failed:
            if pk == everything:
                found.setdefault(procedure_id, False)
    return found, everything is not None


def _failed(rehearsal_ids: list[int]) -> set[tuple[int, int]]:
    rows = RehearsalFailure.objects.filter(rehearsal_id__in=rehearsal_ids, procedure__isnull=False)
    rows = rows.exclude(kind=NOBODY)
    return set(rows.values_list("rehearsal_id", "procedure_id").distinct())
