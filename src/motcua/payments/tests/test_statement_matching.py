"""Statements in the books: booked once, only what is certain by itself, and everything can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.kernel.errors import Conflict, Invalid, NotAllowed
from motcua.payments import actions, queries
from motcua.payments.errors import UnknownBill, WrongAmount
from motcua.payments.models import BankAccount, Payment, Receipt, Statement, StatementLine
from motcua.payments.tests.counter import LINES, NOW, Counter, make_counter
from motcua.payments.tests.statements import bring, csv_of, open_account, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.fixture
def account(counter: Counter) -> BankAccount:
    return open_account(counter)


def test_a_transfer_with_its_reference_and_the_right_amount_is_booked_by_itself(
    counter: Counter, account: BankAccount
) -> None:
    bill = counter.bill()
    bring(counter, account, csv_of(("FT1", 13_000, f"MBVCB.99.{bill.reference.lower()}.CT tu 0123")))
    bill.refresh_from_db()
    payment = Payment.objects.get()
    assert (bill.state, payment.method, payment.reference) == ("paid", "transfer", "FT1")
    assert Receipt.objects.get().amount == 13_000
    assert queries.balance(counter.unit_id, "bank") == 13_000
    assert states(account) == ["matched"]


def test_the_same_file_again_changes_nothing(counter: Counter, account: BankAccount) -> None:
    data = csv_of(("FT1", 13_000, counter.bill().reference), ("FT2", 7_000, "lãi"))
    first, second = bring(counter, account, data), bring(counter, account, data)
    assert (first.new, second.new, second.repeated) == (2, 0, True)
    assert (Payment.objects.count(), StatementLine.objects.count(), Statement.objects.count()) == (1, 2, 1)


def test_an_overlapping_statement_adds_only_what_is_new(counter: Counter, account: BankAccount) -> None:
    one, two = counter.bill("b1"), counter.bill("b2")
    bring(counter, account, csv_of(("FT1", 13_000, one.reference)))
    done = bring(counter, account, csv_of(("FT1", 13_000, one.reference), ("FT2", 13_000, two.reference)))
    assert (done.new, done.known) == (1, 1)
    assert Payment.objects.count() == 2


def test_a_part_is_only_proposed_and_the_rest_is_then_certain(counter: Counter, account: BankAccount) -> None:
    bill = counter.bill()
    bring(counter, account, csv_of(("FT1", 10_000, bill.reference), ("FT2", 3_000, bill.reference)))
    assert states(account) == ["proposed", "proposed"]
    first = StatementLine.objects.get(number="FT1")
    actions.settle_line(actor=counter.cashier, line_id=first.pk, parts=[(bill.pk, 10_000)], now=NOW)
    bring(counter, account, csv_of(("FT3", 1, "khác")))
    bill.refresh_from_db()
    assert (bill.state, states(account)) == ("paid", ["matched", "matched", "unmatched"])


def test_one_line_pays_several_bills_of_a_person(counter: Counter, account: BankAccount) -> None:
    one, two = counter.bill("b1"), counter.bill("b2", LINES[:1])
    bring(counter, account, csv_of(("FT1", 21_000, "NGUYEN THI ANH nop le phi")))
    line = StatementLine.objects.get()
    assert line.state == "proposed"
    parts = [(two.pk, 8_000), (one.pk, 13_000)]
    for _press in range(2):
        actions.settle_line(actor=counter.cashier, line_id=line.pk, parts=parts, now=NOW)
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [8_000, 13_000]
    assert {bill.state for bill in queries.bills_of(one.subject) + queries.bills_of(two.subject)} == {"paid"}


def test_too_much_is_an_advance_that_can_be_given_back(counter: Counter, account: BankAccount) -> None:
    bill = counter.bill()
    bring(counter, account, csv_of(("FT1", 20_000, bill.reference)))
    line = StatementLine.objects.get()
    assert line.state == "proposed"
    actions.settle_line(actor=counter.cashier, line_id=line.pk, parts=[(bill.pk, 20_000)], now=NOW)
    bill.refresh_from_db()
    assert actions.refundable(bill)["advance"] == 7_000


def test_money_for_a_cancelled_bill_waits_for_a_person_and_becomes_an_advance(
    counter: Counter, account: BankAccount
) -> None:
    bill = counter.bill()
    actions.cancel_bill(actor=counter.cashier, bill_id=bill.pk, reason="Rút hồ sơ", now=NOW)
    bring(counter, account, csv_of(("FT1", 13_000, bill.reference)))
    line = StatementLine.objects.get()
    assert line.state == "proposed"
    assert any("hoàn trả" in said for said in line.why)
    actions.settle_line(actor=counter.cashier, line_id=line.pk, parts=[(bill.pk, 13_000)], now=NOW)
    bill.refresh_from_db()
    assert actions.refundable(bill)["advance"] == 13_000


def test_what_was_taken_by_hand_with_the_same_number_is_tied_not_booked_again(
    counter: Counter, account: BankAccount
) -> None:
    bill = counter.bill()
    actions.take_payment(
        actor=counter.cashier,
        bill_id=bill.pk,
        method="transfer",
        amount=13_000,
        key="hand",
        reference="FT1",
        now=NOW,
    )
    bring(counter, account, csv_of(("FT1", 13_000, bill.reference)))
    assert (Payment.objects.count(), states(account)) == (1, ["matched"])


def test_what_the_platform_paid_is_tied_by_its_number_in_the_text(
    counter: Counter, account: BankAccount
) -> None:
    bill = counter.bill()
    actions.take_payment(
        actor=counter.cashier,
        bill_id=bill.pk,
        method="platform",
        amount=13_000,
        key="pp",
        reference="PP251201000077",
        now=NOW,
    )
    bring(counter, account, csv_of(("FT9", 13_000, f"NTTTQG PP251201000077 {bill.reference}")))
    assert (Payment.objects.count(), states(account)) == (1, ["matched"])


def test_the_number_of_a_matched_line_cannot_be_taken_again_by_hand(
    counter: Counter, account: BankAccount
) -> None:
    bill, other = counter.bill("b1"), counter.bill("b2")
    bring(counter, account, csv_of(("FT1", 13_000, bill.reference)))
    with pytest.raises(Invalid, match="đã ghi cho một khoản thu khác"):
        actions.take_payment(
            actor=counter.cashier,
            bill_id=other.pk,
            method="transfer",
            amount=13_000,
            key="hand",
            reference="FT1",
            now=NOW,
        )


@pytest.mark.parametrize("days", [0, 3])
def test_a_wrong_match_is_taken_back_and_made_anew(counter: Counter, account: BankAccount, days: int) -> None:
    wrong, right = counter.bill("b1"), counter.bill("b2")
    bring(counter, account, csv_of(("FT1", 13_000, wrong.reference)))
    if days:
        actions.close_day(actor=counter.cashier, unit_id=counter.unit_id, day=NOW.date(), counted=0, now=NOW)
    later = NOW + timedelta(days=days)
    line = StatementLine.objects.get()
    for _press in range(2):
        line = actions.undo_match(actor=counter.cashier, line_id=line.pk, reason="Nhầm khoản", now=later)
    wrong.refresh_from_db()
    assert (wrong.state, wrong.paid, line.state, line.automatic) == ("open", 0, "proposed", False)
    assert actions.settle_automatic(actor=counter.cashier, account_id=account.pk, now=later)["booked"] == 0
    actions.settle_line(actor=counter.cashier, line_id=line.pk, parts=[(right.pk, 13_000)], now=later)
    right.refresh_from_db()
    assert right.state == "paid"
    assert queries.balance(counter.unit_id, "bank") == 13_000


def test_what_a_line_is_matched_with_is_taken_back_at_the_line_alone(
    counter: Counter, account: BankAccount
) -> None:
    """Found by the money machine: unbooked beside its line, the line stood for money that was not in the books."""
    bring(counter, account, csv_of(("FT1", 13_000, counter.bill().reference)))
    payment = Payment.objects.get()
    with pytest.raises(Conflict, match="gỡ khớp ở sao kê"):
        actions.unbook_transfer(actor=counter.cashier, payment_id=payment.pk, reason="Bị trả lại", now=NOW)
    assert states(account) == ["matched"]
    actions.undo_match(
        actor=counter.cashier, line_id=StatementLine.objects.get().pk, reason="Bị trả lại", now=NOW
    )
    assert queries.balance(counter.unit_id, "bank") == 0


def test_a_line_put_aside_says_why_and_comes_back(counter: Counter, account: BankAccount) -> None:
    bring(counter, account, csv_of(("FT1", 500, "lãi tiền gửi")))
    line = StatementLine.objects.get()
    actions.ignore_line(actor=counter.cashier, line_id=line.pk, reason="Lãi tiền gửi", now=NOW)
    assert states(account) == ["ignored"]
    actions.undo_match(actor=counter.cashier, line_id=line.pk, reason="Xem lại", now=NOW)
    assert states(account) == ["unmatched"]


def test_parts_must_come_to_the_line_and_bills_be_of_the_unit(counter: Counter, account: BankAccount) -> None:
    bill = counter.bill()
    bring(counter, account, csv_of(("FT1", 10_000, "x")))
    line = StatementLine.objects.get()
    with pytest.raises(WrongAmount, match="bằng nhau"):
        actions.settle_line(actor=counter.cashier, line_id=line.pk, parts=[(bill.pk, 9_000)], now=NOW)
    with pytest.raises(UnknownBill):
        actions.settle_line(actor=counter.cashier, line_id=line.pk, parts=[(bill.pk + 99, 10_000)], now=NOW)


def test_strangers_bring_no_statement(counter: Counter, account: BankAccount) -> None:
    with pytest.raises(NotAllowed):
        actions.import_statement(
            actor=counter.leader, account_id=account.pk, name="a.csv", data=csv_of(("1", 1, "x")), now=NOW
        )


def test_a_saved_mapping_reads_what_no_layout_knows(counter: Counter, account: BankAccount) -> None:
    data = 'Khi nào,Bao nhiêu,Gì\n01/12/2025,"13,000",abc\n'.encode()
    actions.save_mapping(
        actor=counter.cashier,
        account_id=account.pk,
        name="Ngân hàng huyện",
        columns={"date": "Khi nào", "amount": "Bao nhiêu", "text": "Gì"},
        now=NOW,
    )
    assert bring(counter, account, data).new == 1
