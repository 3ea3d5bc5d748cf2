"""Books of receipts: their symbols, their ranges, their notice of issue, and the turn of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import override_settings

from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotAllowed
from motcua.payments import actions
from motcua.payments.errors import NoBook
from motcua.payments.models import ReceiptBook
from motcua.payments.tests.counter import NOW, Counter, make_counter

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
IN_NOVEMBER = datetime(2025, 11, 30, 2, 0, tzinfo=UTC)
NEW_YEAR = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)  # 1/1/2026 00:00 in Viet Nam


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def open_book(counter: Counter, **changes: Any) -> ReceiptBook:
    given: dict[str, Any] = {
        "actor": counter.leader,
        "unit_id": counter.leader.grants[0].unit_id,
        "form_symbol": "01BLP2-001",
        "series": "AB-25T",
        "now": NOW,
    }
    return actions.open_book(**(given | changes))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"form_symbol": "BL01"}, "form_symbol"),
        ({"series": "AB25T"}, "series"),
        ({"fee_kind": "thue"}, "fee_kind"),
        ({"first_number": 0}, "first_number"),
        ({"first_number": 9, "last_number": 8}, "first_number"),
        ({"starts_on": date(2026, 1, 1)}, "starts_on"),
        ({"notice_number": "1/TB", "notice_on": date(2025, 12, 2)}, "notice_on"),
        ({"notice_number": "1/TB"}, "notice_on"),
        ({"notice_on": date(2025, 11, 20)}, "notice_number"),
    ],
)
def test_a_wrong_book_is_refused_at_its_field(counter: Counter, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_book(counter, **changes)
    assert refused.value.field == field


def test_the_centre_and_its_ward_share_one_tax_code_and_never_a_number(counter: Counter) -> None:
    with pytest.raises(Conflict, match="từ số 0000001 đến 9999999"):
        open_book(counter, unit_id=counter.unit_id, series="AA-25T", first_number=5, last_number=9)


def test_a_cashier_opens_no_book(counter: Counter) -> None:
    with pytest.raises(NotAllowed):
        open_book(counter, actor=counter.cashier)


def test_in_december_the_next_year_is_proposed_once_and_counts_when_confirmed(counter: Counter) -> None:
    assert actions.propose_next_books(actor=SYSTEM, now=IN_NOVEMBER) == []
    (proposed,) = actions.propose_next_books(actor=SYSTEM, now=NOW)
    assert (proposed.series, proposed.confirmed, proposed.starts_on) == ("AA-26T", False, date(2026, 1, 1))
    assert actions.propose_next_books(actor=SYSTEM, now=NOW) == []
    bill = counter.bill()
    with pytest.raises(NoBook, match="2026"):
        counter.pay(bill, now=NEW_YEAR)  # the old year's is over, the new one not confirmed
    with pytest.raises(Invalid, match="thông báo"):
        actions.confirm_book(actor=counter.leader, book_id=proposed.pk, now=NEW_YEAR)
    for _press in range(2):
        actions.confirm_book(
            actor=counter.leader,
            book_id=proposed.pk,
            notice_number="02/TB-PH",
            notice_on=date(2025, 12, 20),
            now=NEW_YEAR,
        )
    (receipt,) = counter.pay(bill, now=NEW_YEAR).receipts
    assert (receipt.book_id, receipt.number) == (proposed.pk, 1)


def test_a_proposal_that_was_discarded_stays_so(counter: Counter) -> None:
    (proposed,) = actions.propose_next_books(actor=SYSTEM, now=NOW)
    actions.close_book(actor=counter.leader, book_id=proposed.pk, reason="Chuyển sang điện tử", now=NOW)
    assert actions.propose_next_books(actor=SYSTEM, now=NOW) == []
    with pytest.raises(Conflict, match="bị bỏ"):
        actions.confirm_book(actor=counter.leader, book_id=proposed.pk, now=NOW)


def test_what_is_proposed_is_confirmed_or_discarded_before_it_is_opened_by_hand(counter: Counter) -> None:
    (proposed,) = actions.propose_next_books(actor=SYSTEM, now=NOW)
    with pytest.raises(Conflict, match="đề xuất") as refused:
        open_book(counter, series="AA-26T")
    assert refused.value.field == "series"
    actions.close_book(actor=counter.leader, book_id=proposed.pk, reason="Dải số khác", now=NOW)
    opened = open_book(counter, series="AA-26T", last_number=500)
    assert opened.starts_on == date(2026, 1, 1)
    assert actions.propose_next_books(actor=SYSTEM, now=NOW) == []
    assert ReceiptBook.objects.filter(series="AA-26T").count() == 1


def test_a_book_closed_in_the_year_has_no_successor(counter: Counter) -> None:
    book = ReceiptBook.objects.get()
    with pytest.raises(Invalid, match="lý do"):
        actions.close_book(actor=counter.leader, book_id=book.pk, reason=" ", now=NOW)
    closed = actions.close_book(
        actor=counter.leader, book_id=book.pk, reason="Giải thể", rest="destroyed", now=NOW
    )
    assert (closed.rest, closed.ends_on) == ("destroyed", date(2025, 12, 1))
    assert actions.propose_next_books(actor=SYSTEM, now=NOW) == []


@override_settings(RECEIPT_YEARLY="E")
def test_an_installation_may_let_self_printed_series_run_on(counter: Counter) -> None:
    assert actions.propose_next_books(actor=SYSTEM, now=NOW) == []
    assert counter.pay(counter.bill(), now=NEW_YEAR).receipts[0].book.series == "AA-25T"


def test_the_notice_of_issue_is_noted_with_its_day(counter: Counter) -> None:
    book = ReceiptBook.objects.get()
    noted = actions.note_notice(
        actor=counter.leader, book_id=book.pk, notice_number="01/TB", notice_on=date(2025, 11, 20), now=NOW
    )
    assert (noted.notice_number, noted.notice_on) == ("01/TB", date(2025, 11, 20))
    for number, day, field in (("", NOW.date(), "notice_number"), ("2", None, "notice_on")):
        with pytest.raises(Invalid) as refused:
            actions.note_notice(
                actor=counter.leader, book_id=book.pk, notice_number=number, notice_on=day, now=NOW
            )
        assert refused.value.field == field
