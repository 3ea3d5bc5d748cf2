"""What dossiers do when something happens below them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from motcua.catalogue.events import ChangeSetPublished, FeeResolutionSet
from motcua.catalogue.queries import lines as change_lines
from motcua.catalogue.types_changes import ChangeKind, Policy
from motcua.dossiers.actions import moving
from motcua.dossiers.actions.ask_rehearsal import JOB as REHEARSE
from motcua.dossiers.actions.ask_rehearsal import rehearse_as_asked
from motcua.dossiers.actions.awaiting import resume_when_paid
from motcua.dossiers.actions.fee_review import JOB as REVIEW_FEES
from motcua.dossiers.actions.fee_review import review_fees
from motcua.dossiers.actions.recompute import recompute_deadlines
from motcua.dossiers.actions.refund_proposals import propose_for_payment
from motcua.dossiers.actions.taken_back import nothing_is_owed, payment_taken_back
from motcua.dossiers.events import PaymentAwaited
from motcua.kernel import outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.organisation import queries as organisation
from motcua.organisation.events import CalendarChanged
from motcua.payments.events import BillCancelled, BillPaid, PaymentReversed, PaymentTaken

RECOMPUTE = "dossiers.recompute_deadlines"
# Other processes keep calendars in memory for up to two seconds; counting before they know would be in vain.
SETTLED = timedelta(seconds=5)


@outbox.on(CalendarChanged)
def count_again(payload: dict[str, Any], now: datetime) -> None:
    """Ask for the open dossiers under this calendar to be counted again."""
    days = ", ".join(payload.get("days") or []) or f"từ {payload.get('since', '')}"
    outbox.enqueue(
        RECOMPUTE,
        {"unit_id": payload["unit_id"], "reason": f"Lịch làm việc thay đổi: {days}"},
        now=now,
        run_at=now + SETTLED,
    )


@outbox.job(RECOMPUTE)
def recompute(payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Count again and leave the list of what moved on the job, where it can be read."""
    organisation.forget()
    below = {unit.agency_id for unit in organisation.units_within(int(payload["unit_id"]))}
    below.add(organisation.unit(int(payload["unit_id"])).agency_id)
    looked, moved = recompute_deadlines(
        actor=Actor.system("Tính lại hạn trả"),
        agency_ids=sorted(below),
        reason=str(payload["reason"]),
        now=now,
    )
    return {
        "looked_at": looked,
        "moved": [{"code": move.code, "before": move.before, "after": move.after} for move in moved],
    }


@outbox.job(REHEARSE)
def rehearse(payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Rehearse what was asked for, saying how far it is; the lease is kept alive by the worker."""
    organisation.forget()
    with outbox.Progress(str(payload["key"])) as progress:
        return rehearse_as_asked(
            change_set_id=int(payload["change_set_id"]),
            user_id=payload["user_id"],
            by_name=str(payload["by_name"]),
            after=int(payload["after"]),
            tell=lambda phase, done, of: progress.tell(phase=phase, done=done, of=of),
            now=now,
        )


@outbox.on(ChangeSetPublished)
def tell_when_it_counts(payload: dict[str, Any], now: datetime) -> None:
    """Ask for the line of the decision in every dossier that finishes as it began, at the instant it counts from.

    A department's configuration changes no provisions: it is told to nobody.
    """
    change_set_id = int(payload["change_set_id"])
    try:
        found = change_lines.change_set(change_set_id)
    except NotFound:  # undone before anybody heard of it
        return
    if found.kind is ChangeKind.CONFIGURATION:
        return
    outbox.enqueue(
        moving.TELL,
        {"change_set_id": change_set_id},
        now=now,
        run_at=max(found.effective_at or now, now) + SETTLED,
        key=f"{moving.TELL}:{change_set_id}",
    )


@outbox.job(moving.TELL)
def tell_those_who_finish(payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Begin the run that only tells; one that was undone meanwhile has nothing to tell."""
    try:
        batch = moving.tell_those_who_finish(change_set_id=int(payload["change_set_id"]), now=now)
    except NotFound:
        return {}
    return {"batch_id": batch.pk if batch else None}


@outbox.job(moving.MOVE)
def move_under_way(payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Apply a decision to the dossiers under way, from where the last worker stopped."""
    only = payload.get("only")
    batch = moving.run_batch(batch_id=int(payload["batch_id"]), now=now, only=Policy(only) if only else None)
    return {"looked_at": batch.looked_at, "counts": batch.counts}


@outbox.job(moving.UNDO)
def undo_moves(payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Take a run back, from where the last worker stopped."""
    batch = moving.run_undo(batch_id=int(payload["batch_id"]), now=now)
    return {"undone": batch.undone, "not_undone": batch.not_undone}


@outbox.on(BillPaid)
def go_on_when_paid(payload: dict[str, Any], now: datetime) -> bool:
    """A dossier that waits for its bills goes on from the moment the money came."""
    code = str(payload["subject"])
    nothing_is_owed(code=code, now=now)
    return resume_when_paid(code=code, at=datetime.fromisoformat(payload["at"]), now=now)


@outbox.on(PaymentAwaited)
def go_on_where_it_was_paid_before(payload: dict[str, Any], now: datetime) -> bool:
    """A step that waits for what has been paid already is no hindrance."""
    if int(payload["owed"]):
        return False
    return resume_when_paid(code=str(payload["code"]), at=datetime.fromisoformat(str(payload["at"])), now=now)


@outbox.on(BillCancelled)
def go_on_when_nothing_is_owed(payload: dict[str, Any], now: datetime) -> bool:
    """The same where what was awaited is owed no more."""
    nothing_is_owed(code=str(payload["subject"]), now=now)
    return resume_when_paid(code=str(payload["subject"]), at=now, now=now)


@outbox.on(PaymentReversed)
def owe_again(payload: dict[str, Any], now: datetime) -> None:
    """What was paid is owed again: the dossier waits, or its people are told."""
    payment_taken_back(
        code=str(payload["subject"]),
        bill_id=int(payload["bill_id"]),
        payment_id=int(payload["payment_id"]),
        amount=int(payload["amount"]),
        reason=str(payload["reason"]),
        at=datetime.fromisoformat(payload["at"]),
        now=now,
    )


@outbox.on(PaymentTaken)
def propose_what_is_too_much(payload: dict[str, Any], now: datetime) -> None:
    """Money that came after the end, or more than was owed, is proposed to go back."""
    propose_for_payment(bill_id=int(payload["bill_id"]), subject=str(payload["subject"]), now=now)


@outbox.on(FeeResolutionSet)
def look_at_what_was_paid(payload: dict[str, Any], now: datetime) -> None:
    """Ask for the dossiers received while the resolution already counted; other processes must know it first."""
    given = {"resolution_id": payload["resolution_id"], "after": 0, "until": payload["at"]}
    outbox.enqueue(REVIEW_FEES, given, now=now, run_at=now + SETTLED)


@outbox.job(REVIEW_FEES)
def review(payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Look at some and ask for the next."""
    last, lowered = review_fees(
        resolution_id=int(payload["resolution_id"]),
        after=int(payload["after"]),
        until=datetime.fromisoformat(payload["until"]),
        now=now,
    )
    if last:
        outbox.enqueue(REVIEW_FEES, {**payload, "after": last}, now=now)
    return {"lowered": lowered}
