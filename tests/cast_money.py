"""The money of the cast: both wards collect, with a closed day, a bill partly paid, what is asked back and counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.payments import actions as payments
from motcua.payments.models import PlatformTransaction
from motcua.payments.rules.collectors import AccountData, CollectorData

NOW = f.at(17, 10)
"""Tuesday 17/11/2026 10:00 in Viet Nam, as in the cast."""


@dataclass(frozen=True, slots=True)
class Till:
    """What lies at one ward's till, by the names of the places in its addresses."""

    reference: str
    payment_id: int
    receipt_id: int
    book_id: int
    refund_id: int
    count_id: int
    day_id: int
    account_id: int
    transaction_id: int


def make_till(ward: f.Commune, staff: f.Staff, dossier: Dossier) -> Till:
    """A ward that collects: everything through the real acts but a payment online that nobody finished."""
    unit_id, agency_id, cashier = ward.centre.id, ward.agency.id, staff.counter
    payments.set_collector(
        actor=f.SYSTEM, unit_id=agency_id, data=CollectorData(ward.agency.full_name), now=f.MONDAY
    )
    account = payments.add_account(
        actor=f.SYSTEM,
        unit_id=agency_id,
        data=AccountData("970405", f"26012010{agency_id:05d}", "UBND", date(2025, 7, 1)),
        now=f.MONDAY,
    )
    book = payments.open_book(
        actor=f.SYSTEM, unit_id=agency_id, form_symbol="01BLP2-001", series="AA-26T", now=f.MONDAY
    )
    closed = payments.close_day(
        actor=cashier, unit_id=unit_id, day=f.MONDAY.date(), counted=0, now=f.at(16, 17)
    )
    bill = payments.open_bill(
        actor=cashier,
        unit_id=unit_id,
        budget_unit_id=agency_id,
        subject=dossier.code,
        payer=payments.Payer(dossier.owner_name, dossier.owner_id_number),
        lines=(payments.BillLine("ho-tich", "le_phi", "Lệ phí hộ tịch", 8_000),),
        key=f"cast:{dossier.code}",
        now=NOW,
    )
    attempt = PlatformTransaction.objects.create(
        bill=bill, partner="DEMO", reference=f"{bill.reference}-1", amount=8_000, created_at=NOW
    )
    paid = payments.take_payment(
        actor=cashier, bill_id=bill.pk, method="cash", amount=5_000, key=f"cast-pay:{dossier.code}", now=NOW
    )
    refund = payments.ask_refund(
        actor=cashier, bill_id=bill.pk, method="cash", parts={"le_phi": 5_000}, reason="Nhầm", now=NOW
    )
    counted = payments.count_day(
        actor=cashier, unit_id=unit_id, day=NOW.date(), pieces={500_000: 1}, explanation="Chưa rõ", now=NOW
    )
    assert counted.waiting is not None
    return Till(
        reference=bill.reference,
        payment_id=paid.payment.pk,
        receipt_id=paid.receipts[0].pk,
        book_id=book.pk,
        refund_id=refund.pk,
        count_id=counted.waiting.pk,
        day_id=closed.pk,
        account_id=account.pk,
        transaction_id=attempt.pk,
    )
