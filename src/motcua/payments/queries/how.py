"""How somebody pays what a subject owes: for slips and public pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import grouped
from motcua.organisation import queries as organisation
from motcua.payments.models import Bill
from motcua.payments.queries.bills import OPEN
from motcua.payments.queries.ways import TransferQr, WaysToPay, qr_of, ways_of
from motcua.payments.types import BillState


@dataclass(frozen=True, slots=True)
class BillPart:
    """One line of a bill."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class HowToPay:
    """One bill: what is still owed, to whom, and how. `places` say where to go when no code can be scanned."""

    bill_id: int
    reference: str
    unit: str
    lines: tuple[BillPart, ...]
    total: int
    paid: int
    owed: int
    state: BillState
    ways: WaysToPay
    qr: TransferQr | None
    places: tuple[Message, ...]


def how_to_pay(subject: str, *, on: date) -> tuple[HowToPay, ...]:
    """Every bill of a subject that was not cancelled, oldest first (four statements; one when there is none)."""
    bills = Bill.objects.filter(subject=subject).exclude(state=BillState.CANCELLED).order_by("pk")
    return ways_of_bills(list(bills), on=on)


def ways_of_bills(bills: list[Bill], *, on: date) -> tuple[HowToPay, ...]:
    """How these bills are paid (three statements; none for none)."""
    if not bills:
        return ()
    ways = ways_of({bill.unit_id for bill in bills}, on=on)
    return tuple(_how(bill, ways[bill.unit_id]) for bill in bills)


def _how(bill: Bill, ways: WaysToPay) -> HowToPay:
    owed = bill.total - bill.paid if bill.state in OPEN else 0
    unit = organisation.unit(bill.unit_id).full_name
    return HowToPay(
        bill_id=bill.pk,
        reference=bill.reference,
        unit=unit,
        lines=tuple(BillPart(line["name"], line["amount"]) for line in bill.lines),
        total=bill.total,
        paid=bill.paid,
        owed=owed,
        state=BillState(bill.state),
        ways=ways,
        qr=qr_of(bill, ways.transfer),
        places=_places(ways, unit, owed) if owed else (),
    )


def _places(ways: WaysToPay, unit: str, owed: int) -> tuple[Message, ...]:
    found = []
    if ways.cash and ways.card:
        found.append(msg("Tiền mặt hoặc thẻ tại quầy thu của %(unit)s.", unit=unit))
    elif ways.cash:
        found.append(msg("Tiền mặt tại quầy thu của %(unit)s.", unit=unit))
    if not ways.any:
        found.append(
            msg(
                "%(unit)s chưa mở cách thu nào trên hệ thống: hỏi cán bộ tiếp nhận nơi nộp %(amount)s đồng.",
                unit=unit,
                amount=grouped(owed),
            )
        )
    return tuple(found)
