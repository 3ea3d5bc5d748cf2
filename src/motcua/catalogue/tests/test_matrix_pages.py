"""The pages of the matrix of competence, and a procedure's page on another day."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from motcua.catalogue import queries
from motcua.catalogue.tests.conftest import NOW
from motcua.catalogue.tests.test_pages import officer, text_of
from motcua.organisation import queries as organisation

__all__ = ["officer"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.mark.parametrize("url", ["", "kiem-tra/", "don-vi/", "xuat/", "thu-tuc/1.001193/"])
def test_strangers_are_asked_to_sign_in(client: Client, url: str) -> None:
    assert client.get(f"/tham-quyen/{url}").status_code == 302


def test_a_procedure_in_one_line_says_who_receives_decides_and_returns(officer: Client) -> None:
    html = text_of(officer, "/tham-quyen/?q=1.001193")
    for said in (
        "Mọi Trung tâm trong tỉnh",
        "Xã, phường đó",
        "Nơi đã nộp",
        "Mọi thủ tục cấp xã",
        "Nghị định 118",
    ):
        assert said in html, said


def test_a_procedure_is_told_by_classes_of_units(officer: Client) -> None:
    html = text_of(officer, "/tham-quyen/thu-tuc/1.009645/")
    assert "99 xã, phường" in html and "Nhận, chuyển nơi khác" in html
    assert "Sở Tài chính" in html and "Giải quyết tại đây" in html
    assert officer.get("/tham-quyen/thu-tuc/9.9/").status_code == 404


def test_a_unit_is_told_what_it_does_and_not(officer: Client) -> None:
    code = organisation.unit_by_code("STC").code
    html = text_of(officer, f"/tham-quyen/don-vi/?don-vi={code}&viec=here")
    assert "Sở Tài chính" in html and "Không làm ở đây (" in html
    nothing = text_of(officer, f"/tham-quyen/don-vi/?don-vi={code}&q=zzzz")
    assert "Không có thủ tục nào như vậy" in nothing


def test_the_spreadsheet_has_the_filtered_rows_as_text(officer: Client) -> None:
    answer = officer.get("/tham-quyen/xuat/?don-vi=STC&viec=here")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert "Sở Tài chính" in str(rows[0][0])
    here = [
        r
        for r in queries.matrix.of_unit(organisation.unit_by_code("STC").id, NOW)
        if r.part.cell.decides_here
    ]
    assert len(rows) - 3 == len(here) > 50
    assert {row[3] for row in rows[3:]} == {"Giải quyết tại đây"}


def test_the_check_says_that_all_is_whole_or_what_was_not_understood(officer: Client) -> None:
    assert "Đủ và không chồng lấn" in text_of(officer, "/tham-quyen/kiem-tra/?luc=2026-11-23")
    assert "Không hiểu lúc “mai”" in text_of(officer, "/tham-quyen/kiem-tra/?luc=mai")


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/tham-quyen/?trang=2", 8),
        ("/tham-quyen/thu-tuc/1.001193/", 12),
        ("/tham-quyen/don-vi/?trang=3", 9),
        ("/tham-quyen/kiem-tra/", 9),
        ("/thu-tuc/1.001193/", 8),
    ],
)
def test_pages_ask_few_statements(officer: Client, url: str, most: int) -> None:
    officer.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert officer.get(url).status_code == 200
    assert len(asked) <= most, [query["sql"] for query in asked]


@pytest.mark.parametrize("query", ["trang=99999", "don-vi=x", "viec=x", "cap=x", "luc=%00x", "q=%25"])
def test_strange_addresses_are_answered_here_too(officer: Client, query: str) -> None:
    for page in ("", "don-vi/", "kiem-tra/"):
        assert officer.get(f"/tham-quyen/{page}?{query}").status_code in {200, 400}


def test_the_page_of_a_day_says_which_day(client: Client) -> None:
    html = text_of(client, "/thu-tuc/1.001193/?ngay=2026-06-30")
    assert "Đang xem bản có hiệu lực ngày 30/06/2026." in html and "Xem bản hôm nay" in html
    before = text_of(client, "/thu-tuc/1.001193/?ngay=30/06/2025")
    assert "Ngày 30/06/2025 không có phiên bản nào có hiệu lực" in before
    assert "Không hiểu ngày “mai”" in text_of(client, "/thu-tuc/1.001193/?ngay=mai")


def test_the_page_as_known_on_a_date(client: Client) -> None:
    html = text_of(client, "/thu-tuc/1.001193/?ngay=2026-11-25&biet=2026-11-24")
    assert "Theo những gì hệ thống đã ghi đến hết ngày 24/11/2026" in html
    early = text_of(client, "/thu-tuc/1.001193/?ngay=2026-11-25&biet=2026-01-01")
    assert "Theo dữ liệu ngày 01/01/2026, không có phiên bản nào" in early


def test_the_papers_of_a_case_and_a_way_of_handing_in(client: Client) -> None:
    content = queries.definition(queries.current_version("1.004873", NOW).id)
    cased = next((p for p in content.papers if p.case_key), None)
    all_papers = text_of(client, "/thu-tuc/1.004873/").count('type="checkbox"')
    assert all_papers == len(content.papers)
    if cased is not None:
        other = next(case.key for case in content.cases if case.key != cased.case_key)
        assert cased.name not in text_of(client, f"/thu-tuc/1.004873/?truong-hop={other}")
