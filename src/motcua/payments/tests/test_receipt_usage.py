"""The usage report: what was there is what was used, destroyed, handed over or is left, in every quarter."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.payments.rules.receipt_usage import (
    BookFacts,
    Quarter,
    Span,
    quarter_of,
    read_quarter,
    spans,
    sums,
    usage_row,
)

FIRST = date(2025, 1, 1)
QUARTERS = [Quarter(year, number) for year in (2025, 2026) for number in (1, 2, 3, 4)]


@st.composite
def lives(draw: st.DrawFn) -> tuple[BookFacts, list[date], dict[int, date], dict[int, date]]:
    """A book's whole life: the days its numbers were given, and when some of them were void or lost."""
    first, size = draw(st.integers(1, 9_000_000)), draw(st.integers(1, 40))
    starts = FIRST + timedelta(days=draw(st.integers(0, 400)))
    given_on = sorted(
        starts + timedelta(days=draw(st.integers(0, 300))) for _ in range(draw(st.integers(0, size)))
    )
    ends = None
    if draw(st.booleans()):
        ends = max([starts, *given_on]) + timedelta(days=draw(st.integers(0, 60)))
    rest = draw(st.sampled_from(["", "destroyed", "handed_over"])) if ends else ""
    fate: list[dict[int, date]] = [{}, {}]
    for place, day in enumerate(given_on):
        which = draw(st.integers(0, 4))
        if which < 2:
            fate[which][first + place] = day + timedelta(days=draw(st.integers(0, 120)))
    book = BookFacts(
        "01BLP2-001", "AA-25T", Span(first, first + size - 1), starts, 0, 0, ends_on=ends, rest=rest
    )
    return book, given_on, fate[0], fate[1]


def facts_in(
    life: tuple[BookFacts, list[date], dict[int, date], dict[int, date]], quarter: Quarter
) -> BookFacts:
    """Counted one by one, as somebody with the paper stubs would."""
    book, given_on, voided, lost = life
    numbers = {book.numbers.first + place: day for place, day in enumerate(given_on)}
    inside = {number for number, day in numbers.items() if quarter.first <= day <= quarter.last}

    def marked(fate: dict[int, date]) -> tuple[int, ...]:
        return tuple(sorted(number for number in inside if fate.get(number, date.max) <= quarter.last))

    return BookFacts(
        book.form_symbol,
        book.series,
        book.numbers,
        book.starts_on,
        given_before=sum(day < quarter.first for day in given_on),
        given=len(inside),
        ends_on=book.ends_on,
        rest=book.rest,
        voided=marked(voided),
        lost=marked(lost),
    )


@given(lives())
def test_every_quarter_balances_and_begins_where_the_last_ended(
    life: tuple[BookFacts, list[date], dict[int, date], dict[int, date]],
) -> None:
    left, used = 0, 0
    for quarter in QUARTERS:
        row = usage_row(facts_in(life, quarter), quarter)
        if row is None:
            assert left == 0, "numbers vanished between two quarters"
            continue
        assert row.balanced
        assert row.opening.count == left
        assert row.good >= 0
        left, used = row.closing.count, used + row.used.count
    assert used == sum(QUARTERS[0].first <= day <= QUARTERS[-1].last for day in life[1])


@given(st.lists(lives(), max_size=5))
def test_the_sums_are_those_of_the_columns(
    found: list[tuple[BookFacts, list[date], dict[int, date], dict[int, date]]],
) -> None:
    quarter = Quarter(2025, 3)
    rows = [row for life in found if (row := usage_row(facts_in(life, quarter), quarter))]
    total = sums(rows)
    assert total.opening + total.received == total.used + total.destroyed + total.handed_over + total.closing
    assert total.good + total.voided + total.lost == total.used


@given(st.sets(st.integers(1, 60)))
def test_numbers_are_told_as_spans_without_losing_one(numbers: set[int]) -> None:
    found = spans(sorted(numbers))
    assert {n for span in found for n in range(span.first, span.last + 1)} == numbers
    assert all(after.first > before.last + 1 for before, after in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("text", "quarter", "due"),
    [("2025-Q4", Quarter(2025, 4), date(2026, 1, 31)), ("2026-1", Quarter(2026, 1), date(2026, 4, 30))],
)
def test_a_quarter_is_read_and_knows_its_due_day(text: str, quarter: Quarter, due: date) -> None:
    assert (read_quarter(text), quarter.due) == (quarter, due)
    assert quarter_of(quarter.last) == quarter
    assert quarter_of(quarter.last + timedelta(days=1)) == quarter.next


@pytest.mark.parametrize("text", ["", "2025", "2025-5", "25-1", "x", "2025-Q0"])
def test_what_is_no_quarter_is_none(text: str) -> None:
    assert read_quarter(text) is None
