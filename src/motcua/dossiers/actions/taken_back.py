"""A payment of a dossier was taken back: a transfer that bounced, a booking or a match by mistake. It owes again.

Where the procedure waits for money the dossier waits again; where it does not, or its result is there already, people
are told (`TakenBack`, the dossier's page, the first page) until nothing is owed. ADR 0023.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.dossiers.actions import awaiting, billing
from motcua.dossiers.actions.loading import Locked, lock
from motcua.dossiers.actions.refund_proposals import propose_for_payment
from motcua.dossiers.models import Dossier, TakenBack
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.types import RefundCause, Status
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.payments import queries as payments

WRITER = Actor.system("Thu phí, lệ phí")


@transaction.atomic
def payment_taken_back(
    *, code: str, bill_id: int, payment_id: int, amount: int, reason: str, at: datetime, now: datetime
) -> TakenBack | None:
    """What follows for the dossier; None where nothing does: no dossier, nothing owed by it, or it has ended.

    Told again, or when the money is there again meanwhile, nothing happens.
    """
    try:
        locked = lock(WRITER, code)
    except NotFound:  # a bill of something else than a dossier
        return None
    propose_for_payment(bill_id=bill_id, subject=code, now=now)  # what was too much of it is there no longer
    dossier = locked.dossier
    cause = _ended_as(dossier)
    if cause is not None:  # nobody is asked for money after the end, and what did not stay does not go back
        billing.end_bills(WRITER, dossier, cause=cause, reason=reason, now=now)
        return None
    bill = next((one for one in payments.bills_of(code) if one.pk == bill_id), None)
    if bill is None or bill.state not in payments.OPEN:
        return None
    made, is_new = TakenBack.objects.get_or_create(
        payment_id=payment_id,
        defaults={
            "dossier": dossier,
            "bill": bill,
            "unit_id": bill.unit_id,
            "amount": amount,
            "reason": reason[:500],
            "at": at,
        },
    )
    if is_new:
        said = {"amount": amount, "reason": reason}
        audit.record(
            WRITER, "dossiers.payment_taken_back", subject_type="dossier", subject=code, data=said, at=now
        )
        _wait_again(locked, made, at, now)
    return made


def wait_for_what_was_taken_back(locked: Locked, now: datetime) -> None:
    """A locked dossier that goes on after something else: what was taken back meanwhile is waited for first."""
    found = TakenBack.objects.filter(dossier_id=locked.dossier.pk, closed_at__isnull=True).last()
    if found is not None:
        _wait_again(locked, found, now, now)


def nothing_is_owed(*, code: str, now: datetime) -> int:
    """Close what was told about a dossier that owes nothing any more; how many."""
    found = TakenBack.objects.filter(dossier__code=code, closed_at__isnull=True)
    if not found.exists() or not payments.standing(code).settled:
        return 0
    return found.update(closed_at=now)


def _wait_again(locked: Locked, found: TakenBack, at: datetime, now: datetime) -> None:
    dossier = locked.dossier
    if lifecycle.allows("await_payment", dossier.status) and awaiting.waits_for_money(dossier):
        awaiting.wait_again(WRITER, locked, reason=found.reason, at=at, now=now)


def _ended_as(dossier: Dossier) -> RefundCause | None:
    """How a dossier ended without what was asked for; None where it did not."""
    if dossier.state is Status.WITHDRAWN:
        return RefundCause.WITHDRAWN
    if dossier.state in (Status.STOPPED, Status.REFUSED):
        return RefundCause.STOPPED
    ended = dossier.state in (Status.COMPLETED, Status.RETURNED)
    return RefundCause.REFUSED if ended and dossier.has_result() and not dossier.result.granted else None
