"""The proof of the books finds what is wrong with bills and days, and costs the same whatever their number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.kernel import clock
from motcua.payments import actions, queries
from motcua.payments.models import Bill, CashierDay, Entry
from motcua.payments.tests.counter import NOW, Counter, make_counter

pytestmark = pytest.mark.django_db
MOST = 25


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.fixture
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def a_day(counter: Counter, number: int) -> None:
    """Three payments, and the day is closed."""
    now = NOW + timedelta(days=number)
    for place in range(3):
        counter.pay(counter.bill(f"d{number}-{place}", now=now), now=now)
    cash = queries.balance(counter.unit_id, "cash", until=clock.today(now))
    actions.close_day(
        actor=counter.cashier, unit_id=counter.unit_id, day=clock.today(now), counted=cash, now=now
    )


def test_a_proof_costs_as_many_statements_for_three_days_as_for_one(counter: Counter) -> None:
    counted = []
    for days in ((0,), (1, 2)):
        for number in days:
            a_day(counter, number)
        with CaptureQueriesContext(connection) as made:
            found = queries.check_ledger()
        assert found.ok, found.problems
        counted.append(len(made.captured_queries))
    assert counted[0] == counted[1] <= MOST


def test_a_wrong_count_and_a_later_entry_are_named_by_their_day(counter: Counter, undone: None) -> None:
    for number in (0, 1):
        a_day(counter, number)
    first = CashierDay.objects.order_by("day").first()
    assert first is not None
    CashierDay.objects.filter(pk=first.pk).update(counted=first.counted + 1)
    Entry.objects.bulk_create(
        [
            Entry(
                key="late", kind="correction", unit_id=counter.unit_id, day=first.day,
                at=first.closed_at + timedelta(hours=1), actor_name="x",
            )
        ]
    )  # fmt: skip
    problems = queries.check_ledger().problems
    assert f"entry late was posted into the closed day {first.day}" in problems
    counted = f"closed day {first.day} of unit {counter.unit_id} counted 39001, the books say 39000"
    assert counted in problems
    assert sum(problem.startswith("closed day") for problem in problems) == 1


def test_only_the_bills_that_are_wrong_are_named(counter: Counter, undone: None) -> None:
    wrong, right = counter.bill("b1"), counter.bill("b2")
    for bill in (wrong, right):
        counter.pay(bill)
    Bill.objects.filter(pk=wrong.pk).update(refunded=1)
    assert queries.check_ledger().problems == [
        f"bill {wrong.reference} says 1 refunded, the journal 0",
    ]
