"""What a person paid too much is offered where they owe, and used by one press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from motcua.counter.tests.till import Till, make_till, words
from motcua.payments import actions, queries
from motcua.payments.models import Payment
from motcua.payments.tests.counter import NOW


@pytest.fixture
def till(db: None) -> Iterator[Till]:
    with time_machine.travel(NOW, tick=False):
        yield make_till()
        found = queries.check_ledger()
        assert found.ok, found.problems


def test_what_was_paid_too_much_is_offered_and_used_by_one_press_and_only_once(till: Till) -> None:
    rich, poor = till.bill("thua"), till.bill("thieu")
    till.books.pay(rich, 20_000, method="transfer")
    shown = till.cashier.get(till.url(poor)).content.decode()
    assert "7.000" in shown and rich.subject in shown
    asked = {"from": rich.reference, "amount": "7000"}
    answer = till.cashier.post(f"{till.url(poor)}nop-thua/", asked)
    paid = Payment.objects.get(bill=poor)
    assert (answer.status_code, answer["Location"]) == (302, f"/thu-phi/da-thu/{paid.pk}/")
    again = till.cashier.post(f"{till.url(poor)}nop-thua/", asked, follow=True)
    assert "không còn tiền nộp thừa" in again.content.decode()
    assert Payment.objects.filter(bill=poor).count() == 1


def test_where_nothing_is_too_much_nothing_is_offered(till: Till) -> None:
    till.books.pay(till.bill("du"))
    assert "nop-thua" not in till.cashier.get(till.url(till.bill("thieu"))).content.decode()


def test_what_was_used_and_taken_back_can_be_used_again(till: Till) -> None:
    rich, poor = till.bill("thua"), till.bill("thieu")
    till.books.pay(rich, 20_000, method="transfer")
    asked = {"from": rich.reference, "amount": "7000"}
    till.cashier.post(f"{till.url(poor)}nop-thua/", asked)
    actions.reverse_payment(
        actor=till.books.cashier, payment_id=Payment.objects.get(bill=poor).pk, reason="Nhầm", now=NOW
    )
    till.cashier.post(f"{till.url(poor)}nop-thua/", asked)
    poor.refresh_from_db()
    assert poor.paid == 7_000


def test_the_bill_itself_says_what_was_paid_too_much_until_it_is_used(till: Till) -> None:
    rich, poor = till.bill("thua"), till.bill("thieu")
    till.books.pay(rich, 20_000, method="transfer")
    assert "Còn giữ 7.000 đồng nộp thừa" in words(till.cashier.get(till.url(rich)))
    till.cashier.post(f"{till.url(poor)}nop-thua/", {"from": rich.reference, "amount": "7000"})
    assert "nộp thừa" not in words(till.cashier.get(till.url(rich)))
