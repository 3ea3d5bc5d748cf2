"""The spreadsheet round trip: 300 rows out, 290 changed, 10 broken, a foreign row, and somebody else at work."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from motcua.catalogue import actions
from motcua.catalogue.models import ChangeLine, ChangeSet
from motcua.catalogue.queries import configuring, configuring_pages
from motcua.catalogue.rules.grid.columns import Column
from motcua.catalogue.rules.grid.sheets import HEAD, KEY
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.tests.configuring import NOW, Office, edit, key_of, make_office, row_of, user_of, wish
from motcua.catalogue.tests.conftest import SYSTEM, compact_row
from motcua.kernel import clock
from motcua.organisation import queries as units

pytestmark = pytest.mark.django_db
BACKEND = "motcua.kernel.accounts.backend.PasswordBackend"
FIRST = 3
"""The first row of the grid in the file, as Excel counts."""
FORM = HEAD.index("Biểu mẫu") + 1
DECIDING = HEAD.index("Cơ quan giải quyết") + 1


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_office(300)


@pytest.fixture
def client_of_it(office: Office, client: Client) -> Client:
    return sign_in(client, office)


def sign_in(client: Client, office: Office) -> Client:
    client.force_login(user_of(office.it), backend=BACKEND)
    session = client.session
    session["seen"] = session["since"] = NOW.timestamp()
    session.save()
    return client


def exported(client: Client) -> Any:
    answer = client.get("/cau-hinh/xuat/")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def sent(client: Client, book: Any) -> Any:
    buffer = io.BytesIO()
    book.save(buffer)
    upload = SimpleUploadedFile("cau-hinh.xlsx", buffer.getvalue())
    return client.post("/cau-hinh/nap/", {"tep": upload})


def payload(answer: Any) -> str:
    return str(answer.context["payload"])


def test_the_file_has_locked_keys_drop_downs_and_a_hidden_list(office: Office, client_of_it: Client) -> None:
    book = exported(client_of_it)
    sheet = book["Cấu hình"]
    assert book["Danh mục"].sheet_state == "hidden"
    assert sheet.protection.sheet
    assert [sheet.cell(2, col).value for col in range(1, len(HEAD) + 1)] == list(HEAD)
    assert sheet.cell(FIRST, 1).protection.locked
    assert not sheet.cell(FIRST, FORM).protection.locked
    assert sheet.column_dimensions[sheet.cell(2, HEAD.index(KEY) + 1).column_letter].hidden
    listed = {
        str(rule.sqref).split(":")[0][0]
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert {"F", "H", "I", "J", "M"} <= listed
    assert sheet.max_row == 302


def test_a_file_that_comes_back_as_it_went_changes_nothing(office: Office, client_of_it: Client) -> None:
    answer = sent(client_of_it, exported(client_of_it))
    assert answer.status_code == 200
    assert (answer.context["change_count"], answer.context["problems"], answer.context["clashes"]) == (
        0,
        [],
        [],
    )
    assert not ChangeSet.objects.exists()


@pytest.mark.slow
def test_290_changes_and_10_mistakes_of_300_rows(office: Office, client_of_it: Client) -> None:
    """Ten errors by cell, 290 changes previewed, one change-set, all in less than thirty seconds."""
    book = exported(client_of_it)
    sheet = book["Cấu hình"]
    for row in range(FIRST, FIRST + 290):
        sheet.cell(row, FORM).value = f"Mẫu {row}"
    for row in range(FIRST + 290, FIRST + 300):
        sheet.cell(row, DECIDING).value = "Sở Không Có"
    began = time.process_time()
    answer = sent(client_of_it, book)
    assert answer.status_code == 422
    assert answer.context["change_count"] == 290
    broken = [problem["cell"] for problem in answer.context["problems"]]
    assert broken == [f"Cấu hình!I{row}" for row in range(FIRST + 290, FIRST + 300)]
    assert not ChangeSet.objects.exists()
    done = client_of_it.post("/cau-hinh/ap-dung/", {"goi": payload(answer)})
    assert done.status_code == 302
    assert time.process_time() - began < 30
    assert ChangeLine.objects.filter(change_set=ChangeSet.objects.get()).count() == 290

    for row in range(FIRST + 290, FIRST + 300):
        sheet.cell(row, DECIDING).value = "STC · Sở Tài chính"
    again = sent(client_of_it, book)
    assert (again.status_code, again.context["change_count"], again.context["clashes"]) == (200, 10, [])


def test_a_row_of_another_department_is_refused(office: Office, client_of_it: Client) -> None:
    row = compact_row(
        code="9.900001", name="Thủ tục của Sở Tài chính", field="Quản lý công sản", decision="1/QĐ"
    )
    actions.import_procedures(actor=SYSTEM, document={"rows": [row]}, now=NOW, source="stc")
    theirs = next(iter(configuring.book(units.unit_by_code("STC"), NOW).rows.values()))
    book = exported(client_of_it)
    sheet = book["Cấu hình"]
    sheet.cell(FIRST, 1).value = theirs.code
    sheet.cell(FIRST, HEAD.index(KEY) + 1).value = theirs.key.text
    sheet.cell(FIRST, FORM).value = "M01"
    answer = sent(client_of_it, book)
    assert answer.context["change_count"] == 0
    (problem,) = answer.context["problems"]
    assert problem["cell"] == f"Cấu hình!A{FIRST}"
    assert "9.900001 không thuộc lĩnh vực" in problem["message"]


def test_what_a_colleague_changed_meanwhile_is_shown_and_not_lost(
    office: Office, client_of_it: Client
) -> None:
    book = exported(client_of_it)
    sheet = book["Cấu hình"]
    place = _place(sheet, 1)
    edit(
        office,
        wish(office, 1, Column.FORM, "M-HỌ"),
        wish(office, 2, Column.FORM, "M-HAI"),
        actor=office.colleague,
    )
    sheet.cell(place, FORM).value = "M-TÔI"
    sheet.cell(place, DECIDING).value = "STC · Sở Tài chính"
    answer = sent(client_of_it, book)
    (clash,) = answer.context["clashes"]
    assert clash["pairs"] == [("M-HỌ", "M-TÔI")]
    assert answer.context["change_count"] == 1

    client_of_it.post("/cau-hinh/ap-dung/", {"goi": payload(answer)})
    assert row_of(office, 1).token(Column.FORM) == "M-HỌ"
    assert row_of(office, 1).token(Column.DECIDING) == "STC"
    assert row_of(office, 2).token(Column.FORM) == "M-HAI"

    client_of_it.post("/cau-hinh/ap-dung/", {"goi": payload(answer), "cua-toi": clash["name"]})
    assert row_of(office, 1).token(Column.FORM) == "M-TÔI"


def test_a_change_between_preview_and_applying_is_shown_again(office: Office, client_of_it: Client) -> None:
    book = exported(client_of_it)
    sheet = book["Cấu hình"]
    sheet.cell(_place(sheet, 1), FORM).value = "M-TÔI"
    answer = sent(client_of_it, book)
    edit(office, wish(office, 1, Column.FORM, "M-HỌ"), actor=office.colleague)
    again = client_of_it.post("/cau-hinh/ap-dung/", {"goi": payload(answer)})
    assert again.status_code == 409
    assert again.context["clashes"][0]["pairs"] == [("M-HỌ", "M-TÔI")]
    assert row_of(office, 1).token(Column.FORM) == "M-HỌ"


def test_the_same_preview_sent_twice_changes_once(office: Office, client_of_it: Client) -> None:
    book = exported(client_of_it)
    sheet = book["Cấu hình"]
    sheet.cell(_place(sheet, 1), FORM).value = "M01"
    goods = payload(sent(client_of_it, book))
    client_of_it.post("/cau-hinh/ap-dung/", {"goi": goods})
    revision = ChangeSet.objects.get().revision
    assert client_of_it.post("/cau-hinh/ap-dung/", {"goi": goods}).status_code == 302
    assert ChangeSet.objects.get().revision == revision


def _place(sheet: Any, number: int) -> int:
    """The row of the file where a procedure stands."""
    column: Iterable[Any] = sheet["A"]
    return int(next(cell.row for cell in column if cell.value == d.code_of(number)))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.xlsx", b"PK not a workbook", "x.xlsx"),
        ("x.pdf", b"%PDF-1.4", "x.pdf"),
        ("x.csv", "Mã;Tên\n1;2\n".encode(), "Xuất bảng tính"),
    ],
)
def test_a_wrong_file_gets_a_clear_answer(
    office: Office, client_of_it: Client, name: str, content: bytes, sentence: str
) -> None:
    answer = client_of_it.post("/cau-hinh/nap/", {"tep": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_forged_preview_is_refused(office: Office, client_of_it: Client) -> None:
    assert client_of_it.post("/cau-hinh/ap-dung/", {"goi": "a:b:c"}).status_code == 422


def test_only_the_rows_shown_are_exported(office: Office, client_of_it: Client) -> None:
    answer = client_of_it.get(f"/cau-hinh/xuat/?q={d.code_of(7)}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Cấu hình"]
    assert [sheet.cell(row, 1).value for row in range(FIRST, sheet.max_row + 1)] == [d.code_of(7)]


def test_a_department_with_all_its_rows_fits_one_file(office: Office) -> None:
    held = configuring.book(office.stp, NOW)
    assert key_of(300) in held.rows
    content = configuring_pages.export(held, list(held.rows.values()))
    assert len(content) < 200_000
