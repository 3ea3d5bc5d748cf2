from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.dossiers.rules import worklist as rules
from motcua.dossiers.rules.worklist import BadCursor, Cursor, Filters
from motcua.organisation.rules.working_time import Session, WorkCalendar

OFFICE = WorkCalendar(
    {day: (Session(time(7, 30), time(11, 30)), Session(time(13, 30), time(17, 30))) for day in range(5)}
)
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # Monday 09:00 in Viet Nam


@given(
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.integers(min_value=0, max_value=2**63 - 1),
)
def test_a_cursor_read_back_is_the_same_place(moment: datetime | None, number: int) -> None:
    place = Cursor(moment, number)
    assert Cursor.decode(place.encode()) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "%%%",
        "MjAyNi0xMS0xNnwx",
        "fDE4NDQ2NzQ0MDczNzA5NTUxNjE2",
        "fC0x",
        "ữ",
        "MjAyNi0xMS0xNlQwMDowMDowMHwx",
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.decode(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_cursor(text: str) -> None:
    with contextlib.suppress(BadCursor):
        Cursor.decode(text)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (datetime(2026, 11, 16, 1, 59, tzinfo=UTC), "overdue"),
        (datetime(2026, 11, 16, 10, 0, tzinfo=UTC), "today"),
        (datetime(2026, 11, 16, 16, 59, tzinfo=UTC), "today"),
        (datetime(2026, 11, 16, 17, 0, tzinfo=UTC), ""),
        (None, ""),
    ],
)
def test_today_ends_at_midnight_in_viet_nam(due: datetime | None, expected: str) -> None:
    assert rules.urgency(due, NOW) == expected


def test_a_paused_row_is_never_overdue() -> None:
    assert rules.urgency(datetime(2026, 1, 1, tzinfo=UTC), NOW, paused=True) == ""


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (
            datetime(2026, 11, 16, 4, 10, tzinfo=UTC),
            (None, Fraction(2)),
        ),  # 11:10: two hours ten, rounded down
        (datetime(2026, 11, 16, 2, 5, tzinfo=UTC), (None, Fraction(1, 4))),
        (datetime(2026, 11, 17, 2, 0, tzinfo=UTC), (Fraction(1), None)),
        (datetime(2026, 11, 19, 4, 0, tzinfo=UTC), (Fraction(13, 4), None)),
        (datetime(2026, 11, 13, 2, 0, tzinfo=UTC), (Fraction(1), None)),  # Friday 09:00: one working day late
        (None, (None, None)),
    ],
)
def test_time_left_is_working_time_rounded_down_to_quarters(
    due: datetime | None, expected: tuple[Fraction | None, Fraction | None]
) -> None:
    assert rules.working_time(OFFICE, due, NOW) == expected


def test_soon_reaches_to_the_end_of_the_second_working_day() -> None:
    friday = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert rules.soon_until(OFFICE, friday) == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # Tuesday midnight


def test_days_of_a_filter_are_days_in_viet_nam() -> None:
    opens, closes = rules.day_bounds(date(2026, 11, 16), date(2026, 11, 16))
    assert opens == datetime(2026, 11, 15, 17, 0, tzinfo=UTC)
    assert closes == datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
    assert rules.day_bounds(None, None) == (None, None)


def test_the_bulk_bar_offers_what_every_row_allows_in_the_order_of_the_first() -> None:
    assert rules.in_common([("a", "b", "c"), {"c", "a"}, ["x", "c", "a"]]) == ("a", "c")
    assert rules.in_common([]) == ()
    assert rules.in_common([("a",), ()]) == ()


def test_filters_without_values_narrow_nothing() -> None:
    assert not Filters().active
    assert Filters(unit_id=3).active


@pytest.mark.parametrize("day", [date.min, date.max])
def test_impossible_days_of_a_filter_still_make_instants(day: date) -> None:
    first, last = rules.day_bounds(day, day)
    assert first is not None and last is not None
    assert first.astimezone(UTC) < last.astimezone(UTC)
