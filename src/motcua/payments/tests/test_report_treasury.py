"""What was paid in at the Treasury: the report is the journal, from the first đồng to the last."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from motcua.payments import actions, queries
from motcua.payments.queries import reports, treasury
from motcua.payments.rules.journal import MONEY
from motcua.payments.tests.counter import LINES, NOW, Counter, make_counter

MONDAY = date(2025, 12, 1)


def scope(counter: Counter, first: date = MONDAY, last: date = MONDAY, **chosen: object) -> reports.Scope:
    return reports.scope_of(counter.leader, first, last, **chosen)


def remit(counter: Counter, amount: int, *, method: str = "cash", days: int = 0, key: str = "r") -> None:
    actions.remit(
        actor=counter.cashier,
        unit_id=counter.unit_id,
        method=method,
        amount=amount,
        document=f"GNT {key}",
        key=key,
        now=NOW + timedelta(days=days),
    )


@pytest.mark.django_db
def test_a_week_is_told_from_what_was_there_to_what_is_left() -> None:
    counter = make_counter()
    counter.pay(counter.bill("b1"))
    actions.close_day(
        actor=counter.cashier,
        unit_id=counter.unit_id,
        day=MONDAY,
        counted=12_000,
        explanation="Thiếu",
        now=NOW,
    )
    later = NOW + timedelta(days=1)
    counter.pay(counter.bill("b2", LINES[:1], later), method="transfer", now=later)
    remit(counter, 12_000, days=1, key="a")
    remit(counter, 3_000, method="transfer", days=2, key="b")
    week = treasury.holdings(scope(counter, MONDAY + timedelta(days=1), MONDAY + timedelta(days=6)))
    (row,) = week.rows
    assert (row.opening, row.collected, row.returned, row.corrected, row.remitted, row.closing) == (
        12_000, 8_000, 0, 0, 15_000, 5_000,
    )  # fmt: skip
    (first,) = treasury.holdings(scope(counter)).rows
    assert (first.opening, first.collected, first.corrected, first.closing) == (0, 13_000, -1_000, 12_000)


@pytest.mark.django_db
def test_one_way_to_pay_is_told_alone() -> None:
    counter = make_counter()
    counter.pay(counter.bill("b1"))
    counter.pay(counter.bill("b2"), method="transfer")
    remit(counter, 5_000, method="transfer")
    sums = treasury.holdings(scope(counter, method="transfer")).sums
    assert (sums.collected, sums.remitted, sums.closing) == (13_000, 5_000, 8_000)
    assert treasury.remittances_page(scope(counter, method="cash"), None).count == 0


@pytest.mark.django_db
def test_the_documents_come_to_the_figure_they_stand_behind() -> None:
    counter = make_counter()
    counter.pay(counter.bill("b1"))
    for number in range(3):
        remit(counter, 1_000, days=number, key=f"{number}")
    days = scope(counter, MONDAY, MONDAY + timedelta(days=1))
    page = treasury.remittances_page(days, None)
    assert (page.count, page.total) == (2, treasury.holdings(days).sums.remitted)
    assert [(row.note, row.amount) for row in page.rows] == [("GNT 1", 1_000), ("GNT 0", 1_000)]


class WhateverHappened(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(
        days=st.lists(
            st.tuples(st.sampled_from(sorted(MONEY)), st.integers(0, 20_000), st.integers(0, 12)), max_size=6
        ),
        first=st.integers(0, 8),
        length=st.integers(0, 4),
    )
    def test_the_report_ends_with_what_the_books_hold(
        self, days: list[tuple[str, int, int]], first: int, length: int
    ) -> None:
        """Money comes day by day and a part of it is paid in; any days may be asked for."""
        counter = make_counter()
        for number, (method, paid_in, step) in enumerate(sorted(days, key=lambda day: day[2])):
            now = NOW + timedelta(days=step)
            counter.pay(counter.bill(f"b{number}", now=now), method=method, now=now)
            if 0 < paid_in <= queries.balance(counter.unit_id, MONEY[method]):
                remit(counter, paid_in, method=method, days=step, key=f"r{number}")
        start = MONDAY + timedelta(days=first)
        end = start + timedelta(days=length)
        found = treasury.holdings(scope(counter, start, end)).sums
        assert found.opening == _held(counter, start - timedelta(days=1))
        assert found.closing == _held(counter, end)


def _held(counter: Counter, day: date) -> int:
    return sum(queries.balance(counter.unit_id, account, until=day) for account in MONEY.values())
