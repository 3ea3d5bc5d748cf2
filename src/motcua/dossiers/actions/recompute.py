"""When a calendar changes, every open dossier it governs is counted again, and what moved is listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.dossiers.actions import timing
from motcua.dossiers.events import DeadlineMoved
from motcua.dossiers.models import ClockEvent, Dossier
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.workflow import queries as workflow

BATCH = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """One due date that changed; times are ISO 8601 or None."""

    code: str
    before: str | None
    after: str | None


def recompute_deadlines(
    *, actor: Actor, agency_ids: Sequence[int], reason: str, now: datetime
) -> tuple[int, list[Moved]]:
    """Count open dossiers of these agencies again; gives how many were looked at and which moved.

    Works in batches under lock; repeating it changes nothing more.
    """
    looked, moved, after = 0, [], 0
    while True:
        count, found, last = _batch(actor, agency_ids, reason, now, after)
        looked, after = looked + count, last
        moved += found
        if count < BATCH:
            return looked, moved


@transaction.atomic
def _batch(
    actor: Actor, agency_ids: Sequence[int], reason: str, now: datetime, after: int
) -> tuple[int, list[Moved], int]:
    dossiers = list(
        Dossier.objects.select_for_update(of=("self",))
        .filter(
            competent_agency_id__in=agency_ids,
            closed_at__isnull=True,
            completed_at__isnull=True,
            received_at__isnull=False,
            pk__gt=after,
        )
        .order_by("pk")[:BATCH]
    )
    events: dict[int, list[ClockEvent]] = {}
    for event in ClockEvent.objects.filter(dossier__in=[found.pk for found in dossiers]).order_by("id"):
        events.setdefault(event.dossier_id, []).append(event)
    changed, moved = [], []
    for dossier in dossiers:
        before = dossier.due_at
        timing.apply(dossier, timing.deadline_of(dossier, events.get(dossier.pk, []), now), now)
        if dossier.due_at != before and not (
            dossier.paused_since and dossier.due_at is None and before is None
        ):
            changed.append(dossier)
            moved.append(Moved(dossier.code, _iso(before), _iso(dossier.due_at)))
    if changed:
        Dossier.objects.bulk_update(changed, timing.DUE_FIELDS, batch_size=200)
        for dossier, move in zip(changed, moved, strict=True):
            _follow(actor, dossier, move, reason, now)
    return len(dossiers), moved, dossiers[-1].pk if dossiers else after


def _follow(actor: Actor, dossier: Dossier, move: Moved, reason: str, now: datetime) -> None:
    if dossier.run_id is not None:
        timing.shift_tasks(dossier, list(workflow.open_tasks_of(dossier.run_id)))
    said = {"reason": reason, "before": move.before, "after": move.after}
    audit.record(
        actor, "dossiers.deadline_moved", subject_type="dossier", subject=dossier.code, data=said, at=now
    )
    outbox.publish(
        DeadlineMoved(
            dossier_id=dossier.pk, code=dossier.code, national_status=dossier.state.national_code, at=now
        ),
        now=now,
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
