"""Units and calendars for partner systems."""

from datetime import date, timedelta
from typing import Annotated

from ninja import Path, Query, Router

from motcua.kernel import clock
from motcua.kernel.api import Cursor, Limit, after
from motcua.kernel.http import ActorRequest
from motcua.organisation import queries
from motcua.organisation.api.schemas import (
    CalendarOut,
    HolderOut,
    HoldersOut,
    SessionOut,
    SpecialDayOut,
    UnitDetailOut,
    UnitOut,
    UnitPageOut,
    WeekdayOut,
)
from motcua.organisation.rules.working_time import Session, WorkCalendar
from motcua.organisation.types import Role, UnitInfo, UnitKind

router = Router(tags=["organisation"])
UnitCode = Annotated[str, Path(max_length=40, description="The unit's own code")]


@router.get("/units", response=UnitPageOut, operation_id="list_units", summary="Units of the province")
def list_units(
    request: ActorRequest,
    q: Annotated[str, Query(max_length=120, description="Words of the name or code; accents optional")] = "",
    kind: Annotated[UnitKind | None, Query(description="Only units of this kind")] = None,
    reception_points: Annotated[bool, Query(description="Only where dossiers are received")] = False,
    cursor: Cursor = "",
    limit: Limit = 100,
) -> UnitPageOut:
    """Agencies and their divisions in the order they were created; with `q` also those that have ended, found by
    their names and codes of that time.
    """
    found = queries.search_units(q, kind=kind.value if kind else "", divisions=True, former=True)
    chosen = sorted(
        (unit for unit in found if unit.is_reception_point or not reception_points), key=lambda unit: unit.id
    )
    start = after(cursor) or 0
    rest = [unit for unit in chosen if unit.id > start]
    page = rest[:limit]
    return UnitPageOut(
        items=[unit_out(unit) for unit in page], next=str(page[-1].id) if len(rest) > limit else None
    )


@router.get("/units/{code}", response=UnitDetailOut, operation_id="get_unit", summary="One unit")
def get_unit(request: ActorRequest, code: UnitCode) -> UnitDetailOut:
    """The unit, the centre that receives for it, and its parts."""
    unit = queries.unit_by_code(code)
    below = [
        found.code
        for found in queries.units_within(unit.id)[1:]
        if found.parent_id == unit.id and (found.ends_on is None or unit.ends_on is not None)
    ]
    return UnitDetailOut(
        **unit_out(unit).model_dump(),
        receives_at=queries.centre_of(unit.agency_id).code,
        divisions=below,
        predecessors=list(unit.predecessors),
        formed_from=[origin.unit.code for origin in queries.predecessors(unit.id)],
        successors=[origin.unit.code for origin in queries.successors(unit.id)],
    )


@router.get(
    "/units/{code}/holders",
    response=HoldersOut,
    operation_id="list_holders",
    summary="Who acts in a role of a unit today",
)
def list_holders(
    request: ActorRequest, code: UnitCode, role: Annotated[Role, Query(description="Role of the post")]
) -> HoldersOut:
    """Holders of the post, then those it is delegated to: the people a step can be assigned to."""
    unit = queries.unit_by_code(code)
    held = queries.holders(unit.id, role.value, clock.today(clock.now()))
    return HoldersOut(
        items=[
            HolderOut(
                user_id=holder.user_id,
                full_name=holder.full_name,
                title=holder.title,
                delegated=holder.delegated,
            )
            for holder in held
        ]
    )


@router.get(
    "/calendar/{unit}/{year}",
    response=CalendarOut,
    operation_id="get_calendar",
    summary="A unit's working time in a year",
)
def get_calendar(
    request: ActorRequest, unit: UnitCode, year: Annotated[int, Path(ge=2000, le=2100)]
) -> CalendarOut:
    """The week and the days that depart from it, each with its decision; confirmed days only."""
    info = queries.unit_by_code(unit)
    calendar = queries.calendar_for(info.id)
    first = date(year, 1, 1)
    days = (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))
    return CalendarOut(
        unit=info.code,
        year=year,
        working_days=sum(calendar.is_working_day(day) for day in days),
        week=[
            WeekdayOut(weekday=weekday, sessions=_sessions(calendar.weekly.get(weekday, ())))
            for weekday in range(7)
        ],
        special=_special(calendar, year),
    )


def unit_out(unit: UnitInfo) -> UnitOut:
    """A unit with codes in place of ids."""
    known = queries.units()
    return UnitOut(
        code=unit.code,
        agency_code=unit.agency_code,
        kind=unit.kind.value,
        function=unit.function,
        name=unit.name,
        full_name=unit.full_name,
        agency=known[unit.agency_id].code,
        parent=known[unit.parent_id].code if unit.parent_id is not None else None,
        is_reception_point=unit.is_reception_point,
        former_province=unit.former_province,
        place_name=unit.place_name,
        address=unit.address,
        phone=unit.phone,
        starts_on=unit.starts_on,
        ends_on=unit.ends_on,
    )


def _special(calendar: WorkCalendar, year: int) -> list[SpecialDayOut]:
    return [
        SpecialDayOut(
            day=day,
            kind=found.kind.value,
            name=found.name,
            decision=found.decision,
            paired_day=found.paired_day,
            sessions=_sessions(calendar.sessions_on(day)),
        )
        for day, found in sorted(calendar.exceptions.items())
        if day.year == year
    ]


def _sessions(sessions: tuple[Session, ...]) -> list[SessionOut]:
    return [
        SessionOut(opens=f"{session.opens:%H:%M}", closes=f"{session.closes:%H:%M}") for session in sessions
    ]
