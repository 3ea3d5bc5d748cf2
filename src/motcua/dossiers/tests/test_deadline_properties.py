"""What must hold for every deadline, whatever the date, the limit and the pauses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.time_limits import (
    AFTER_15H,
    LAST_HOUR,
    NO_CUTOFF,
    Cutoff,
    LimitPhase,
    LimitUnit,
    TimeLimit,
)
from motcua.dossiers.rules.deadline import ClockEvent, DeadlinePolicy, EventKind, PauseMode, TermEnd, compute
from motcua.dossiers.rules.deadline_explain import replay
from motcua.organisation.rules.working_time import WorkCalendar
from motcua.organisation.tests.calendars import EARLY, PROVINCE, SATURDAY_MORNING, off

EPOCH = datetime(2025, 6, 1, tzinfo=UTC)
MINUTES_OF_18_MONTHS = 548 * 24 * 60
INSTANTS = st.integers(0, MINUTES_OF_18_MONTHS).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
REGULAR = st.sampled_from([PROVINCE, EARLY])
CALENDARS = st.sampled_from([PROVINCE, EARLY, SATURDAY_MORNING])
CUTOFFS = st.sampled_from([NO_CUTOFF, AFTER_15H, LAST_HOUR])
POLICIES = st.builds(
    DeadlinePolicy,
    first_day_counts=st.booleans(),
    cutoff_exact_is_after=st.booleans(),
    working_day_time=st.sampled_from(list(TermEnd)),
    calendar_day_time=st.sampled_from(list(TermEnd)),
)
DAYS = st.fractions(min_value=Fraction(1, 8), max_value=60, max_denominator=8)
MONTHS = st.integers(1, 12).map(lambda halves: Fraction(halves, 2))
# Terms with a length of their own; "within the day" has none, it ends with the day.
MEASURED = st.one_of(
    st.builds(LimitPhase, DAYS, st.just(LimitUnit.WORKING_DAY)),
    st.builds(LimitPhase, DAYS, st.just(LimitUnit.WORKING_HOUR)),
)
WORKING = MEASURED | st.just(LimitPhase(Fraction(1), LimitUnit.WITHIN_DAY))
CALENDAR = st.one_of(
    st.builds(LimitPhase, DAYS.filter(lambda amount: amount >= 1), st.just(LimitUnit.CALENDAR_DAY)),
    st.builds(LimitPhase, MONTHS, st.just(LimitUnit.MONTH)),
)
PHASES = WORKING | CALENDAR


def limits(phase: st.SearchStrategy[LimitPhase], most: int = 3) -> st.SearchStrategy[TimeLimit]:
    made = st.lists(phase, min_size=1, max_size=most).map(tuple)
    return st.builds(lambda phases, cutoff: TimeLimit(phases, cutoff=cutoff), made, CUTOFFS)


def stops(
    start: datetime, gaps: Sequence[int], mode: PauseMode | None = PauseMode.EXTEND
) -> list[ClockEvent]:
    """Disjoint pauses: every second gap (minutes) is a pause."""
    instants = [start]
    for gap in gaps:
        instants.append(instants[-1] + timedelta(minutes=gap))
    events = []
    for index, (since, until) in enumerate(pairwise(instants)):
        if index % 2:
            events.append(ClockEvent(EventKind.PAUSE, since, "chờ", mode=mode))
            events.append(ClockEvent(EventKind.RESUME, until))
    return events


GAPS = st.lists(st.integers(1, 20_000), min_size=2, max_size=6)


@given(CALENDARS, INSTANTS, limits(WORKING, most=1), st.integers(0, 30_000), st.integers(0, 10_000))
def test_pausing_n_working_minutes_moves_the_date_by_n_working_minutes(
    calendar: WorkCalendar, received: datetime, limit: TimeLimit, after: int, waited: int
) -> None:
    plain = compute(limit, received, calendar)
    assert plain.due_at is not None
    running = calendar.working_minutes_between(plain.started_at, plain.due_at)
    since = calendar.add_working_minutes(plain.started_at, min(after, running))
    events = [
        ClockEvent(EventKind.PAUSE, since, "chờ", mode=PauseMode.EXTEND),
        ClockEvent(EventKind.RESUME, calendar.add_working_minutes(since, waited)),
    ]
    paused = compute(limit, received, calendar, events)
    assert paused.due_at is not None
    assert calendar.working_minutes_between(plain.due_at, paused.due_at) == waited


@given(REGULAR, INSTANTS, limits(PHASES), GAPS)
def test_the_order_in_which_disjoint_pauses_are_given_is_irrelevant(
    calendar: WorkCalendar, received: datetime, limit: TimeLimit, gaps: list[int]
) -> None:
    events = stops(received, gaps)
    pairs = [events[index : index + 2] for index in range(0, len(events), 2)]
    mixed = [event for pair in reversed(pairs) for event in pair]
    one, other = (compute(limit, received, calendar, order) for order in (events, mixed))
    assert one.due_at == other.due_at
    assert one.counted_minutes == other.counted_minutes


@given(REGULAR, INSTANTS, limits(PHASES, most=1), st.dates(date(2025, 6, 1), date(2027, 6, 1)), GAPS)
def test_a_new_holiday_never_brings_the_date_forward(
    calendar: WorkCalendar, received: datetime, limit: TimeLimit, day: date, gaps: list[int]
) -> None:
    closed = WorkCalendar(calendar.weekly, {**calendar.exceptions, day: off("nghỉ đột xuất")})
    events = stops(received, gaps)
    before = compute(limit, received, calendar, events).due_at
    after = compute(limit, received, closed, events).due_at
    assert before is not None
    assert after is not None
    assert after >= before


@given(CALENDARS, INSTANTS, limits(PHASES), st.integers(0, 20_000))
def test_what_comes_later_is_never_due_earlier(
    calendar: WorkCalendar, received: datetime, limit: TimeLimit, later: int
) -> None:
    first = compute(limit, received, calendar).due_at
    second = compute(limit, received + timedelta(minutes=later), calendar).due_at
    assert first is not None
    assert second is not None
    assert first <= second


@given(
    CALENDARS,
    INSTANTS,
    st.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.WORKING_HOUR, LimitUnit.CALENDAR_DAY]),
    DAYS,
    DAYS,
    CUTOFFS,
    POLICIES,
)
def test_a_longer_limit_is_never_due_earlier(
    calendar: WorkCalendar,
    received: datetime,
    unit: LimitUnit,
    a: Fraction,
    b: Fraction,
    cutoff: Cutoff,
    policy: DeadlinePolicy,
) -> None:
    short, long = (
        compute(TimeLimit.of(amount, unit, cutoff=cutoff), received, calendar, policy=policy).due_at
        for amount in sorted((a, b))
    )
    assert short is not None
    assert long is not None
    assert short <= long


@given(CALENDARS, INSTANTS, limits(PHASES), GAPS, POLICIES)
def test_the_date_lies_in_working_time_or_at_its_end(
    calendar: WorkCalendar, received: datetime, limit: TimeLimit, gaps: list[int], policy: DeadlinePolicy
) -> None:
    due = compute(limit, received, calendar, stops(received, gaps, mode=None), policy).due_at
    assert due is not None
    assert any(
        session.opens <= due.timetz().replace(tzinfo=None) <= session.closes
        for session in calendar.sessions_on(due.date())
    )


@given(REGULAR, INSTANTS, limits(MEASURED | CALENDAR, most=1), st.integers(1, 20_000), st.integers(1, 20_000))
def test_counting_again_never_ends_before_going_on(
    calendar: WorkCalendar, received: datetime, limit: TimeLimit, after: int, waited: int
) -> None:
    gaps = [after, waited]
    restart = compute(limit, received, calendar, stops(received, gaps, PauseMode.RESTART)).due_at
    extend = compute(limit, received, calendar, stops(received, gaps, PauseMode.EXTEND)).due_at
    assert restart is not None
    assert extend is not None
    assert calendar.working_minutes_between(extend, restart) >= 0


@given(
    CALENDARS,
    INSTANTS,
    limits(PHASES),
    GAPS,
    st.sampled_from([PauseMode.EXTEND, PauseMode.RESTART]),
    POLICIES,
    st.none() | st.integers(1, 60),
)
def test_the_explanation_leads_to_the_same_date(
    calendar: WorkCalendar,
    received: datetime,
    limit: TimeLimit,
    gaps: list[int],
    mode: PauseMode,
    policy: DeadlinePolicy,
    extended: int | None,
) -> None:
    events = stops(received, gaps, mode)
    if extended is not None:
        new_due = (received + timedelta(days=extended)).date()
        events.append(
            ClockEvent(EventKind.EXTEND, received + timedelta(minutes=1), "xác minh", new_due=new_due)
        )
    deadline = compute(limit, received, calendar, events, policy)
    assert deadline.due_at is not None
    assert replay(deadline.explanation, calendar) == deadline.due_at
    assert all(line.text for line in deadline.explanation)


@given(CALENDARS, INSTANTS, limits(PHASES), GAPS, POLICIES)
def test_computing_again_gives_the_same(
    calendar: WorkCalendar, received: datetime, limit: TimeLimit, gaps: list[int], policy: DeadlinePolicy
) -> None:
    events = stops(received, gaps, mode=None)
    first = compute(limit, received, calendar, events, policy)
    again = compute(TimeLimit.from_dict(limit.to_dict()), received, calendar, tuple(events), policy)
    assert first == again
    assert first.explanation == again.explanation
