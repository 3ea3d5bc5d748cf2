"""Taking money: the payment, its entry and its receipts are one thing, done once for a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from motcua.kernel import audit, outbox, rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped
from motcua.payments.actions.billing import lock_bill, owed_on, require_owed, unknown_bill
from motcua.payments.actions.entries import lock_collector, next_open_day, open_day, write_entry
from motcua.payments.actions.receipts import write_receipts
from motcua.payments.errors import KeyUsed, NoBook, WrongAmount
from motcua.payments.events import BillPaid, PaymentTaken
from motcua.payments.models import Bill, Collector, Entry, Payment, Receipt
from motcua.payments.permissions import require_collect, require_known
from motcua.payments.rules import journal
from motcua.payments.rules.cash import holds_a_note_too_many
from motcua.payments.types import WAYS, BillState, EntryKind, Method

LARGEST = 10**11
AT_THE_DESK = frozenset({Method.CASH, Method.CARD})
"""Money that an officer takes: refused where no receipt can be given. Other money has already come."""


@dataclass(frozen=True, slots=True)
class PaymentDone:
    """What came of a payment. `change` is the cash to give back; `receipts` is empty while no book is open."""

    payment: Payment
    bill: Bill
    receipts: tuple[Receipt, ...]
    change: int = 0
    repeated: bool = False


@transaction.atomic
def take_payment(
    *,
    actor: Actor,
    bill_id: int,
    method: str,
    amount: int,
    key: str,
    now: datetime,
    tendered: int | None = None,
    reference: str = "",
    note: str = "",
) -> PaymentDone:
    """Book money against a bill and write its receipts.

    `key` makes it happen once: a second press or a repeated answer of the platform gives the first result. `amount`
    is what goes against the bill; cash handed over is `tendered`, the change is worked out. At the desk (cash, card)
    more than is owed is refused, and so is a closed day or a unit without a book; money that came by itself is always
    booked, what exceeds the bill as an advance.

    Raises `NotAllowed`, `UnknownBill`, `NothingOwed`, `WrongAmount`, `DayClosed`, `NoCollector`, `NoBook`, `KeyUsed`.
    """
    _refuse_bad(method, amount, tendered)
    bill = lock_bill(bill_id)
    require_known(actor, bill.unit_id, unknown_bill())
    require_collect(actor, bill.unit_id)
    collector = lock_collector(bill.unit_id)
    before = done_before(key)  # under the locks only: the first of two presses has finished by now
    if before is not None:
        return same_again(before, bill_id, method, amount)
    day = _day(bill, Method(method), amount, now)
    reference = _free(method, reference[:64])
    allocated = min(amount, owed_on(bill))
    payment = _book(actor, bill, method, amount, allocated, key, day, now, tendered, reference, note)
    receipts = give_receipts(actor, payment, bill, allocated, collector, now)
    tell_payment(actor, bill, payment, receipts, now)
    return PaymentDone(payment, bill, tuple(receipts), change=(tendered or amount) - amount)


def _refuse_bad(method: str, amount: int, tendered: int | None) -> None:
    if method not in WAYS:
        raise Invalid(msg("Chọn cách nộp tiền."), field="method")
    if not 0 < amount <= LARGEST:
        raise WrongAmount(msg("Số tiền phải là số nguyên đồng lớn hơn 0."), field="amount")
    if tendered is not None and tendered < amount:
        raise WrongAmount(
            msg(
                "Tiền khách đưa %(given)s đồng ít hơn số phải thu %(amount)s đồng.",
                given=grouped(tendered),
                amount=grouped(amount),
            ),
            field="tendered",
        )
    if tendered is not None and holds_a_note_too_many(tendered, amount):
        raise WrongAmount(
            msg(
                "Tiền khách đưa %(given)s đồng thừa tới %(change)s đồng. Xem lại có gõ thừa số 0 không.",
                given=grouped(tendered),
                change=grouped(tendered - amount),
            ),
            field="tendered",
        )


def done_before(key: str) -> Payment | None:
    """The payment that was made under this key."""
    return Payment.objects.select_related("bill", "entry").filter(entry__key=key).first()


def same_again(payment: Payment, bill_id: int, method: str, amount: int) -> PaymentDone:
    """The first result; raises `KeyUsed` when something else is asked under its key."""
    if (payment.bill_id, payment.method, payment.amount) != (bill_id, method, amount):
        raise KeyUsed(msg("Lần thu này đã được ghi với số tiền khác. Tải lại trang rồi xem lại."))
    return PaymentDone(
        payment,
        payment.bill,
        tuple(payment.receipts.order_by("pk")),
        change=(payment.tendered or payment.amount) - payment.amount,
        repeated=True,
    )


def _free(method: str, reference: str) -> str:
    """A slip of the card terminal or a transfer of the bank stands for one payment that counts.

    What was taken back keeps its number, so the payment in its place carries it with a count.
    """
    payments = Payment.objects.filter(method=method)
    if not reference or not payments.filter(reference=reference).exists():
        return reference
    same = Q(reference=reference) | Q(reference__startswith=f"{reference[:58]}/")
    found = list(payments.filter(same).values_list("entry__reversed_by", flat=True))
    if None in found:
        raise Invalid(
            msg("Số chứng từ %(reference)s đã ghi cho một khoản thu khác.", reference=reference),
            field="reference",
        )
    return f"{reference[:58]}/{len(found) + 1}"


def _day(bill: Bill, method: Method, amount: int, now: datetime) -> date:
    if method not in AT_THE_DESK:
        return next_open_day(bill.unit_id, now)
    owed = require_owed(bill)
    if amount > owed:
        raise WrongAmount(msg("Chỉ còn phải thu %(owed)s đồng.", owed=grouped(owed)), field="amount")
    return open_day(bill.unit_id, now)


def _book(
    actor: Actor,
    bill: Bill,
    method: str,
    amount: int,
    allocated: int,
    key: str,
    day: date,
    now: datetime,
    tendered: int | None,
    reference: str,
    note: str,
) -> Payment:
    entry: Entry = write_entry(
        actor=actor,
        kind=EntryKind.PAYMENT,
        unit_id=bill.unit_id,
        sides=journal.payment(method, amount, owed=allocated),
        key=key,
        day=day,
        now=now,
        bill=bill,
        method=method,
        note=note,
        data={"allocated": allocated},
    )
    payment = rows.insert(
        Payment(
            entry_id=entry.pk,
            bill_id=bill.pk,
            unit_id=bill.unit_id,
            method=method,
            amount=amount,
            tendered=tendered,
            reference=reference,
            at=now,
            by_name=actor.name[:160],
        )
    )
    count_paid(bill, allocated)
    return payment


def count_paid(bill: Bill, allocated: int) -> None:
    """So much more of the bill is paid."""
    bill.paid += allocated
    if bill.state in (BillState.OPEN, BillState.PARTLY):
        bill.state = (BillState.PAID if bill.paid >= bill.total else BillState.PARTLY).value
    rows.update(bill, ["paid", "state"])


def give_receipts(
    actor: Actor,
    payment: Payment,
    bill: Bill,
    allocated: int,
    collector: Collector,
    now: datetime,
) -> list[Receipt]:
    """At the desk no money without a receipt; money that came by itself waits for one."""
    try:
        return write_receipts(
            actor=actor,
            payment=payment,
            bill=bill,
            allocated=allocated,
            collector=collector,
            now=now,
        )
    except NoBook:
        if payment.method in AT_THE_DESK:
            raise
        return []


def tell_payment(actor: Actor, bill: Bill, payment: Payment, receipts: list[Receipt], now: datetime) -> None:
    """Log a payment and tell what follows it."""
    audit.record(
        actor,
        "payments.payment_taken",
        subject_type="bill",
        subject=bill.reference,
        data={
            "for": bill.subject,
            "amount": payment.amount,
            "method": payment.method,
            "reference": payment.reference,
            "receipts": len(receipts),
        },
        at=now,
    )
    taken = PaymentTaken(
        payment_id=payment.pk,
        bill_id=bill.pk,
        subject=bill.subject,
        amount=payment.amount,
        method=payment.method,
    )
    whole = bill.state == BillState.PAID
    paid = (BillPaid(bill_id=bill.pk, subject=bill.subject, at=now.isoformat()),) if whole else ()
    outbox.publish(taken, *paid, now=now)
