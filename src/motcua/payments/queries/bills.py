"""What is owed and what waits for money."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from motcua.kernel.messages import msg
from motcua.payments.errors import UnknownBill
from motcua.payments.models import Bill
from motcua.payments.rules import journal
from motcua.payments.types import BillState

OPEN = (BillState.OPEN, BillState.PARTLY)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a subject stands with all its bills, in đồng. `settled`: nothing is owed."""

    total: int = 0
    paid: int = 0
    refunded: int = 0
    owed: int = 0
    bills: int = 0

    @property
    def settled(self) -> bool:
        return self.owed == 0


def bills_of(subject: str) -> list[Bill]:
    """Every bill of a subject, oldest first (one statement)."""
    return list(Bill.objects.filter(subject=subject).order_by("pk"))


def bill_by_reference(reference: str) -> Bill:
    """The bill with this transfer reference, whatever case and spaces; raises `UnknownBill` (404)."""
    found = Bill.objects.filter(reference="".join(reference.upper().split())[:25]).first()
    if found is None:
        raise UnknownBill(msg("Không có khoản phải nộp mang mã này."))
    return found


def standing(subject: str) -> Standing:
    """How a subject stands (one statement)."""
    bills = bills_of(subject)
    return Standing(
        total=sum(bill.total for bill in bills if bill.state != BillState.CANCELLED),
        paid=sum(bill.paid for bill in bills),
        refunded=sum(bill.refunded for bill in bills),
        owed=sum(bill.total - bill.paid for bill in bills if bill.state in OPEN),
        bills=len(bills),
    )


def paid_lines(bill: Bill) -> list[int]:
    """What was paid of each line of a bill, in their order; refunds not taken off."""
    kinds = [(line["kind"], line["amount"]) for line in bill.lines]
    return journal.shared_out(kinds, before=0, amount=min(bill.paid, bill.total))


def waiting(
    unit_ids: Collection[int], *, limit: int = 50, before: int | None = None, text: str = ""
) -> list[Bill]:
    """Bills of these units that wait for money, newest first, older than the bill `before` (one statement)."""
    found = Bill.objects.filter(unit_id__in=unit_ids, state__in=OPEN).order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    if text:
        found = found.filter(reference=text.upper()) | found.filter(subject=text)
    return list(found[:limit])
