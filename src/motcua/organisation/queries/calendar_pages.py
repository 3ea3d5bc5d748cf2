"""What the calendar's screens show: a month, the week, the days awaiting review."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta

from motcua.kernel.actor import Actor
from motcua.organisation.models import CalendarDay
from motcua.organisation.permissions import can_manage_unit, require_manage_unit
from motcua.organisation.queries.pages import trail
from motcua.organisation.queries.tree import province, unit, unit_by_code
from motcua.organisation.rules.working_time import WEEKDAYS, Session, WorkCalendar
from motcua.organisation.snapshot import current
from motcua.organisation.types import DayKind, DayReason, UnitInfo

# How a day looks: by why it differs from the week.
LOOKS = {reason.value: reason.value for reason in DayReason}
WORKING, WEEKLY_OFF = "working", "weekly"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from the week, and the unit whose calendar says so."""

    day: date
    kind: str
    look: str
    reason: str
    name: str
    decision: str
    paired_day: date | None
    owner: UnitInfo
    own: bool


@dataclass(frozen=True, slots=True)
class DayCell:
    """A square of the month; `look` is working, weekly, or the reason of a special day."""

    day: date
    in_month: bool
    is_today: bool
    look: str
    sessions: tuple[Session, ...]
    special: SpecialDay | None


@dataclass(frozen=True, slots=True)
class WeekdayRow:
    """The sessions of a weekday and the unit they come from; `own` if the unit set them itself."""

    weekday: int
    name: str
    sessions: tuple[Session, ...]
    owner: UnitInfo | None
    own: bool


@dataclass(frozen=True, slots=True)
class CalendarPage:
    unit: UnitInfo
    first: date
    previous: date
    following: date
    weeks: tuple[tuple[DayCell, ...], ...]
    special: tuple[SpecialDay, ...]
    working_days: int
    week: tuple[WeekdayRow, ...]
    proposed: int
    can_manage: bool


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A proposed day; `differs` says what the calendar already holds for it, if anything."""

    day: date
    kind: str
    reason: str
    name: str
    paired_day: date | None
    source: str
    taken: bool


@dataclass(frozen=True, slots=True)
class ProposalPage:
    unit: UnitInfo
    year: int
    proposed: tuple[ProposedRow, ...]
    confirmed: int
    can_manage: bool


def usual_unit(actor: Actor) -> UnitInfo:
    """The unit whose calendar a reader wants first: that of their own agency, else the province's."""
    for grant in actor.grants:
        if grant.on_behalf_of is None:
            return unit(grant.agency_id)
    return province()


def calendar_page(*, actor: Actor, code: str, month: date, today: date) -> CalendarPage:
    """A month of a unit's calendar (2 statements); `month` is any day of it. Raises `UnknownUnit`."""
    shown = unit_by_code(code)
    working = current().calendar(shown.id)
    first = month.replace(day=1)
    grid = months.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    special = _special_days(shown, grid[0][0], grid[-1][-1])
    weeks = tuple(
        tuple(_cell(day, first.month, today, working, special.get(day)) for day in week) for week in grid
    )
    in_month = [cell for week in weeks for cell in week if cell.in_month]
    return CalendarPage(
        unit=shown,
        first=first,
        previous=(first - timedelta(days=1)).replace(day=1),
        following=(first + timedelta(days=32)).replace(day=1),
        weeks=weeks,
        special=tuple(cell.special for cell in in_month if cell.special),
        working_days=sum(bool(cell.sessions) for cell in in_month),
        week=week_rows(shown),
        proposed=CalendarDay.objects.filter(unit_id=shown.id, proposed=True).count(),
        can_manage=can_manage_unit(actor, shown),
    )


def week_rows(shown: UnitInfo) -> tuple[WeekdayRow, ...]:
    """The seven weekdays of a unit, Monday first, each with where its sessions come from."""
    return tuple(_weekday_row(shown, weekday) for weekday in range(7))


def day_to_edit(*, actor: Actor, code: str, day: date) -> tuple[UnitInfo, SpecialDay | None]:
    """A unit and what its own calendar says of a day (1 statement). Raises `UnknownUnit`, `NotYourUnit`."""
    shown = unit_by_code(code)
    require_manage_unit(actor, shown)
    row = CalendarDay.objects.filter(unit_id=shown.id, day=day, proposed=False).first()
    return shown, None if row is None else _special(row, shown)


def day_sessions(unit_id: int, day: date) -> tuple[Session, ...] | None:
    """The sessions a unit set for one day, or None where the day has none of its own (no statement)."""
    own = current().own.get(unit_id)
    exception = own.exceptions.get(day) if own else None
    return exception.sessions if exception else None


def proposal_page(*, actor: Actor, code: str, year: int) -> ProposalPage:
    """A year's proposed days of a unit (1 statement). Raises `UnknownUnit`, `NotYourUnit`."""
    shown = unit_by_code(code)
    require_manage_unit(actor, shown)
    rows = list(CalendarDay.objects.filter(unit_id=shown.id, day__year=year))
    confirmed = {row.day for row in rows if not row.proposed}
    return ProposalPage(
        unit=shown,
        year=year,
        proposed=tuple(
            ProposedRow(
                day=row.day,
                kind=row.kind,
                reason=str(DayReason(row.reason).label),
                name=row.name,
                paired_day=row.paired_day,
                source=row.source,
                taken=row.day in confirmed,
            )
            for row in rows
            if row.proposed
        ),
        confirmed=len(confirmed),
        can_manage=True,
    )


def _special_days(shown: UnitInfo, first: date, last: date) -> dict[date, SpecialDay]:
    """The special days that hold for a unit, its own above those of the units above it (1 statement)."""
    chain = [*trail(shown), shown]
    place = {each.id: depth for depth, each in enumerate(chain)}
    rows = CalendarDay.objects.filter(unit_id__in=list(place), proposed=False, day__gte=first, day__lte=last)
    found: dict[date, SpecialDay] = {}
    for row in sorted(rows, key=lambda each: place[each.unit_id]):
        found[row.day] = _special(row, shown)
    return found


def _special(row: CalendarDay, shown: UnitInfo) -> SpecialDay:
    return SpecialDay(
        day=row.day,
        kind=row.kind,
        look=LOOKS[row.reason],
        reason=str(DayReason(row.reason).label),
        name=row.name,
        decision=row.decision,
        paired_day=row.paired_day,
        owner=unit(row.unit_id),
        own=row.unit_id == shown.id,
    )


def _cell(day: date, month: int, today: date, working: WorkCalendar, special: SpecialDay | None) -> DayCell:
    sessions = working.sessions_on(day)
    look = special.look if special else WORKING if sessions else WEEKLY_OFF
    if special and special.kind == DayKind.OFF and not working.weekly.get(day.weekday()):
        look = WEEKLY_OFF
    return DayCell(day, day.month == month, day == today, look, sessions, special)


def _weekday_row(shown: UnitInfo, weekday: int) -> WeekdayRow:
    snapshot = current()
    for owner in (shown, *reversed(trail(shown))):
        own = snapshot.own.get(owner.id)
        if own is not None and weekday in own.weekly:
            return WeekdayRow(
                weekday, WEEKDAYS[weekday].render(), own.weekly[weekday], owner, own=owner.id == shown.id
            )
    return WeekdayRow(weekday, WEEKDAYS[weekday].render(), (), None, own=False)
