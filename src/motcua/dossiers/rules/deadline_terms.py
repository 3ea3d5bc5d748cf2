"""Placing one limit on a calendar: from the start instant, phase by phase, to the end of the last.

No history here: pauses come in as intervals that push ends. `deadline_timeline` reads the history.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from motcua.catalogue.rules.time_limits import (
    UNIT_MINUTES,
    Cutoff,
    CutoffKind,
    LimitPhase,
    LimitUnit,
)
from motcua.kernel.clock import VN
from motcua.organisation.rules.working_time import WorkCalendar, local_day


class TermEnd(StrEnum):
    """At what hour a term counted in days ends."""

    SAME_HOUR = "same_hour"
    END_OF_DAY = "end_of_day"


class PauseMode(StrEnum):
    """What a pause does when it ends: count again from zero, or go on with what was left."""

    RESTART = "restart"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True)
class DeadlinePolicy:
    """The boundaries the law leaves open, each with the default we ship.

    first_day_counts: the day of receipt is not day one (Civil Code Art. 147.2).
    cutoff_exact_is_after: exactly 15:00:00 is not yet "after 15:00"; one second later is.
    working_day_time: working days keep the hour of receipt (as appointment slips print it).
    calendar_day_time: calendar days end when the last day's work ends (Art. 148.1), rolled to a working day.
    pause_mode: after a supplement the limit is counted again from the start.
    extension_notice_days: the apology is sent at least this many days before the due date.
    extension_max_days: the new date lies at most this many working days after the due date.
    """

    first_day_counts: bool = False
    cutoff_exact_is_after: bool = False
    working_day_time: TermEnd = TermEnd.SAME_HOUR
    calendar_day_time: TermEnd = TermEnd.END_OF_DAY
    pause_mode: PauseMode = PauseMode.RESTART
    extension_notice_days: int = 1
    extension_max_days: int = 30


@dataclass(frozen=True, slots=True)
class Pause:
    """A time the clock stood: from `since` to `until`, and how it counts.

    `late` marks a pause begun when the dossier was already overdue: it moves no date and restarts nothing.
    """

    since: datetime
    until: datetime
    reason: str
    mode: PauseMode
    late: bool = False


@dataclass(frozen=True, slots=True)
class Push:
    """What one pause added to the end of a phase: working minutes, or calendar days for calendar phases."""

    pause: Pause
    minutes: int
    days: int
    end: datetime


@dataclass(frozen=True, slots=True)
class Term:
    """One phase placed on the calendar.

    `raw_day` is the last day of a calendar term before it is moved off a day off; `base_end` the end before
    pauses; `end` the end after them.
    """

    phase: LimitPhase
    start: datetime
    raw_day: date | None
    base_end: datetime
    pushes: tuple[Push, ...]
    end: datetime


@dataclass(frozen=True, slots=True)
class Start:
    """When the clock starts for something received at `received`, and whether the cut-off moved it."""

    received: datetime
    at: datetime
    after_cutoff: bool


def start_of(received: datetime, cutoff: Cutoff, calendar: WorkCalendar, policy: DeadlinePolicy) -> Start:
    """The start of the clock: the next session for after-hours arrivals, the next day after the cut-off."""
    if _is_after_cutoff(received, cutoff, calendar, policy):
        opening = calendar.opening(calendar.next_working_day(local_day(received)))
        assert opening is not None, "a working day has an opening"
        return Start(received, opening, after_cutoff=True)
    return Start(received, calendar.first_working_instant(received), after_cutoff=False)


def place(
    phases: Sequence[LimitPhase],
    start: datetime,
    pauses: Sequence[Pause],
    calendar: WorkCalendar,
    policy: DeadlinePolicy,
) -> tuple[Term, ...]:
    """Every phase in its place, one beginning where the one before ends.

    A pause pushes the phase it begins in; one that begins after the last end moves nothing. Empty if a phase
    has no limit.
    """
    terms: list[Term] = []
    waiting = sorted(pauses, key=lambda pause: pause.since)
    at = start
    for index, phase in enumerate(phases):
        if phase.unit is LimitUnit.NONE:
            return ()
        is_last = index == len(phases) - 1
        raw_day, base_end = advance(phase, at, calendar, policy)
        end, raw, pushes = base_end, raw_day, []
        while waiting and (is_last or waiting[0].since < end):
            push, raw = _push(waiting.pop(0), end, raw, start, at, calendar, policy)
            end = push.end
            pushes.append(push)
        terms.append(Term(phase, at, raw_day, base_end, tuple(pushes), end))
        at = end
    return tuple(terms)


def push_end(
    base: datetime,
    raw_day: date | None,
    pauses: Sequence[Pause],
    start: datetime,
    calendar: WorkCalendar,
    policy: DeadlinePolicy,
) -> tuple[Push, ...]:
    """An end moved by pauses one after another; by calendar days where `raw_day` is given."""
    pushes: list[Push] = []
    end = base
    for pause in sorted(pauses, key=lambda item: item.since):
        push, raw_day = _push(pause, end, raw_day, start, base, calendar, policy)
        end = push.end
        pushes.append(push)
    return tuple(pushes)


def advance(
    phase: LimitPhase, start: datetime, calendar: WorkCalendar, policy: DeadlinePolicy
) -> tuple[date | None, datetime]:
    """The end of one phase begun at `start` (working time), after its raw last day if in calendar days."""
    match phase.unit:
        case LimitUnit.WITHIN_DAY:
            return None, end_of_day(local_day(start), calendar)
        case LimitUnit.WORKING_DAY:
            return None, _after_working_days(start, phase.amount, calendar, policy)
        case LimitUnit.HOUR if phase.around_the_clock:
            end = start + timedelta(minutes=floor_minutes(phase))
            return None, calendar.add_working_minutes(end, 0)
        case LimitUnit.WORKING_HOUR | LimitUnit.HOUR:
            return None, calendar.add_working_minutes(start, floor_minutes(phase))
        case _:
            return _after_calendar_days(phase, start, calendar, policy)


def end_of_day(day: date, calendar: WorkCalendar) -> datetime:
    """The closing of `day`, or of the next working day when `day` is off."""
    closing = calendar.closing(calendar.working_day_from(day))
    assert closing is not None, "a working day has a closing"
    return closing


def floor_minutes(phase: LimitPhase) -> int:
    """A phase of hours or fractions as whole minutes, never rounded in the agency's favour."""
    return int(phase.amount * UNIT_MINUTES[phase.unit])


def add_months(day: date, half_months: int) -> date:
    """The same day so many half months later, the last of the month where there is none.

    Civil Code Art. 148.3; half a month is 15 days (Art. 146.2).
    """
    whole, half = divmod(half_months, 2)
    year, month = divmod(day.month - 1 + whole, 12)
    year, month = day.year + year, month + 1
    moved = date(year, month, min(day.day, months.monthrange(year, month)[1]))
    return moved + timedelta(days=15 * half)


def _is_after_cutoff(at: datetime, cutoff: Cutoff, calendar: WorkCalendar, policy: DeadlinePolicy) -> bool:
    closing = None if cutoff.kind is CutoffKind.NONE else calendar.closing(local_day(at))
    if closing is None:
        return False
    if cutoff.kind is CutoffKind.AT_TIME:
        assert cutoff.at is not None, "Cutoff checks it"
        moment = datetime.combine(local_day(at), cutoff.at, VN)
    else:
        moment = closing - timedelta(minutes=cutoff.minutes or 0)
    return at >= moment if policy.cutoff_exact_is_after else at > moment


def _after_working_days(
    start: datetime, amount: Fraction, calendar: WorkCalendar, policy: DeadlinePolicy
) -> datetime:
    """Working days from `start`; a fraction is that share of the working time to the same hour next day."""
    day = local_day(start)
    if amount >= 1 and policy.first_day_counts:
        return end_of_day(calendar.add_working_days(day, ceil(amount) - 1), calendar)
    whole, part = divmod(amount, 1)
    floor_day = calendar.add_working_days(day, int(whole))
    end = calendar.same_hour_on(floor_day, start) if whole else start
    if part:
        next_end = calendar.same_hour_on(calendar.next_working_day(floor_day), start)
        share = int(calendar.working_minutes_between(end, next_end) * part)
        end = calendar.add_working_minutes(end, share)
    if amount >= 1 and policy.working_day_time is TermEnd.END_OF_DAY:
        return end_of_day(local_day(end), calendar)
    if policy.first_day_counts:
        return min(end, end_of_day(day, calendar))
    return end


def _after_calendar_days(
    phase: LimitPhase, start: datetime, calendar: WorkCalendar, policy: DeadlinePolicy
) -> tuple[date | None, datetime]:
    if phase.unit is LimitUnit.MONTH:
        raw = add_months(local_day(start), int(phase.amount * 2))
    elif phase.amount < 1:
        # Decisions that count in "ngày" mean office time when they give a quarter or half of one.
        share = int(phase.amount * UNIT_MINUTES[LimitUnit.WORKING_DAY])
        end = calendar.add_working_minutes(start, share)
        return None, min(end, end_of_day(local_day(start), calendar)) if policy.first_day_counts else end
    else:
        raw = local_day(start) + timedelta(days=ceil(phase.amount))
    if policy.first_day_counts:
        raw -= timedelta(days=1)
    return raw, _roll(raw, start, calendar, policy)


def _roll(raw: date, at: datetime, calendar: WorkCalendar, policy: DeadlinePolicy) -> datetime:
    if policy.calendar_day_time is TermEnd.SAME_HOUR and not policy.first_day_counts:
        return calendar.same_hour_on(calendar.working_day_from(raw), at)
    return end_of_day(raw, calendar)


def _push(
    pause: Pause,
    end: datetime,
    raw_day: date | None,
    start: datetime,
    anchor: datetime,
    calendar: WorkCalendar,
    policy: DeadlinePolicy,
) -> tuple[Push, date | None]:
    # What passed before the clock started was not counted anyway; what begins after the end comes too late.
    since = max(pause.since, start)
    if pause.until <= since or since > end:
        return Push(pause, 0, 0, end), raw_day
    if raw_day is not None:
        days = (local_day(pause.until) - local_day(since)).days
        moved = raw_day + timedelta(days=days)
        return Push(pause, 0, days, _roll(moved, anchor, calendar, policy)), moved
    minutes = calendar.working_minutes_between(since, pause.until)
    moved_end = calendar.add_working_minutes(end, minutes) if minutes else end
    if moved_end < pause.until:
        # Nothing was left when it stopped: the end of one session is the start of the next, where it goes on.
        moved_end = calendar.first_working_instant(pause.until)
    return Push(pause, minutes, 0, moved_end), None
