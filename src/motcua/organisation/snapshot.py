"""The picture of units and calendars that a process keeps (see `kernel.picture`): hot paths ask nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType

from django.db.models import F

from motcua.kernel.picture import Picture
from motcua.kernel.text import fold
from motcua.organisation.models import CalendarDay, OrganisationVersion, Unit, WorkSession
from motcua.organisation.rules.working_time import DayException, DayKind, Session, WorkCalendar, merge
from motcua.organisation.types import DayReason, UnitInfo, UnitKind


@dataclass(slots=True)
class Snapshot:
    """Units by id, code, function and area, children in order; calendars are worked out as they are asked
    for.

    `by_function` and `by_area` hold the first standing unit of an agency, or serving a commune, with a
    function.
    """

    stamp: str
    units: dict[int, UnitInfo]
    by_code: dict[str, UnitInfo] = field(default_factory=dict)
    children: dict[int | None, list[UnitInfo]] = field(default_factory=dict)
    by_function: dict[tuple[int, str], UnitInfo] = field(default_factory=dict)
    by_area: dict[tuple[int, str], UnitInfo] = field(default_factory=dict)
    own: dict[int, WorkCalendar] = field(default_factory=dict)
    calendars: dict[int, WorkCalendar] = field(default_factory=dict)

    def calendar(self, unit_id: int) -> WorkCalendar:
        """The unit's calendar with everything inherited from the units above it."""
        known = self.calendars.get(unit_id)
        if known is None:
            unit = self.units[unit_id]
            own = self.own.get(unit_id)
            above = None if unit.parent_id is None else self.calendar(unit.parent_id)
            if above is None:
                known = own or WorkCalendar(weekly={}, exceptions={})
            else:
                known = merge(above, own) if own else above
            self.calendars[unit_id] = known
        return known


def _stamp() -> str:
    return OrganisationVersion.objects.filter(pk=1).values_list("stamp", flat=True).first() or ""


def _write_stamp(stamp: str) -> None:
    changed = OrganisationVersion.objects.filter(pk=1).update(number=F("number") + 1, stamp=stamp)
    if not changed:
        OrganisationVersion.objects.create(pk=1, number=1, stamp=stamp)


def _load() -> Snapshot:
    """Four statements. The stamp comes first: data newer than its stamp is only loaded once more."""
    stamp = _stamp()
    units = {row.pk: _info(row) for row in Unit.objects.order_by("pk")}
    children: dict[int | None, list[UnitInfo]] = defaultdict(list)
    by_function: dict[tuple[int, str], UnitInfo] = {}
    by_area: dict[tuple[int, str], UnitInfo] = {}
    for unit in units.values():
        children[unit.parent_id].append(unit)
        if unit.function and unit.ends_on is None:
            by_function.setdefault((unit.agency_id, unit.function), unit)
            if unit.area_id is not None:
                by_area.setdefault((unit.area_id, unit.function), unit)
    return Snapshot(
        stamp=stamp,
        units=units,
        by_code={unit.code: unit for unit in units.values()},
        children=dict(children),
        by_function=by_function,
        by_area=by_area,
        own=_own_calendars(),
    )


def _own_calendars() -> dict[int, WorkCalendar]:
    """What each unit says for itself: its weekdays, and its confirmed days only."""
    weekly: dict[int, dict[int, tuple[Session, ...]]] = defaultdict(dict)
    for session in WorkSession.objects.order_by("unit_id", "weekday", "opens"):
        week = weekly[session.unit_id]
        known = week.get(session.weekday, ())
        if session.opens is not None and session.closes is not None:
            known = (*known, Session(session.opens, session.closes))
        week[session.weekday] = known
    special: dict[int, dict[date, DayException]] = defaultdict(dict)
    for day in CalendarDay.objects.filter(proposed=False):
        special[day.unit_id][day.day] = _exception(day)
    return {
        unit_id: WorkCalendar(weekly=weekly.get(unit_id, {}), exceptions=special.get(unit_id, {}))
        for unit_id in {*weekly, *special}
    }


def _exception(row: CalendarDay) -> DayException:
    sessions = None
    if row.sessions is not None:
        sessions = tuple(Session(time.fromisoformat(a), time.fromisoformat(b)) for a, b in row.sessions)
    return DayException(
        kind=DayKind(row.kind),
        name=row.name,
        decision=row.decision,
        sessions=sessions,
        # A day off in lieu is paired with the holiday it stands for, which nobody works instead.
        paired_day=None if row.reason == DayReason.IN_LIEU else row.paired_day,
    )


def _info(row: Unit) -> UnitInfo:
    return UnitInfo(
        id=row.pk,
        code=row.code,
        agency_code=row.agency_code,
        kind=UnitKind(row.kind),
        name=row.name,
        full_name=row.full_name,
        short_name=row.short_name,
        parent_id=row.parent_id,
        agency_id=row.agency_id or row.pk,
        is_reception_point=row.is_reception_point,
        function=row.function,
        former_province=row.former_province,
        commune_type=row.commune_type,
        place_name=row.place_name,
        address=row.address,
        phone=row.phone,
        area_id=row.area_id,
        letter_head=MappingProxyType(dict(row.letter_head)),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        agency_code_source=row.agency_code_source,
        predecessors=tuple(row.predecessors),
        source=row.source,
        folded=fold(f"{row.name} {row.full_name} {row.short_name} {row.code} {row.agency_code}"),
    )


_picture = Picture("organisation", load=_load, read_stamp=_stamp, write_stamp=_write_stamp)
current = _picture.current
touch = _picture.touch
forget = _picture.forget
