"""The rows of payments online: found and locked, closed, every message kept, every change logged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.payments.adapters.platform import Said
from motcua.payments.errors import UnknownTransaction
from motcua.payments.models import Bill, Payment, PlatformExchange, PlatformTransaction
from motcua.payments.permissions import can_see
from motcua.payments.types import Direction, TransactionState

PLATFORM = Actor.system("Nền tảng thanh toán quốc gia", via="api")
SETTLED = frozenset({TransactionState.SUCCEEDED, TransactionState.DISPUTED})
"""Nothing more is to be learnt by asking: booked, or with people. A no may still turn out a yes."""


def attempt_seen(actor: Actor, transaction_id: int) -> PlatformTransaction:
    """An attempt at a bill of a unit this person looks after; a foreign one is unknown."""
    found = PlatformTransaction.objects.select_related("bill").filter(pk=transaction_id).first()
    if found is None or not can_see(actor, found.bill.unit_id):
        raise UnknownTransaction(msg("Không có giao dịch trực tuyến này."))
    return found


def locked(reference: str, partner: str) -> PlatformTransaction:
    found = (
        PlatformTransaction.objects.select_for_update().filter(reference=reference, partner=partner).first()
    )
    if found is None:
        raise UnknownTransaction(msg("Không có giao dịch mang mã tham chiếu này."))
    return found


def booking_key(attempt: PlatformTransaction) -> str:
    """The key under which money of an attempt is booked once; another one after people took a booking back."""
    key = f"platform:{attempt.reference}"
    same = Q(entry__key=key) | Q(entry__key__startswith=f"{key}:")
    taken_back = Payment.objects.filter(same, bill_id=attempt.bill_id, entry__reversed_by__isnull=False)
    times = taken_back.count()
    return f"{key}:{times + 1}" if times else key


def note(attempt: PlatformTransaction, said: Iterable[Said], now: datetime) -> None:
    PlatformExchange.objects.bulk_create(
        PlatformExchange(
            transaction=attempt,
            direction=Direction.OURS,
            kind=each.kind,
            reference=each.reference[:255],
            sent=each.sent,
            answered=each.answered,
            outcome=each.outcome[:40],
            at=now,
        )
        for each in said
    )


def log(actor: Actor, action: str, attempt: PlatformTransaction, data: dict[str, Any], now: datetime) -> None:
    bill: Bill = attempt.bill
    audit.record(
        actor,
        action,
        subject_type="bill",
        subject=bill.reference,
        data={"for": bill.subject, "reference": attempt.reference, "amount": attempt.amount, **data},
        at=now,
    )


def close(
    attempt: PlatformTransaction,
    state: TransactionState,
    problem: str,
    now: datetime,
    *,
    ask_at: datetime | None = None,
) -> None:
    if attempt.state == state:
        return
    attempt.state, attempt.problem = state.value, problem[:500]
    attempt.next_ask_at, attempt.settled_at = ask_at, now
    attempt.save()
    log(
        PLATFORM,
        "payments.online_settled",
        attempt,
        {"state": state.value, "number": attempt.platform_number},
        now,
    )
