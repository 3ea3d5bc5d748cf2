"""Applying a change-set to every dossier under way, 200 at a time, each batch whole or not at all.

Whoever goes on after a crash goes on where the last batch ended: its place, its counts and its dossiers were written
in one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from motcua.catalogue.queries import lines as change_lines
from motcua.catalogue.types_changes import ChangeState
from motcua.dossiers import permissions
from motcua.dossiers.actions.moving import applying
from motcua.dossiers.actions.moving.images import fingerprints
from motcua.dossiers.models import Dossier, DossierChange, MoveBatch, MoveState
from motcua.dossiers.queries_moving_plan import Planned, Planner
from motcua.dossiers.rules.moving import Outcome, Plan, Reason
from motcua.kernel import audit, clock, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, NotFound, Refused
from motcua.kernel.messages import msg
from motcua.workflow import queries as workflow

MOVE = "dossiers.move_under_way"
LARGEST = 200
CHANGED = frozenset({Outcome.CONVERT, Outcome.TRANSFER, Outcome.STOP})
"""Outcomes that write the dossier itself; the others only its timeline."""


@transaction.atomic
def start_moving(*, actor: Actor, change_set_id: int, agency_id: int | None, now: datetime) -> MoveBatch:
    """Begin to apply a published change-set that counts to the dossiers of an agency (None: of all); a job does it.

    Raises NotFound, NotAllowed, and Conflict while the decision does not count yet or a run is under way.
    """
    permissions.can_move_for(actor, agency_id).or_raise()
    found = change_lines.change_set(change_set_id)
    if found.state is not ChangeState.PUBLISHED or found.effective_at is None:
        raise Conflict(
            msg(
                "%(number)s chưa được công bố trên hệ thống nên chưa chuyển tiếp hồ sơ được.",
                number=found.number,
            )
        )
    if found.effective_at > now:
        raise Conflict(
            msg(
                "%(number)s có hiệu lực từ %(at)s: từ lúc đó mới chuyển tiếp hồ sơ được.",
                number=found.number,
                at=f"{clock.local(found.effective_at):%H:%M %d/%m/%Y}",
            )
        )
    batch = MoveBatch(
        change_set_id=change_set_id,
        agency_id=agency_id,
        by_id=actor.user_id,
        by_name=actor.name[:160],
        started_at=now,
    )
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            msg("Đang có một lượt chuyển tiếp của quyết định này. Hãy chờ lượt đó xong.")
        ) from error
    said = {"decision": found.number, "number": batch.pk}
    audit.record(
        actor, "dossiers.moving_started", subject_type="change_set", subject=found.number, data=said, at=now
    )
    outbox.enqueue(MOVE, {"batch_id": batch.pk}, now=now, key=f"{MOVE}:{batch.pk}")
    return batch


def run_batch(*, batch_id: int, now: datetime) -> MoveBatch:
    """Go on with a run until nothing is left. Doing it again changes nothing more."""
    while move_some(batch_id=batch_id, now=now):
        pass
    return MoveBatch.objects.get(pk=batch_id)


@transaction.atomic
def move_some(*, batch_id: int, now: datetime) -> bool:
    """The next dossiers of a run, under lock; False when none is left or the run has ended."""
    batch = MoveBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(msg("Không có lượt chuyển tiếp này."))
    if batch.state != MoveState.RUNNING:
        return False
    actor = Actor(user_id=batch.by_id, name=batch.by_name, via="job")
    if not change_lines.hold_published(batch.change_set_id):
        _finish(actor, batch, now)
        batch.save(update_fields=["state", "ended_at"])
        return False
    planner = Planner(batch.change_set_id, now)
    agencies = None if batch.agency_id is None else [batch.agency_id]
    candidates = planner.candidates(agencies).filter(pk__gt=batch.after)
    dossiers = list(candidates.select_for_update(of=("self",)).select_related("run")[:LARGEST])
    list(_locked_tasks(dossiers))
    if dossiers:
        counts = Counter(batch.counts)
        counts.update(_apply(actor, batch, planner.plan(dossiers), now))
        batch.counts, batch.after = dict(counts), dossiers[-1].pk
        batch.looked_at += len(dossiers)
    if len(dossiers) < LARGEST:
        _finish(actor, batch, now)
    batch.save(update_fields=["counts", "after", "looked_at", "state", "ended_at"])
    return batch.state == MoveState.RUNNING


def _locked_tasks(dossiers: Sequence[Dossier]) -> Sequence[int]:
    """Hold the open tasks too: whoever wants to complete one waits for us."""
    runs = [dossier.run_id for dossier in dossiers if dossier.run_id is not None]
    rows = workflow.open_tasks().filter(run_id__in=runs).order_by("pk").select_for_update(of=("self",))
    return [task.pk for task in rows]


def _apply(actor: Actor, batch: MoveBatch, planned: Sequence[Planned], now: datetime) -> Counter[str]:
    changes = [_one(actor, batch, item, now) for item in planned]
    touched = [change.dossier for change in changes if Outcome(change.outcome) in CHANGED]
    if touched:
        after = fingerprints(touched)
        for change in changes:
            change.after = after.get(change.dossier_id, "")
    DossierChange.objects.bulk_create(changes, batch_size=100)
    for change in changes:
        applying.tell(actor, change, now)
    return Counter(f"{change.outcome}:{change.reason}" for change in changes)


def _one(actor: Actor, batch: MoveBatch, planned: Planned, now: datetime) -> DossierChange:
    """The change of one dossier; what is refused on the way is undone alone, and the dossier finishes as it began."""
    change = applying.new_change(batch, planned, now)
    if planned.plan.outcome in (Outcome.FINISH, Outcome.LEFT):
        return change
    try:
        with transaction.atomic():
            applying.carry_out(actor, change, planned, now)
    except Refused:
        again = Dossier.objects.select_related("run").get(pk=planned.dossier.pk)
        kept = Planned(
            again,
            planned.line,
            Plan(Outcome.FINISH, Reason.REFUSED),
            planned.to,
            planned.carry,
            None,
            None,
            (),
            (),
        )
        return applying.new_change(batch, kept, now)
    return change


def _finish(actor: Actor, batch: MoveBatch, now: datetime) -> None:
    batch.state, batch.ended_at = MoveState.DONE, now
    number = change_lines.number_of(batch.change_set_id)
    said = {"decision": number, "number": batch.pk, "found": batch.looked_at}
    audit.record(actor, "dossiers.moving_done", subject_type="change_set", subject=number, data=said, at=now)
