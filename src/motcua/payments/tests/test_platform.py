"""Paying through the national platform, against the stand-in over HTTP: whatever it does, money is booked once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from motcua.kernel.actor import Actor, Grant
from motcua.kernel.errors import Conflict, NotAllowed
from motcua.organisation import queries as units
from motcua.payments import actions, queries
from motcua.payments.models import Payment, PlatformExchange
from motcua.payments.platform_settings import key_of, wording
from motcua.payments.rules import platform as rules
from motcua.payments.simulator.core import Behaviour
from motcua.payments.tests.counter import NOW
from motcua.payments.tests.town import PARTNER, SECRET, Town, booked


def test_a_citizen_pays_online_and_gets_a_receipt(either_town: Town) -> None:
    town, bill = either_town, either_town.bill()
    attempt = town.open(bill)
    assert attempt.pay_url.endswith(f"/pay/{attempt.reference}")
    (answer,) = town.pays(attempt)
    assert answer["MaLoi"] == "00" and rules.is_signed(wording(), "ANSWER", answer, key_of(PARTNER))  # type: ignore[arg-type]
    attempt.refresh_from_db()
    assert (attempt.state, attempt.next_ask_at) == ("succeeded", None) and attempt.platform_number
    assert booked(bill) == ("paid", bill.total, 1)
    payment = Payment.objects.get()
    assert (payment.method, payment.reference, payment.receipts.count()) == ("platform", attempt.reference, 1)
    assert queries.check_ledger().problems == []


def test_the_platform_is_told_what_each_line_is_for(town: Town) -> None:
    bill = town.bill()
    town.counter.pay(bill, 3_000)
    attempt = town.open(bill)
    order = town.platform.order(attempt.reference)
    assert order is not None and order.amount == 10_000
    assert [line["SoTien"] for line in order.bill["PhiLePhi"]] == ["5000", "5000"]
    assert (order.bill["MaHoSo"], order.bill["TKThuHuong"]) == (bill.subject, "2601201009999")
    sent = PlatformExchange.objects.get(kind="INIT").sent
    assert sent["Ip"] == "203.113.1.2" and sent["ThoiGianGD"] == "20251201090000"
    assert "MaXacThuc" not in sent and SECRET not in json.dumps(sent)


def test_a_second_press_gives_the_same_page(town: Town) -> None:
    bill = town.bill()
    first = town.open(bill)
    assert town.open(bill, NOW + timedelta(minutes=5)).pk == first.pk
    assert town.open(bill, NOW + timedelta(minutes=20)).pk != first.pk


@pytest.mark.parametrize(
    ("how", "codes", "state", "payments"),
    [
        (Behaviour.GOOD, ["00"], "succeeded", 1),
        (Behaviour.REPEATS, ["00", "00", "00"], "succeeded", 1),
        (Behaviour.CONTRADICTS, ["00", "99"], "succeeded", 1),
        (Behaviour.OTHER_AMOUNT, ["99"], "disputed", 0),
        (Behaviour.FAILS, ["00"], "failed", 0),
        (Behaviour.FAILS_THEN_PAYS, ["00", "00"], "succeeded", 1),
        (Behaviour.PAYS_THEN_FAILS, ["00", "99"], "succeeded", 1),
        (Behaviour.FORGES, ["99"], "created", 0),
        (Behaviour.SILENT, [], "created", 0),
    ],
)
def test_whatever_the_platform_tells_money_is_booked_once(
    town: Town, how: Behaviour, codes: list[str], state: str, payments: int
) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    assert [answer["MaLoi"] for answer in town.pays(attempt, how)] == codes
    attempt.refresh_from_db()
    assert attempt.state == state
    assert booked(bill)[2] == payments
    assert PlatformExchange.objects.filter(kind="CONFIRM").count() == len(codes)
    assert queries.check_ledger().problems == []


def test_a_contradiction_after_the_booking_is_marked_for_people(town: Town) -> None:
    attempt = town.open(town.bill())
    town.pays(attempt, Behaviour.CONTRADICTS)
    attempt.refresh_from_db()
    assert "14.000 đồng" in attempt.problem


def test_the_platform_looks_up_what_a_dossier_owes(town: Town) -> None:
    bill = town.bill()

    def asked(code: str) -> dict[str, Any]:
        response = Client().post(
            "/api/v1/platform/bill",
            json.dumps({"MaHoSo": code}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {town.token}"},
        )
        found: dict[str, Any] = response.json()
        return found

    found = asked(bill.subject)
    assert found["error_code"] == 1
    assert (found["message"]["MaTraCuuTT"], found["message"]["SoTien"]) == (bill.reference, "13000")
    town.counter.pay(bill)
    assert asked(bill.subject) == {"error_code": 0, "message": []}
    assert asked("H05.101-251201-none") == {"error_code": -1, "message": []}


def test_a_system_of_one_agency_learns_nothing_of_another_s_bills(town: Town) -> None:
    bill = town.bill()
    ward, province = units.unit(town.counter.unit_id).agency_id, units.province().id
    for agency_id, code in ((ward, 1), (province, -1)):
        system = Actor(None, "x", via="api", client_id=1, grants=(Grant(agency_id, agency_id, "api_client"),))
        assert queries.payable(system, bill.subject, NOW)[0] == code


def test_the_platform_s_own_paper_is_fetched_once_paid(town: Town) -> None:
    attempt = town.open(town.bill())
    with pytest.raises(Conflict):
        actions.platform_bill(actor=town.counter.cashier, transaction_id=attempt.pk, now=NOW)
    town.pays(attempt)
    content = actions.platform_bill(actor=town.counter.cashier, transaction_id=attempt.pk, now=NOW)
    assert content.startswith(b"%PDF-")


def test_people_settle_what_was_in_doubt_with_what_really_came(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    town.pays(attempt, Behaviour.OTHER_AMOUNT)
    with pytest.raises(NotAllowed):
        actions.resolve_online(
            actor=town.counter.cashier, transaction_id=attempt.pk, came=14_000, reason="sao kê", now=NOW
        )
    for _time in range(2):
        try:
            actions.resolve_online(
                actor=town.counter.leader,
                transaction_id=attempt.pk,
                came=14_000,
                reason="Sao kê 1/12",
                now=NOW,
            )
        except Conflict:
            continue
    assert booked(bill) == ("paid", 13_000, 1)
    assert actions.refundable(bill)["advance"] == 1_000
    assert queries.check_ledger().problems == []
