"""The sheet of a procedure: a PDF of the same day, with the same choices, that leads back to its page."""

from __future__ import annotations

import io
import unicodedata

import pypdf
import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def words_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages]
    return unicodedata.normalize("NFC", " ".join(" ".join(pages).replace("\u200b", "").split()))


def test_anybody_gets_the_sheet_with_everything_that_counts(client: Client) -> None:
    text = words_of(client, "/thu-tuc/1.001193/ban-in.pdf?ngay=30/11/2026")
    for said in (
        "1.001193",
        "Thủ tục đăng ký khai sinh",
        "Đúng tại thời điểm 23:59 ngày 30/11/2026",
        "Giấy chứng sinh",
        "1 bản chính",
        "8.000 đồng",
        "Nhận sau 15:00",
        "Căn cứ pháp lý",
        "Quét để xem bản này trên mạng",
    ):
        assert said in text, said


def test_a_day_without_a_version_is_said_on_the_sheet(client: Client) -> None:
    text = words_of(client, "/thu-tuc/2.002481/ban-in.pdf?ngay=01/06/2026")
    assert "không có phiên bản nào có hiệu lực" in text


def test_a_coming_change_is_said_on_the_sheet_of_today(client: Client) -> None:
    assert "Từ 01/01/2027" in words_of(client, "/thu-tuc/1.011606/ban-in.pdf")


def test_the_page_leads_to_its_sheet_with_the_same_day_and_case(client: Client) -> None:
    page = client.get("/thu-tuc/1.001193/?ngay=30/11/2026&cach-nop=online").content.decode()
    assert "/thu-tuc/1.001193/ban-in.pdf?ngay=30%2F11%2F2026&amp;cach-nop=online" in page


def test_the_sheet_is_vietnamese_for_readers_of_english_too(client: Client) -> None:
    answer = client.get("/thu-tuc/1.001193/ban-in.pdf", headers={"accept-language": "en"})
    assert "Giấy tờ cần có" in pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


@pytest.mark.parametrize("query", ["ngay=xyz", "ngay=%00", "biet=01/01/1999", "truong-hop=%FF", "cach-nop=x"])
def test_strange_addresses_are_answered(client: Client, query: str) -> None:
    assert client.get(f"/thu-tuc/1.001193/ban-in.pdf?{query}").status_code in {200, 400}


def test_an_unknown_procedure_has_no_sheet(client: Client) -> None:
    assert client.get("/thu-tuc/1.999999/ban-in.pdf").status_code == 404


def test_time_and_money_that_differ_by_case_are_told_at_the_head(client: Client) -> None:
    page = client.get("/thu-tuc/1.014466/").content.decode()
    assert "45 ngày đến 60 ngày, tùy trường hợp" in page
    assert "trường hợp khác xem mục Phí, lệ phí" in page
