"""Paying without signing in: only for the slip in one's hand, with a QR or a button where the unit offers them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.kernel.actor import Actor
from motcua.organisation import queries as units
from motcua.payments import actions as payments
from motcua.payments.adapters.lines import demo_simulator
from motcua.payments.models import Bill, PlatformTransaction
from motcua.payments.rules.collectors import AccountData, CollectorData

pytestmark = pytest.mark.django_db

NOW = f.at(17, 10)
SYSTEM = Actor.system("test")
NAME, NUMBER = "Hoàng Thị Canary7731", "024099000777"


@dataclass
class Ward:
    dossier: Dossier
    unit_id: int

    @property
    def path(self) -> str:
        return f"/tra-cuu/{self.dossier.tracking_token}/"

    def owes(self, amount: int = 8_000, key: str = "k") -> Bill:
        return payments.open_bill(
            actor=SYSTEM,
            unit_id=self.unit_id,
            budget_unit_id=self.unit_id,
            subject=self.dossier.code,
            payer=payments.Payer(NAME, NUMBER),
            lines=[payments.BillLine("chung-thuc", "phi", "Phí chứng thực bản sao", amount)],
            key=key,
            now=NOW,
        )

    def collects(self, *, account: bool = True, online: bool = False, book: bool = True) -> None:
        agency_id = units.unit(self.unit_id).agency_id
        data = CollectorData("UBND", platform_partner="DEMO" if online else "")
        payments.set_collector(actor=SYSTEM, unit_id=agency_id, data=data, now=NOW)
        if account:
            payments.add_account(
                actor=SYSTEM,
                unit_id=agency_id,
                data=AccountData(
                    "970405",
                    "2601201009999",
                    "UBND PHUONG",
                    date(2025, 7, 1),
                    registered_on=date(2025, 9, 1) if online else None,
                ),
                now=NOW,
            )
        if book:
            series = f"AA-{NOW.year % 100}T"
            payments.open_book(
                actor=SYSTEM, unit_id=agency_id, form_symbol="01BLP2-001", series=series, now=NOW
            )


@pytest.fixture
def ward(settings: Any, tmp_path: Path) -> Iterator[Ward]:
    settings.STATE = tmp_path
    settings.PLATFORM_URL, settings.PLATFORM_PARTNERS = "demo:", {"DEMO": "secret of the stand-in"}
    demo_simulator.cache_clear()
    place = f.make_province()
    with time_machine.travel(NOW, tick=False):
        staff = f.make_staff(place.commune)
        dossier = f.receive(staff.counter, f.make_procedure(), owner=f.person(NAME, NUMBER, "0987000666"))
        yield Ward(dossier, dossier.receiving_unit_id)
    demo_simulator.cache_clear()


def page_of(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    text: str = response.content.decode().replace("\xa0", " ")
    assert "Canary7731" not in text and NUMBER not in text
    return text


def test_the_tracking_page_says_what_is_owed_and_leads_on(ward: Ward) -> None:
    assert "nop-tien/" not in page_of(ward.path)
    bill = ward.owes()
    text = page_of(ward.path)
    assert "8.000 đồng" in text and 'href="nop-tien/"' in text
    assert "Việc của bạn: nộp phí, lệ phí" in text and "chưa phải làm gì" not in text
    ward.collects()
    payments.take_payment(actor=SYSTEM, bill_id=bill.pk, method="transfer", amount=8_000, key="p", now=NOW)
    assert "Phí, lệ phí đã nộp đủ" in page_of(ward.path)
    paid = page_of(f"{ward.path}nop-tien/")
    assert "Chuyển khoản · 8.000 đồng" in paid and "số 0000001" in paid


def test_the_paying_page_shows_the_qr_of_what_is_owed(ward: Ward) -> None:
    ward.collects()
    bill = ward.owes()
    text = page_of(f"{ward.path}nop-tien/")
    assert "pay-qr" in text and bill.reference in text and "2601201009999" in text and "Agribank" in text
    assert "Thanh toán trực tuyến" not in text
    assert ward.dossier.tracking_token not in text


def test_without_an_account_it_says_where_to_pay(ward: Ward) -> None:
    ward.collects(account=False)
    ward.owes()
    text = page_of(f"{ward.path}nop-tien/")
    assert "Tiền mặt tại quầy thu" in text and "pay-qr" not in text


def test_without_anything_set_up_nobody_is_sent_to_pay(ward: Ward) -> None:
    ward.owes()
    assert "chưa mở cách thu nào" in page_of(f"{ward.path}nop-tien/")


def test_a_dossier_that_owes_nothing_warns_of_false_demands(ward: Ward) -> None:
    assert "không có khoản phải nộp" in page_of(f"{ward.path}nop-tien/")


def test_an_unknown_token_opens_nothing(ward: Ward) -> None:
    assert Client().get(f"/tra-cuu/{'0' * 32}/nop-tien/").status_code == 404
    assert Client().post(f"/tra-cuu/{'0' * 32}/nop-tien/", {"bill": "1"}).status_code == 404


def test_somebody_pays_online_and_sees_it(ward: Ward) -> None:
    ward.collects(online=True)
    bill = ward.owes()
    path, citizen = f"{ward.path}nop-tien/", Client()
    assert citizen.post(path, {"bill": bill.pk}).status_code == 302
    found = re.search(r'href="(/gia-lap-thanh-toan/[^"]+)"', page_of(path))
    assert found is not None
    assert "8.000 đồng" in page_of(found[1])
    assert "Thành công" in citizen.post(found[1], {"how": "good"}).content.decode()
    assert "Đã nộp đủ" in page_of(path)
    bill.refresh_from_db()
    assert bill.state == "paid"


def test_the_stand_in_leads_back_to_where_the_payer_came_from(ward: Ward) -> None:
    ward.collects(online=True)
    bill = ward.owes()
    path, citizen = f"{ward.path}nop-tien/", Client()
    citizen.post(path, {"bill": bill.pk})
    found = re.search(r'href="(/gia-lap-thanh-toan/[^"]+)"', page_of(path))
    assert found is not None and ward.dossier.tracking_token not in found[1]
    back = f'href="{path}"'
    assert back in page_of(found[1])
    paid = citizen.post(found[1], {"how": "good"}).content.decode()
    assert back in paid and "Về trang nộp tiền" in paid


@pytest.mark.parametrize("forged", ["", "x", "https://evil.example/", "//evil.example"])
def test_a_forged_way_back_is_not_shown(ward: Ward, forged: str) -> None:
    ward.collects(online=True)
    bill = ward.owes()
    Client().post(f"{ward.path}nop-tien/", {"bill": bill.pk})
    page = Client().get(f"/gia-lap-thanh-toan/{bill.reference}-1/", {"ve": forged})
    text = page.content.decode()
    assert page.status_code == 200 and "Về trang nộp tiền" not in text
    assert not re.search(r"href=\"[^\"?]*evil", text)


def test_while_a_payment_is_in_doubt_nobody_is_asked_to_pay_again(ward: Ward) -> None:
    ward.collects(online=True)
    bill = ward.owes()
    path = f"{ward.path}nop-tien/"
    Client().post(path, {"bill": bill.pk})
    Client().post(f"/gia-lap-thanh-toan/{bill.reference}-1/", {"how": "other_amount"})
    text = page_of(path)
    assert "đang được đối chiếu" in text and "pay-qr" not in text and "Thanh toán trực tuyến" not in text
    assert Client().post(path, {"bill": bill.pk}).status_code == 422


def test_another_dossier_s_bill_is_not_paid_from_here(ward: Ward) -> None:
    ward.collects(online=True)
    bill = ward.owes()
    Bill.objects.filter(pk=bill.pk).update(subject="H05.1-1")
    for number in (str(bill.pk), "x", "-1", "9" * 30, ""):
        assert Client().post(f"{ward.path}nop-tien/", {"bill": number}).status_code == 404
    assert not PlatformTransaction.objects.exists()


def test_a_unit_without_the_platform_says_so_and_how_else(ward: Ward) -> None:
    ward.collects()
    bill = ward.owes()
    response = Client().post(f"{ward.path}nop-tien/", {"bill": bill.pk})
    text = response.content.decode()
    assert response.status_code == 422 and "chưa thu trực tuyến" in text and bill.reference in text


def test_pressing_too_often_is_stopped(ward: Ward) -> None:
    ward.collects()
    bill = ward.owes()
    codes = [Client().post(f"{ward.path}nop-tien/", {"bill": bill.pk}).status_code for _time in range(8)]
    assert codes[0] == 422 and codes[-1] == 429


def test_the_page_costs_the_same_for_one_bill_and_many(ward: Ward) -> None:
    ward.collects(online=True)
    ward.owes()
    counts = []
    for number in (1, 9):
        for place in range(1, number):
            ward.owes(key=f"k{place}")
        with CaptureQueriesContext(connection) as made:
            page_of(f"{ward.path}nop-tien/")
        counts.append(len(made))
    assert counts[1] <= counts[0] <= 12


def test_the_stand_in_is_not_there_where_the_platform_is_real(ward: Ward, settings: Any) -> None:
    settings.PLATFORM_URL = "https://platform.example.vn/"
    assert Client().get("/gia-lap-thanh-toan/MC1-1/").status_code == 404
