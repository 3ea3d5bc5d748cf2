"""The pages of collecting units: who sees which, what they say, and how many statements they cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation.tests import factories
from motcua.organisation.types import UnitKind
from motcua.payments import actions
from motcua.payments.models import BankAccount, Collector
from motcua.payments.rules.collectors import AccountData, CollectorData
from motcua.payments.tests.counter import NOW, Counter, make_counter

LIST, WARD = "/thu-phi/don-vi-thu/", "/thu-phi/don-vi-thu/07210/"
ACCOUNT = AccountData("970405", "2601201009999", "UBND PHUONG BAC GIANG", date(2025, 7, 1))


@pytest.fixture
def counter(db: Any) -> Iterator[Counter]:
    with time_machine.travel(NOW, tick=False):
        yield make_counter()


def browser(actor: Actor) -> Client:
    client = Client()
    assert actor.user_id is not None
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


def admin() -> Client:
    user = factories.person("quan-tri")
    User.objects.filter(pk=user.pk).update(is_admin=True)
    return browser(units.actor_for(User.objects.get(pk=user.pk), NOW))


def page_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def wards(number: int, *, collecting: bool = True, first: int = 0) -> None:
    """More wards of the province, each with a collector and an account."""
    for place in range(first, first + number):
        unit = organisation.create_unit(
            actor=factories.SYSTEM,
            now=NOW,
            code=f"{8000 + place:05d}",
            name=f"Xã Số {place}",
            kind=UnitKind.COMMUNE,
            parent_id=units.province().id,
            agency_code=f"H05.{200 + place}",
        )
        if collecting:
            actions.set_collector(
                actor=factories.SYSTEM, unit_id=unit.id, data=CollectorData(unit.name), now=NOW
            )


def test_an_officer_of_one_ward_is_led_to_it(counter: Counter) -> None:
    wards(1)
    response = browser(counter.leader).get(LIST)
    assert response.status_code == 302 and response["Location"] == WARD


def test_the_province_sees_every_unit_and_what_each_lacks(counter: Counter) -> None:
    wards(2, collecting=False)
    text = page_of(admin(), LIST)
    assert "Phường Bắc Giang" in text and "Xã Số 1" in text
    assert "Chưa khai báo đơn vị thu" in text and "Chưa có tài khoản ngân hàng" in text
    lacking = page_of(browser_of_admin(), f"{LIST}?thieu=don-vi-thu")
    assert "Xã Số 1" in lacking and "Phường Bắc Giang" not in lacking


def browser_of_admin() -> Client:
    user = User.objects.get(username="quan-tri")
    return browser(units.actor_for(user, NOW))


def test_the_list_is_searched_without_accents(counter: Counter) -> None:
    wards(2)
    text = page_of(admin(), f"{LIST}?q=xa so 1")
    assert "Xã Số 1" in text and "Xã Số 0" not in text
    assert "Không có đơn vị thu nào khớp" in page_of(browser_of_admin(), f"{LIST}?q=khong ai")


@pytest.mark.parametrize("query", ["?trang=0", "?trang=x", "?thieu=nothing", "?trang=99999"])
def test_a_strange_address_shows_the_list(counter: Counter, query: str) -> None:
    wards(1)
    page_of(admin(), LIST + query)


def test_the_list_costs_the_same_for_two_units_and_forty(
    counter: Counter, django_assert_max_num_queries: Any
) -> None:
    client = admin()
    for many in (2, 40):
        wards(many, first=many)
        client.get(LIST)
        with django_assert_max_num_queries(8):
            page_of(client, LIST)


def test_a_unit_s_page_shows_its_account_with_a_static_qr(
    counter: Counter, django_assert_max_num_queries: Any
) -> None:
    ward = units.unit(counter.unit_id).agency_id
    actions.add_account(actor=counter.leader, unit_id=ward, data=ACCOUNT, now=NOW)
    client = browser(counter.leader)
    client.get(WARD)
    with django_assert_max_num_queries(14):
        text = page_of(client, WARD)
    assert "Agribank" in text and "2601201009999" in text and "<svg" in text
    assert "Chưa đăng ký trên Cổng Dịch vụ công quốc gia." in text


def test_a_cashier_reads_and_changes_nothing(counter: Counter) -> None:
    client = browser(counter.cashier)
    text = page_of(client, WARD)
    assert "2400123456" in text and "/sua/" not in text
    page_of(client, f"{WARD}sua/", status=403)
    page_of(client, f"{WARD}tai-khoan/", status=403)


def test_another_ward_is_unknown(counter: Counter) -> None:
    wards(1)
    page_of(browser(counter.leader), f"{LIST}08000/", status=404)
    page_of(browser(counter.leader), f"{LIST}08000/sua/", status=404)


def test_what_was_typed_stays_beside_its_error(counter: Counter) -> None:
    client = browser(counter.leader)
    typed = {"name": "Ủy ban nhân dân phường", "tax_code": "12", "address": "Số 5", "platform_partner": ""}
    response = client.post(f"{WARD}sua/", typed)
    text = response.content.decode()
    assert response.status_code == 422 and "Mã số thuế gồm 10 chữ số" in text and "Số 5" in text
    assert client.post(f"{WARD}sua/", {**typed, "tax_code": "2400123456"}).status_code == 302
    assert Collector.objects.get().address == "Số 5"


def test_an_account_is_added_registered_and_ended(counter: Counter) -> None:
    client = browser(counter.leader)
    typed = {
        "bank_bin": "970405",
        "number": "2601 2010 09999",
        "holder": "UBND PHUONG BAC GIANG",
        "starts_on": "2025-12-01",
    }
    assert client.post(f"{WARD}tai-khoan/", typed).status_code == 302
    again = client.post(f"{WARD}tai-khoan/", typed)
    assert again.status_code == 422 and "Đơn vị đang dùng tài khoản" in again.content.decode()
    account = BankAccount.objects.get()
    base = f"/thu-phi/tai-khoan/{account.pk}/"
    assert client.post(f"{base}dang-ky/", {"registered_on": "2025-11-20"}).status_code == 302
    assert client.post(f"{base}ngung/", {"ends_on": "2025-12-31", "reason": ""}).status_code == 422
    assert client.post(f"{base}ngung/", {"ends_on": "2025-12-31", "reason": "Đổi"}).status_code == 302
    account.refresh_from_db()
    assert (account.registered_on, account.ends_on) == (date(2025, 11, 20), date(2025, 12, 31))
    assert "đến hết 31/12/2025" in page_of(client, WARD)
