"""Receipts and what becomes of them, the close of a day, and the proof of the books."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.payments import actions, queries
from motcua.payments.errors import (
    DayClosed,
    NoBook,
    WrongAmount,
)
from motcua.payments.models import Entry, Posting, Receipt, ReceiptBook
from motcua.payments.tests.counter import NOW, Counter, make_counter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]
TODAY = date(2025, 12, 1)


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def test_fees_and_charges_have_receipts_of_their_own_where_the_books_are_apart() -> None:
    counter = make_counter(books=False)
    for kind, series in (("phi", "AA-25T"), ("le_phi", "AB-25T")):
        actions.open_book(
            actor=Actor.system("test"),
            unit_id=counter.leader.grants[0].unit_id,
            form_symbol="01BLP2-001",
            series=series,
            fee_kind=kind,
            now=NOW,
        )
    done = counter.pay(counter.bill())
    assert [(r.book.series, r.amount) for r in done.receipts] == [("AA-25T", 8_000), ("AB-25T", 5_000)]


def test_a_book_gives_its_last_number_and_then_no_more(counter: Counter) -> None:
    ReceiptBook.objects.update(last_number=2)
    for number in (1, 2):
        counter.pay(counter.bill(f"b{number}"))
    with pytest.raises(NoBook):
        counter.pay(counter.bill("b3"))
    assert list(Receipt.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_new_year_takes_numbers_from_the_new_series(counter: Counter) -> None:
    ward_id = counter.leader.grants[0].unit_id
    actions.open_book(
        actor=Actor.system("test"), unit_id=ward_id, form_symbol="01BLP2-001", series="AA-26T", now=NOW
    )
    before = datetime(2025, 12, 31, 16, 59, 59, tzinfo=UTC)  # 23:59:59 in Viet Nam
    old = counter.pay(counter.bill("b1", now=before), now=before)
    new = counter.pay(counter.bill("b2"), now=before + timedelta(seconds=1))
    assert [(r.book.series, r.number) for r in (*old.receipts, *new.receipts)] == [
        ("AA-25T", 1),
        ("AA-26T", 1),
    ]
    assert [p.day for p in Entry.objects.filter(kind="payment").order_by("pk")] == [
        date(2025, 12, 31),
        date(2026, 1, 1),
    ]


def test_a_spoiled_receipt_is_void_and_another_stands_in_its_place(counter: Counter) -> None:
    old = counter.pay(counter.bill()).receipts[0]
    new = actions.void_receipt(
        actor=counter.cashier, receipt_id=old.pk, reason="Máy in kẹt giấy sau khi lấy số", now=NOW
    )
    old.refresh_from_db()
    assert (old.state, new.number, new.amount, new.replaces_id) == ("void", 2, 13_000, old.pk)
    with pytest.raises(Conflict):
        actions.void_receipt(actor=counter.cashier, receipt_id=old.pk, reason="lần nữa", now=NOW)


def test_a_wrong_name_is_replaced_or_adjusted_with_its_reason(counter: Counter) -> None:
    first = counter.pay(counter.bill("b1")).receipts[0]
    new = actions.replace_receipt(
        actor=counter.cashier, receipt_id=first.pk, reason="Sai tên", payer_name="Nguyễn Thị Anh", now=NOW
    )
    assert (new.payer_name, new.amount) == ("Nguyễn Thị Anh", 13_000)
    further = actions.adjust_receipt(
        actor=counter.cashier,
        receipt_id=new.pk,
        reason="Sai địa chỉ",
        payer_address="Phường Kinh Bắc",
        now=NOW,
    )
    new.refresh_from_db()
    assert (new.state, further.amount, further.adjusts_id) == ("adjusted", 0, new.pk)


def test_a_lost_copy_is_kept_as_lost_and_the_money_stays(counter: Counter) -> None:
    receipt = counter.pay(counter.bill()).receipts[0]
    actions.report_lost(actor=counter.cashier, receipt_id=receipt.pk, reason="Cháy", now=NOW)
    receipt.refresh_from_db()
    assert receipt.state == "lost"


def test_a_day_closes_once_and_takes_nothing_more(counter: Counter) -> None:
    counter.pay(counter.bill("b1"))
    evening = NOW + timedelta(hours=8)
    for _press in range(2):
        closed = actions.close_day(
            actor=counter.cashier, unit_id=counter.unit_id, day=TODAY, counted=13_000, now=evening
        )
    assert (closed.expected, closed.figures["taken"]) == (13_000, {"cash": 13_000})
    with pytest.raises(DayClosed, match="chốt sổ"):
        counter.pay(counter.bill("b2"), now=evening)
    by_bank = counter.pay(counter.bill("b3"), method="transfer", now=evening)
    assert by_bank.payment.entry.day == date(2025, 12, 2)
    with pytest.raises(Conflict, match="số tiền khác"):
        actions.close_day(
            actor=counter.cashier, unit_id=counter.unit_id, day=TODAY, counted=12_000, now=evening
        )


def test_a_difference_wants_an_explanation_and_is_booked(counter: Counter) -> None:
    counter.pay(counter.bill())
    with pytest.raises(Invalid, match=r"thiếu 1\.000 đồng"):
        actions.close_day(actor=counter.cashier, unit_id=counter.unit_id, day=TODAY, counted=12_000, now=NOW)
    actions.close_day(
        actor=counter.cashier,
        unit_id=counter.unit_id,
        day=TODAY,
        counted=12_000,
        explanation="Trả nhầm tiền thừa",
        now=NOW,
    )
    assert queries.balance(counter.unit_id, "difference") == 1_000


def test_days_are_closed_in_order_and_never_in_advance(counter: Counter) -> None:
    counter.pay(counter.bill("b1"))
    tomorrow = NOW + timedelta(days=1)
    counter.pay(counter.bill("b2"), now=tomorrow)
    with pytest.raises(DayClosed, match="01/12/2025"):
        actions.close_day(
            actor=counter.cashier,
            unit_id=counter.unit_id,
            day=date(2025, 12, 2),
            counted=26_000,
            now=tomorrow,
        )
    with pytest.raises(Invalid, match="chưa tới"):
        actions.close_day(
            actor=counter.cashier, unit_id=counter.unit_id, day=date(2025, 12, 3), counted=0, now=tomorrow
        )


def test_what_is_paid_in_at_the_treasury_leaves_the_till(counter: Counter) -> None:
    counter.pay(counter.bill())

    def pay_in(amount: int) -> None:
        actions.remit(
            actor=counter.cashier,
            unit_id=counter.unit_id,
            method="cash",
            amount=amount,
            document="GNT 01",
            key="r1",
            now=NOW,
        )

    with pytest.raises(WrongAmount, match=r"13\.000"):
        pay_in(13_001)
    pay_in(10_000)
    pay_in(10_000)
    assert queries.balance(counter.unit_id, "cash") == 3_000
    assert queries.day_figures(counter.unit_id, TODAY).remitted == 10_000


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_entry SET note = 'x'",
        "UPDATE payments_posting SET amount = amount * 2",
        "UPDATE payments_payment SET amount = 1",
        "UPDATE payments_receipt SET amount = 1",
        "UPDATE payments_receipt SET number = 99",
    ],
)
def test_the_database_refuses_to_change_what_was_booked(counter: Counter, sql: str) -> None:
    counter.pay(counter.bill())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_check_names_a_hole_a_wrong_sum_and_a_lost_side(counter: Counter) -> None:
    with transaction.atomic():
        bill = counter.bill()
        counter.pay(bill)
        ReceiptBook.objects.update(next_number=9)
        Posting.objects.bulk_create(
            [
                Posting(
                    entry=Entry.objects.first(), unit_id=counter.unit_id, account="cash", amount=1, day=TODAY
                )
            ]
        )
        type(bill).objects.update(paid=12_999)
        double = {"form_symbol": "01BLP2-001", "series": "AA-25T", "year": 2025, "starts_on": TODAY}
        ReceiptBook.objects.create(
            unit_id=counter.unit_id,
            first_number=500,
            last_number=600,
            next_number=500,
            created_at=NOW,
            **double,
        )
        Receipt.objects.update(state="replaced")
        said = " ".join(queries.check_ledger().problems)
        assert "does not add up" in said
        assert "gave 8 numbers and has 1 receipts" in said
        assert "says 12999 paid" in said
        assert "share numbers from 500" in said
        assert "nothing stands in its place" in said
        transaction.set_rollback(True)


def test_after_a_part_was_taken_back_no_line_is_receipted_twice(counter: Counter) -> None:
    bill = counter.bill()
    first = counter.pay(bill, 10_000, key="one")
    counter.pay(bill, 3_000, key="two")
    actions.reverse_payment(actor=counter.cashier, payment_id=first.payment.pk, reason="Nhầm", now=NOW)
    again = counter.pay(bill, 10_000, key="three")
    assert [(line["kind"], line["amount"]) for line in again.receipts[0].lines] == [
        ("phi", 8_000),
        ("le_phi", 2_000),
    ]


def test_money_taken_back_leaves_no_receipt_that_counts_whatever_befell_it_before(counter: Counter) -> None:
    lost = counter.pay(counter.bill("b1"))
    actions.report_lost(actor=counter.cashier, receipt_id=lost.receipts[0].pk, reason="Cháy", now=NOW)
    adjusted = counter.pay(counter.bill("b2"))
    actions.adjust_receipt(
        actor=counter.cashier,
        receipt_id=adjusted.receipts[0].pk,
        reason="Sai địa chỉ",
        payer_address="Phường Kinh Bắc",
        now=NOW,
    )
    for done in (lost, adjusted):
        actions.reverse_payment(actor=counter.cashier, payment_id=done.payment.pk, reason="Nhầm", now=NOW)
    assert set(Receipt.objects.values_list("state", flat=True)) == {"void"}
