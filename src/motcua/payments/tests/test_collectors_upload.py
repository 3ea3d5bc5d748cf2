"""Many collecting units from a spreadsheet, on the page: template, preview with every wrong cell, taking it in once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from motcua.kernel.audit.models import AuditEntry
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation.tests import factories
from motcua.organisation.types import Role, UnitKind
from motcua.payments import actions
from motcua.payments.models import BankAccount, Collector
from motcua.payments.rules.collectors import HEADINGS, AccountData
from motcua.payments.tests.counter import NOW, Counter, make_counter
from motcua.payments.tests.test_collector_pages import admin, browser
from motcua.payments.tests.test_collectors import GOOD, OFFICE, workbook

UPLOAD, TEMPLATE, LIST = "/thu-phi/don-vi-thu/nap/", "/thu-phi/don-vi-thu/mau/", "/thu-phi/don-vi-thu/"


@pytest.fixture
def counter(db: Any) -> Iterator[Counter]:
    with time_machine.travel(NOW, tick=False):
        yield make_counter()


@pytest.fixture
def client(counter: Counter) -> Client:
    return admin()


def provincial_centre() -> Client:
    """Who watches over the procedures of the province: loads for everybody, sets up no single unit."""
    top = next(unit for unit in units.units().values() if unit.kind == UnitKind.PROVINCE)
    organisation.create_unit(
        actor=factories.SYSTEM,
        now=NOW,
        code="TTPVHCC",
        name="Trung tâm Phục vụ hành chính công tỉnh",
        kind=UnitKind.SERVICE_CENTRE,
        parent_id=top.id,
        is_agency=True,
    )
    somebody = factories.person("kiem-soat")
    factories.post(somebody, "TTPVHCC", Role.PROCEDURE_CONTROLLER)
    return browser(units.actor_for(somebody, NOW))


def bring(client: Client, data: bytes, name: str = "don-vi.xlsx", **more: str) -> Any:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data), **more})


def take(client: Client, shown: Any) -> Any:
    held = {"held": shown.context["held"], "name": shown.context["name"], "do": "apply"}
    return client.post(UPLOAD, held, follow=True)


def test_a_file_is_shown_first_and_taken_in_by_the_second_press(client: Client) -> None:
    shown = bring(client, workbook(GOOD))
    page = shown.content.decode()
    assert shown.status_code == 200
    for words in ("Xem trước", "Agribank", "2601201009999", "Thêm tài khoản", "Khai báo mới"):
        assert words in page
    assert not BankAccount.objects.exists()

    done = take(client, shown)
    assert "Đã ghi 1 đơn vị thu. Đã ghi 1 tài khoản." in done.content.decode()
    assert BankAccount.objects.get().registered_on == date(2025, 11, 20)


def test_the_provincial_centre_loads_for_every_unit_but_sets_up_no_single_one(counter: Counter) -> None:
    centre = provincial_centre()
    shown = bring(centre, workbook(GOOD))
    assert "Đã ghi 1 tài khoản." in take(centre, shown).content.decode()
    assert centre.post("/thu-phi/don-vi-thu/07210/sua/", {"name": "Khác"}).status_code == 403


def test_the_second_press_pressed_twice_changes_nothing_more(client: Client) -> None:
    shown = bring(client, workbook(GOOD))
    take(client, shown)
    written = AuditEntry.objects.count()
    assert "không có gì thay đổi" in take(client, shown).content.decode()
    assert AuditEntry.objects.count() == written
    assert "Không còn gì phải đổi" in bring(client, workbook(GOOD)).content.decode()


def test_every_wrong_cell_is_named_and_nothing_can_be_taken_in(client: Client) -> None:
    bad = list(GOOD)
    bad[2], bad[7], bad[9] = "mã số", "1234567890123456789012", "31/02/2025"
    shown = bring(client, workbook(bad))
    page = shown.content.decode()
    assert shown.status_code == 422
    for cell in ("Đơn vị thu!C3", "Đơn vị thu!J3"):
        assert cell in page
    assert 'value="apply"' not in page
    done = client.post(UPLOAD, {"held": shown.context["held"], "name": "a.xlsx", "do": "apply"})
    assert done.status_code == 422
    assert not BankAccount.objects.exists()


def test_a_formula_is_a_cell_to_mend(client: Client) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Đơn vị thu"
    sheet.append(HEADINGS)
    sheet.append(GOOD)
    sheet["C2"] = '="2400"&"123456"'
    data = io.BytesIO()
    book.save(data)
    assert "Có công thức ở các ô: Đơn vị thu!C2" in bring(client, data.getvalue()).content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Chọn tệp danh sách đơn vị thu"),
        ({"held": "%%%", "name": "a.xlsx"}, "Tệp giữ lại trên trang đã hỏng"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK nothing")}, 'id="file-error"'),
        ({"file": SimpleUploadedFile("a.csv", "Họ tên,Tuổi\nLan,7".encode())}, "Không thấy dòng tiêu đề"),
    ],
)
def test_what_is_no_list_is_told_with_what_to_do(client: Client, sent: dict[str, Any], words: str) -> None:
    answer = client.post(UPLOAD, sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_template_brought_back_as_it_is_changes_nothing(client: Client, counter: Counter) -> None:
    ward = Collector.objects.get().unit_id
    actions.set_collector(actor=counter.leader, unit_id=ward, data=OFFICE, now=NOW)
    account = AccountData("970405", "0601201009999", "UBND PHUONG", date(2025, 7, 1))
    actions.add_account(actor=counter.leader, unit_id=ward, data=account, now=NOW)
    sheet = client.get(TEMPLATE)
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    assert book.sheetnames == ["Đơn vị thu", "Danh mục", "Hướng dẫn"]
    assert [cell.value for cell in book["Đơn vị thu"][1]] == list(HEADINGS)
    assert book["Đơn vị thu"]["H2"].value == "0601201009999", "no number loses its first nought"
    assert "Không còn gì phải đổi" in bring(client, sheet.content).content.decode()


def test_without_a_collector_the_template_proposes_every_unit(client: Client) -> None:
    BankAccount.objects.all().delete()
    Collector.objects.all().delete()
    book = openpyxl.load_workbook(io.BytesIO(client.get(TEMPLATE).content))
    assert [row[0].value for row in book["Đơn vị thu"].iter_rows(min_row=2)] == [
        row[0].value for row in book["Danh mục"].iter_rows(min_row=2) if row[0].value
    ]


@pytest.mark.parametrize("path", [UPLOAD, TEMPLATE])
def test_only_who_looks_after_the_province_comes_here(counter: Counter, path: str) -> None:
    assert browser(counter.leader).get(path).status_code == 403
    assert "Nạp từ bảng tính" not in browser(counter.leader).get(LIST, follow=True).content.decode()
    assert "Nạp từ bảng tính" in admin().get(f"{LIST}?q=a").content.decode()


def test_csv_with_what_a_bank_never_has_is_escaped(client: Client) -> None:
    row = list(GOOD)
    row[8] = "<script>alert(1)</script>"
    assert "<script>alert(1)" not in bring(client, workbook(row)).content.decode()
