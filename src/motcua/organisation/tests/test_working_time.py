"""Working time: tables of days and hours, and what must hold for all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.organisation.rules.working_time import (
    DayException,
    DayKind,
    NoWorkingTime,
    Session,
    WorkCalendar,
    date_text,
    day_text,
    instant_text,
    merge,
)
from motcua.organisation.tests.calendars import (
    EARLY,
    MORNING,
    NEVER,
    PLAIN,
    PROVINCE,
    SATURDAY_MORNING,
    WEEK,
    off,
    vn,
)

CALENDARS = [PROVINCE, PLAIN, SATURDAY_MORNING, EARLY]
EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
# Every minute of three years.
INSTANTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("2026-11-28", False),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-04-26", False),
        ("2026-04-27", False),
        ("2026-02-20", False),
        ("2026-02-23", True),
        ("2025-04-26", True),
    ],
)
def test_a_day_is_worked_or_not(day: str, working: bool) -> None:
    assert PROVINCE.is_working_day(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2025-08-30", "ngày nghỉ hằng tuần"),
        ("2025-09-01", "nghỉ lễ Quốc khánh, Công văn 8726/VPCP-KGVX"),
        ("2026-08-31", "nghỉ hoán đổi dịp Quốc khánh (đi làm bù ngày 22/8/2026)"),
        ("2025-05-02", "nghỉ hoán đổi (đi làm bù ngày 26/4/2025), Công văn 8726/VPCP-KGVX"),
    ],
)
def test_a_day_off_says_why(day: str, why: str) -> None:
    reason = PROVINCE.why_not_working(date.fromisoformat(day))
    assert reason is not None
    assert reason.source() == why


def test_a_working_day_has_no_reason_to_be_off() -> None:
    assert PROVINCE.why_not_working(date(2026, 11, 23)) is None
    note = PROVINCE.note_on(date(2026, 8, 22))
    assert note is not None
    assert note.source() == "làm bù dịp Quốc khánh (làm thay ngày 31/8/2026)"


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 09:00:59", "2026-11-23 09:00"),
        ("2026-11-23 00:00", "2026-11-23 07:30"),
        ("2026-11-23 11:30", "2026-11-23 13:30"),
        ("2026-11-23 12:10", "2026-11-23 13:30"),
        ("2026-11-23 17:30", "2026-11-25 07:30"),
        ("2026-11-27 18:05", "2026-11-30 07:30"),
        ("2026-02-13 23:59", "2026-02-23 07:30"),
        ("2026-12-31 20:00", "2027-01-01 07:30"),
    ],
)
def test_the_clock_starts_at_the_next_session(at: str, first: str) -> None:
    assert PROVINCE.first_working_instant(vn(at)) == vn(first)


@pytest.mark.parametrize(
    ("day", "n", "then"),
    [
        ("2025-08-28", 3, "2025-09-04"),
        ("2026-11-23", 1, "2026-11-25"),
        ("2026-02-13", 1, "2026-02-23"),
        ("2026-08-21", 1, "2026-08-22"),
        ("2026-08-28", 1, "2026-09-03"),
        ("2026-04-24", 2, "2026-04-29"),
        ("2026-04-29", 1, "2026-05-04"),
        ("2025-12-31", 1, "2026-01-05"),
        ("2026-11-28", 0, "2026-11-28"),
    ],
)
def test_working_days_are_counted_from_the_day_after(day: str, n: int, then: str) -> None:
    start = date.fromisoformat(day)
    assert PROVINCE.add_working_days(start, n) == date.fromisoformat(then)
    assert PROVINCE.working_days_between(start, date.fromisoformat(then)) == n


@pytest.mark.parametrize(
    ("at", "minutes", "then"),
    [
        ("2026-11-30 07:30", 240, "2026-11-30 11:30"),
        ("2026-11-30 07:30", 241, "2026-11-30 13:31"),
        ("2026-11-30 11:00", 60, "2026-11-30 14:00"),
        ("2026-11-30 12:00", 0, "2026-11-30 13:30"),
        ("2026-11-30 11:30", 0, "2026-11-30 11:30"),
        ("2026-11-23 17:00", 60, "2026-11-25 08:00"),
        ("2026-11-27 18:05", 480, "2026-11-30 17:30"),
    ],
)
def test_working_minutes_pass_only_in_sessions(at: str, minutes: int, then: str) -> None:
    assert PROVINCE.add_working_minutes(vn(at), minutes) == vn(then)


def test_saturday_morning_is_half_a_day_where_the_unit_opens_then() -> None:
    assert SATURDAY_MORNING.sessions_on(date(2026, 11, 28)) == (MORNING,)
    assert SATURDAY_MORNING.add_working_minutes(vn("2026-11-27 16:30"), 120) == vn("2026-11-28 08:30")
    assert SATURDAY_MORNING.same_hour_on(date(2026, 11, 28), vn("2026-11-27 16:30")) == vn("2026-11-28 11:30")


def test_a_unit_overrides_weekdays_and_dates_and_inherits_the_rest() -> None:
    unit = WorkCalendar({4: (MORNING,)}, {date(2026, 11, 25): off("nghỉ đột xuất do bão", "")})
    calendar = merge(PROVINCE, unit)
    assert calendar.sessions_on(date(2026, 11, 27)) == (MORNING,)
    assert not calendar.is_working_day(date(2026, 11, 24))
    assert not calendar.is_working_day(date(2026, 11, 25))
    assert calendar.sessions_on(date(2026, 11, 26)) == PROVINCE.sessions_on(date(2026, 11, 26))


def test_half_a_day_off_is_a_worked_day_with_the_sessions_that_remain() -> None:
    eve = DayException(DayKind.WORKED, "nghỉ chiều giáp Tết", "", sessions=(MORNING,))
    calendar = WorkCalendar(WEEK, {date(2026, 2, 13): eve})
    assert calendar.closing(date(2026, 2, 13)) == vn("2026-02-13 11:30")


def test_days_off_are_listed_with_both_ends() -> None:
    days = PROVINCE.days_off_between(date(2025, 8, 30), date(2025, 9, 3))
    assert [(d.day.day, d.why.source()[:8]) for d in days] == [
        (30, "ngày ngh"),
        (31, "ngày ngh"),
        (1, "nghỉ lễ "),
        (2, "nghỉ lễ "),
    ]


def test_opening_and_closing_frame_a_working_day() -> None:
    assert PROVINCE.opening(date(2026, 11, 23)) == vn("2026-11-23 07:30")
    assert PROVINCE.closing(date(2026, 11, 23)) == vn("2026-11-23 17:30")
    assert PROVINCE.opening(date(2026, 11, 24)) is None
    assert PROVINCE.is_working_time(vn("2026-11-23 11:29"))
    assert not PROVINCE.is_working_time(vn("2026-11-23 11:30"))


def test_instants_of_any_zone_are_read_in_viet_nam() -> None:
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert PROVINCE.add_working_minutes(at, 30) == vn("2026-11-23 09:30")
    assert PROVINCE.first_working_instant(datetime(2026, 11, 22, 18, 0, tzinfo=UTC)) == vn("2026-11-23 07:30")


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        PROVINCE.first_working_instant(datetime(2026, 11, 23, 9))  # noqa: DTZ001


def test_a_calendar_without_sessions_stops_with_a_sentence() -> None:
    with pytest.raises(NoWorkingTime) as refused:
        NEVER.add_working_minutes(vn("2026-11-23 09:00"), 1)
    assert "cần khai báo lịch làm việc" in refused.value.message.source()
    with pytest.raises(NoWorkingTime):
        NEVER.next_working_day(date(2026, 11, 23))
    assert NEVER.working_minutes_between(vn("2026-01-01 00:00"), vn("2026-12-31 00:00")) == 0


def test_absurd_amounts_and_broken_sessions_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0"):
        PROVINCE.add_working_days(date(2026, 1, 1), -1)
    with pytest.raises(ValueError, match="between 0"):
        PROVINCE.add_working_minutes(vn("2026-11-23 09:00"), 10**9)
    with pytest.raises(ValueError, match="must open"):
        Session(time(11), time(11))
    with pytest.raises(ValueError, match="overlap"):
        WorkCalendar({0: (Session(time(7), time(12)), Session(time(11), time(17)))})


def test_dates_are_written_as_official_papers_write_them() -> None:
    assert date_text(date(2025, 9, 1)) == "01/9/2025"
    assert date_text(date(2026, 2, 16)) == "16/02/2026"
    assert day_text(date(2025, 8, 30)).source() == "30/8/2025 (Thứ Bảy)"
    assert instant_text(vn("2025-09-04 09:00")).source() == "09:00 ngày 04/9/2025 (Thứ Năm)"


@given(st.sampled_from(CALENDARS), INSTANTS, st.integers(0, 5000), st.integers(0, 5000))
def test_minutes_add_up(calendar: WorkCalendar, at: datetime, a: int, b: int) -> None:
    assert calendar.add_working_minutes(
        calendar.add_working_minutes(at, a), b
    ) == calendar.add_working_minutes(at, a + b)


@given(st.sampled_from(CALENDARS), INSTANTS, st.integers(0, 20000))
def test_minutes_between_undo_minutes_added(calendar: WorkCalendar, at: datetime, n: int) -> None:
    then = calendar.add_working_minutes(at, n)
    assert calendar.working_minutes_between(at, then) == n
    assert calendar.working_minutes_between(then, at) == -n


@given(st.sampled_from(CALENDARS), DAYS, st.integers(0, 300))
def test_days_between_undo_days_added(calendar: WorkCalendar, day: date, n: int) -> None:
    assert calendar.working_days_between(day, calendar.add_working_days(day, n)) == n


@given(st.sampled_from(CALENDARS), DAYS, st.integers(0, 500))
def test_long_sums_equal_day_by_day_sums(calendar: WorkCalendar, day: date, n: int) -> None:
    last = day + timedelta(days=n)
    slow = sum(calendar.is_working_day(day + timedelta(days=i)) for i in range(1, n + 1))
    assert calendar.working_days_between(day, last) == slow


@given(st.sampled_from(CALENDARS), INSTANTS)
def test_the_first_working_instant_is_working_time_and_never_earlier(
    calendar: WorkCalendar, at: datetime
) -> None:
    first = calendar.first_working_instant(at)
    assert calendar.is_working_time(first)
    assert first >= at.replace(second=0, microsecond=0)
    assert calendar.first_working_instant(first) == first
