"""The legal deadline: tables of dates an officer can check by hand."""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction

import pytest

from motcua.catalogue.rules.time_limits import (
    AFTER_15H,
    LAST_HOUR,
    Cutoff,
    CutoffKind,
    LimitExtra,
    LimitPhase,
    LimitUnit,
    TimeLimit,
    exact,
)
from motcua.dossiers.rules.deadline import (
    ClockEvent,
    ClockState,
    Deadline,
    DeadlinePolicy,
    EventKind,
    InvalidTimeline,
    PauseMode,
    TermEnd,
    compute,
)
from motcua.dossiers.rules.deadline_checks import (
    Verdict,
    check_change_limit,
    check_extension,
    is_overdue,
    outcome,
    time_left,
    time_left_text,
)
from motcua.dossiers.rules.deadline_explain import replay
from motcua.dossiers.rules.deadline_lines import LineKind
from motcua.organisation.rules.working_time import NoWorkingTime
from motcua.organisation.tests.calendars import EARLY, NEVER, PROVINCE, SATURDAY_MORNING, vn

SAME_DAY = TimeLimit.of(1, LimitUnit.WITHIN_DAY, cutoff=AFTER_15H)
KARAOKE = TimeLimit.of(1, LimitUnit.WITHIN_DAY, cutoff=LAST_HOUR)
FIVE = TimeLimit.of(5, LimitUnit.WORKING_DAY)
LAND = TimeLimit(
    (
        LimitPhase(Fraction(5), LimitUnit.WORKING_DAY, "Hẹn lần 1"),
        LimitPhase(
            Fraction(3), LimitUnit.WORKING_DAY, "Hẹn lần 2", waits_for="hoàn thành nghĩa vụ tài chính"
        ),
    )
)


def limit(text: str) -> TimeLimit:
    """A limit from "5wd", "15d", "8h", "3m" or "0.5wd+15d"."""
    units = {"wd": "working_day", "d": "calendar_day", "h": "working_hour", "m": "month", "c": "hour"}
    phases = []
    for part in text.split("+"):
        amount = part.rstrip("wdhmc")
        unit = part[len(amount) :]
        phases.append(LimitPhase(exact(amount), LimitUnit(units[unit]), around_the_clock=unit == "c"))
    return TimeLimit(tuple(phases))


def pause(at: str, until: str, mode: PauseMode | None = None, reason: str = "bổ sung") -> list[ClockEvent]:
    return [
        ClockEvent(EventKind.PAUSE, vn(at), reason, mode=mode),
        ClockEvent(EventKind.RESUME, vn(until), reason),
    ]


# Sessions 07:30-11:30 and 13:30-17:30, Monday to Friday, holidays of 2025 and 2026.
TABLE = [
    # law.md T1-T4 and its own rules
    ("1wd", "2026-11-23 09:00", "2026-11-25 09:00"),
    ("0.5wd", "2026-11-27 18:05", "2026-11-30 11:30"),
    ("14d", "2026-11-15 09:00", "2026-11-30 17:30"),
    ("5d", "2026-11-24 09:00", "2026-11-30 17:30"),
    ("6d", "2026-11-23 09:00", "2026-11-30 17:30"),
    # hours are kept, seconds dropped
    ("3wd", "2025-08-28 09:00", "2025-09-04 09:00"),
    ("3wd", "2025-08-28 09:00:59", "2025-09-04 09:00"),
    ("5wd", "2026-10-23 09:32", "2026-10-30 09:32"),
    ("1wd", "2026-11-26 17:29", "2026-11-27 17:29"),
    # after hours: evening, lunch, midnight, weekend, holiday
    ("1wd", "2026-11-26 18:00", "2026-11-30 07:30"),
    ("1wd", "2026-11-26 12:00", "2026-11-27 13:30"),
    ("1wd", "2026-11-26 11:30", "2026-11-27 13:30"),
    ("1wd", "2026-11-26 00:00", "2026-11-27 07:30"),
    ("1wd", "2026-11-26 23:59", "2026-11-30 07:30"),
    ("1wd", "2026-11-28 10:00", "2026-12-01 07:30"),
    ("1wd", "2026-11-24 10:00", "2026-11-26 07:30"),
    # fractions and hours
    ("0.25wd", "2026-11-26 09:00", "2026-11-26 11:00"),
    ("0.25wd", "2026-11-26 10:30", "2026-11-26 14:30"),
    ("0.25wd", "2026-11-26 16:30", "2026-11-27 08:30"),
    ("1.5wd", "2026-11-26 09:00", "2026-11-27 15:00"),
    ("1.25wd", "2026-11-26 17:00", "2026-11-30 09:00"),
    ("4h", "2026-11-26 07:30", "2026-11-26 11:30"),
    ("8h", "2026-11-26 09:00", "2026-11-27 09:00"),
    ("8h", "2026-11-26 07:30", "2026-11-26 17:30"),
    ("168h", "2026-10-01 07:30", "2026-10-29 17:30"),
    ("2h", "2026-11-23 17:00", "2026-11-25 09:00"),
    ("24c", "2026-11-26 09:00", "2026-11-27 09:00"),
    ("24c", "2026-11-27 09:00", "2026-11-30 07:30"),
    # calendar days end on a working day, else on the next
    ("15d", "2025-08-18 09:00", "2025-09-03 17:30"),
    ("1d", "2026-11-26 09:00", "2026-11-27 17:30"),
    ("1d", "2026-11-27 09:00", "2026-11-30 17:30"),
    ("17d", "2026-11-06 09:00", "2026-11-23 17:30"),
    ("18d", "2026-11-06 09:00", "2026-11-25 17:30"),
    ("28d", "2026-01-19 09:00", "2026-02-23 17:30"),
    ("0.5d", "2026-11-26 09:00", "2026-11-26 15:00"),
    ("30d", "2026-12-01 09:00", "2026-12-31 17:30"),
    # months: last day where there is none, half months are 15 days, leap day 2028 (a Tuesday)
    ("1m", "2028-01-31 09:00", "2028-02-29 17:30"),
    ("1m", "2026-01-30 09:00", "2026-03-02 17:30"),
    ("12m", "2028-02-29 09:00", "2029-02-28 17:30"),
    ("0.5m", "2026-11-02 09:00", "2026-11-17 17:30"),
    ("2m", "2026-12-31 09:00", "2027-03-01 17:30"),
    # Tết 2026 (16-20/2), 26/4 -> 27/4, 30/4 and 1/5, swap 22/8 <-> 31/8, 24/11, new year
    ("1wd", "2026-02-13 16:00", "2026-02-23 16:00"),
    ("3wd", "2026-02-12 08:00", "2026-02-24 08:00"),
    ("7d", "2026-02-10 08:00", "2026-02-23 17:30"),
    ("1wd", "2026-04-24 09:00", "2026-04-28 09:00"),
    ("2d", "2026-04-24 09:00", "2026-04-28 17:30"),
    ("3wd", "2026-04-28 09:00", "2026-05-05 09:00"),
    ("1wd", "2026-08-21 10:00", "2026-08-22 10:00"),
    ("1wd", "2026-08-22 10:00", "2026-08-24 10:00"),
    ("1d", "2026-08-21 10:00", "2026-08-22 17:30"),
    ("1wd", "2026-08-28 10:00", "2026-09-03 10:00"),
    ("3d", "2026-08-28 10:00", "2026-09-03 17:30"),
    ("2wd", "2025-12-31 10:00", "2026-01-06 10:00"),
    ("1wd", "2026-01-09 10:00", "2026-01-10 10:00"),
    ("1wd", "2026-12-31 10:00", "2027-01-01 10:00"),
    # several phases with different units
    ("5wd+15d+5wd", "2026-10-01 09:00", "2026-10-30 17:30"),
    ("0.5wd+1d", "2026-11-26 09:00", "2026-11-27 17:30"),
    ("1wd+4h", "2026-11-26 15:30", "2026-11-30 09:30"),
]


@pytest.mark.parametrize(("what", "received", "due"), TABLE)
def test_the_due_date_is_the_one_counted_by_hand(what: str, received: str, due: str) -> None:
    deadline = compute(limit(what), vn(received), PROVINCE)
    assert deadline.due_at == vn(due)
    assert replay(deadline.explanation, PROVINCE) == vn(due)
    assert len(deadline.explanation) <= 16


@pytest.mark.parametrize(
    ("what", "received", "due"),
    [
        (SAME_DAY, "2025-07-09 14:59", "2025-07-09 17:30"),
        (SAME_DAY, "2025-07-09 15:00:00", "2025-07-09 17:30"),
        (SAME_DAY, "2025-07-09 15:00:01", "2025-07-10 17:30"),
        (SAME_DAY, "2025-07-09 15:01", "2025-07-10 17:30"),
        (SAME_DAY, "2025-08-29 15:30", "2025-09-03 17:30"),
        (SAME_DAY, "2026-11-23 15:30", "2026-11-25 17:30"),
        (SAME_DAY, "2026-11-23 18:30", "2026-11-25 17:30"),
        (SAME_DAY, "2026-11-26 12:15", "2026-11-26 17:30"),
        (SAME_DAY, "2026-11-26 06:00", "2026-11-26 17:30"),
        (SAME_DAY, "2026-11-28 16:00", "2026-11-30 17:30"),
        (KARAOKE, "2026-11-26 16:30", "2026-11-26 17:30"),
        (KARAOKE, "2026-11-26 16:31", "2026-11-27 17:30"),
        (TimeLimit.of(4, "working_day", cutoff=AFTER_15H), "2026-11-26 15:30", "2026-12-03 07:30"),
        (TimeLimit.of(1, "working_hour", cutoff=LAST_HOUR), "2026-11-26 16:45", "2026-11-27 08:30"),
    ],
)
def test_the_cut_off_moves_the_start_to_the_next_working_day(
    what: TimeLimit, received: str, due: str
) -> None:
    deadline = compute(what, vn(received), PROVINCE)
    assert deadline.due_at == vn(due)
    assert replay(deadline.explanation, PROVINCE) == vn(due)


def test_exactly_15_00_is_after_when_the_setting_says_so() -> None:
    policy = DeadlinePolicy(cutoff_exact_is_after=True)
    at_cutoff = compute(SAME_DAY, vn("2025-07-09 15:00"), PROVINCE, policy=policy)
    assert at_cutoff.due_at == vn("2025-07-10 17:30")


@pytest.mark.parametrize(
    ("what", "policy", "due"),
    [
        ("3wd", DeadlinePolicy(working_day_time=TermEnd.END_OF_DAY), "2026-11-30 17:30"),
        ("3wd", DeadlinePolicy(first_day_counts=True), "2026-11-27 17:30"),
        ("1wd", DeadlinePolicy(first_day_counts=True), "2026-11-25 17:30"),
        ("0.5wd", DeadlinePolicy(first_day_counts=True), "2026-11-25 14:00"),
        ("1.5wd", DeadlinePolicy(working_day_time=TermEnd.END_OF_DAY), "2026-11-26 17:30"),
        ("3d", DeadlinePolicy(first_day_counts=True), "2026-11-27 17:30"),
        ("2d", DeadlinePolicy(calendar_day_time=TermEnd.SAME_HOUR), "2026-11-27 08:00"),
        ("3d", DeadlinePolicy(calendar_day_time=TermEnd.SAME_HOUR), "2026-11-30 08:00"),
    ],
)
def test_boundaries_the_law_leaves_open_are_settings(what: str, policy: DeadlinePolicy, due: str) -> None:
    deadline = compute(limit(what), vn("2026-11-25 08:00"), PROVINCE, policy=policy)
    assert deadline.due_at == vn(due)
    assert replay(deadline.explanation, PROVINCE) == vn(due)


@pytest.mark.parametrize(
    ("what", "received", "due"),
    [
        ("1wd", "2026-11-27 09:00", "2026-11-28 09:00"),
        ("1wd", "2026-11-27 16:00", "2026-11-28 11:30"),
        ("2wd", "2026-11-27 16:00", "2026-11-30 16:00"),
        ("1.5wd", "2026-11-27 16:00", "2026-11-30 10:45"),
        ("4h", "2026-11-28 10:00", "2026-11-30 10:00"),
        ("1d", "2026-11-27 16:00", "2026-11-28 11:30"),
    ],
)
def test_saturday_morning_counts_where_the_unit_works_it(what: str, received: str, due: str) -> None:
    deadline = compute(limit(what), vn(received), SATURDAY_MORNING)
    assert deadline.due_at == vn(due)
    assert replay(deadline.explanation, SATURDAY_MORNING) == vn(due)


def test_each_unit_counts_in_its_own_hours() -> None:
    assert compute(SAME_DAY, vn("2026-11-26 09:00"), EARLY).due_at == vn("2026-11-26 17:00")
    assert compute(KARAOKE, vn("2026-11-26 16:05"), EARLY).due_at == vn("2026-11-27 17:00")


# -- pauses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "due"), [(PauseMode.RESTART, "2026-11-16 09:00"), (PauseMode.EXTEND, "2026-11-12 09:00")]
)
def test_a_supplement_restarts_or_extends(mode: PauseMode, due: str) -> None:
    """law.md T5: 5 working days, asked after 2, answered 3 working days later."""
    deadline = compute(
        FIVE, vn("2026-11-02 09:00"), PROVINCE, pause("2026-11-04 09:00", "2026-11-09 09:00", mode)
    )
    assert deadline.due_at == vn(due)
    assert deadline.original_due_at == vn("2026-11-09 09:00")
    assert replay(deadline.explanation, PROVINCE) == vn(due)
    restarted = mode is PauseMode.RESTART
    assert any(line.kind is LineKind.RESTARTED for line in deadline.explanation) is restarted
    assert deadline.counted_minutes == (0 if restarted else 2 * 480)


def test_restart_is_the_default_and_a_supplement_after_15_00_counts_from_the_next_day() -> None:
    deadline = compute(
        SAME_DAY, vn("2026-11-25 09:00"), PROVINCE, pause("2026-11-25 10:00", "2026-11-26 15:30")
    )
    assert deadline.due_at == vn("2026-11-27 17:30")


def test_clock_stops_while_supplement_is_awaited() -> None:
    asked = [ClockEvent(EventKind.PAUSE, vn("2026-11-04 09:00"), "bổ sung")]
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, asked, now=vn("2027-11-04 09:00"))
    assert deadline.state is ClockState.PAUSED
    assert deadline.due_at is None
    assert deadline.paused_since == vn("2026-11-04 09:00")
    assert deadline.counted_minutes == 2 * 480
    assert not is_overdue(deadline, vn("2027-11-04 09:00"))
    assert time_left(deadline, vn("2027-11-04 09:00"), PROVINCE) is None
    assert "dừng từ" in deadline.explanation[-1].text
    assert replay(deadline.explanation, PROVINCE) is None


def test_a_pause_that_extends_projects_the_date() -> None:
    events = [ClockEvent(EventKind.PAUSE, vn("2026-11-04 09:00"), "nộp phí", mode=PauseMode.EXTEND)]
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, events, now=vn("2026-11-06 09:00"))
    assert deadline.projected
    assert deadline.due_at == vn("2026-11-11 09:00")


def test_waiting_of_a_calendar_limit_is_counted_in_calendar_days() -> None:
    """17 days from 06/11 end on 23/11; waiting 10/11-14/11 adds 4 days: 27/11."""
    events = pause("2026-11-10 09:00", "2026-11-14 09:00", PauseMode.EXTEND)
    deadline = compute(limit("17d"), vn("2026-11-06 09:00"), PROVINCE, events)
    assert deadline.due_at == vn("2026-11-27 17:30")
    assert replay(deadline.explanation, PROVINCE) == deadline.due_at


def test_pauses_that_overlap_end_together() -> None:
    events = [
        ClockEvent(EventKind.PAUSE, vn("2026-11-03 09:00"), "nộp phí", mode=PauseMode.EXTEND),
        ClockEvent(EventKind.PAUSE, vn("2026-11-04 09:00"), "lấy ý kiến", mode=PauseMode.EXTEND),
        ClockEvent(EventKind.RESUME, vn("2026-11-05 09:00")),
        ClockEvent(EventKind.RESUME, vn("2026-11-06 09:00")),
    ]
    assert compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, events).due_at == vn("2026-11-12 09:00")


def test_a_supplement_asked_when_overdue_never_restarts_the_clock() -> None:
    events = pause("2026-11-10 09:00", "2026-11-12 09:00", PauseMode.RESTART)
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, events)
    assert deadline.due_at == vn("2026-11-09 09:00")
    assert is_overdue(deadline, vn("2026-11-12 09:00"))
    assert any("đã quá hạn: hạn không thay đổi" in line.text for line in deadline.explanation)
    # Waiting is not counted as lateness: one day late when asked, still one day late when answered.
    assert time_left(deadline, vn("2026-11-12 09:00"), PROVINCE) == -480
    assert outcome(deadline, vn("2026-11-12 10:00")).late_minutes == 540


def test_time_before_the_clock_starts_is_not_waited_time() -> None:
    events = pause("2026-11-26 16:00", "2026-11-27 09:00", PauseMode.EXTEND)
    deadline = compute(SAME_DAY, vn("2026-11-26 15:30"), PROVINCE, events)
    assert deadline.due_at == vn("2026-11-30 09:00")


def test_a_clock_that_runs_cannot_be_started() -> None:
    with pytest.raises(InvalidTimeline):
        compute(
            FIVE, vn("2026-11-02 09:00"), PROVINCE, [ClockEvent(EventKind.RESUME, vn("2026-11-03 09:00"))]
        )
    with pytest.raises(InvalidTimeline):
        backwards = ClockEvent(EventKind.NOT_COUNTED, vn("2026-11-04 09:00"), until=vn("2026-11-03 09:00"))
        compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, [backwards])


def test_events_after_now_have_not_happened_yet() -> None:
    events = pause("2026-11-04 09:00", "2026-11-09 09:00")
    assert compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, events, now=vn("2026-11-03 09:00")) == compute(
        FIVE, vn("2026-11-02 09:00"), PROVINCE, now=vn("2026-11-03 09:00")
    )


def test_public_posting_shows_its_planned_end() -> None:
    posting = ClockEvent(
        EventKind.NOT_COUNTED, vn("2026-11-04 07:30"), "niêm yết", until=vn("2026-11-06 17:30")
    )
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, [posting], now=vn("2026-11-05 09:00"))
    assert deadline.state is ClockState.PAUSED
    assert deadline.pause_reason == "niêm yết"
    assert deadline.due_at == vn("2026-11-12 09:00")


# -- two appointments -------------------------------------------------------------------------------------


def land(*events: ClockEvent, now: str | None = None) -> Deadline:
    return compute(LAND, vn("2026-11-02 09:00"), PROVINCE, events, now=vn(now) if now else None)


TAX_SLIP = ClockEvent(EventKind.PHASE_DONE, vn("2026-11-06 10:00"), "đã gửi Phiếu chuyển thông tin")
PAID = ClockEvent(EventKind.RESUME, vn("2026-12-14 14:00"), "có chứng từ nộp tiền")


def test_land_with_payment_has_two_appointments() -> None:
    """Decision 138/2025/QĐ-UBND Đồng Tháp Art. 5.3, 30: 5 days to the tax slip, 3 from proof of payment."""
    first = land()
    assert [a.due_at for a in first.appointments] == [vn("2026-11-09 09:00"), None]
    assert first.due_at == vn("2026-11-09 09:00")

    waiting = land(TAX_SLIP, now="2027-11-06 10:00")
    assert waiting.state is ClockState.PAUSED
    assert waiting.due_at is None
    assert waiting.pause_reason == "đã gửi Phiếu chuyển thông tin"

    paid = land(TAX_SLIP, PAID)
    assert [a.due_at for a in paid.appointments] == [vn("2026-11-09 09:00"), vn("2026-12-17 14:00")]
    assert [a.label for a in paid.appointments] == ["Hẹn lần 1", "Hẹn lần 2"]
    assert not paid.appointments[0].is_late
    assert paid.due_at == vn("2026-12-17 14:00")
    assert replay(paid.explanation, PROVINCE) == paid.due_at
    assert paid.counted_minutes == 4 * 480 + 60


def test_nothing_to_pay_means_the_whole_limit_runs_on() -> None:
    exempt = ClockEvent(EventKind.PHASE_DONE, vn("2026-11-06 10:00"), "miễn", waits=False)
    deadline = land(exempt)
    assert deadline.due_at == compute(limit("8wd"), vn("2026-11-02 09:00"), PROVINCE).due_at
    assert replay(deadline.explanation, PROVINCE) == deadline.due_at


def test_a_supplement_after_payment_restarts_only_the_second_appointment() -> None:
    events = [TAX_SLIP, PAID, *pause("2026-12-15 09:00", "2026-12-18 09:00")]
    deadline = land(*events)
    assert [a.due_at for a in deadline.appointments] == [vn("2026-11-09 09:00"), vn("2026-12-23 09:00")]


def test_a_phase_cannot_be_done_while_the_clock_stands() -> None:
    with pytest.raises(InvalidTimeline):
        land(ClockEvent(EventKind.PAUSE, vn("2026-11-03 09:00"), "bổ sung"), TAX_SLIP)


def test_a_hard_commune_gets_ten_working_days_more() -> None:
    extra = LimitExtra(Fraction(10), LimitUnit.WORKING_DAY, "xã có điều kiện kinh tế – xã hội khó khăn")
    deadline = compute(FIVE.with_extra(extra), vn("2026-10-01 09:00"), PROVINCE)
    assert deadline.due_at == vn("2026-10-22 09:00")
    assert any("khó khăn" in line.text for line in deadline.explanation)


# -- extension, change, outcome -----------------------------------------------------------------------------


def test_an_extension_keeps_the_original_date() -> None:
    event = ClockEvent(EventKind.EXTEND, vn("2026-11-05 09:00"), "cần xác minh", new_due=date(2026, 11, 13))
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, [event])
    assert deadline.due_at == vn("2026-11-13 17:30")
    assert deadline.original_due_at == deadline.due_without_extension == vn("2026-11-09 09:00")
    assert deadline.extended == 1
    assert replay(deadline.explanation, PROVINCE) == deadline.due_at
    result = outcome(deadline, vn("2026-11-12 09:00"))
    assert (result.verdict, result.without_extension) == (Verdict.EARLY, Verdict.OVERDUE)


def test_waiting_after_an_extension_pushes_the_new_date() -> None:
    event = ClockEvent(EventKind.EXTEND, vn("2026-11-05 09:00"), "xác minh", new_due=vn("2026-11-13 09:00"))
    events = [event, *pause("2026-11-10 09:00", "2026-11-11 09:00", PauseMode.EXTEND)]
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, events)
    assert deadline.due_at == vn("2026-11-16 09:00")
    assert replay(deadline.explanation, PROVINCE) == deadline.due_at


def test_a_restart_never_takes_back_a_later_promise() -> None:
    event = ClockEvent(EventKind.EXTEND, vn("2026-11-05 09:00"), "xác minh", new_due=vn("2026-12-15 09:00"))
    events = [event, *pause("2026-11-06 09:00", "2026-11-09 09:00")]
    assert compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, events).due_at == vn("2026-12-16 09:00")


@pytest.mark.parametrize(
    ("now", "new_due", "words"),
    [
        ("2026-11-06 16:00", "2026-11-13", None),
        ("2026-11-08 16:00", "2026-11-13", None),
        ("2026-11-09 08:00", "2026-11-13", "chậm nhất 1 ngày trước hạn"),
        ("2026-11-06 16:00", "2026-11-09", "phải sau hạn"),
        ("2026-11-06 16:00", "2026-11-24", "không phải ngày làm việc (nghỉ Ngày Văn hóa"),
        ("2026-11-06 16:00", "2026-11-14", "ngày nghỉ hằng tuần"),
    ],
)
def test_an_extension_is_asked_in_time_for_a_working_day(now: str, new_due: str, words: str | None) -> None:
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, now=vn(now))
    refusal = check_extension(deadline, date.fromisoformat(new_due), vn(now), PROVINCE)
    if words is None:
        assert refusal is None
    else:
        assert refusal is not None
        assert words in refusal.source()


def test_only_one_extension_and_none_while_paused_finished_or_undated() -> None:
    day, now = date(2026, 12, 1), vn("2026-11-05 09:00")
    at = vn("2026-11-04 09:00")
    refused = {
        "một lần": (FIVE, [ClockEvent(EventKind.EXTEND, at, new_due=date(2026, 11, 13))]),
        "đang dừng": (FIVE, [ClockEvent(EventKind.PAUSE, at)]),
        "đã kết thúc": (FIVE, [ClockEvent(EventKind.FINISH, at)]),
        "không có hạn": (TimeLimit.none(), []),
    }
    for words, (what, events) in refused.items():
        deadline = compute(what, vn("2026-11-02 09:00"), PROVINCE, events, now=now)
        refusal = check_extension(deadline, day, now, PROVINCE)
        assert refusal is not None
        assert words in refusal.source()


def test_a_change_of_case_after_the_due_date_changes_nothing() -> None:
    late = ClockEvent(
        EventKind.CHANGE_LIMIT, vn("2026-11-10 09:00"), "phải xác minh", new_limit=limit("23wd")
    )
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, [late])
    assert deadline.due_at == vn("2026-11-09 09:00")
    assert deadline.changes[0].refused
    assert any("không được tính" in line.text for line in deadline.explanation)
    refusal = check_change_limit(deadline, vn("2026-11-10 09:00"))
    assert refusal is not None
    assert "xóa dấu trễ" in refusal.source()


def test_a_change_of_case_counts_from_reception_by_the_new_rules() -> None:
    change = ClockEvent(EventKind.CHANGE_LIMIT, vn("2026-11-26 09:00"), "xác minh", new_limit=limit("2wd"))
    deadline = compute(SAME_DAY, vn("2026-11-25 15:30"), PROVINCE, [change])
    assert deadline.original_due_at == vn("2026-11-26 17:30")
    assert deadline.due_at == vn("2026-11-27 15:30")
    assert check_change_limit(deadline, vn("2026-11-26 10:00")) is None


@pytest.mark.parametrize(
    ("finished", "verdict", "late"),
    [
        ("2026-11-06 17:00", Verdict.EARLY, 0),
        ("2026-11-09 08:00", Verdict.ON_TIME, 0),
        ("2026-11-09 09:00", Verdict.ON_TIME, 0),
        ("2026-11-09 10:00", Verdict.OVERDUE, 60),
        ("2026-11-10 09:00", Verdict.OVERDUE, 480),
    ],
)
def test_a_finished_dossier_is_early_on_time_or_overdue(finished: str, verdict: Verdict, late: int) -> None:
    done = ClockEvent(EventKind.FINISH, vn(finished))
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, [done])
    assert deadline.state is ClockState.FINISHED
    result = outcome(deadline)
    assert (result.verdict, result.late_minutes) == (verdict, late)


def test_a_dossier_withdrawn_while_it_waited_is_not_late() -> None:
    events = [
        ClockEvent(EventKind.PAUSE, vn("2026-11-04 09:00"), "bổ sung"),
        ClockEvent(EventKind.FINISH, vn("2027-01-04 09:00"), "rút hồ sơ"),
        ClockEvent(EventKind.RESUME, vn("2027-01-05 09:00")),
    ]
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE, events)
    assert outcome(deadline).verdict is Verdict.NO_DUE
    with pytest.raises(ValueError, match="not finished"):
        outcome(compute(FIVE, vn("2026-11-02 09:00"), PROVINCE))


def test_time_left_is_counted_in_working_time() -> None:
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE)
    for now, minutes, words in [
        ("2026-11-05 15:00", 2 * 480 - 240, "còn 1 ngày 4 giờ"),
        ("2026-11-07 12:00", 90, "còn 1 giờ 30 phút"),
        ("2026-11-09 08:50", 10, "còn 10 phút"),
        ("2026-11-10 09:00", -480, "quá hạn 1 ngày"),
    ]:
        left = time_left(deadline, vn(now), PROVINCE)
        assert left == minutes
        assert time_left_text(left).source() == words
    assert time_left_text(None).source() == "không tính giờ"


def test_legal_and_promised_dates_stand_side_by_side() -> None:
    shortened = TimeLimit(FIVE.phases, legal_phases=limit("7wd").phases)
    deadline = compute(shortened, vn("2026-11-02 09:00"), PROVINCE)
    assert (deadline.due_at, deadline.legal_due_at) == (vn("2026-11-09 09:00"), vn("2026-11-11 09:00"))
    assert compute(FIVE, vn("2026-11-02 09:00"), PROVINCE).legal_due_at == vn("2026-11-09 09:00")


def test_a_procedure_without_due_date_has_none() -> None:
    deadline = compute(TimeLimit.none("theo kế hoạch tuyển sinh"), vn("2026-11-02 09:00"), PROVINCE)
    assert deadline.due_at is None
    assert deadline.state is ClockState.RUNNING
    assert "không hẹn ngày trả" in deadline.explanation[-1].text


def test_an_empty_calendar_is_refused_with_a_sentence() -> None:
    with pytest.raises(NoWorkingTime):
        compute(FIVE, vn("2026-11-02 09:00"), NEVER)


def test_every_skipped_day_is_named() -> None:
    deadline = compute(limit("3wd"), vn("2025-08-28 09:00"), PROVINCE)
    texts = [line.text for line in deadline.explanation]
    assert "30/8/2025 (Thứ Bảy): ngày nghỉ hằng tuần" in texts
    assert "01/9/2025 (Thứ Hai): nghỉ lễ Quốc khánh, Công văn 8726/VPCP-KGVX" in texts
    assert texts[-1] == "Hạn trả kết quả: 09:00 ngày 04/9/2025 (Thứ Năm)."


def test_long_runs_are_grouped_and_holidays_still_named() -> None:
    deadline = compute(limit("60wd"), vn("2026-08-03 09:00"), PROVINCE)
    texts = [line.text for line in deadline.explanation]
    assert len(texts) <= 15
    assert any("60 ngày làm việc, không tính" in text for text in texts)
    assert any(text.startswith("01/9/2026–02/9/2026: nghỉ lễ Quốc khánh") for text in texts)
    assert any("22/8/2026 (Thứ Bảy): làm bù" in text for text in texts)
    assert replay(deadline.explanation, PROVINCE) == deadline.due_at


def test_an_explanation_with_a_day_left_out_does_not_replay() -> None:
    deadline = compute(FIVE, vn("2026-11-02 09:00"), PROVINCE)
    holed = [line for line in deadline.explanation if line.day != date(2026, 11, 4)]
    with pytest.raises(ValueError, match="do not add up"):
        replay(holed, PROVINCE)


def test_a_cut_off_at_another_time_is_data() -> None:
    at_16_30 = Cutoff(CutoffKind.AT_TIME, at=time(16, 30))
    what = TimeLimit.of(1, LimitUnit.WITHIN_DAY, cutoff=at_16_30)
    received: datetime = vn("2026-11-26 16:00")
    assert compute(what, received, PROVINCE).due_at == vn("2026-11-26 17:30")
