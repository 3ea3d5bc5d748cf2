"""The picture of units and calendars that a process keeps (see `kernel.picture`): hot paths ask nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType
from typing import Any

from django.db.models import F

from motcua.kernel.picture import Picture
from motcua.kernel.text import fold
from motcua.organisation.models import (
    CalendarDay,
    OrganisationVersion,
    SuccessionLine,
    Unit,
    WorkSession,
)
from motcua.organisation.rules.working_time import DayException, DayKind, Session, WorkCalendar, merge
from motcua.organisation.types import DayReason, FormerName, Succeeded, UnitInfo, UnitKind


@dataclass(slots=True)
class Snapshot:
    """Units by id, code, function and area, children in order; calendars are worked out as they are asked for.

    `units`, `by_code` and `children` hold every unit there ever was, `present` those that have not ended.
    `by_former` finds a unit by a code of its own or of earlier times, in lower case. `by_function` and `by_area`
    hold the first standing unit of an agency, or serving a commune, with a function.
    """

    stamp: str
    units: dict[int, UnitInfo]
    by_code: dict[str, UnitInfo] = field(default_factory=dict)
    children: dict[int | None, list[UnitInfo]] = field(default_factory=dict)
    by_function: dict[tuple[int, str], UnitInfo] = field(default_factory=dict)
    by_area: dict[tuple[int, str], UnitInfo] = field(default_factory=dict)
    present: dict[int, UnitInfo] = field(default_factory=dict)
    by_former: dict[str, UnitInfo] = field(default_factory=dict)
    succeeded: dict[int, list[Succeeded]] = field(default_factory=dict)
    succeeds: dict[int, list[Succeeded]] = field(default_factory=dict)
    keepers: dict[int, int] = field(default_factory=dict)
    own: dict[int, WorkCalendar] = field(default_factory=dict)
    calendars: dict[int, WorkCalendar] = field(default_factory=dict)

    def calendar(self, unit_id: int) -> WorkCalendar:
        """The unit's calendar with everything inherited from the units above it."""
        known = self.calendars.get(unit_id)
        if known is None:
            unit = self.units[unit_id]
            own = self.own.get(unit_id)
            above = None if (parent := self._calendar_parent(unit)) is None else self.calendar(parent)
            if above is None:
                known = own or WorkCalendar(weekly={}, exceptions={})
            else:
                known = merge(above, own) if own else above
            self.calendars[unit_id] = known
        return known

    def _calendar_parent(self, unit: UnitInfo) -> int | None:
        """The unit above; the top of what has ended works as the province of today does."""
        if unit.parent_id is not None or not unit.is_former:
            return unit.parent_id
        return next((each.id for each in self.present.values() if each.kind == UnitKind.PROVINCE), None)


def _stamp() -> str:
    return OrganisationVersion.objects.filter(pk=1).values_list("stamp", flat=True).first() or ""


def _write_stamp(stamp: str) -> None:
    changed = OrganisationVersion.objects.filter(pk=1).update(number=F("number") + 1, stamp=stamp)
    if not changed:
        OrganisationVersion.objects.create(pk=1, number=1, stamp=stamp)


def _load() -> Snapshot:
    """Four statements, a fifth once units have ended. The stamp comes first: data newer than its stamp is only
    loaded once more.
    """
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
    snapshot = Snapshot(
        stamp=stamp,
        units=units,
        by_code={unit.code: unit for unit in units.values()},
        children=dict(children),
        by_function=by_function,
        by_area=by_area,
        present={unit.id: unit for unit in units.values() if not unit.is_former},
        by_former=_former_codes(units.values()),
        own=_own_calendars(),
    )
    if len(snapshot.present) < len(units) or any(unit.former_names for unit in units.values()):
        _load_succeeded(snapshot)
    return snapshot


def _former_codes(units: Iterable[UnitInfo]) -> dict[str, UnitInfo]:
    """Units by their codes of today, then by those of earlier times; a standing unit before one that ended."""
    found: dict[str, UnitInfo] = {}
    ordered = sorted(units, key=lambda unit: unit.is_former)
    for unit in ordered:
        for code in (unit.code, unit.agency_code):
            found.setdefault(code.lower(), unit)
    for unit in ordered:
        for name in unit.former_names:
            for code in (name.code, name.agency_code):
                found.setdefault(code.lower(), unit)
    found.pop("", None)
    return found


def _load_succeeded(snapshot: Snapshot) -> None:
    """Who took over from whom, and the old names under which today's units are found (one statement)."""
    rows = SuccessionLine.objects.order_by("pk").values_list(
        "predecessor_id",
        "successor_id",
        "kind",
        "function",
        "field",
        "succession__effective_on",
        "succession__number",
    )
    for row in rows:
        line = Succeeded(*row)
        snapshot.succeeded.setdefault(line.predecessor_id, []).append(line)
        if line.successor_id != line.predecessor_id:
            snapshot.succeeds.setdefault(line.successor_id, []).append(line)


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
        former_names=tuple(_former_name(name) for name in row.former_names),
        folded_former=_folded_former(row),
        folded=fold(f"{row.name} {row.full_name} {row.short_name} {row.code} {row.agency_code}"),
    )


def _former_name(name: dict[str, Any]) -> FormerName:
    starts_on, ends_on = name.get("starts_on"), name.get("ends_on")
    words = {
        key: str(name.get(key, ""))
        for key in ("name", "full_name", "short_name", "agency_code", "code", "decision")
    }
    return FormerName(
        words["name"],
        words["full_name"],
        words["short_name"],
        words["agency_code"],
        words["code"],
        MappingProxyType(dict(name.get("letter_head") or {})),
        date.fromisoformat(starts_on) if starts_on else None,
        date.fromisoformat(ends_on) if ends_on else None,
        words["decision"],
    )


def _folded_former(row: Unit) -> str:
    """Names and codes of earlier times and the names of merged communes, as they are searched."""
    words = [*row.predecessors]
    for name in row.former_names:
        words += [
            str(name.get(key, "")) for key in ("name", "full_name", "short_name", "agency_code", "code")
        ]
    return fold(" | ".join(word for word in words if word))


_picture = Picture("organisation", load=_load, read_stamp=_stamp, write_stamp=_write_stamp)
current = _picture.current
touch = _picture.touch
forget = _picture.forget
