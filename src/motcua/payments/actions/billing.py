"""Bills: somebody owes, or owes no more."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.kernel import audit, clock, outbox, rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import fold, nfc
from motcua.payments.actions.entries import lock_books, lock_collectors, next_open_day, write_entry
from motcua.payments.errors import KeyUsed, NothingOwed, UnknownBill
from motcua.payments.events import BillCancelled, BillOpened, BillPaid
from motcua.payments.models import Bill
from motcua.payments.rules import journal
from motcua.payments.types import BillState, EntryKind

_REFERENCE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without 0, O, 1 and I: people copy it by hand into a transfer."""


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill: `kind` phi or le_phi, whole đồng, the reasons as sentences, `basis` what sets the amount."""

    key: str
    kind: str
    name: str
    amount: int
    reasons: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who owes, as it will stand on the receipt."""

    name: str
    id_number: str = ""
    address: str = ""


@transaction.atomic
def open_bill(
    *,
    actor: Actor,
    unit_id: int,
    budget_unit_id: int,
    subject: str,
    payer: Payer,
    lines: Sequence[BillLine],
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    procedure_code: str = "",
    procedure_name: str = "",
) -> Bill:
    """Book what somebody owes to a collecting unit, once for a key; the same key again gives the same bill.

    The caller has checked who may. Raises `Invalid` for lines that are no amounts, `KeyUsed` when the key belongs to a
    bill of another content.
    """
    said = [_stored(line) for line in lines]
    lock_books(unit_id)  # the day of the charge must not be closed meanwhile
    _refuse_bad(lines, payer)
    total = sum(line.amount for line in lines)
    reference = _new_reference(now)
    bill = Bill(
        unit_id=unit_id,
        budget_unit_id=budget_unit_id,
        subject=subject,
        procedure_code=procedure_code,
        procedure_name=procedure_name,
        payer_name=nfc(payer.name),
        payer_id_number=payer.id_number,
        payer_address=nfc(payer.address),
        lines=said,
        total=total,
        state=BillState.OPEN.value if total else BillState.PAID.value,
        reference=reference,
        words=fold(f"{nfc(payer.name)} {subject} {reference}")[:400],
        key=key,
        created_at=now,
        due_at=due_at,
    )
    if not rows.insert_once(bill, "key"):
        return _same_bill(Bill.objects.get(key=key), subject, said)
    if total:
        sides = journal.charge([(line.kind, line.amount) for line in lines])
        write_entry(
            actor=actor,
            kind=EntryKind.CHARGE,
            unit_id=unit_id,
            sides=sides,
            key=f"charge:{bill.pk}",
            day=next_open_day(unit_id, now),
            now=now,
            bill=bill,
        )
    audit.record(
        actor,
        "payments.bill_opened",
        subject_type="bill",
        subject=bill.reference,
        data={"for": subject, "total": total, "lines": said},
        at=now,
    )
    opened = BillOpened(bill_id=bill.pk, subject=subject, total=total)
    paid = () if total else (BillPaid(bill_id=bill.pk, subject=subject, at=now.isoformat()),)
    outbox.publish(opened, *paid, now=now)
    return bill


@transaction.atomic
def cancel_bill(*, actor: Actor, bill_id: int, reason: str, now: datetime) -> Bill:
    """What is not paid yet is owed no more; what was paid stays and may be refunded. Doing it again changes nothing.

    The caller has checked who may. Raises `UnknownBill`, `Invalid` without a reason.
    """
    if not reason.strip():
        raise Invalid(msg("Nhập lý do hủy khoản phải nộp."), field="reason")
    bill = lock_bill(bill_id)
    if bill.state in (BillState.CANCELLED, BillState.PAID, BillState.REFUNDED):
        return bill
    lock_books(bill.unit_id)
    kinds = [(line["kind"], line["amount"]) for line in bill.lines]
    paid = journal.shared_out(kinds, before=0, amount=min(bill.paid, bill.total))
    left = [
        (kind, amount - already)
        for (kind, amount), already in zip(kinds, paid, strict=True)
        if amount > already
    ]
    write_entry(
        actor=actor,
        kind=EntryKind.CORRECTION,
        unit_id=bill.unit_id,
        sides=journal.cancelled(left),
        key=f"cancel:{bill.pk}",
        day=next_open_day(bill.unit_id, now),
        now=now,
        bill=bill,
        note=nfc(reason),
    )
    bill.state = BillState.CANCELLED.value
    bill.save(update_fields=["state"])
    audit.record(
        actor,
        "payments.bill_cancelled",
        subject_type="bill",
        subject=bill.reference,
        data={"for": bill.subject, "reason": nfc(reason), "left": sum(amount for _, amount in left)},
        at=now,
    )
    outbox.publish(BillCancelled(bill_id=bill.pk, subject=bill.subject), now=now)
    return bill


def lock_bill(bill_id: int) -> Bill:
    """The bill, locked until the transaction ends; raises `UnknownBill`. What only points at it need not wait."""
    found = Bill.objects.select_for_update(no_key=True).filter(pk=bill_id).first()
    if found is None:
        raise unknown_bill()
    return found


def unknown_bill() -> UnknownBill:
    """No such bill, or another unit's: nobody learns which."""
    return UnknownBill(msg("Không có khoản phải nộp này."))


def lock_bills(subject: str, *, at: Iterable[int] = ()) -> list[Bill]:
    """Every bill of a subject, oldest first, locked until the transaction ends; then the units of those that wait for
    money, and those `at` which a bill will be opened.

    For acts that change several: locked one by one, a bill would be asked for while its unit is held, and a payment
    that came between reading and cancelling would be asked for again.
    """
    found = list(Bill.objects.select_for_update(no_key=True).filter(subject=subject).order_by("pk"))
    lock_collectors({*at, *(bill.unit_id for bill in found if owed_on(bill))})
    return found


def owed_on(bill: Bill) -> int:
    """What is still owed, in đồng."""
    if bill.state in (BillState.CANCELLED, BillState.REFUNDED):
        return 0
    return max(bill.total - bill.paid, 0)


def require_owed(bill: Bill) -> int:
    """What is still owed; raises `NothingOwed` with what became of the bill."""
    left = owed_on(bill)
    if left:
        return left
    sentences = {
        BillState.CANCELLED: msg("Khoản này đã hủy, không thu nữa."),
        BillState.REFUNDED: msg("Khoản này đã hoàn trả, không thu nữa."),
    }
    raise NothingOwed(sentences.get(BillState(bill.state), msg("Khoản này đã nộp đủ.")))


def _same_bill(known: Bill, subject: str, lines: list[dict[str, Any]]) -> Bill:
    """The bill of this key; raises `KeyUsed` when it asks for something else."""
    if (known.subject, known.lines) != (subject, lines):
        raise KeyUsed(msg("Khoản thu này đã được ghi với nội dung khác. Tải lại trang rồi xem lại."))
    return known


def _stored(line: BillLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "kind": line.kind,
        "name": line.name,
        "amount": line.amount,
        "reasons": list(line.reasons),
        "basis": line.basis,
    }


def _refuse_bad(lines: Sequence[BillLine], payer: Payer) -> None:
    if not nfc(payer.name):
        raise Invalid(msg("Nhập tên người nộp tiền."), field="payer_name")
    for line in lines:
        if line.kind not in journal.REVENUE:
            raise Invalid(msg("Khoản thu phải là phí hoặc lệ phí."), field="lines")
        if line.amount < 0:
            raise Invalid(msg("Số tiền của “%(name)s” không được âm.", name=line.name), field="lines")


def _new_reference(now: datetime) -> str:
    """Short enough for a transfer's purpose, random enough that nobody guesses another's: 32¹⁰ a day."""
    return f"MC{clock.local(now):%y%m%d}" + "".join(secrets.choice(_REFERENCE) for _place in range(10))
