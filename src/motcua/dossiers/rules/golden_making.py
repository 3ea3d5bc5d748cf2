"""Making the golden dossiers of a configuration: each case, channel, class of units and branch. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from motcua.catalogue.rules.fees.tariff import FeeRule
from motcua.catalogue.rules.time_limits import CutoffKind, TimeLimit
from motcua.catalogue.types import ProcedureDefinition
from motcua.dossiers.rules.golden import (
    CHANNELS,
    Configuration,
    Expected,
    Given,
    World,
    expect,
    process_of,
    required_papers,
)
from motcua.dossiers.rules.golden_fees import example_fees
from motcua.dossiers.rules.golden_process import Branch, branches
from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg
from motcua.organisation.rules.working_time import NoWorkingTime, WorkCalendar

KEY_LENGTH = 160
FRIDAY = 4
LOOK_AHEAD = 370
"""Days in which the next day before a holiday is looked for."""


@dataclass(frozen=True, slots=True)
class UnitClass:
    """Receiving units that resolve alike. `code` is the one that stands for all, `place` where it sends the dossier
    to be decided ("" by the rules).
    """

    code: str
    name: str
    units: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Golden:
    """One example with what must come of it."""

    key: str
    title: str
    given: Given
    expected: Expected


def generate(
    configuration: Configuration, classes: Sequence[UnitClass], first_day: date, world: World
) -> Iterator[Golden]:
    """Every golden dossier of a configuration. `first_day` is the first day it counts.

    A class of units where the procedure is refused gives one example that says so; one where another class has
    gone before with the same answers is left out, because one example speaks for both.
    """
    definition = configuration.definition
    seen: set[tuple[object, ...]] = set()
    for unit in classes:
        for case_key in case_keys(definition):
            ends = world.ends(configuration, Given(unit=unit.code, place=unit.place, case_key=case_key))
            deciding_id = None if isinstance(ends, Message) else ends.deciding_id
            rules = world.fee_rules(definition, day=first_day, deciding_id=deciding_id)
            for channels in channel_groups(definition, case_key, rules, first_day):
                for made in _of_class(configuration, unit, case_key, channels, first_day, world):
                    told = (case_key, channels, made.given.branch, made.given.received, made.expected)
                    if told not in seen:
                        seen.add(told)
                        yield made


def _of_class(
    configuration: Configuration,
    unit: UnitClass,
    case_key: str,
    channels: tuple[str, ...],
    first_day: date,
    world: World,
) -> Iterator[Golden]:
    given = Given(
        unit=unit.code,
        place=unit.place,
        case_key=case_key,
        channel=channels[0],
        papers=required_papers(configuration.definition, case_key, channels[0]),
    )
    ends = world.ends(configuration, given)
    process = None if isinstance(ends, Message) else process_of(configuration, case_key, ends)
    if isinstance(ends, Message) or process is None:
        yield _golden(configuration, unit, given, channels, Branch(""), world)
        return
    days = _days_to_try(world, ends.deciding_id, first_day)
    limit = configuration.definition.limit_for(case_key)
    received = instants(world.calendar(ends.deciding_id), days, limit)
    for branch in branches(process):
        at = received if not branch.key else received[:1]
        example = Given(
            unit=given.unit,
            place=given.place,
            case_key=case_key,
            channel=given.channel,
            papers=given.papers,
            received=at,
            branch=branch.key,
            choices=branch.choices,
        )
        yield _golden(configuration, unit, example, channels, branch, world)


def _golden(
    configuration: Configuration,
    unit: UnitClass,
    given: Given,
    channels: tuple[str, ...],
    branch: Branch,
    world: World,
) -> Golden:
    parts = (given.case_key or "-", "+".join(channels), unit.code, unit.place or "-", branch.key or "-")
    return Golden(
        key=_short("/".join(parts)),
        title=title_of(configuration.definition, unit, given, channels).source(),
        given=given,
        expected=expect(configuration, given, world),
    )


def _short(key: str) -> str:
    """The key, its end replaced by a digest where it is too long to be stored."""
    if len(key) <= KEY_LENGTH:
        return key
    return f"{key[: KEY_LENGTH - 17]}~{hashlib.sha256(key.encode()).hexdigest()[:16]}"


CHANNEL_WORDS = {
    "in_person": msg("trực tiếp"),
    "post": msg("bưu chính"),
    "online": msg("trực tuyến"),
}


def title_of(
    definition: ProcedureDefinition, unit: UnitClass, given: Given, channels: Sequence[str]
) -> Message:
    """The example in words: place, case, channel, branch."""
    case = definition.case(given.case_key)
    return msg(
        "%(unit)s · %(case)s · %(channels)s · %(branch)s",
        unit=unit.name,
        case=case.name if case else msg("trường hợp thường"),
        channels=", ".join(CHANNEL_WORDS[channel].source() for channel in channels),
        branch=msg("rẽ %(branch)s", branch=given.branch) if given.branch else msg("đi thẳng"),
    )


def case_keys(definition: ProcedureDefinition) -> tuple[str, ...]:
    """The cases the counter can choose; "" where it need not choose."""
    keys = tuple(case.key for case in definition.cases)
    must = any(case.changes_limit for case in definition.cases)
    return keys if must else ("", *keys)


def channel_groups(
    definition: ProcedureDefinition, case_key: str, rules: Sequence[FeeRule], day: date
) -> tuple[tuple[str, ...], ...]:
    """Channels through which the same papers and fees are asked, together."""
    groups: dict[object, list[str]] = {}
    for channel in CHANNELS:
        papers = tuple(
            paper.key for paper in definition.papers if not paper.channels or channel in paper.channels
        )
        same = (papers, example_fees(rules, case_key=case_key, channel=channel, day=day))
        groups.setdefault(same, []).append(channel)
    return tuple(tuple(group) for group in groups.values())


def instants(
    calendar: WorkCalendar, days: tuple[date, date, date], limit: TimeLimit
) -> tuple[tuple[str, datetime], ...]:
    """Moments of reception at which dates go wrong: an ordinary morning, after the cut-off, on a Friday afternoon,
    on the last working day before a holiday.
    """
    day, friday, eve = days
    return (
        ("morning", _at(day, time(8, 30))),
        ("after_cutoff", _after_cutoff(calendar, day, limit)),
        ("friday", _at(friday, time(15, 45))),
        ("holiday_eve", _at(eve, time(10, 0))),
    )


def days_to_try(calendar: WorkCalendar, first_day: date) -> tuple[date, date, date]:
    """From a day on: the first working day, the first working Friday, the first working day before a holiday."""
    day = calendar.working_day_from(first_day)
    friday = next((d for d in _days(day) if d.weekday() == FRIDAY and calendar.is_working_day(d)), day)
    eve = next(
        (d for d in _days(day) if calendar.is_working_day(d) and _holiday(calendar, d + timedelta(days=1))),
        friday,
    )
    return day, friday, eve


def _days_to_try(world: World, unit_id: int, first_day: date) -> tuple[date, date, date]:
    key = ("days", unit_id, first_day)
    found: tuple[date, date, date] | None = world.memory.get(key)
    if found is None:
        try:
            found = days_to_try(world.calendar(unit_id), first_day)
        except NoWorkingTime:  # told where the due date is worked out
            found = (first_day, first_day, first_day)
        world.memory[key] = found
    return found


def situations(
    configuration: Configuration, classes: Sequence[UnitClass], first_day: date, world: World
) -> Iterator[Given]:
    """Far more than the golden dossiers hold: every unit of each class, every case, channel and branch, received at
    each half hour of three weeks' working days: what tells a mistake from a change that changes nothing.
    """
    definition = configuration.definition
    moments = tuple(
        (f"{n}", _at(day, time(7, 0)) + timedelta(minutes=30 * half))
        for n, day in enumerate(first_day + timedelta(days=d) for d in range(0, 21, 2))
        for half in range(0, 22, 3)
    )
    for unit in classes:
        for code in (*unit.units[:3], *unit.units[-1:]):
            for case_key in case_keys(definition):
                for channel in CHANNELS:
                    papers = required_papers(definition, case_key, channel)
                    base = Given(code, case_key, unit.place, channel, papers)
                    ends = world.ends(configuration, base)
                    process = None if isinstance(ends, Message) else process_of(configuration, case_key, ends)
                    yield replace(base, received=moments)
                    for branch in branches(process)[1:] if process else ():
                        yield replace(base, branch=branch.key, choices=branch.choices)


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(LOOK_AHEAD))


def _holiday(calendar: WorkCalendar, day: date) -> bool:
    """A day off that the week alone does not explain."""
    found = calendar.exceptions.get(day)
    return found is not None and not calendar.is_working_day(day)


def _after_cutoff(calendar: WorkCalendar, day: date, limit: TimeLimit) -> datetime:
    """A minute past the cut-off, else half an hour before the office closes."""
    closing = calendar.closing(day) or _at(day, time(17, 0))
    if limit.cutoff.kind is CutoffKind.AT_TIME and limit.cutoff.at is not None:
        return _at(day, limit.cutoff.at) + timedelta(minutes=1)
    if limit.cutoff.kind is CutoffKind.BEFORE_CLOSING and limit.cutoff.minutes:
        return closing - timedelta(minutes=limit.cutoff.minutes - 1)
    return closing - timedelta(minutes=30)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=VN)
