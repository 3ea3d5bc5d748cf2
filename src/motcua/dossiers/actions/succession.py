"""Open dossiers follow the succession of their units: competent, receiving and returning unit, and open tasks.

Part of `organisation.carry_out_succession`, in its transaction and after its permission check. Promised dates,
codes and pinned versions stay; what was before is kept for history and for the undo.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from motcua.dossiers.models import Dossier, UnitMove
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.messages import Message, msg
from motcua.organisation.actions import Followed, Moves
from motcua.organisation.rules.succession import Problem
from motcua.organisation.types import Role
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries

CHUNK = 500
PLACES = ("receiving_unit_id", "competent_agency_id", "returning_unit_id")
SHOWN = 200
"""How many dossiers without an owner are named one by one; the rest are counted."""


class Task(NamedTuple):
    id: int
    run_id: int
    unit_id: int
    role: str
    assignee_id: int | None


@dataclass(slots=True)
class Batch:
    """What is to be written, gathered by target so that it takes few statements."""

    places: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[tuple[int, bool], list[int]] = field(default_factory=lambda: defaultdict(list))
    runs: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    moves: list[UnitMove] = field(default_factory=list)
    codes: list[tuple[str, dict[str, object]]] = field(default_factory=list)


class DossierFollower:
    """Registered with the organisation when the app is ready."""

    def move(self, *, actor: Actor, moves: Moves, now: datetime) -> Followed:
        """Move every open dossier and open task of the units that are succeeded.

        A dossier or task nobody takes over, or that would arrive where nobody holds its role although somebody
        did before, is a problem that names it. Running it again finds nothing left to move.
        """
        done = Followed()
        concerned = moves.concerned()
        done.before = by_state()
        dossiers = list(_open_in(concerned))
        tasks: dict[int, list[Task]] = defaultdict(list)
        for task in _open_tasks([row.run_id for row in dossiers if row.run_id]):
            tasks[task.run_id].append(task)
        batch = Batch()
        unowned: list[Problem] = []
        for dossier in dossiers:
            _plan(dossier, tasks.get(dossier.run_id or 0, []), moves, concerned, batch, done, unowned, now)
        done.problems += unowned[:SHOWN]
        if len(unowned) > SHOWN:
            text = msg("và %(count)s hồ sơ, bước nữa không có nơi nhận.", count=len(unowned) - SHOWN)
            done.problems.append(Problem("", text))
        _write(actor, moves, batch, now)
        done.after = by_state()
        return done

    def hindrances(self, *, reference: int, unit_ids: Collection[int], since: datetime) -> list[Message]:
        """Dossiers received at the new units, and moved ones that went on."""
        found = []
        received = Dossier.objects.filter(
            Q(receiving_unit_id__in=unit_ids)
            | Q(competent_agency_id__in=unit_ids)
            | Q(returning_unit_id__in=unit_ids)
        ).exclude(unit_moves__succession_id=reference, unit_moves__undone_at__isnull=True)
        codes = list(received.order_by("pk").values_list("code", flat=True)[:3])
        if codes:
            found.append(msg("hồ sơ mới ở đơn vị mới (%(codes)s…)", codes=", ".join(codes)))
        moved = UnitMove.objects.filter(succession_id=reference, undone_at__isnull=True)
        went_on = moved.filter(dossier__updated_at__gt=since)
        codes = list(went_on.order_by("pk").values_list("dossier__code", flat=True)[:3])
        if codes:
            found.append(msg("hồ sơ đã chuyển được xử lý tiếp (%(codes)s…)", codes=", ".join(codes)))
        return found

    def undo(self, *, actor: Actor, reference: int, decision: str, now: datetime) -> int:
        """Give every dossier and task back to where it was."""
        rows = list(
            UnitMove.objects.filter(succession_id=reference, undone_at__isnull=True)
            .select_related("dossier")
            .order_by("pk")
        )
        tasks: dict[tuple[int, int | None], list[int]] = defaultdict(list)
        runs: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            row.dossier.receiving_unit_id = row.receiving_from_id
            row.dossier.competent_agency_id = row.competent_from_id
            row.dossier.returning_unit_id = row.returning_from_id
            for task_id, unit_id, assignee_id in row.tasks:
                tasks[unit_id, assignee_id].append(task_id)
            if row.run_agency_id is not None and row.dossier.run_id is not None:
                runs[row.run_agency_id].append(row.dossier.run_id)
        Dossier.objects.bulk_update([row.dossier for row in rows], PLACES_OF_MODEL, batch_size=CHUNK)
        workflow.put_tasks_back(tasks=tasks)
        workflow.hand_over_runs(runs=runs)
        UnitMove.objects.filter(pk__in=[row.pk for row in rows]).update(undone_at=now)
        for row in rows:
            audit.record(
                actor,
                "dossiers.unit_move_undone",
                subject_type="dossier",
                subject=row.dossier.code,
                data={"decision": decision},
                at=now,
            )
        return len(rows)


PLACES_OF_MODEL = ["receiving_unit", "competent_agency", "returning_unit"]


def by_state() -> dict[str, int]:
    """Dossiers by status, all of them and in total: the sums a succession must not change (one statement)."""
    rows = Dossier.objects.order_by().values_list("status").annotate(Count("pk"))
    found: dict[str, int] = dict(rows)
    found["total"] = sum(found.values())
    return found


def _open_in(units: Collection[int]) -> Iterable[Dossier]:
    """Open dossiers with a place or an open task in the units, locked."""
    asked = workflow_queries.open_tasks().filter(unit_id__in=units).values("run_id")
    return (
        Dossier.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            Q(receiving_unit_id__in=units)
            | Q(competent_agency_id__in=units)
            | Q(returning_unit_id__in=units)
            | Q(run_id__in=asked),
            closed_at__isnull=True,
        )
        .only("pk", "code", "status", "field_name", "run_id", *PLACES)
        .order_by("pk")
    )


def _open_tasks(run_ids: list[int]) -> Iterable[Task]:
    for start in range(0, len(run_ids), CHUNK):
        rows = workflow_queries.open_tasks().filter(run_id__in=run_ids[start : start + CHUNK])
        for row in rows.order_by("pk").values_list("pk", "run_id", "unit_id", "role", "assignee_id"):
            yield Task(*row)


def _plan(
    dossier: Dossier,
    tasks: list[Task],
    moves: Moves,
    concerned: frozenset[int],
    batch: Batch,
    done: Followed,
    unowned: list[Problem],
    now: datetime,
) -> None:
    """Where one dossier and its open tasks go; nothing of it moves when any part has nobody."""
    before = {place: getattr(dossier, place) for place in PLACES}
    after: dict[str, int] = {}
    for place, unit_id in before.items():
        target = _place(place, unit_id, dossier.field_name, moves, concerned)
        if target is None:
            unowned.append(_no_unit(dossier, unit_id, moves))
            return
        after[place] = target
    steps = []
    for task in tasks:
        target = (
            moves.unit_for(task.unit_id, dossier.field_name) if task.unit_id in concerned else task.unit_id
        )
        if target is None or _left_alone(task, target, moves):
            unowned.append(_no_task(dossier, task, target, moves))
            return
        steps.append((task, target))
    moved = [(task, target) for task, target in steps if target != task.unit_id]
    if after == before and not moved:
        return
    for place, target in after.items():
        if target != before[place]:
            batch.places[place, target].append(dossier.pk)
    for task, target in moved:
        keeps = task.assignee_id is not None and (task.assignee_id, target, task.role) in moves.held_after
        batch.tasks[target, keeps].append(task.id)
        done.tally.add(moves.codes[task.unit_id], moves.codes[target], "tasks")
    run_agency = None
    if dossier.run_id is not None and after["competent_agency_id"] != before["competent_agency_id"]:
        run_agency = before["competent_agency_id"]
        batch.runs[after["competent_agency_id"]].append(dossier.run_id)
    _tell(before, after, moves, done)
    batch.codes.append((dossier.code, _said(before, after, moves)))
    batch.moves.append(
        UnitMove(
            dossier_id=dossier.pk,
            succession_id=moves.reference,
            at=moves.at,
            recorded_at=now,
            receiving_from_id=before["receiving_unit_id"],
            competent_from_id=before["competent_agency_id"],
            returning_from_id=before["returning_unit_id"],
            run_agency_id=run_agency,
            tasks=[[task.id, task.unit_id, task.assignee_id] for task, _target in moved],
        )
    )


def _place(place: str, unit_id: int, field_name: str, moves: Moves, concerned: frozenset[int]) -> int | None:
    if unit_id not in concerned:
        return unit_id
    if place == "competent_agency_id":
        return moves.agency_for(unit_id, field_name)
    return moves.unit_for(unit_id, field_name)


def _left_alone(task: Task, target: int, moves: Moves) -> bool:
    """Whether a task would arrive where nobody holds its role although somebody did where it was."""
    if target == task.unit_id or (target, task.role) in moves.staffed_after:
        return False
    return (task.unit_id, task.role) in moves.staffed_before


def _tell(before: dict[str, int], after: dict[str, int], moves: Moves, done: Followed) -> None:
    """Count the dossier once: at its competent agency if that changed, else at the first place that did."""
    order = ("competent_agency_id", "receiving_unit_id", "returning_unit_id")
    place = next((place for place in order if before[place] != after[place]), order[0])
    done.tally.add(moves.codes[before[place]], moves.codes[after[place]], "dossiers")


def _said(before: dict[str, int], after: dict[str, int], moves: Moves) -> dict[str, object]:
    changed = {
        place.removesuffix("_id"): [moves.codes[before[place]], moves.codes[after[place]]]
        for place in PLACES
        if before[place] != after[place]
    }
    return {"decision": moves.decision, "effective_on": moves.effective_on.isoformat(), **changed}


def _no_unit(dossier: Dossier, unit_id: int, moves: Moves) -> Problem:
    return Problem(
        "",
        msg(
            "Hồ sơ %(code)s (%(field)s) của %(unit)s không có đơn vị kế thừa nhận.",
            code=dossier.code,
            field=dossier.field_name,
            unit=moves.name(unit_id),
        ),
    )


def _no_task(dossier: Dossier, task: Task, target: int | None, moves: Moves) -> Problem:
    if target is None:
        text = msg(
            "Hồ sơ %(code)s có bước đang mở tại %(unit)s mà đơn vị kế thừa không có bộ phận cùng chức năng.",
            code=dossier.code,
            unit=moves.name(task.unit_id),
        )
    else:
        text = msg(
            "Hồ sơ %(code)s có bước của %(role)s chuyển về %(unit)s nhưng ở đó chưa ai giữ vai trò này.",
            code=dossier.code,
            role=str(Role(task.role).label) if task.role in Role.values else task.role,
            unit=moves.name(target),
        )
    return Problem("", text)


def _write(actor: Actor, moves: Moves, batch: Batch, now: datetime) -> None:
    for (place, target), ids in batch.places.items():
        for start in range(0, len(ids), CHUNK):
            Dossier.objects.filter(pk__in=ids[start : start + CHUNK]).update(**{place: target})
    workflow.hand_over_tasks(tasks=batch.tasks)
    workflow.hand_over_runs(runs=batch.runs)
    UnitMove.objects.bulk_create(batch.moves, batch_size=CHUNK)
    for code, said in batch.codes:
        audit.record(
            actor, "dossiers.unit_succeeded", subject_type="dossier", subject=code, data=said, at=now
        )
