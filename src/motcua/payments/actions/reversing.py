"""Taking back what was booked by mistake: a counter-entry, its receipts void, the bill open again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.payments.actions.billing import lock_bill
from motcua.payments.actions.entries import lock_collector, next_open_day, open_day, write_entry
from motcua.payments.actions.ereceipt_jobs import tell_void
from motcua.payments.actions.refunds import refundable, refuse_empty_till
from motcua.payments.events import PaymentReversed
from motcua.payments.models import Bill, Entry, Payment, Refund
from motcua.payments.permissions import require_collect, require_known
from motcua.payments.queries.checking import COUNTED
from motcua.payments.rules import journal
from motcua.payments.types import BillState, EntryKind, Method, ReceiptState


@transaction.atomic
def reverse_payment(*, actor: Actor, payment_id: int, reason: str, now: datetime) -> Payment:
    """Take back a payment booked by mistake on the same open day: counter-entry, receipts void, the bill open again.

    On a later day money goes back as a refund. Doing it again changes nothing.
    """
    payment, bill = _to_reverse(actor, payment_id, reason)
    if Entry.objects.filter(reverses=payment.entry).exists():
        return payment
    _refuse_real(payment)
    if bill.state == BillState.CANCELLED and int(payment.entry.data["allocated"]):
        raise Conflict(msg("Khoản này đã hủy: hãy đề nghị hoàn trả phần đã nộp thay vì hủy lần thu."))
    if payment.entry.day != open_day(bill.unit_id, now):
        raise Conflict(msg("Lần thu này thuộc ngày đã qua: hãy đề nghị hoàn trả thay vì hủy."))
    if payment.method == Method.CASH:
        refuse_empty_till(bill.unit_id, payment.amount)
    return _reverse(actor, payment, bill, payment.entry.day, reason, now)


@transaction.atomic
def unbook_transfer(*, actor: Actor, payment_id: int, reason: str, now: datetime) -> Payment:
    """Take back a transfer that was booked to the wrong bill, on whatever day: the money stays in the bank and waits.

    The counter-entry belongs to the next open day, so closed days stay as they were. Doing it again changes nothing.
    What a line of a statement is matched with is taken back by `undo_match`.
    """
    payment, bill = _to_reverse(actor, payment_id, reason)
    if payment.method != Method.TRANSFER:
        raise Conflict(msg("Chỉ gỡ được khoản chuyển khoản đã ghi nhầm."))
    if Entry.objects.filter(reverses=payment.entry).exists():
        return payment
    _refuse_matched(payment)
    return _reverse(actor, payment, bill, next_open_day(bill.unit_id, now), reason, now)


def unbook_platform(*, actor: Actor, payment_id: int, reason: str, now: datetime) -> Payment:
    """Take back what was booked on the platform's word and, people have found, never came; in the caller's transaction.

    Doing it again changes nothing. Raises `Conflict` where a statement shows the money, and what `reverse_payment`
    refuses.
    """
    payment, bill = _to_reverse(actor, payment_id, reason)
    if Entry.objects.filter(reverses=payment.entry).exists():
        return payment
    _refuse_matched(payment)
    return _reverse(actor, payment, bill, next_open_day(bill.unit_id, now), reason, now)


def _refuse_real(payment: Payment) -> None:
    """Money that is known to have come to the bank is given back; taken out of the books it would be lost."""
    if payment.method == Method.PLATFORM:
        raise Conflict(msg("Tiền đã về qua nền tảng thanh toán: hãy đề nghị hoàn trả thay vì hủy lần thu."))
    _refuse_matched(payment)


def _refuse_matched(payment: Payment) -> None:
    """A line of a statement stands for this money: the two are parted there."""
    if payment.statement_matches.filter(undone_at__isnull=True).exists():
        raise Conflict(msg("Khoản này đã khớp với một dòng sao kê: gỡ khớp ở sao kê thay vì hủy lần thu."))


def _to_reverse(actor: Actor, payment_id: int, reason: str) -> tuple[Payment, Bill]:
    """The payment and its bill, locked in the order of all money acts."""
    if not reason.strip():
        raise Invalid(msg("Nhập lý do hủy lần thu."), field="reason")
    payment = Payment.objects.select_related("entry").filter(pk=payment_id).first()
    unknown = NotFound(msg("Không có khoản thu này."))
    if payment is None:
        raise unknown
    require_known(actor, payment.unit_id, unknown)
    require_collect(actor, payment.unit_id)
    bill = lock_bill(payment.bill_id)
    lock_collector(bill.unit_id)
    return payment, bill


def _reverse(actor: Actor, payment: Payment, bill: Bill, day: date, reason: str, now: datetime) -> Payment:
    entry = payment.entry
    if Refund.objects.filter(bill=bill, entry__isnull=True, refused_reason="").exists():
        raise Conflict(msg("Khoản này đang có đề nghị hoàn trả nên không hủy lần thu được."))
    if bill.refunded:
        raise Conflict(msg("Khoản này đã hoàn trả một phần nên không hủy lần thu được."))
    sides = list(entry.postings.values_list("account", "amount"))
    _refuse_spent_advance(bill, sides)
    write_entry(
        actor=actor,
        kind=EntryKind.REVERSAL,
        unit_id=bill.unit_id,
        sides=journal.reversal(sides),
        key=f"reverse:{entry.pk}",
        day=day,
        now=now,
        bill=bill,
        method=payment.method,
        reverses=entry,
        advance_of=entry.advance_of_id,
        note=nfc(reason),
    )
    standing = payment.receipts.filter(state__in=COUNTED)
    receipts = list(standing.select_related("book").only("pk", "book__copies"))
    standing.update(state=ReceiptState.VOID.value, reason=nfc(reason)[:500], changed_at=now)
    tell_void(receipts, now)
    allocated = int(entry.data["allocated"])
    bill.paid -= allocated
    if bill.state == BillState.CANCELLED:
        _owed_no_more(actor, bill, entry, allocated, day, reason, now)
    else:
        bill.state = (
            BillState.PAID if bill.paid >= bill.total else BillState.PARTLY if bill.paid else BillState.OPEN
        ).value
    bill.save(update_fields=["paid", "state"])
    audit.record(
        actor,
        "payments.payment_reversed",
        subject_type="bill",
        subject=bill.reference,
        data={"for": bill.subject, "amount": payment.amount, "reason": nfc(reason)},
        at=now,
    )
    outbox.publish(
        PaymentReversed(
            payment_id=payment.pk,
            bill_id=bill.pk,
            subject=bill.subject,
            amount=payment.amount,
            reason=nfc(reason)[:500],
            at=now.isoformat(),
        ),
        now=now,
    )
    return payment


def _owed_no_more(
    actor: Actor, bill: Bill, entry: Entry, allocated: int, day: date, reason: str, now: datetime
) -> None:
    """What a cancelled bill had been paid and was taken back is not asked for again."""
    if not allocated:
        return
    kinds = [(line["kind"], line["amount"]) for line in bill.lines]
    shares = journal.shared_out(kinds, before=bill.paid, amount=allocated)
    left = [(kind, share) for (kind, _), share in zip(kinds, shares, strict=True) if share]
    write_entry(
        actor=actor,
        kind=EntryKind.CORRECTION,
        unit_id=bill.unit_id,
        sides=journal.cancelled(left),
        key=f"cancel:{bill.pk}:{entry.pk}",
        day=day,
        now=now,
        bill=bill,
        note=nfc(reason),
    )


def _refuse_spent_advance(bill: Bill, sides: Sequence[tuple[str, int]]) -> None:
    """An advance that has been given back cannot be taken back too."""
    came = -sum(amount for account, amount in sides if account == "advance")
    if came > 0 and refundable(bill)["advance"] < came:
        raise Conflict(
            msg("Phần nộp thừa của lần thu này đã hoàn trả hoặc đã dùng nên không hủy lần thu được.")
        )
