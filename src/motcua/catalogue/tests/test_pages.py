"""The public pages of procedures and the report on the sources."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue import queries
from motcua.catalogue.tests.conftest import NOW
from motcua.kernel.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(
        User.objects.create_user("can-bo", "Cán bộ"), backend="motcua.kernel.accounts.backend.PasswordBackend"
    )
    return client


def text_of(client: Client, url: str, **headers: str) -> str:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode()).replace("\u00a0", " ")


def test_anybody_reads_the_list(client: Client) -> None:
    html = text_of(client, "/thu-tuc/")
    assert html.count("data-row") == 50


def test_search_as_one_types_answers_rows_only(client: Client) -> None:
    html = text_of(client, "/thu-tuc/?q=dkks", HX_Request="true")
    assert "<html" not in html
    assert html.index("1.001193") < html.index("1.003583")


def test_the_list_asks_the_database_next_to_nothing(client: Client) -> None:
    client.get("/thu-tuc/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/thu-tuc/?q=khai&cap=xa&trang=2")
    assert len(asked) <= 1, [query["sql"] for query in asked]


def test_filters_narrow_the_list(client: Client) -> None:
    html = text_of(client, "/thu-tuc/?linh-vuc=Nuôi con nuôi&cap=xa")
    assert "2.001263" in html
    assert "1.001193" not in html


def test_no_hit_says_what_to_do(client: Client) -> None:
    assert "Không tìm thấy thủ tục nào" in text_of(client, "/thu-tuc/?q=zzzzqq")


@pytest.mark.parametrize(
    "query", ["trang=-1", "trang=abc", "trang=999999", "cap=x", "linh-vuc=%00", "q=%00%FF"]
)
def test_strange_addresses_are_answered(client: Client, query: str) -> None:
    assert client.get(f"/thu-tuc/?{query}").status_code in {200, 400}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1.001193", ["Trong ngày", "Giấy chứng sinh", "Giấy khai sinh", "8.000 đồng", "nhận sau 15:00"]),
        ("1.004873", ["23 ngày làm việc", "Phải xác minh"]),
        ("1.013274", ["Đám tang", "1 ngày"]),
        ("2.001827", ["Chưa áp dụng, chờ duyệt", "Mức phí 700 đồng"]),
        ("1.011606", ["Từ 01/01/2027: thủ tục này hết hiệu lực"]),
        ("2.002481", ["đã hết hiệu lực từ 19/05/2026"]),
        ("1.000005", ["Mới có bản gọn", "23 thành phần hồ sơ", "Không tiếp nhận"]),
        ("1.014199.H05", ["1.014199", "Dữ liệu nguồn chưa chắc"]),
        ("1.115468", ["1.013831", "hẹn trả hai lần: 2 + 2"]),
    ],
)
def test_a_procedure_page_says_what_counts(client: Client, code: str, words: list[str]) -> None:
    html = text_of(client, f"/thu-tuc/{code}/")
    for word in words:
        assert word in html, word


def test_every_procedure_page_can_be_read(client: Client) -> None:
    for hit in queries.listing(limit=135, at=NOW).hits:
        assert client.get(f"/thu-tuc/{hit.code or hit.procedure_id}/").status_code == 200


@pytest.mark.parametrize("code", ["1.999999", "999999", "x", "..", "%00", "a" * 300])
def test_unknown_procedures_are_not_found(client: Client, code: str) -> None:
    assert client.get(f"/thu-tuc/{code}/").status_code == 404


def test_the_report_on_the_sources_is_for_staff(client: Client) -> None:
    assert client.get("/thu-tuc/bao-cao-du-lieu/").status_code == 302


def test_staff_filter_the_report_by_kind(officer: Client) -> None:
    html = text_of(officer, "/thu-tuc/bao-cao-du-lieu/?loai=fee_online_dearer")
    assert "1.001612" in html
    assert "đắt hơn nộp trực tiếp" in html
    assert "1.013978" not in html


def test_the_report_asks_few_statements(officer: Client) -> None:
    officer.get("/thu-tuc/bao-cao-du-lieu/")
    with CaptureQueriesContext(connection) as asked:
        officer.get("/thu-tuc/bao-cao-du-lieu/")
    assert len(asked) <= 9, [query["sql"] for query in asked]
