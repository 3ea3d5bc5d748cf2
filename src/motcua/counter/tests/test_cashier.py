"""Taking money at the till over HTTP: once, with the change computed, refused with everything kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.counter.tests.till import LIST, Till, make_till, words
from motcua.kernel.actor import Actor
from motcua.payments import actions, queries
from motcua.payments.models import Bill, Collector, Entry, Payment, Receipt
from motcua.payments.tests.counter import NOW

pytestmark = pytest.mark.usefixtures("books_agree")


@pytest.fixture
def till(db: None) -> Iterator[Till]:
    with time_machine.travel(NOW, tick=False):
        yield make_till()


def test_cash_is_taken_and_the_change_and_the_receipt_are_shown(till: Till) -> None:
    bill = till.bill()
    page = words(till.cashier.get(till.url(bill)))
    assert "13.000 đồng" in page and "2 × 2.000 đồng." in page
    answer = till.cashier.post(till.url(bill), till.form(bill, tendered="500k"))
    assert answer.status_code == 302
    done = words(till.cashier.get(answer["Location"]))
    assert "487.000 đồng" in done and "2 × 200.000" in done and "AA-25T · 0000001" in done
    assert queries.balance(till.unit_id, "cash") == 13_000


def test_pressing_twice_is_one_payment_and_says_so(till: Till) -> None:
    bill = till.bill()
    first, second = (till.cashier.post(till.url(bill), till.form(bill)) for _press in range(2))
    assert Payment.objects.count() == Receipt.objects.count() == 1
    assert second["Location"].startswith(first["Location"])
    assert "từ lần bấm trước" in words(till.cashier.get(second["Location"]))


def test_a_used_key_with_another_amount_is_refused_with_a_new_key_and_everything_typed(till: Till) -> None:
    bill = till.bill()
    till.cashier.post(till.url(bill), till.form(bill, amount="5000"))
    answer = till.cashier.post(till.url(bill), till.form(bill, amount="6000", tendered="10000"))
    page = words(answer)
    assert answer.status_code == 409 and 'value="10000"' in page and 'value="6000"' in page
    assert 'name="key" value="form-1"' not in page
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "at", "said"),
    [
        ({"tendered": "10.000"}, "id_tendered", "ít hơn số phải thu"),
        ({"tendered": "mười nghìn"}, "id_tendered", "không phải số tiền"),
        ({"tendered": "-20000"}, "id_tendered", "không phải số tiền"),
        ({"amount": "13.001"}, "id_amount", "Chỉ còn phải thu 13.000"),
        ({"amount": "0"}, "id_amount", None),
        ({"method": "card"}, "id_reference", "số tham chiếu"),
        ({"method": "transfer"}, "id_method", "tự ghi khi tiền về"),
        ({"method": ""}, "id_method", "Cách nộp"),
    ],
)
def test_a_mistake_stands_at_its_field_and_books_nothing(
    till: Till, typed: dict[str, str], at: str, said: str | None
) -> None:
    bill = till.bill()
    answer = till.cashier.post(till.url(bill), till.form(bill, **typed))
    if said is None:  # nought is as if nothing was typed: all that is owed
        assert answer.status_code == 302
        return
    page = words(answer)
    assert answer.status_code in (409, 422)
    assert said in page and f'href="#{at}"' in page
    assert 'name="key" value="form-1"' in page
    assert Payment.objects.count() == 0


def test_a_card_payment_keeps_its_slip_number_once(till: Till) -> None:
    Collector.objects.update(takes_card=True)
    one, two = till.bill("b1"), till.bill("b2")
    assert till.pay(one, method="card", reference="T-1").reference == "T-1"
    answer = till.cashier.post(till.url(two), till.form(two, method="card", reference="T-1"))
    assert answer.status_code == 422 and "đã ghi cho một khoản thu khác" in words(answer)


def test_a_part_leaves_the_rest_waiting(till: Till) -> None:
    bill = till.bill()
    till.pay(bill, amount="8000", tendered="10000")
    page = words(till.cashier.get(till.url(bill)))
    assert "Còn phải nộp" in page and "5.000 đồng" in page
    assert "đã nộp 8.000 đồng" in words(till.cashier.get(LIST))


def test_money_that_was_owed_when_the_page_was_shown_is_what_is_taken(till: Till) -> None:
    """A part paid at another till meanwhile is no reason to take less than the cashier said: refused, shown anew."""
    bill = till.bill()
    till.pay(bill, amount="8000")
    answer = till.cashier.post(till.url(bill), till.form(bill, tendered="20000"))
    assert answer.status_code == 422 and "Chỉ còn phải thu 5.000" in words(answer)


def test_a_paid_and_a_cancelled_bill_take_nothing(till: Till) -> None:
    paid, gone = till.bill("b1"), till.bill("b2")
    till.pay(paid)
    actions.cancel_bill(actor=till.books.cashier, bill_id=gone.pk, reason="Rút hồ sơ", now=NOW)
    for bill, said in ((paid, "đã nộp đủ"), (gone, "đã hủy")):
        answer = till.cashier.post(till.url(bill), till.form(bill, key="again"))
        assert answer.status_code in (409, 422)
        assert said in words(answer)


@pytest.mark.parametrize("typed", ["nguyen thi anh", "Ánh", "H05.101-251201-b1", "b1 anh"])
def test_what_waits_is_found_by_name_without_accents_and_by_code(till: Till, typed: str) -> None:
    bill = till.bill("b1")
    assert bill.reference in words(till.cashier.get(LIST, {"q": typed}))
    assert "không có khoản nào" in words(till.cashier.get(LIST, {"q": "trần"})).lower()


def test_today_stands_before_the_days_before_and_pages_follow_without_gap(till: Till) -> None:
    old = till.bill("old", now=NOW - timedelta(days=3))
    new = till.bill("new")
    page = words(till.cashier.get(LIST))
    assert (
        page.index("Hôm nay")
        < page.index(new.reference)
        < page.index("Những ngày trước")
        < page.index(old.reference)
    )
    for number in range(5):
        till.bill(f"x{number}")
    seen, before = [], None
    while True:
        found = queries.waiting_page([till.unit_id], before=before, size=3)
        seen += [row.reference for row in found.rows]
        before = found.after
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_the_list_takes_few_statements_however_long_it_is(till: Till) -> None:
    for number in range(20):
        till.bill(f"b{number}")
    till.cashier.get(LIST)
    with CaptureQueriesContext(connection) as run:
        till.cashier.get(LIST)
    assert len(run) <= 8, [query["sql"][:120] for query in run]


@pytest.mark.parametrize("what", ["reference", "subject", "vietqr", "card"])
def test_a_scan_of_anything_opens_the_bill(till: Till, what: str) -> None:
    till.with_account()
    bill = till.bill()
    qr = queries.transfer_qr(bill.pk, on=NOW.date())
    assert qr is not None
    scanned = {
        "reference": bill.reference.lower(),
        "subject": bill.subject,
        "vietqr": qr.payload,
        "card": "027090001234||Nguyễn Thị Ánh|15081990|Nữ|Thôn Đông, xã Yên Phong|01072021",
    }[what]
    answer = till.cashier.post("/thu-phi/quet/", {"q": scanned})
    assert answer.status_code == 302 and answer["Location"] == till.url(bill)


def test_a_person_with_several_bills_is_shown_them_and_no_card_stays_on_the_page(till: Till) -> None:
    one, two = till.bill("b1"), till.bill("b2")
    card = "027090001234||Nguyễn Thị Ánh|15081990|Nữ|Thôn Đông, xã Yên Phong|01072021"
    page = words(till.cashier.post("/thu-phi/quet/", {"q": card}))
    assert one.reference in page and two.reference in page and "15081990" not in page


def test_an_unknown_scan_says_what_to_do(till: Till) -> None:
    page = words(till.cashier.post("/thu-phi/quet/", {"q": "MC251201ZZZZZZZZZZ"}))
    assert "Không có khoản phải nộp nào" in page


def test_another_unit_s_bill_is_not_there(till: Till) -> None:
    bill = till.bill()
    Bill.objects.update(unit_id=till.books.leader.grants[0].unit_id - 1)  # the province
    assert till.cashier.get(till.url(bill)).status_code == 404
    assert till.cashier.post(till.url(bill), till.form(bill)).status_code == 404


def test_only_who_may_take_the_money_is_led_to_it(till: Till) -> None:
    bill = till.bill()
    assert queries.owed_bills(till.books.cashier, bill.subject) == [(bill.reference, 13_000)]
    assert queries.owed_bills(till.books.leader, bill.subject) == []


def test_a_leader_reads_a_bill_and_takes_nothing(till: Till) -> None:
    bill = till.bill()
    page = words(till.leader.get(till.url(bill)))
    assert "không thu tiền ở đơn vị này" in page and 'name="tendered"' not in page
    assert till.leader.post(till.url(bill), till.form(bill)).status_code == 403
    assert Payment.objects.count() == 0


def test_a_transfer_shows_its_qr_and_the_page_learns_when_it_came(till: Till) -> None:
    till.with_account()
    bill = till.bill()
    page = words(till.cashier.get(till.url(bill)))
    assert "Vietcombank" in page and "0011001234567" in page and "<svg" in page
    waiting = f"{till.url(bill)}tien-ve/?da=0"
    assert till.cashier.get(waiting).json() == {"arrived": False}
    done = till.books.pay(bill, method="transfer", key="bank:1")
    answer = till.cashier.get(waiting).json()
    assert answer["arrived"] and answer["url"] == f"/thu-phi/da-thu/{done.payment.pk}/"


def test_a_way_that_is_missing_is_explained(till: Till) -> None:
    assert "Chưa có tài khoản ngân hàng" in words(till.cashier.get(till.url(till.bill())))


def test_a_payment_is_taken_back_on_its_day_only(till: Till) -> None:
    bill = till.bill()
    payment = till.pay(bill)
    url = f"/thu-phi/da-thu/{payment.pk}/huy/"
    assert till.cashier.post(url, {"reason": ""}).status_code == 422
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        till.sign_in_again()
        late = till.cashier.post(url, {"reason": "Nhầm"})
        assert late.status_code == 409 and "đề nghị hoàn trả" in words(late)
    till.sign_in_again()
    assert till.cashier.post(url, {"reason": "Nhầm người"}).status_code == 302
    assert (Receipt.objects.get().state, queries.balance(till.unit_id, "cash")) == ("void", 0)
    assert "Lần thu đã hủy" in words(till.cashier.get(f"/thu-phi/da-thu/{payment.pk}/"))


BEFORE_MIDNIGHT = datetime(2025, 12, 31, 16, 58, tzinfo=UTC)  # 23:58 on 31/12/2025 in Viet Nam
AFTER = datetime(2025, 12, 31, 17, 3, tzinfo=UTC)  # 00:03 on 1/1/2026


def new_year_book(till: Till) -> None:
    actions.open_book(
        actor=Actor.system("test"),
        unit_id=till.books.leader.grants[0].unit_id,
        form_symbol="01BLP2-001",
        series="AA-26T",
        now=NOW,
    )


def test_a_form_opened_before_midnight_and_sent_after_it_is_money_of_the_new_day_and_year(till: Till) -> None:
    new_year_book(till)
    bill = till.bill()
    with time_machine.travel(BEFORE_MIDNIGHT, tick=False):
        till.sign_in_again()
        assert 'name="opened" value="2025-12-31"' in words(till.cashier.get(till.url(bill)))
    with time_machine.travel(AFTER, tick=False):
        answer = till.cashier.post(till.url(bill), till.form(bill, opened="2025-12-31"))
        page = words(till.cashier.get(answer["Location"]))
    assert Payment.objects.get().entry.day == date(2026, 1, 1)
    assert Receipt.objects.get().book.series == "AA-26T"
    assert "mở từ ngày 31/12/2025" in page and "ghi vào ngày 01/01/2026" in page


def test_a_payment_whose_answer_was_lost_at_midnight_stays_on_its_day_when_sent_again(till: Till) -> None:
    new_year_book(till)
    bill = till.bill()
    with time_machine.travel(BEFORE_MIDNIGHT, tick=False):
        till.sign_in_again()
        till.cashier.post(till.url(bill), till.form(bill))
    with time_machine.travel(AFTER, tick=False):
        till.cashier.post(till.url(bill), till.form(bill))
    assert Payment.objects.get().entry.day == date(2025, 12, 31)


def test_without_a_book_of_the_new_year_the_form_waits_with_everything_typed(till: Till) -> None:
    bill = till.bill()
    with time_machine.travel(AFTER, tick=False):
        till.sign_in_again()
        answer = till.cashier.post(till.url(bill), till.form(bill, opened="2025-12-31", tendered="20.000"))
    page = words(answer)
    assert answer.status_code == 409 and "chưa có quyển biên lai nào còn số cho năm 2026" in page
    assert 'value="20.000"' in page and Entry.objects.filter(kind="payment").count() == 0
