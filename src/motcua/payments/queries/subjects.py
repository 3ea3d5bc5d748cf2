"""What happened to the money of one subject: what came with its receipts, what went back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.payments.models import Payment, Receipt, Refund
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import Method, ReceiptState


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt; `stands` unless it is void or replaced."""

    id: int
    series: str
    number: str
    amount: int
    state: ReceiptState

    @property
    def stands(self) -> bool:
        return self.state not in (ReceiptState.VOID, ReceiptState.REPLACED)


@dataclass(frozen=True, slots=True)
class Came:
    """Money that came; where it was taken back, when and why."""

    bill_id: int
    at: datetime
    method: Method
    amount: int
    by_name: str
    receipts: tuple[ReceiptLine, ...]
    taken_back_at: datetime | None = None
    why: str = ""

    @property
    def taken_back(self) -> bool:
        return self.taken_back_at is not None


@dataclass(frozen=True, slots=True)
class WentBack:
    """A refund: asked for, confirmed (`confirmed`) or refused."""

    bill_id: int
    asked_at: datetime
    amount: int
    method: Method
    decided_at: datetime | None
    confirmed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """Oldest first."""

    came: tuple[Came, ...] = ()
    went_back: tuple[WentBack, ...] = ()


def history_of(subject: str) -> History:
    """Payments, receipts and refunds of a subject (three statements)."""
    receipts: dict[int, list[ReceiptLine]] = defaultdict(list)
    for receipt in Receipt.objects.filter(bill__subject=subject).select_related("book").order_by("pk"):
        if receipt.payment_id is not None:
            receipts[receipt.payment_id].append(_receipt(receipt))
    payments = (
        Payment.objects.filter(bill__subject=subject).select_related("entry__reversed_by").order_by("pk")
    )
    refunds = Refund.objects.filter(bill__subject=subject).order_by("pk")
    return History(
        came=tuple(_came(one, receipts.get(one.pk, ())) for one in payments),
        went_back=tuple(
            WentBack(
                one.bill_id,
                one.asked_at,
                one.amount,
                Method(one.method),
                one.decided_at,
                one.entry_id is not None,
                one.reason,
            )
            for one in refunds
        ),
    )


def _came(payment: Payment, receipts: Iterable[ReceiptLine]) -> Came:
    undone = getattr(payment.entry, "reversed_by", None)
    return Came(
        payment.bill_id,
        payment.at,
        Method(payment.method),
        payment.amount,
        payment.by_name,
        tuple(receipts),
        undone.at if undone else None,
        undone.note if undone else "",
    )


def _receipt(receipt: Any) -> ReceiptLine:
    return ReceiptLine(
        receipt.pk,
        receipt.book.series,
        number_text(receipt.number),
        receipt.amount,
        ReceiptState(receipt.state),
    )
