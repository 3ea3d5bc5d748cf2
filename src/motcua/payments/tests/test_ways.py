"""How people may pay a unit: what is offered, and in words what is missing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from motcua.payments import queries
from motcua.payments.models import BankAccount, Collector
from motcua.payments.rules import vietqr
from motcua.payments.rules.qr import qr_svg
from motcua.payments.tests.counter import Counter, make_counter

DAY = date(2025, 12, 1)


@pytest.fixture
def counter(db: Any) -> Counter:
    return make_counter()


def account(counter: Counter, **given: Any) -> BankAccount:
    from motcua.organisation import queries as organisation

    defaults: dict[str, Any] = {
        "unit_id": organisation.unit(counter.unit_id).agency_id,
        "bank_bin": "970405",
        "number": "2601201009999",
        "holder": "UBND PHUONG BAC GIANG",
        "starts_on": date(2025, 7, 1),
    }
    return BankAccount.objects.create(**{**defaults, **given})


def test_a_unit_with_a_book_and_no_account_takes_cash_and_says_what_is_missing(counter: Counter) -> None:
    ways = queries.ways_to_pay(counter.unit_id, on=DAY)
    assert (ways.cash, ways.card, ways.transfer, ways.platform) == (True, False, None, False)
    assert any("tài khoản ngân hàng" in sentence.source() for sentence in ways.why_not)


def test_an_account_of_the_agency_serves_its_centre(counter: Counter) -> None:
    account(counter)
    ways = queries.ways_to_pay(counter.unit_id, on=DAY)
    assert ways.transfer == queries.TransferAccount("970405", "2601201009999", "UBND PHUONG BAC GIANG")
    assert ways.transfer.bank_name == "Agribank"
    assert any("chưa đăng ký" in sentence.source() for sentence in ways.why_not)


def test_an_account_that_has_not_begun_or_has_ended_takes_nothing(counter: Counter) -> None:
    account(counter, number="1", starts_on=date(2025, 12, 2))
    account(counter, number="2", ends_on=date(2025, 11, 30))
    assert queries.ways_to_pay(counter.unit_id, on=DAY).transfer is None


def test_paying_online_needs_the_platform_a_partner_code_and_a_registered_account(
    counter: Counter, settings: Any
) -> None:
    settings.PLATFORM_URL, settings.PLATFORM_PARTNERS = "http://127.0.0.1:1/", {"H05-101": "secret"}
    Collector.objects.update(platform_partner="H05-101", takes_card=True)
    assert not queries.ways_to_pay(counter.unit_id, on=DAY).platform
    account(counter, registered=True)
    ways = queries.ways_to_pay(counter.unit_id, on=DAY)
    assert (ways.cash, ways.card, ways.platform, ways.why_not) == (True, True, True, ())
    settings.PLATFORM_PARTNERS = {"OTHER": "secret"}
    assert not queries.ways_to_pay(counter.unit_id, on=DAY).platform


def test_without_a_collector_nothing_is_offered(counter: Counter) -> None:
    Collector.objects.all().delete()
    ways = queries.ways_to_pay(counter.unit_id, on=DAY)
    assert not ways.any and len(ways.why_not) == 1


def test_last_year_s_book_takes_nothing_in_the_new_year(counter: Counter) -> None:
    assert not queries.ways_to_pay(counter.unit_id, on=date(2026, 1, 1)).cash


def test_many_units_are_asked_in_three_statements(counter: Counter, django_assert_num_queries: Any) -> None:
    from motcua.organisation import queries as organisation

    organisation.unit(counter.unit_id)
    with django_assert_num_queries(3):
        queries.ways_of([counter.unit_id, organisation.unit(counter.unit_id).agency_id], on=DAY)


def test_the_qr_of_a_bill_asks_for_what_is_still_owed_under_its_reference(counter: Counter) -> None:
    account(counter)
    bill = counter.bill()
    counter.pay(bill, 3_000)
    found = queries.transfer_qr(bill.pk, on=DAY)
    assert found is not None
    assert vietqr.parse(found.payload) == vietqr.Transfer("970405", "2601201009999", 10_000, bill.reference)
    assert (found.amount, found.bank_name, found.reference) == (10_000, "Agribank", bill.reference)


def test_a_paid_bill_has_no_qr(counter: Counter) -> None:
    account(counter)
    bill = counter.bill()
    counter.pay(bill)
    assert queries.transfer_qr(bill.pk, on=DAY) is None


def test_a_bill_of_a_unit_without_an_account_has_no_qr(counter: Counter) -> None:
    assert queries.transfer_qr(counter.bill().pk, on=DAY) is None


def test_the_picture_scales_has_a_title_and_no_style() -> None:
    svg = qr_svg("0002010102")
    root = ElementTree.fromstring(svg)
    assert root.attrib["viewBox"] and "width" not in root.attrib
    assert root.find("title") is not None
    assert not re.search(r"style|<script|\son\w+=", svg)


def test_every_bank_has_a_number_of_six_figures_and_a_name() -> None:
    for number, bank in queries.banks().items():
        assert re.fullmatch(r"[0-9]{6}", number) and bank.name and bank.short_name
    assert queries.bank_name("970436") == "Vietcombank"
    assert queries.bank_name("999999") == "999999"
