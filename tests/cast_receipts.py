"""Receipts of both wards of the cast: money taken at each counter, from each ward's own book."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.kernel.actor import Actor
from motcua.payments import actions
from motcua.payments.rules.collectors import CollectorData


@dataclass(frozen=True, slots=True)
class Receipts:
    """A receipt and the book it came from, of one ward."""

    receipt_id: int
    book_id: int


def take_money(ward: f.Commune, cashier: Actor, dossier: Dossier) -> Receipts:
    """Set the ward up to collect, and take the fee of a dossier in cash."""
    agency = ward.agency
    actions.set_collector(
        actor=f.SYSTEM, unit_id=agency.id, data=CollectorData(name=agency.full_name), now=f.MONDAY
    )
    book = actions.open_book(
        actor=f.SYSTEM, unit_id=agency.id, form_symbol="01BLP2-001", series="AA-26T", now=f.MONDAY
    )
    bill = actions.open_bill(
        actor=f.SYSTEM,
        unit_id=ward.centre.id,
        budget_unit_id=agency.id,
        subject=dossier.code,
        payer=actions.Payer(dossier.owner_name),
        lines=(actions.BillLine("ho-tich", "le_phi", "Lệ phí hộ tịch", 8_000),),
        key=f"cast:{dossier.code}",
        now=f.MONDAY,
    )
    done = actions.take_payment(
        actor=cashier, bill_id=bill.pk, method="cash", amount=8_000, key=f"cast:{dossier.code}", now=f.MONDAY
    )
    return Receipts(done.receipts[0].pk, book.pk)
