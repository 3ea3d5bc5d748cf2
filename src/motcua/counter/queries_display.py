"""What the screen turned to the citizen shows: an amount, what for, a QR. No name, no number of anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from motcua.counter.models import CustomerDisplay
from motcua.counter.rules.display import Phase, shown
from motcua.kernel import clock
from motcua.organisation import queries as organisation
from motcua.payments import queries as payments
from motcua.payments.queries import TransferQr
from motcua.payments.types import BillState

OPEN = (BillState.OPEN, BillState.PARTLY)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the screen; `tag` changes exactly when the picture does."""

    phase: Phase
    unit: str
    tag: str
    bill_id: int | None = None
    amount: int = 0
    paid: int = 0
    change: int = 0
    what: str = ""
    lines: tuple[tuple[str, int], ...] = ()
    link: str = ""


def shown_to(*, now: datetime, device: str = "", user_id: int = 0, unit_id: int = 0) -> Shown | None:
    """The picture for a paired machine (by the digest of its secret) or for the officer's own (1 statement)."""
    displays = CustomerDisplay.objects.select_related("bill")
    found = (
        displays.filter(device=device) if device else displays.filter(user_id=user_id, unit_id=unit_id)
    ).first()
    if found is None:
        return None
    bill = found.bill
    owed = None if bill is None else (bill.total - bill.paid if bill.state in OPEN else 0)
    phase = shown(found.phase, shown_at=found.shown_at, owed=owed, now=now)
    unit = organisation.unit(found.unit_id).full_name
    said = f"{found.pk}|{phase}|{found.bill_id}|{bill.paid if bill else 0}|{found.change}|{unit}"
    tag = hashlib.sha256(said.encode()).hexdigest()[:20]
    if bill is None or phase is Phase.IDLE:
        return Shown(Phase.IDLE, unit, tag)
    return Shown(
        phase=phase,
        unit=unit,
        tag=tag,
        bill_id=bill.pk,
        amount=owed or 0,
        paid=bill.paid,
        change=found.change if found.phase == Phase.THANKS else 0,
        what=bill.procedure_name,
        link=found.link if phase is Phase.ONLINE else "",
        lines=tuple((line["name"], line["amount"]) for line in bill.lines if line["amount"]),
    )


def idle(unit_id: int) -> Shown:
    """The picture of a seat that showed nothing yet."""
    return Shown(Phase.IDLE, organisation.unit(unit_id).full_name, f"idle-{unit_id}")


def transfer_of(picture: Shown, now: datetime) -> TransferQr | None:
    """The QR of the picture, where it has one (2 statements)."""
    if picture.phase is not Phase.TRANSFER or picture.bill_id is None:
        return None
    return payments.transfer_qr(picture.bill_id, on=clock.today(now))


def has_device(user_id: int, unit_id: int) -> bool:
    """Whether another machine is this seat's display (1 statement)."""
    return CustomerDisplay.objects.filter(user_id=user_id, unit_id=unit_id).exclude(device="").exists()
