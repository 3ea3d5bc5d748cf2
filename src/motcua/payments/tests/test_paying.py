"""Money in and out: once, balanced, with a receipt, never into a closed day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotAllowed
from motcua.payments import actions, queries
from motcua.payments.errors import (
    KeyUsed,
    NoBook,
    NothingOwed,
    WrongAmount,
)
from motcua.payments.models import Entry, Payment, Receipt
from motcua.payments.tests.counter import LINES, NOW, Counter, make_counter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]
TODAY = date(2025, 12, 1)


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def test_a_bill_in_cash_is_paid_receipted_and_booked_in_one_go(counter: Counter) -> None:
    done = actions.take_payment(
        actor=counter.cashier,
        bill_id=counter.bill().pk,
        method="cash",
        amount=13_000,
        tendered=20_000,
        key="k",
        now=NOW,
    )
    receipt = done.receipts[0]
    assert (done.change, done.bill.state, done.bill.paid) == (7_000, "paid", 13_000)
    assert (receipt.number, receipt.amount, receipt.payer_name) == (1, 13_000, "Nguyễn Thị Ánh")
    assert receipt.content["amount_in_words"] == "Mười ba nghìn đồng"
    assert receipt.content["collector"]["tax_code"] == "2400123456"
    assert queries.balance(counter.unit_id, "cash") == 13_000
    assert queries.standing(done.bill.subject).settled


def test_a_second_press_gives_the_first_payment_again(counter: Counter) -> None:
    bill = counter.bill()
    first, second = counter.pay(bill), counter.pay(bill)
    assert second.repeated
    assert (first.payment.pk, first.receipts[0].number) == (second.payment.pk, second.receipts[0].number)
    assert Payment.objects.count() == Receipt.objects.count() == 1


def test_the_same_key_with_another_amount_is_refused(counter: Counter) -> None:
    bill = counter.bill()
    counter.pay(bill, 5_000, key="k")
    with pytest.raises(KeyUsed):
        counter.pay(bill, 6_000, key="k")


def test_a_bill_may_be_paid_in_parts_and_each_receipt_says_what_it_paid(counter: Counter) -> None:
    bill = counter.bill()
    one = counter.pay(bill, 10_000, key="one")
    two = counter.pay(bill, 3_000, key="two")
    assert one.bill.state == "partly"
    assert two.bill.state == "paid"
    assert [line["amount"] for line in one.receipts[0].lines] == [8_000, 2_000]
    assert [line["amount"] for line in two.receipts[0].lines] == [3_000]


@pytest.mark.parametrize(
    ("amount", "method", "error"),
    [
        (0, "cash", WrongAmount),
        (-1, "cash", WrongAmount),
        (13_001, "cash", WrongAmount),
        (5, "vàng", Invalid),
    ],
)
def test_a_wrong_amount_is_refused_at_the_desk(
    counter: Counter, amount: int, method: str, error: type[Exception]
) -> None:
    bill = counter.bill()
    with pytest.raises(error):
        counter.pay(bill, amount, method=method)
    assert not Payment.objects.exists()


def test_less_cash_than_is_owed_is_named_in_words(counter: Counter) -> None:
    with pytest.raises(WrongAmount, match="ít hơn"):
        actions.take_payment(
            actor=counter.cashier,
            bill_id=counter.bill().pk,
            method="cash",
            amount=13_000,
            tendered=10_000,
            key="k",
            now=NOW,
        )


def test_a_paid_bill_takes_no_more_cash(counter: Counter) -> None:
    bill = counter.bill()
    counter.pay(bill)
    with pytest.raises(NothingOwed, match="nộp đủ"):
        counter.pay(bill, 1_000, key="again")


def test_money_that_comes_by_itself_is_never_turned_away(counter: Counter) -> None:
    bill = counter.bill()
    counter.pay(bill)
    late = counter.pay(bill, 13_000, method="transfer", key="bank:1")
    assert late.receipts == ()
    assert actions.refundable(late.bill) == {"phi": 8_000, "le_phi": 5_000, "advance": 13_000}


def test_a_payment_after_withdrawal_is_an_advance_to_be_given_back(counter: Counter) -> None:
    bill = counter.bill()
    actions.cancel_bill(actor=counter.cashier, bill_id=bill.pk, reason="Người dân rút hồ sơ", now=NOW)
    with pytest.raises(NothingOwed, match="đã hủy"):
        counter.pay(bill, 13_000)
    counter.pay(bill, 13_000, method="platform", key="pp:1")
    refund = actions.ask_refund(
        actor=counter.cashier,
        bill_id=bill.pk,
        method="transfer",
        parts={},
        advance=13_000,
        to_account="Agribank 2601, Nguyễn Thị Ánh",
        reason="Nộp sau khi rút",
        now=NOW,
    )
    actions.confirm_refund(actor=counter.leader, refund_id=refund.pk, now=NOW)
    with pytest.raises(Invalid, match="số chứng từ"):
        actions.pay_out_refund(actor=counter.cashier, refund_id=refund.pk, now=NOW)
    actions.pay_out_refund(actor=counter.cashier, refund_id=refund.pk, reference="FT01", now=NOW)
    assert queries.balance(counter.unit_id, "advance") == 0


def test_without_a_book_cash_is_refused_and_other_money_waits_for_its_receipt() -> None:
    counter = make_counter(books=False)
    bill = counter.bill()
    with pytest.raises(NoBook, match="quyển"):
        counter.pay(bill, key="cash")
    done = counter.pay(bill, method="transfer", key="bank:1")
    assert done.receipts == ()
    assert queries.check_ledger().waiting == 1
    actions.open_book(
        actor=Actor.system("test"),
        unit_id=counter.leader.grants[0].unit_id,
        form_symbol="01BLP2-001",
        series="AA-25T",
        now=NOW,
    )
    made = actions.issue_missing_receipts(actor=counter.cashier, payment_id=done.payment.pk, now=NOW)
    again = actions.issue_missing_receipts(actor=counter.cashier, payment_id=done.payment.pk, now=NOW)
    assert [r.pk for r in made] == [r.pk for r in again]
    assert queries.check_ledger().waiting == 0


def test_a_failure_after_the_number_was_drawn_gives_it_back(counter: Counter) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        counter.pay(counter.bill("b1"))
        1 / 0  # noqa: B018
    done = counter.pay(counter.bill("b2"))
    assert done.receipts[0].number == 1


def test_a_refund_needs_two_people(counter: Counter) -> None:
    bill = counter.bill()
    counter.pay(bill)
    refund = actions.ask_refund(
        actor=counter.cashier,
        bill_id=bill.pk,
        method="cash",
        parts={"le_phi": 5_000},
        reason="Thuộc diện miễn",
        now=NOW,
    )
    with pytest.raises(NotAllowed):
        actions.confirm_refund(actor=counter.cashier, refund_id=refund.pk, now=NOW)
    for _press in range(2):
        actions.confirm_refund(actor=counter.leader, refund_id=refund.pk, now=NOW)
    assert queries.balance(counter.unit_id, "cash") == 13_000
    for _press in range(2):
        actions.pay_out_refund(actor=counter.cashier, refund_id=refund.pk, now=NOW)
    bill.refresh_from_db()
    assert (bill.refunded, bill.state, queries.balance(counter.unit_id, "cash")) == (5_000, "paid", 8_000)


def test_somebody_with_both_roles_still_cannot_confirm_their_own_refund(counter: Counter) -> None:
    both = Actor(counter.cashier.user_id, "Hai vai", grants=(*counter.cashier.grants, *counter.leader.grants))
    bill = counter.bill()
    counter.pay(bill)
    refund = actions.ask_refund(
        actor=both, bill_id=bill.pk, method="cash", parts={"phi": 8_000}, reason="Nhầm", now=NOW
    )
    with pytest.raises(NotAllowed, match="người thứ hai"):
        actions.confirm_refund(actor=both, refund_id=refund.pk, now=NOW)


@pytest.mark.parametrize(
    ("parts", "advance"), [({"phi": 8_001}, 0), ({"le_phi": 5_001}, 0), ({}, 1), ({}, 0), ({"phi": -1}, 0)]
)
def test_no_more_goes_back_than_was_paid(counter: Counter, parts: dict[str, int], advance: int) -> None:
    bill = counter.bill()
    counter.pay(bill)
    with pytest.raises(WrongAmount):
        actions.ask_refund(
            actor=counter.cashier,
            bill_id=bill.pk,
            method="cash",
            parts=parts,
            advance=advance,
            reason="Nhầm",
            now=NOW,
        )


def test_a_bill_given_back_whole_says_so(counter: Counter) -> None:
    bill = counter.bill()
    counter.pay(bill)
    refund = actions.ask_refund(
        actor=counter.cashier,
        bill_id=bill.pk,
        method="cash",
        parts={"phi": 8_000, "le_phi": 5_000},
        reason="Thu nhầm",
        now=NOW,
    )
    actions.confirm_refund(actor=counter.leader, refund_id=refund.pk, now=NOW)
    actions.pay_out_refund(actor=counter.cashier, refund_id=refund.pk, now=NOW)
    bill.refresh_from_db()
    assert bill.state == "refunded"
    with pytest.raises(NothingOwed, match="hoàn trả"):
        counter.pay(bill, 1_000, key="again")


def test_a_payment_booked_by_mistake_is_taken_back_on_its_day(counter: Counter) -> None:
    bill = counter.bill()
    done = counter.pay(bill)
    for _press in range(2):
        actions.reverse_payment(
            actor=counter.cashier, payment_id=done.payment.pk, reason="Nhầm người", now=NOW
        )
    bill.refresh_from_db()
    assert (bill.state, bill.paid, queries.balance(counter.unit_id, "cash")) == ("open", 0, 0)
    assert Receipt.objects.get().state == "void"
    with pytest.raises(Conflict, match="hoàn trả thay"):
        again = counter.pay(bill, key="again")
        actions.reverse_payment(
            actor=counter.cashier, payment_id=again.payment.pk, reason="x", now=NOW + timedelta(days=1)
        )


def test_a_part_payment_of_a_cancelled_bill_goes_back_as_a_refund_only(counter: Counter) -> None:
    bill = counter.bill()
    part = counter.pay(bill, 8_000)
    actions.cancel_bill(actor=counter.cashier, bill_id=bill.pk, reason="Rút hồ sơ", now=NOW)
    with pytest.raises(Conflict, match="đề nghị hoàn trả"):
        actions.reverse_payment(actor=counter.cashier, payment_id=part.payment.pk, reason="x", now=NOW)
    bill.refresh_from_db()
    assert (bill.state, bill.paid) == ("cancelled", 8_000)


def test_strangers_take_no_money(counter: Counter) -> None:
    bill = counter.bill()
    with pytest.raises(NotAllowed):
        actions.take_payment(
            actor=counter.leader, bill_id=bill.pk, method="cash", amount=1_000, key="k", now=NOW
        )
    with pytest.raises(NotAllowed):
        actions.open_book(
            actor=counter.cashier, unit_id=counter.unit_id, form_symbol="01BLP2-001", series="AC-25T", now=NOW
        )


def test_a_bill_of_nothing_is_paid_from_the_start(counter: Counter) -> None:
    bill = counter.bill(lines=(actions.BillLine("x", "phi", "Không thu", 0),))
    assert (bill.state, Entry.objects.count()) == ("paid", 0)


def test_the_same_bill_asked_for_twice_is_one_bill(counter: Counter) -> None:
    assert counter.bill().pk == counter.bill().pk
    with pytest.raises(KeyUsed):
        counter.bill(lines=LINES[:1])


def test_a_payment_takes_a_bounded_number_of_statements(counter: Counter) -> None:
    bill = counter.bill()
    with CaptureQueriesContext(
        connection,
    ) as queries_run:
        counter.pay(bill)
    assert len(queries_run) <= 20, [q["sql"][:90] for q in queries_run]
