"""Money paid too much pays another bill: once, with a receipt, and what is used cannot go back as well."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from motcua.kernel.errors import Conflict
from motcua.payments import actions, queries
from motcua.payments.actions.refunds import refundable
from motcua.payments.errors import NothingOwed, WrongAmount
from motcua.payments.models import Bill, Entry
from motcua.payments.tests.counter import LINES, NOW, Counter, make_counter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]
TODAY = date(2025, 12, 1)


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.fixture
def rich(counter: Counter) -> Bill:
    """A bill of 13,000 đồng on which 20,000 came by transfer."""
    return counter.pay(counter.bill("thua"), 20_000, method="transfer").bill


def use(counter: Counter, source: Bill, bill: Bill, amount: int, key: str = "k") -> actions.PaymentDone:
    return actions.allocate_advance(
        actor=counter.cashier, from_bill_id=source.pk, bill_id=bill.pk, amount=amount, key=key, now=NOW
    )


def test_an_advance_pays_another_bill_with_a_receipt_and_moves_no_money(counter: Counter, rich: Bill) -> None:
    poor = counter.bill("thieu")
    done = use(counter, rich, poor, 7_000)
    assert (done.bill.paid, done.bill.state, done.receipts[0].amount) == (7_000, "partly", 7_000)
    assert done.receipts[0].content["method_name"] == "Khấu trừ tiền nộp thừa"
    assert refundable(rich)["advance"] == 0
    assert queries.balance(counter.unit_id, "bank") == 20_000
    figures = queries.day_figures(counter.unit_id, TODAY)
    assert (dict(figures.taken), figures.payments) == ({"bank": 20_000}, 1)


def test_pressing_twice_uses_it_once(counter: Counter, rich: Bill) -> None:
    poor = counter.bill("thieu")
    first, second = use(counter, rich, poor, 7_000), use(counter, rich, poor, 7_000)
    assert (second.repeated, second.payment) == (True, first.payment)


@pytest.mark.parametrize("amount", [0, -1, 7_001, 13_000])
def test_no_more_than_there_is_can_be_used(counter: Counter, rich: Bill, amount: int) -> None:
    with pytest.raises(WrongAmount):
        use(counter, rich, counter.bill("thieu"), amount)


def test_what_was_used_is_not_given_back_as_well(counter: Counter, rich: Bill) -> None:
    use(counter, rich, counter.bill("thieu"), 5_000)
    with pytest.raises(WrongAmount):
        actions.ask_refund(
            actor=counter.cashier,
            bill_id=rich.pk,
            method="cash",
            parts={},
            advance=7_000,
            reason="x",
            now=NOW,
        )
    payment = rich.payments.get()
    with pytest.raises(Conflict, match="đã dùng"):
        actions.reverse_payment(actor=counter.cashier, payment_id=payment.pk, reason="Nhầm", now=NOW)


def test_a_use_by_mistake_is_taken_back_and_the_money_is_there_again(counter: Counter, rich: Bill) -> None:
    poor = counter.bill("thieu")
    done = use(counter, rich, poor, 7_000)
    actions.reverse_payment(actor=counter.cashier, payment_id=done.payment.pk, reason="Nhầm", now=NOW)
    poor.refresh_from_db()
    assert (poor.paid, poor.state, refundable(rich)["advance"], refundable(poor)["advance"]) == (
        0,
        "open",
        7_000,
        0,
    )
    assert use(counter, rich, poor, 7_000, key="again").bill.paid == 7_000


def test_a_paid_bill_takes_nothing_and_a_bill_never_pays_itself(counter: Counter, rich: Bill) -> None:
    with pytest.raises(NothingOwed):
        use(counter, rich, counter.pay(counter.bill("du")).bill, 1_000)
    with pytest.raises(Conflict):
        use(counter, rich, rich, 1_000)


def test_after_the_close_it_belongs_to_the_next_day(counter: Counter, rich: Bill) -> None:
    poor = counter.bill("thieu")
    actions.close_day(actor=counter.cashier, unit_id=counter.unit_id, day=TODAY, counted=0, now=NOW)
    use(counter, rich, poor, 7_000)
    assert Entry.objects.get(key="k").day == TODAY + timedelta(days=1)


def bill_of(counter: Counter, key: str, name: str, id_number: str) -> Bill:
    return actions.open_bill(
        actor=counter.cashier,
        unit_id=counter.unit_id,
        budget_unit_id=counter.unit_id,
        subject=f"H05.101-251201-{key}",
        payer=actions.Payer(name, id_number),
        lines=LINES,
        key=key,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("name", "id_number"),
    [
        ("Nguyễn Thị Ánh", "027090009999"),
        ("Trần Văn Khác", ""),
        ("Nguyễn Thị Ánh", ""),
    ],
    ids=["another number", "another name", "only the same name"],
)
def test_the_money_of_one_person_pays_nobody_elses_bill(
    counter: Counter, rich: Bill, name: str, id_number: str
) -> None:
    with pytest.raises(Conflict, match="cùng người nộp"):
        use(counter, rich, bill_of(counter, "khac", name, id_number), 1_000)


def test_it_pays_for_the_same_number_and_for_another_bill_of_the_same_dossier(
    counter: Counter, rich: Bill
) -> None:
    same_number = bill_of(counter, "so", "NGUYỄN THỊ ÁNH", "027090001234")
    assert use(counter, rich, same_number, 1_000).bill.paid == 1_000
    same_subject = bill_of(counter, "tra-ho", "Trần Văn Trả Hộ", "")
    Bill.objects.filter(pk=same_subject.pk).update(subject=rich.subject)
    assert use(counter, rich, same_subject, 1_000, key="k2").bill.paid == 1_000
