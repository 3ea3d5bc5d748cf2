"""The end of the day over HTTP: counted, explained, confirmed where it must be, recorded, and shut."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pypdf
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.counter.tests.till import CLOSE, LIST, TODAY, Till, make_till, words
from motcua.payments import actions, queries
from motcua.payments.errors import NeedsSecondPerson
from motcua.payments.models import CashCount, CashierDay, Payment
from motcua.payments.tests.counter import NOW

pytestmark = pytest.mark.usefixtures("books_agree")


@pytest.fixture
def till(db: None) -> Iterator[Till]:
    with time_machine.travel(NOW, tick=False):
        made = make_till()
        made.pay(made.bill())
        yield made


def close(till: Till, **typed: str) -> Any:
    data = {"do": "close", "day": str(TODAY), "note-10000": "1", "note-1000": "3", **typed}
    return till.cashier.post(CLOSE, data)


def test_a_day_that_agrees_closes_with_its_record(till: Till) -> None:
    page = words(till.cashier.get(CLOSE))
    assert "13.000" in page and "Biên lai AA-25T: 1 tờ." in page
    answer = close(till)
    day = CashierDay.objects.get()
    assert (day.expected, day.counted, day.pieces) == (13_000, 13_000, {"10000": 1, "1000": 3})
    shown = words(till.cashier.get(answer["Location"]))
    assert day.digest in shown and f'name="print-now" content="{CLOSE}{day.pk}/bien-ban/"' in shown
    pdf = till.cashier.get(f"{CLOSE}{day.pk}/bien-ban/").content
    said = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "13.000" in said and day.digest[:20] in said.replace("\u200b", "")


def test_nothing_is_posted_into_a_closed_day(till: Till) -> None:
    close(till)
    bill = till.bill("late")
    page = words(till.cashier.get(till.url(bill)))
    assert "Sổ hôm nay đã khóa" in page
    answer = till.cashier.post(till.url(bill), till.form(bill))
    assert answer.status_code == 409 and "đã chốt sổ" in words(answer)
    refund = actions.ask_refund(
        actor=till.books.cashier, bill_id=Payment.objects.get().bill_id, method="cash",
        parts={"phi": 8_000}, reason="Nhầm", now=NOW,
    )  # fmt: skip
    actions.confirm_refund(actor=till.books.leader, refund_id=refund.pk, now=NOW)
    out = till.cashier.post(f"/thu-phi/hoan-tra/{refund.pk}/", {"do": "pay"})
    assert out.status_code == 409
    paid_in = till.cashier.post(
        f"{CLOSE}nop-kho-bac/", {"method": "cash", "amount": "1000", "document": "GNT 1", "key": "k"}
    )
    assert paid_in.status_code == 409
    assert Payment.objects.count() == 1


def test_a_difference_wants_words_and_everything_counted_stays(till: Till) -> None:
    answer = close(till, **{"note-1000": "2"})
    page = words(answer)
    assert answer.status_code == 422 and 'href="#id_explanation"' in page
    assert 'value="2"' in page and "Thiếu 1.000 đồng" in page
    close(till, **{"note-1000": "2", "explanation": "Trả nhầm tiền thừa"})
    day = CashierDay.objects.get()
    assert (day.counted, day.explanation, day.confirmed_by_name) == (12_000, "Trả nhầm tiền thừa", "")


def test_adding_up_without_script_closes_nothing(till: Till) -> None:
    page = words(close(till, do="count"))
    assert "Khớp" in page and CashierDay.objects.count() == 0


@pytest.mark.parametrize(("field", "typed"), [("note-10000", "-1"), ("note-10000", "mười"), ("loose", "x")])
def test_pieces_that_cannot_be_stand_at_their_field(till: Till, field: str, typed: str) -> None:
    answer = close(till, **{field: typed})
    assert answer.status_code == 422 and f'href="#id_{field}"' in words(answer)


def big_gap(till: Till) -> CashCount:
    """Two hundred thousand too much: more than one person may explain."""
    answer = close(till, **{"note-200000": "1", "explanation": "Chưa rõ"})
    assert answer.status_code == 302
    assert CashierDay.objects.count() == 0
    return CashCount.objects.get(decided_at__isnull=True)


def test_a_large_difference_waits_for_a_second_person(till: Till) -> None:
    count = big_gap(till)
    assert "Đang chờ lãnh đạo" in words(till.cashier.get(CLOSE))
    assert "lệch quá mức" in words(till.leader.get("/thu-phi/hoan-tra/"))
    url = f"{CLOSE}dem/{count.pk}/"
    assert till.cashier.post(url, {"do": "confirm"}).status_code == 403
    assert till.leader.post(url, {"do": "confirm"}).status_code == 302
    day = CashierDay.objects.get()
    assert (day.closed_by_name, day.confirmed_by_name) == ("Thu Ngan", "Chu Tich")
    assert till.leader.post(url, {"do": "confirm"}).status_code == 302
    assert CashierDay.objects.count() == 1


def test_a_count_overtaken_by_a_payment_is_made_again(till: Till) -> None:
    count = big_gap(till)
    till.pay(till.bill("b2"))
    answer = till.leader.post(f"{CLOSE}dem/{count.pk}/", {"do": "confirm"})
    assert answer.status_code == 409 and "đếm lại" in words(answer)
    close(till, **{"note-10000": "2", "note-1000": "6"})
    assert CashierDay.objects.get().counted == 26_000
    assert CashCount.objects.count() == 0


def test_a_count_sent_back_says_why(till: Till) -> None:
    count = big_gap(till)
    url = f"{CLOSE}dem/{count.pk}/"
    assert till.leader.post(url, {"do": "refuse", "reason": ""}).status_code == 422
    till.leader.post(url, {"do": "refuse", "reason": "Đếm lại trước mặt tôi"})
    assert "Đếm lại trước mặt tôi" in words(till.cashier.get(CLOSE))


def test_the_command_closes_no_large_difference_alone(till: Till) -> None:
    with pytest.raises(NeedsSecondPerson):
        actions.close_day(
            actor=till.books.cashier,
            unit_id=till.unit_id,
            day=TODAY,
            counted=999_000,
            explanation="x",
            now=NOW,
        )


def test_a_day_nobody_closed_stands_on_top_the_next_morning(till: Till) -> None:
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        till.sign_in_again()
        page = words(till.cashier.get(LIST))
        assert "Thứ Hai, 01/12/2025 chưa khóa sổ." in page
        assert 'name="day" value="2025-12-01"' in words(till.cashier.get(CLOSE))
        close(till)
        assert "chưa khóa sổ" not in words(till.cashier.get(LIST))


def test_what_was_paid_in_at_the_treasury_stands_in_the_record(till: Till) -> None:
    answer = till.cashier.post(
        f"{CLOSE}nop-kho-bac/", {"method": "cash", "amount": "99.000", "document": "GNT 0125", "key": "k"}
    )
    assert (
        answer.status_code == 422
        and "13.000 đồng đang có" in words(answer)
        and 'value="99.000"' in words(answer)
    )
    for _press in range(2):
        till.cashier.post(
            f"{CLOSE}nop-kho-bac/", {"method": "cash", "amount": "10.000", "document": "GNT 0125", "key": "k"}
        )
    assert queries.balance(till.unit_id, "cash") == 3_000
    close(till, **{"note-10000": ""})
    day = CashierDay.objects.get()
    assert day.letter is not None and day.letter.data["remittances"][0]["document"] == "GNT 0125"


def test_closed_days_are_listed_with_their_records(till: Till) -> None:
    close(till)
    page = words(till.cashier.get(CLOSE))
    assert "Ngày đã khóa" in page and f"{CLOSE}{CashierDay.objects.get().pk}/bien-ban/" in page


def test_the_page_takes_few_statements_however_many_days_were_closed(till: Till) -> None:
    till.cashier.get(CLOSE)
    with CaptureQueriesContext(connection) as run:
        till.cashier.get(CLOSE)
    assert len(run) <= 16, [query["sql"][:120] for query in run]


def test_closing_is_the_cashiers_business(till: Till) -> None:
    assert till.leader.get(CLOSE).status_code == 403
