"""`motcua fee`, and the fee on the public page with its calculator."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue import actions
from motcua.catalogue.tests.conftest import SYSTEM
from motcua.catalogue.tests.test_commands import run
from motcua.catalogue.tests.test_pages import text_of
from motcua.catalogue.types import Territory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def result_of(html: str) -> str:
    found = re.search(r'<div class="fee-result".*?</div>', html, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def by_territory() -> None:
    for number, territory, amount in (
        ("11/NQ", Territory.BAC_NINH_CU, 8_000),
        ("22/NQ", Territory.BAC_GIANG_CU, 5_000),
    ):
        actions.set_fee_resolution(
            actor=SYSTEM,
            number=number,
            signed_on=date(2020, 7, 1),
            valid_from=date(2020, 7, 1),
            territory=territory,
            lines=[{"procedures": ["1.004873"], "set": {"amount": amount}}],
            now=datetime(2025, 7, 1, tzinfo=UTC),
        )


def test_the_command_tells_the_sum_with_its_reasons() -> None:
    code, said = run("fee", "2.000815", "--quantity", "pages=5,copies=3", "--json")
    answer = json.loads(said)
    assert (code, answer["ok"], answer["total"], answer["complete"]) == (0, True, 21_000, True)
    assert answer["lines"][0]["reasons"][-1] == "7.000 đồng × 3 bản."
    assert answer["lines"][0]["basis"] == "226/2016/TT-BTC"


def test_the_command_says_what_is_still_to_be_counted() -> None:
    code, said = run("fee", "2.000815")
    assert code == 0
    assert "Cần đếm: số trang, số bản." in said
    assert "chưa đủ" in said


def test_the_command_knows_the_unit_that_decides() -> None:
    by_territory()
    from motcua.organisation import queries as organisation

    codes = {unit.former_province: unit.code for unit in organisation.communes()}
    totals = {
        former: json.loads(run("fee", "1.004873", "--unit", code, "--json")[1])["total"]
        for former, code in codes.items()
    }
    assert totals == {"Bắc Ninh": 8_000, "Bắc Giang": 5_000}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["9.999999"], "Không có thủ tục 9.999999"),
        (["2.000815", "--quantity", "persons=2"], "pages (số trang), copies (số bản)"),
        (["2.000815", "--quantity", "pages=x"], "phải là số nguyên"),
        (["2.000815", "--quantity", "pages=0"], "từ 1 trở lên"),
        (["2.000815", "--quantity", "pages"], "phải là số nguyên"),
        (["2.000635", "--exempt", "giau"], "ho-ngheo (Người thuộc hộ nghèo)"),
        (["1.013274", "--case", "đám ma"], "dam-tang"),
        (["2.000635", "--case", "x"], "không"),
        (["2.000635", "--meets", "x"], "không có"),
        (["2.000635", "--date", "hôm qua"], "--date"),
        (["1.001193", "--since", "2099-01-01"], "sau ngày tính phí"),
        (["2.000635", "--unit", "KHONGCO"], "KHONGCO"),
    ],
)
def test_the_command_names_what_it_does_not_know_and_what_there_is(words: list[str], says: str) -> None:
    code, said = run("fee", *words)
    assert code == 2
    assert says in said
    assert "Traceback" not in said


def test_the_page_says_how_it_is_counted_and_for_whom_less(client: Client) -> None:
    html = text_of(client, "/thu-tuc/2.000815/")
    for words in (
        "2.000 đồng/trang từ trang 1 đến 2",
        "1.000 đồng/trang từ trang thứ 3",
        "tối đa 200.000 đồng/bản",
    ):
        assert words in html, words
    html = text_of(client, "/thu-tuc/2.000635/")
    assert "Giấy chứng nhận hộ nghèo còn hạn" in html


def test_the_calculator_adds_up_without_script(client: Client) -> None:
    html = text_of(client, "/thu-tuc/2.000815/?tinh=1&so-trang=5&so-ban=3&cach-nop=in_person")
    assert "Tổng phải nộp 21.000 đồng" in result_of(html)
    assert "Trang 3 đến 5: 3 × 1.000 đồng." in result_of(html)
    assert 'name="so-trang" value="5"' in html


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("so-trang=năm&so-ban=1", "Ghi số trang bằng chữ số"),
        ("so-trang=0&so-ban=1", "Nhập số trang từ 1 trở lên."),
        ("so-trang=9999999&so-ban=1", "là quá lớn"),
    ],
)
def test_a_wrong_number_is_named_at_its_field_and_kept(client: Client, query: str, says: str) -> None:
    html = text_of(client, f"/thu-tuc/2.000815/?tinh=1&{query}")
    assert says in html
    assert result_of(html) == ""
    assert f'value="{query.partition("=")[2].partition("&")[0]}" inputmode' in html
    assert 'aria-describedby="f-so-trang-error"' in html


def test_a_term_a_group_and_a_wrong_day(client: Client) -> None:
    url = "/thu-tuc/1.001193/?ngay=31/08/2025&tinh=1"
    assert "quá hạn 60 ngày" in result_of(text_of(client, f"{url}&tu-ngay=01/07/2025"))
    assert "Tổng phải nộp 0 đồng" in result_of(text_of(client, f"{url}&tu-ngay=02/07/2025"))
    assert "được miễn toàn bộ" in result_of(text_of(client, f"{url}&mien=ho-ngheo"))
    assert "Không hiểu ngày" in text_of(client, f"{url}&tu-ngay=mai")
    assert "không thể sau ngày" in text_of(client, f"{url}&tu-ngay=01/09/2025")


def test_registering_by_list_is_one_question(client: Client) -> None:
    url = "/thu-tuc/1.004194/?tinh=1&cach-nop=in_person"
    html = text_of(client, url)
    assert "Tổng đã biết, chưa đủ 0 đồng" in result_of(html)
    (name,) = set(re.findall(r'name="(khoan-[^"]+)"', html))
    assert "Tổng phải nộp 15.000 đồng" in result_of(text_of(client, f"{url}&{name}=khong"))
    assert "Tổng phải nộp 40.000 đồng" in result_of(text_of(client, f"{url}&{name}=co&so-nguoi=4"))


def test_the_page_asks_for_the_territory_where_resolutions_differ(client: Client) -> None:
    assert 'name="dia-ban"' not in text_of(client, "/thu-tuc/1.004873/")
    by_territory()
    assert 'name="dia-ban"' in text_of(client, "/thu-tuc/1.004873/")
    html = text_of(client, "/thu-tuc/1.004873/?tinh=1&dia-ban=bac_giang_cu")
    assert "Tổng phải nộp 5.000 đồng" in result_of(html)
    assert "Căn cứ: 22/NQ" in result_of(html)


@pytest.mark.parametrize(
    "query",
    [
        "tinh=1&so-trang=%00",
        "tinh=1&mien=%FF&dia-ban=x",
        "tinh=1&so-ban=" + "9" * 300,
        "tinh=2",
        "so-trang=-1",
    ],
)
def test_strange_addresses_of_the_calculator_are_answered(client: Client, query: str) -> None:
    assert client.get(f"/thu-tuc/2.000815/?{query}").status_code in {200, 400}


def test_the_fee_costs_the_page_no_statement(client: Client) -> None:
    client.get("/thu-tuc/2.000815/")
    with CaptureQueriesContext(connection) as statements:
        client.get("/thu-tuc/2.000815/?tinh=1&so-trang=5&so-ban=3")
    assert not any("feeresolution" in one["sql"] for one in statements)
    assert len(statements) <= 7, [one["sql"] for one in statements]
