"""The acceptance cases about fees from the dossier to the receipt: F04, F06, F07 (docs/law/acceptance.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from motcua.catalogue import actions as catalogue
from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.types import Territory
from motcua.dossiers import actions
from motcua.dossiers.models import RefundProposal
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, SYSTEM, Province, Staff, at
from motcua.dossiers.tests.money import CHARGE, collecting, costly, pay, sums
from motcua.dossiers.types import ResultData
from motcua.kernel.outbox import worker
from motcua.organisation.models import Unit
from motcua.organisation.snapshot import touch
from motcua.payments import queries
from motcua.payments.models import Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Province:
    found = factories.make_province()
    Unit.objects.filter(pk=found.other.agency.id).update(former_province="Bắc Giang")
    touch()
    collecting(found.commune)
    collecting(found.other)
    return found


@pytest.fixture
def staff(place: Province) -> Staff:
    return factories.make_staff(place.commune)


def resolve(
    procedure: ProcedureVersion,
    number: str,
    says: Mapping[str, Any],
    *,
    territory: Territory = Territory.ALL,
    since: date = date(2025, 7, 15),
    signed: date = date(2025, 7, 14),
    now: Any = MONDAY,
) -> int:
    return catalogue.set_fee_resolution(
        actor=SYSTEM,
        number=number,
        signed_on=signed,
        valid_from=since,
        lines=[{"procedures": [procedure.code], **says}],
        territory=territory,
        now=now,
    )


def test_f04_the_receipt_names_the_resolution(place: Province, staff: Staff) -> None:
    procedure = costly(CHARGE)
    resolve(procedure, "10/NQ-HĐND", {"set": {"amount": 7_000}}, territory=Territory.BAC_NINH_CU)
    resolve(procedure, "20/NQ-HĐND", {"set": {"amount": 9_000}}, territory=Territory.BAC_GIANG_CU)
    there = factories.make_staff(place.other)
    told = []
    for desk in (staff, there):
        dossier = factories.receive(desk.counter, procedure)
        pay(desk, queries.bills_of(dossier.code)[0])
        receipt = Receipt.objects.latest("pk")
        told.append((receipt.amount, [line["basis"] for line in receipt.lines]))
    assert told == [(7_000, ["10/NQ-HĐND"]), (9_000, ["20/NQ-HĐND"])]


def test_f06_paid_before_a_reduction_was_known_may_go_back(staff: Staff) -> None:
    procedure = costly(CHARGE)
    paid = factories.receive(staff.counter, procedure)
    unpaid = factories.receive(staff.counter, procedure)
    done = pay(staff, queries.bills_of(paid.code)[0])
    resolve(
        procedure,
        "3303/QĐ-BTP",
        {"percent": "1/2"},
        since=date(2026, 11, 1),
        signed=at(17).date(),
        now=at(18),
    )
    for day in (19, 20):  # first the event, then the look at the dossiers
        worker.drain(at(day))
    assert sums(paid.code) == [(5_000, "paid")]
    assert [(p.dossier_id, p.cause, p.amount) for p in RefundProposal.objects.all()] == [
        (paid.pk, "resolution", 2_500)
    ]
    assert sums(unpaid.code) == [(5_000, "cancelled"), (2_500, "open")]
    assert Receipt.objects.get(pk=done.receipts[0].pk).state == "issued"
    worker.drain(at(21))
    assert RefundProposal.objects.count() == 1


def test_f06_a_resolution_that_raises_asks_nobody_for_more(staff: Staff) -> None:
    procedure = costly(CHARGE)
    dossier = factories.receive(staff.counter, procedure)
    resolve(procedure, "30/NQ-HĐND", {"set": {"amount": 50_000}}, since=date(2026, 11, 1), now=at(18))
    for day in (19, 20):  # first the event, then the look at the dossiers
        worker.drain(at(day))
    assert sums(dossier.code) == [(5_000, "open")]


def test_f07_refused_nothing_goes_back(staff: Staff) -> None:
    procedure = costly(CHARGE, fee_rules=("không hoàn khi không được cấp",))
    dossier = factories.receive(staff.counter, procedure)
    pay(staff, queries.bills_of(dossier.code)[0])
    actions.request_supplement(
        actor=staff.specialist,
        code=dossier.code,
        items=[actions.SupplementItem("Tờ khai đã sửa")],
        reason="Sai",
        now=at(17),
    )
    actions.register_supplement(actor=staff.counter, code=dossier.code, note="Đã sửa", now=at(18))
    assert sums(dossier.code) == [(5_000, "paid")]
    factories.advance(dossier, staff, until="dong-dau", now=at(18))
    actions.complete_step(
        actor=staff.clerk,
        code=dossier.code,
        task_id=factories.open_task(dossier).pk,
        outcome="phat_hanh",
        result=ResultData("02/TB", date(2026, 11, 18), "Không được cấp", granted=False),
        now=at(18),
    )
    assert not RefundProposal.objects.exists()
