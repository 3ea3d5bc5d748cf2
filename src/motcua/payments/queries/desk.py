"""What a cashier looks at: bills that wait for money, one bill with all that became of it, what is under way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.payments.errors import UnknownBill
from motcua.payments.models import Bill, Payment, Receipt, Refund
from motcua.payments.permissions import can_read
from motcua.payments.queries.bills import OPEN
from motcua.payments.rules import journal
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import BillState, Method

PAGE = 50


@dataclass(frozen=True, slots=True)
class WaitingBill:
    """A line of the list of what waits for money."""

    number: int
    reference: str
    subject: str
    payer: str
    procedure: str
    owed: int
    paid: int
    at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """One page of the list, newest first; `after` continues it."""

    rows: tuple[WaitingBill, ...]
    after: int | None


def waiting_page(
    unit_ids: Collection[int], *, text: str = "", before: int | None = None, size: int = PAGE
) -> WaitingPage:
    """Bills of these units that wait for money, by payer, dossier, reference (1 statement)."""
    found = Bill.objects.filter(unit_id__in=unit_ids, state__in=OPEN)
    for word in fold(text)[:120].split():
        found = found.filter(words__contains=word)
    if before is not None:
        found = found.filter(pk__lt=before)
    return _page(found, size)


def waiting_of_payer(
    unit_ids: Collection[int], id_numbers: Collection[str], *, size: int = PAGE
) -> WaitingPage:
    """Bills of these units that wait for money of a person, by the numbers of a card (1 statement)."""
    mine = Bill.objects.filter(unit_id__in=unit_ids, state__in=OPEN, payer_id_number__in=id_numbers)
    return _page(mine, size)


def _page(found: QuerySet[Bill], size: int) -> WaitingPage:
    rows = [
        WaitingBill(
            number=bill.pk,
            reference=bill.reference,
            subject=bill.subject,
            payer=bill.payer_name,
            procedure=bill.procedure_name,
            owed=bill.total - bill.paid,
            paid=bill.paid,
            at=bill.created_at,
            due_at=bill.due_at,
        )
        for bill in found.order_by("-pk").defer("lines")[: size + 1]
    ]
    return WaitingPage(tuple(rows[:size]), rows[size - 1].number if len(rows) > size else None)


def bills_named(unit_ids: Collection[int], word: str, *, limit: int = 2) -> list[Bill]:
    """Bills of these units with exactly this reference or subject, what waits for money first (1 statement)."""
    found = Bill.objects.filter(unit_id__in=unit_ids)
    named = found.filter(reference=word.upper()) | found.filter(subject__iexact=word)
    order = {
        state.value: place for place, state in enumerate((BillState.OPEN, BillState.PARTLY, BillState.PAID))
    }
    return sorted(named.order_by("-pk")[:20], key=lambda bill: order.get(bill.state, 9))[:limit]


@dataclass(frozen=True, slots=True)
class BillLineView:
    name: str
    amount: int
    reasons: tuple[str, ...]
    left: int


@dataclass(frozen=True, slots=True)
class ReceiptView:
    id: int
    number: str
    series: str
    amount: int
    state: str
    state_text: str
    counts: bool


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment with its receipts; `today` says that it may still be taken back rather than refunded."""

    id: int
    method: str
    method_text: str
    amount: int
    tendered: int | None
    reference: str
    at: datetime
    day: date
    by: str
    reversed: bool
    receipts: tuple[ReceiptView, ...]

    @property
    def change(self) -> int:
        return (self.tendered or self.amount) - self.amount


@dataclass(frozen=True, slots=True)
class BillView:
    """One bill with its lines, payments, receipts and refunds."""

    id: int
    unit_id: int
    reference: str
    subject: str
    payer: str
    payer_address: str
    procedure: str
    state: BillState
    total: int
    paid: int
    refunded: int
    lines: tuple[BillLineView, ...]
    payments: tuple[PaymentView, ...]
    refunds: tuple[Refund, ...]
    at: datetime

    @property
    def owed(self) -> int:
        return max(self.total - self.paid, 0) if self.state in OPEN else 0

    @property
    def waiting_refund(self) -> Refund | None:
        """The request that is not decided or not paid out yet."""
        return next((r for r in self.refunds if r.paid_out_at is None and not r.refused_reason), None)


def bill_view(actor: Actor, reference: str) -> BillView:
    """A bill as its page shows it (4 statements); raises `UnknownBill` for another unit's too."""
    bill = Bill.objects.filter(reference="".join(reference.upper().split())[:25]).first()
    if bill is None or not can_read(actor, bill.unit_id):
        raise UnknownBill(msg("Không có khoản phải nộp mang mã này ở đơn vị của bạn."))
    shares = journal.shared_out(
        [(line["kind"], line["amount"]) for line in bill.lines], before=0, amount=bill.paid
    )
    return BillView(
        id=bill.pk,
        unit_id=bill.unit_id,
        reference=bill.reference,
        subject=bill.subject,
        payer=bill.payer_name,
        payer_address=bill.payer_address,
        procedure=bill.procedure_name,
        state=BillState(bill.state),
        total=bill.total,
        paid=bill.paid,
        refunded=bill.refunded,
        lines=tuple(
            BillLineView(line["name"], line["amount"], tuple(line.get("reasons", ())), line["amount"] - share)
            for line, share in zip(bill.lines, shares, strict=True)
        ),
        payments=tuple(payments_of(bill.pk)),
        refunds=tuple(Refund.objects.filter(bill_id=bill.pk).order_by("pk")),
        at=bill.created_at,
    )


def payments_of(bill_id: int) -> list[PaymentView]:
    """What was paid on a bill, oldest first (2 statements)."""
    found = Payment.objects.filter(bill_id=bill_id).select_related("entry", "entry__reversed_by")
    return [_payment(payment) for payment in found.prefetch_related("receipts__book").order_by("pk")]


def payment_view(actor: Actor, payment_id: int) -> tuple[BillView, PaymentView]:
    """A payment and its bill; raises `UnknownBill` for another unit's too."""
    payment = Payment.objects.select_related("bill").filter(pk=payment_id).first()
    if payment is None or not can_read(actor, payment.unit_id):
        raise UnknownBill(msg("Không có khoản thu này ở đơn vị của bạn."))
    bill = bill_view(actor, payment.bill.reference)
    return bill, next(one for one in bill.payments if one.id == payment_id)


def paid_state(bill_id: int) -> tuple[int, str]:
    """How much was paid on a bill and its state, for pages that wait for money (1 statement)."""
    found = Bill.objects.filter(pk=bill_id).values_list("paid", "state").first()
    return found or (0, "")


def owed_bills(subject: str) -> list[tuple[str, int]]:
    """References and amounts of what a subject still owes (1 statement)."""
    found = Bill.objects.filter(subject=subject, state__in=OPEN).order_by("pk")
    return [
        (reference, total - paid)
        for reference, total, paid in found.values_list("reference", "total", "paid")
    ]


def _payment(payment: Payment) -> PaymentView:
    return PaymentView(
        id=payment.pk,
        method=payment.method,
        method_text=str(Method(payment.method).label),
        amount=payment.amount,
        tendered=payment.tendered,
        reference=payment.reference,
        at=payment.at,
        day=payment.entry.day,
        by=payment.by_name,
        reversed=hasattr(payment.entry, "reversed_by"),
        receipts=tuple(_receipt(receipt) for receipt in payment.receipts.all()),
    )


def _receipt(receipt: Receipt) -> ReceiptView:
    return ReceiptView(
        id=receipt.pk,
        number=number_text(receipt.number),
        series=f"{receipt.book.form_symbol} {receipt.book.series}",
        amount=receipt.amount,
        state=receipt.state,
        state_text=receipt.get_state_display(),
        counts=receipt.state in ("issued", "adjusted", "lost"),
    )
