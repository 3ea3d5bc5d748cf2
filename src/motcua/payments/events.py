"""What happened in the books, told through the outbox. `subject` is the bill's, opaque here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class BillOpened:
    """Somebody owes."""

    name: ClassVar[str] = "payments.bill_opened"
    bill_id: int
    subject: str
    total: int


@dataclass(frozen=True, slots=True)
class BillPaid:
    """Nothing is owed on the bill any more."""

    name: ClassVar[str] = "payments.bill_paid"
    bill_id: int
    subject: str
    at: str


@dataclass(frozen=True, slots=True)
class BillCancelled:
    """What was owed is owed no more."""

    name: ClassVar[str] = "payments.bill_cancelled"
    bill_id: int
    subject: str


@dataclass(frozen=True, slots=True)
class PaymentTaken:
    """Money came."""

    name: ClassVar[str] = "payments.payment_taken"
    payment_id: int
    bill_id: int
    subject: str
    amount: int
    method: str


@dataclass(frozen=True, slots=True)
class PaymentReversed:
    """A payment was taken back by a counter-entry at `at`: it was booked by mistake, or the money did not stay."""

    name: ClassVar[str] = "payments.payment_reversed"
    payment_id: int
    bill_id: int
    subject: str
    amount: int
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class PaymentRefunded:
    """Money went back."""

    name: ClassVar[str] = "payments.payment_refunded"
    bill_id: int
    subject: str
    amount: int


@dataclass(frozen=True, slots=True)
class DayWasClosed:
    """A unit's day was closed."""

    name: ClassVar[str] = "payments.day_closed"
    unit_id: int
    day: str


@dataclass(frozen=True, slots=True)
class BookProposed:
    """A book of receipts ends with the year; the next one waits for somebody to confirm it."""

    name: ClassVar[str] = "payments.book_proposed"
    book_id: int
    unit_id: int
    series: str
    starts_on: str
