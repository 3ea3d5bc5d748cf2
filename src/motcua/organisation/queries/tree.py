"""Units and calendars, from the process's picture (no statement while it is fresh)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache

from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation import carried
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.rules.fields import FieldTable
from motcua.organisation.rules.working_time import WorkCalendar
from motcua.organisation.snapshot import current
from motcua.organisation.types import FieldDepartment, UnitInfo, UnitKind

KIND_ORDER = (
    UnitKind.PROVINCE,
    UnitKind.SERVICE_CENTRE,
    UnitKind.DEPARTMENT,
    UnitKind.COMMUNE,
    UnitKind.VERTICAL,
    UnitKind.EXTERNAL,
    UnitKind.DISTRICT,
    UnitKind.DIVISION,
)


def units() -> Mapping[int, UnitInfo]:
    """Every unit by id, in the order they were created: also those that have ended."""
    return current().units


def present_units(on: date | None = None) -> list[UnitInfo]:
    """The units that have not ended or, with a day, those that stood on it (as far as their first day is known)."""
    if on is None:
        return list(current().present.values())
    return [unit for unit in current().units.values() if unit.stands_on(on)]


def unit(unit_id: int) -> UnitInfo:
    """One unit; raises `UnknownUnit` (404)."""
    found = current().units.get(unit_id)
    if found is None:
        raise UnknownUnit(msg("Không có đơn vị này."))
    return found


def unit_by_code(code: str) -> UnitInfo:
    """One unit by its own code (`07210`, `STP`, `07210.VP`), else by an agency's code or one of earlier times
    (`H02`); raises `UnknownUnit` (404).
    """
    snapshot = current()
    found = snapshot.by_code.get(code.strip()) or snapshot.by_former.get(code.strip().lower())
    if found is None:
        raise UnknownUnit(msg("Không có đơn vị mang mã %(code)s.", code=code.strip()[:40]))
    return found


def province() -> UnitInfo:
    """The provincial People's Committee, top of the tree and root of all calendars."""
    for found in current().present.values():
        if found.kind == UnitKind.PROVINCE:
            return found
    raise UnknownUnit(msg("Chưa nạp dữ liệu tổ chức của tỉnh."))


def communes(on: date | None = None) -> list[UnitInfo]:
    """The communes and wards by code: today's, or those of a day."""
    return sorted((u for u in present_units(on) if u.kind == UnitKind.COMMUNE), key=lambda u: u.code)


def agencies(*, kinds: Iterable[UnitKind] | None = None, on: date | None = None) -> list[UnitInfo]:
    """Agencies (units that are nobody's division), by code, perhaps only of some kinds; today's or a day's."""
    wanted = None if kinds is None else frozenset(kinds)
    found = [u for u in present_units(on) if u.is_agency and (wanted is None or u.kind in wanted)]
    return sorted(found, key=lambda u: u.code)


def units_within(unit_id: int) -> list[UnitInfo]:
    """The unit and everything below it, parents first."""
    snapshot = current()
    found = [unit(unit_id)]
    for above in found:
        found.extend(snapshot.children.get(above.id, []))
    return found


def reception_points() -> list[UnitInfo]:
    """Where dossiers are received, by code: the centres, their further points, the commune police (for its own)."""
    return sorted((u for u in current().present.values() if u.is_reception_point), key=lambda u: u.code)


def centre_of(agency_id: int) -> UnitInfo:
    """The Public Administration Service Centre that receives for an agency.

    A commune has its own; departments and vertical agencies use the provincial centre (Decree 118/2025, art.
    8), a commune's vertical units the centre of that commune.
    """
    agency = unit(agency_id)
    if agency.kind == UnitKind.SERVICE_CENTRE and agency.is_agency:
        return agency
    home = agency.area_id or agency.agency_id
    for found in current().children.get(home, []):
        if found.kind == UnitKind.SERVICE_CENTRE and found.agency_id == home:
            return found
    for found in current().present.values():
        if found.kind == UnitKind.SERVICE_CENTRE and found.is_agency:
            return found
    raise UnknownUnit(msg("Chưa có Trung tâm Phục vụ hành chính công tỉnh."))


def unit_with_function(agency_id: int, function: str) -> UnitInfo | None:
    """The first standing unit of an agency that has this function (its office, its land registry, …)."""
    return current().by_function.get((agency_id, function))


def vertical_in(commune_id: int, function: str) -> UnitInfo | None:
    """The unit of a vertical agency that serves a commune (its police), if there is one."""
    return current().by_area.get((commune_id, function))


def division_for(agency_id: int, field_name: str) -> UnitInfo | None:
    """The division of an agency that works on a field; None when the agency has no division at all.

    Communes: by `data/field_divisions.json` (Decree 150/2025 names the divisions). Departments: the named
    division of the field where the decisions name one, else the agency's specialist division, else its
    office. Fields of the police in a commune (residence, identity cards) lead to the commune's police,
    which is an agency of its own.
    """
    agency = unit(agency_id)
    for function in _fields().division_functions(field_name, commune=agency.kind == UnitKind.COMMUNE):
        found = unit_with_function(agency.id, function) or vertical_in(agency.id, function)
        if found is not None:
            return found
    return None


def function_for_field(field_name: str, functions: Collection[str], *, commune: bool = True) -> str:
    """The function that works on a field among those an agency has; "" when none of them does."""
    wanted = _fields().division_functions(field_name, commune=commune)
    return next((function for function in wanted if function in functions), "")


def department_for_field(field_name: str, *, ministry_code: str = "", ministry: str = "") -> FieldDepartment:
    """The provincial agency that handles a field: by the field, else by the ministry, else the committee's
    office.

    The last is a gap to be reported (`FieldDepartment.is_gap`).
    """
    code, matched_by = _fields().department(field_name, ministry_code=ministry_code, ministry=ministry)
    return FieldDepartment(unit=unit_by_code(code), matched_by=matched_by)


def field_gaps(field_names: Iterable[str]) -> list[str]:
    """The fields no department is known for, in alphabetical order."""
    return sorted({name for name in field_names if department_for_field(name).is_gap})


def calendar_for(unit_id: int) -> WorkCalendar:
    """The unit's work calendar with what it inherits; confirmed days only."""
    unit(unit_id)
    return current().calendar(unit_id)


def search_units(
    text: str = "",
    *,
    kind: str = "",
    former_province: str = "",
    divisions: bool = False,
    former: bool = False,
    limit: int | None = None,
) -> list[UnitInfo]:
    """Agencies (and their `divisions`, if asked) whose names or codes hold every word of `text`.

    Accents and case do not matter. Those that hold the words side by side come first, then those that hold them
    in their names of earlier times or of what they were made of; then by kind and code. Units that have ended
    come last, and only if `former` is asked for and something is searched.
    """
    phrase = fold(text)
    words = phrase.split()
    snapshot = current()
    known = snapshot.units if former and words else snapshot.present
    ranked = [
        (rank, u)
        for u in known.values()
        if (divisions or u.is_agency)
        and (not kind or u.kind == kind)
        and (not former_province or u.former_province == former_province)
        and (rank := _rank(u, phrase, words)) is not None
    ]
    order = {known: place for place, known in enumerate(KIND_ORDER)}
    ranked.sort(key=lambda it: (it[1].is_former, it[0], not it[1].is_agency, order[it[1].kind], it[1].code))
    found = [u for _rank, u in ranked]
    return found if limit is None else found[:limit]


def _rank(unit: UnitInfo, phrase: str, words: list[str]) -> int | None:
    """0 the words side by side, 1 each somewhere, 2 only with the names of earlier times, None not at all."""
    if phrase in unit.folded:
        return 0
    if all(word in unit.folded for word in words):
        return 1
    if phrase in unit.folded_former:
        return 2
    return None


@cache
def _fields() -> FieldTable:
    return FieldTable.from_dict(carried.read("field_divisions.json"))
