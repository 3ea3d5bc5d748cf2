"""The first page tells who must see to money: the day nobody closed, what waits for a second person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.counter.tests.till import Till, make_till
from motcua.desk import queries_money
from motcua.kernel.clock import today
from motcua.payments import actions
from motcua.payments.models import Bill
from motcua.payments.tests.counter import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(db: None) -> Iterator[Till]:
    with time_machine.travel(NOW, tick=False):
        made = make_till()
        made.pay(made.bill())
        yield made


def said(till: Till, *, leader: bool = False, days: int = 0) -> list[str]:
    actor = till.books.leader if leader else till.books.cashier
    return [hint.text.render() for hint in queries_money.hints(actor, today(NOW + timedelta(days=days)))]


def ask(till: Till) -> int:
    refund = actions.ask_refund(
        actor=till.books.cashier,
        bill_id=Bill.objects.get().pk,
        method="cash",
        parts={"le_phi": 5_000},
        reason="Thuộc diện miễn",
        now=NOW,
    )
    return int(refund.pk)


def test_today_says_nothing_and_the_next_morning_asks_for_the_day_before(till: Till) -> None:
    assert said(till) == []
    assert said(till, days=1) == ["Chưa khóa sổ thu ngày 01/12/2025"]


def test_a_refund_is_with_the_leader_and_then_with_the_cashier(till: Till) -> None:
    refund = ask(till)
    assert said(till) == []
    assert said(till, leader=True) == ["1 đề nghị hoàn trả chờ bạn xác nhận"]
    actions.confirm_refund(actor=till.books.leader, refund_id=refund, now=NOW)
    assert said(till, leader=True) == []
    assert said(till) == ["1 khoản hoàn trả đã xác nhận, chờ chi"]


def test_a_count_that_differs_too_much_is_with_the_leader(till: Till) -> None:
    actions.count_day(
        actor=till.books.cashier,
        unit_id=till.unit_id,
        day=today(NOW),
        pieces={500_000: 1},
        loose=0,
        explanation="Chưa rõ",
        now=NOW,
    )
    assert said(till, leader=True) == ["1 lần đếm tiền lệch sổ chờ bạn xác nhận"]


def test_what_it_costs(till: Till) -> None:
    for actor, most in ((till.books.cashier, 4), (till.books.leader, 3)):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            queries_money.hints(actor, today(NOW))
        assert len(seen) <= most


def test_the_hint_of_an_open_day_leads_to_that_day(till: Till) -> None:
    (hint,) = queries_money.hints(till.books.cashier, today(NOW + timedelta(days=1)))
    assert (hint.view, hint.query) == ("cashier:closing", f"so={till.unit_id}&ngay=2025-12-01")
