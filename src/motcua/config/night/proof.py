"""Whether everybody's dossier came through the night: the same counts, an owner for each, nothing later or dearer."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.management import call_command

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries import matrix
from motcua.config.night.hours import MIDNIGHT, MORNING, at
from motcua.config.night.steps import Steps
from motcua.dossiers import queries
from motcua.dossiers.actions import moving
from motcua.dossiers.models import Dossier, DossierChange, MoveBatch
from motcua.dossiers.queries_moving_plan import fee_versions_of
from motcua.dossiers.rules.moving import fee_rises
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.organisation import queries as organisation
from motcua.organisation.queries import filling
from motcua.workflow.models import Task

CHUNK = 500
SEARCHED_EACH = 10


@dataclass(frozen=True, slots=True)
class Before:
    """What the night must not change."""

    states: dict[str, int]
    owners: Counter[str]
    due: dict[int, datetime | None]
    versions: dict[int, int]
    codes: dict[str, int]

    @classmethod
    def taken(cls) -> Before:
        rows = list(
            Dossier.objects.values_list(
                "pk", "code", "status", "owner_id_number", "due_at", "procedure_version_id"
            )
        )
        return cls(
            states=dict(Counter(row[2] for row in rows)),
            owners=Counter(row[3] for row in rows),
            due={row[0]: row[4] for row in rows},
            versions={row[0]: row[5] for row in rows},
            codes={row[1]: row[0] for row in rows},
        )


def counts(steps: Steps, before: Before, batch: MoveBatch) -> None:
    """As many as before, by state but for those the decision stopped, and by owner."""
    after = Before.taken()
    stopped = dict(
        Counter(
            DossierChange.objects.filter(batch=batch, outcome="stop", undone_at__isnull=True).values_list(
                "before__dossier__status", flat=True
            )
        )
    )
    steps.found["counts_before"] = _total(before.states)
    steps.found["counts_after"] = _total(after.states)
    steps.found["stopped_by_decision"] = stopped
    expected = Counter(before.states)
    for state, number in stopped.items():
        expected[state] -= number
        expected["stopped"] += number
    steps.check(+expected == Counter(after.states), "the counts by state are not those of before")
    steps.check(before.owners == after.owners, "the counts by owner are not those of before")
    steps.none_of(_later(before.due, after.due), "promised later than before")
    steps.none_of(_dearer(before.versions, after.versions), "dearer than before")


def _total(states: dict[str, int]) -> dict[str, int]:
    return {"total": sum(states.values()), **dict(sorted(states.items()))}


def _later(before: dict[int, datetime | None], after: dict[int, datetime | None]) -> list[int]:
    return [pk for pk, due in before.items() if (now := after[pk]) is not None and (due is None or now > due)]


def _dearer(before: dict[int, int], after: dict[int, int]) -> list[int]:
    kept = _kept(list(before))
    rising = {
        pair: fee_rises(catalogue.definition(pair[0]).fees, catalogue.definition(pair[1]).fees)
        for pair in {(version, kept.get(pk, after[pk])) for pk, version in before.items()}
        if pair[0] != pair[1]
    }
    return [pk for pk, version in before.items() if rising.get((version, kept.get(pk, after[pk])), False)]


def _kept(ids: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(ids), CHUNK):
        found |= fee_versions_of(ids[start : start + CHUNK])
    return found


def owners(steps: Steps) -> None:
    """No open dossier or task without a unit that stands and somebody who holds the role."""
    day = MORNING.date()
    standing = {
        unit.id for unit in organisation.units().values() if unit.stands_on(day) and not unit.is_former
    }
    places = Dossier.objects.filter(closed_at__isnull=True).values_list(
        "code", "receiving_unit_id", "competent_agency_id", "returning_unit_id"
    )
    steps.none_of([code for code, *units in places if not set(units) <= standing], "in a unit that has ended")
    held = filling.filled_roles(day)
    tasks = list(Task.objects.filter(status="open").values_list("run__subject", "unit_id", "role"))
    steps.found["open_tasks"] = len(tasks)
    steps.none_of(
        [code for code, unit_id, role in tasks if unit_id not in standing or (unit_id, role) not in held],
        "with a step nobody holds",
    )
    lost = Dossier.objects.filter(closed_at__isnull=True, run__isnull=False).exclude(
        run__tasks__status="open"
    )
    steps.none_of(list(lost.values_list("code", flat=True)), "open without an open step")


def old_numbers(steps: Steps, actor: Actor, before: Before) -> None:
    """Every old number opens its dossier, and every tenth is found by the one search as well."""
    lost = []
    for place, (code, pk) in enumerate(before.codes.items()):
        try:
            found = queries.readable_dossier(actor, code).pk == pk
        except NotFound:
            found = False
        if found and place % SEARCHED_EACH == 0:
            found = [row.pk for row in queries.search(actor, code)] == [pk]
        if not found:
            lost.append(code)
    steps.found["numbers_found"] = len(before.codes) - len(lost)
    steps.none_of(lost, "not found by its number")


def competence(steps: Steps) -> None:
    """Exactly one decider or "not here" for every pair at the first moment."""
    report = matrix.check(MIDNIGHT)
    steps.found["competence"] = {
        "procedures": report.procedures,
        "units": report.units,
        "pairs": report.pairs,
        "decided": report.decided,
        "not_here": report.not_here,
        "undecided": report.undecided,
        "remarks": len(report.gaps),
    }
    steps.none_of([f"{one.code}: {one.text.source()}" for one in report.holes], "holes in competence")
    steps.none_of([f"{one.code}: {one.text.source()}" for one in report.overlaps], "overlaps in competence")


def clean(steps: Steps, *commands: str) -> None:
    """The product's own proofs."""
    for name in commands:
        out, code = io.StringIO(), 0
        with at(MORNING):
            try:
                call_command(name, json=True, stdout=out)
            except SystemExit as left:
                code = int(left.code or 0)
        said = out.getvalue().strip().splitlines()
        steps.check(code == 0, f"{name}: {said[-1][:300] if said else code}")


def pictures(dossier_ids: Iterable[int]) -> dict[int, str]:
    """Each dossier as it is, by its number: row, run, steps, clock events and papers."""
    return {pk: picture(pk) for pk in dossier_ids}


def picture(pk: int) -> str:
    """The fingerprint of all a dossier is made of but its letters, its money and its log."""
    dossier = Dossier.objects.get(pk=pk)
    row = Dossier.objects.filter(pk=pk).values().get()
    # What is owed is worked out anew where what was stopped is taken up again.
    parts: list[Any] = [{name: value for name, value in row.items() if name != "fees"}]
    if dossier.run is not None:
        run = dossier.run
        parts += [type(run)._default_manager.filter(pk=run.pk).values().get()]
        parts += list(Task.objects.filter(run_id=run.pk).order_by("pk").values())
    parts += list(dossier.clock_events.order_by("pk").values())
    parts += list(dossier.papers.order_by("pk").values())
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def undo_sample(steps: Steps, actor: Actor, batch: MoveBatch, images: dict[int, str]) -> None:
    """Undone, dossiers of each outcome are what they were before."""
    wrong, undone = [], Counter[str]()
    for outcome in ("convert", "transfer", "stop", "ask"):
        sample = DossierChange.objects.filter(batch=batch, outcome=outcome, dossier_id__in=images)
        for change in sample.order_by("pk"):
            moving.undo_change(actor=actor, change_id=change.pk, reason="Diễn tập hoàn tác", now=MORNING)
            undone[outcome] += 1
            if picture(change.dossier_id) != images[change.dossier_id]:
                wrong.append(f"{change.dossier.code} ({outcome})")
    steps.found["undone"] = dict(undone)
    steps.none_of(wrong, "not what it was after undoing")
