"""The screens of receipts and their books."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pypdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation.tests import factories
from motcua.payments import actions
from motcua.payments.models import Receipt, ReceiptBook
from motcua.payments.tests.counter import NOW, Counter, make_counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Iterator[Counter]:
    made = make_counter()
    with time_machine.travel(NOW, tick=False):
        yield made


def browser(actor: Actor) -> Client:
    assert actor.user_id is not None
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user_id), backend="motcua.kernel.accounts.backend.PasswordBackend"
    )
    return client


@pytest.fixture
def cashier(counter: Counter) -> Client:
    return browser(counter.cashier)


@pytest.fixture
def leader(counter: Counter) -> Client:
    return browser(counter.leader)


@pytest.fixture
def receipt(counter: Counter) -> Receipt:
    return counter.pay(counter.bill()).receipts[0]


def shown(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"payments:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_list_finds_by_number_payer_without_accents_day_and_state(
    counter: Counter, cashier: Client, receipt: Receipt
) -> None:
    other = counter.pay(counter.bill("b2")).receipts[0]
    actions.void_receipt(actor=counter.cashier, receipt_id=other.pk, reason="Kẹt giấy", now=NOW)
    found = {
        "all": shown(cashier, "receipts"),
        "number": shown(cashier, "receipts", so="2"),
        "payer": shown(cashier, "receipts", nguoi_nop="nguyen thi anh"),
        "nobody": shown(cashier, "receipts", nguoi_nop="tran"),
        "before": shown(cashier, "receipts", den="2025-11-30"),
        "void": shown(cashier, "receipts", **{"trang-thai": "void"}),
        "subject": shown(cashier, "receipts", **{"ho-so": receipt.bill.subject}),
        "odd": shown(cashier, "receipts", so="x", tu="hôm qua", truoc="-1", quyen="q"),
    }

    def rows(html: str) -> int:
        return html.count("data-row")

    assert {key: rows(html) for key, html in found.items()} == {
        "all": 3, "number": 1, "payer": 3, "nobody": 0, "before": 0, "void": 1, "subject": 1, "odd": 3,
    }  # fmt: skip
    assert "26.000" in found["all"], "void ones stand for no money"
    assert "Không có biên lai nào như vậy" in found["nobody"]


def test_the_list_takes_few_statements_however_long(
    counter: Counter, cashier: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        counter.pay(counter.bill(f"b{number}"))
    for name in ("receipts", "books", "usage_report"):
        with django_assert_max_num_queries(11):
            shown(cashier, name)


def test_the_page_of_a_receipt_says_what_stands_on_it_and_what_befell_it(
    counter: Counter, cashier: Client, receipt: Receipt, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    new = actions.replace_receipt(
        actor=counter.cashier, receipt_id=receipt.pk, reason="Sai tên", payer_name="Lê Văn Bình", now=NOW
    )
    with django_assert_max_num_queries(12):
        old_page = shown(cashier, "receipt", receipt.pk)
    assert "Bị thay thế" in old_page and "Sai tên" in old_page and "Được thay bằng" in old_page
    assert reverse("payments:receipt", args=[new.pk]) in old_page
    assert "xoa-bo" not in old_page, "what does not count is not corrected again"
    page = shown(cashier, "receipt", new.pk)
    assert "Lê Văn Bình" in page and "Mười ba nghìn đồng" in page and "Lập thay cho" in page
    assert "?q=H05.101-251201-b1" in page


def test_a_wrong_receipt_is_replaced_on_the_screen_and_what_was_typed_stays(
    cashier: Client, receipt: Receipt
) -> None:
    address = reverse("payments:receipt_act", args=[receipt.pk, "thay-the"])
    refused = cashier.post(address, {"payer_name": "Lê Văn Bình", "reason": "", "minutes": "01/BB"})
    assert refused.status_code == 422
    assert "Chưa nhập “Lý do”" in refused.content.decode() and "Lê Văn Bình" in refused.content.decode()
    done = cashier.post(
        address, {"payer_name": "Lê Văn Bình", "reason": "Sai tên", "minutes": "01/BB ngày 01/12/2025"}
    )
    new = Receipt.objects.get(replaces=receipt)
    assert done.headers["Location"] == reverse("payments:receipt", args=[new.pk])
    receipt.refresh_from_db()
    assert receipt.reason == "Sai tên (biên bản 01/BB ngày 01/12/2025)"


@pytest.mark.parametrize(
    ("slug", "state"), [("xoa-bo", "void"), ("dieu-chinh", "adjusted"), ("bao-mat", "lost")]
)
def test_each_act_has_its_form(cashier: Client, receipt: Receipt, slug: str, state: str) -> None:
    address = reverse("payments:receipt_act", args=[receipt.pk, slug])
    assert cashier.get(address).status_code == 200
    assert "thu hồi”" not in cashier.post(address, {}).content.decode()
    typed = {"reason": "Rách", "minutes": "1/BB", "payer_address": "Phường Kinh Bắc"}
    assert cashier.post(address, typed).status_code == 302
    receipt.refresh_from_db()
    assert receipt.state == state
    again = cashier.post(address, typed)
    assert again.status_code == 422 and "không còn hiệu lực" in again.content.decode()


def test_a_print_is_counted_and_a_reprint_asks_why(cashier: Client, receipt: Receipt) -> None:
    assert "F10" in shown(cashier, "receipt", receipt.pk)
    address = reverse("payments:receipt_pdf", args=[receipt.pk])
    assert cashier.get(address, {"kho": "a5"}).headers["Content-Type"] == "application/pdf"
    ask = reverse("payments:reprint_receipt", args=[receipt.pk])
    assert cashier.post(ask, {"layout": "a5", "reason": ""}).status_code == 422
    answer = cashier.post(ask, {"layout": "k80", "reason": "Máy in kẹt giấy"})
    page = cashier.get(answer.headers["Location"]).content.decode()
    print_url = page.split('name="print-now" content="')[1].split('"')[0].replace("&amp;", "&")
    text = pypdf.PdfReader(io.BytesIO(cashier.get(print_url).content)).pages[0].extract_text()
    assert "Bản in lại lần 1" in text
    assert "Máy in kẹt giấy" in shown(cashier, "receipt", receipt.pk)
    cashier.get(address, {"kho": "a5", "xem": "1"})
    receipt.refresh_from_db()
    assert receipt.printed == 2
    assert cashier.get(address, {"kho": "a3"}).status_code == 422


def test_strangers_get_nothing(receipt: Receipt) -> None:
    stranger = factories.person("nguoi-la")
    client = Client()
    client.force_login(
        User.objects.get(pk=stranger.pk), backend="motcua.kernel.accounts.backend.PasswordBackend"
    )
    for name in ("receipt", "receipt_pdf", "receipt_xml", "reprint_receipt"):
        assert client.get(reverse(f"payments:{name}", args=[receipt.pk])).status_code == 404
    assert "data-row" not in shown(client, "receipts")


def test_a_book_is_opened_noticed_and_closed_on_the_screen(counter: Counter, leader: Client) -> None:
    typed = {
        "unit": str(counter.leader.grants[0].unit_id),
        "form_symbol": "01blp2-001",
        "series": "AB-25T",
        "fee_kind": "phi",
        "first_number": "1",
        "last_number": "50",
        "starts_on": "2025-12-01",
        "notice_number": "",
        "carried_from": "UBND thị trấn Đồi Ngô",
    }
    wrong = leader.post(reverse("payments:open_book"), {**typed, "series": "AA-25T"})
    assert wrong.status_code == 422 and "đã có quyển" in wrong.content.decode()
    assert "UBND thị trấn Đồi Ngô" in wrong.content.decode()
    assert leader.post(reverse("payments:open_book"), typed).status_code == 302
    book = ReceiptBook.objects.get(series="AB-25T")
    page = shown(leader, "books", muc="can-lam")
    assert "sắp hết" in page and "chưa ghi" in page and "nhận từ UBND thị trấn Đồi Ngô" in page
    leader.post(
        reverse("payments:note_notice", args=[book.pk]),
        {"notice_number": "02/TB", "notice_on": "2025-12-01"},
    )
    notice = leader.get(reverse("payments:notice_pdf", args=[book.pk]))
    assert "AB-25T" in pypdf.PdfReader(io.BytesIO(notice.content)).pages[0].extract_text()
    leader.post(reverse("payments:close_book", args=[book.pk]), {"rest": "destroyed", "reason": "Hết dùng"})
    book.refresh_from_db()
    assert (book.notice_number, book.rest, book.ends_on) == ("02/TB", "destroyed", date(2025, 12, 1))


def test_next_years_book_is_confirmed_on_the_screen(
    counter: Counter, leader: Client, cashier: Client
) -> None:
    (proposed,) = actions.propose_next_books(actor=Actor.system("test"), now=NOW)
    assert "Đề xuất cho năm mới" in shown(leader, "books", muc="can-lam")
    address = reverse("payments:confirm_book", args=[proposed.pk])
    assert cashier.get(address).status_code == 403
    typed = {
        "first_number": "1",
        "last_number": "9999999",
        "starts_on": "2026-01-01",
        "notice_number": "",
        "notice_on": "",
    }
    optional = leader.get(address).content.decode().partition("Số thông báo phát hành")[2]
    assert "(không bắt buộc)" not in optional
    wrong = leader.post(address, typed)
    assert wrong.status_code == 422
    assert {"notice_number", "notice_on"} <= set(wrong.context["form"].errors), "told at once"
    done = leader.post(address, {**typed, "notice_number": "9/TB", "notice_on": "2025-12-20"})
    assert done.status_code == 302
    proposed.refresh_from_db()
    assert proposed.confirmed


def test_the_usage_report_agrees_on_screen_sheet_and_paper(
    counter: Counter, leader: Client, receipt: Receipt
) -> None:
    counter.pay(counter.bill("b2"))
    actions.void_receipt(actor=counter.cashier, receipt_id=receipt.pk, reason="Hỏng", now=NOW)
    query = {"don-vi": "07210", "quy": "2025-Q4"}
    page = shown(leader, "usage_report", **query)
    assert "0000001 – 0000003" in page and "26.000" in page and "kỳ chưa kết thúc" in page
    sheet = load_workbook(
        io.BytesIO(leader.get(reverse("payments:usage_xlsx"), query).content), data_only=True
    ).active
    assert sheet is not None
    titles = {str(cell.value): cell.column for cell in sheet[5]}
    line = {title: sheet.cell(6, column).value for title, column in titles.items()}
    assert (line["Dùng trong kỳ"], line["Xóa bỏ"], line["Số xóa bỏ"]) == (3, 1, "0000001")
    assert line["Tồn cuối kỳ"] == 9_999_996
    pdf = pypdf.PdfReader(io.BytesIO(leader.get(reverse("payments:usage_pdf"), query).content))
    assert "9.999.996" in pdf.pages[0].extract_text()
