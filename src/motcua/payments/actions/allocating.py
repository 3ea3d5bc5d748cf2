"""Money that is there already pays what is owed: the advance of one bill goes to another."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.kernel import rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped
from motcua.payments.actions.billing import lock_bill, require_owed, unknown_bill
from motcua.payments.actions.entries import lock_collector, next_open_day, write_entry
from motcua.payments.actions.paying import (
    PaymentDone,
    count_paid,
    done_before,
    give_receipts,
    same_again,
    tell_payment,
)
from motcua.payments.actions.refunds import refundable
from motcua.payments.errors import WrongAmount
from motcua.payments.models import Bill, Payment
from motcua.payments.permissions import require_collect, require_known
from motcua.payments.queries.advances import same_payer
from motcua.payments.rules import journal
from motcua.payments.types import EntryKind, Method


@transaction.atomic
def allocate_advance(
    *, actor: Actor, from_bill_id: int, bill_id: int, amount: int, key: str, now: datetime
) -> PaymentDone:
    """Let what was paid too much on one bill pay another of the same unit, with its receipt; once for a key.

    No money moves, so a closed day is no hindrance: the entry belongs to the next open one. `reverse_payment` takes it
    back. Raises `NotAllowed`, `UnknownBill`, `NothingOwed`, `WrongAmount`, `Conflict`, `KeyUsed`.
    """
    source, bill = _locked(from_bill_id, bill_id)
    for one in (source, bill):
        require_known(actor, one.unit_id, unknown_bill())
    require_collect(actor, bill.unit_id)
    if source.unit_id != bill.unit_id or source.pk == bill.pk:
        raise Conflict(msg("Tiền nộp thừa chỉ dùng được cho một khoản khác của cùng đơn vị thu."))
    if not same_payer(source, bill):
        raise Conflict(
            msg("Tiền nộp thừa chỉ dùng cho khoản của cùng người nộp (cùng số định danh) hoặc cùng hồ sơ.")
        )
    collector = lock_collector(bill.unit_id)
    before = done_before(key)
    if before is not None:
        return same_again(before, bill_id, Method.ADVANCE, amount)
    _refuse_amount(source, bill, amount)
    entry = write_entry(
        actor=actor,
        kind=EntryKind.ALLOCATION,
        unit_id=bill.unit_id,
        sides=journal.allocation(amount),
        key=key,
        day=next_open_day(bill.unit_id, now),
        now=now,
        bill=bill,
        method=Method.ADVANCE,
        advance_of=source.pk,
        data={"allocated": amount, "from": source.reference},
    )
    payment = rows.insert(
        Payment(
            entry_id=entry.pk,
            bill_id=bill.pk,
            unit_id=bill.unit_id,
            method=Method.ADVANCE.value,
            amount=amount,
            at=now,
            by_name=actor.name[:160],
        )
    )
    count_paid(bill, amount)
    receipts = give_receipts(actor, payment, bill, amount, collector, now)
    tell_payment(actor, bill, payment, receipts, now)
    return PaymentDone(payment, bill, tuple(receipts))


def _locked(from_bill_id: int, bill_id: int) -> tuple[Bill, Bill]:
    """Both bills, locked in one order whoever asks."""
    found = {number: lock_bill(number) for number in sorted({from_bill_id, bill_id})}
    return found[from_bill_id], found[bill_id]


def _refuse_amount(source: Bill, bill: Bill, amount: int) -> None:
    most = min(require_owed(bill), refundable(source)["advance"])
    if not 0 < amount <= most:
        raise WrongAmount(
            msg("Chỉ dùng được từ 1 đến %(most)s đồng tiền nộp thừa.", most=grouped(most))
            if most > 0
            else msg("Khoản kia không còn tiền nộp thừa để dùng."),
            field="amount",
        )
