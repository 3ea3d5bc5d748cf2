"""The officer's desk: what is to do today, what came in, what is missing; and one search over everything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from motcua.catalogue import queries as catalogue
from motcua.catalogue.types import SearchHit
from motcua.counter import permissions as counter
from motcua.counter.queries_today import DayCounts, DayRow, DayTab, day_counts, day_page
from motcua.desk import permissions, queries_money
from motcua.desk.hints import Hint
from motcua.documents import queries as documents
from motcua.dossiers import queries as dossiers
from motcua.dossiers import queries_worklist
from motcua.dossiers.queries_worklist_rows import Row
from motcua.dossiers.rules.worklist import COUNT_CAP, Tab
from motcua.dossiers.types import PAUSED, Status
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.kernel.outbox import queries as outbox
from motcua.organisation import permissions as organisation_permissions
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role, UnitInfo

TILES = (Tab.TODAY, Tab.LATE, Tab.SOON, Tab.MINE, Tab.PAUSED, Tab.CONSULT, Tab.RETURN)
ROWS, RECEIVED, SHOWN = 8, 5, 4
WORKING = frozenset(Role) - {Role.INSPECTOR, Role.IT_ADMIN, Role.PROCEDURE_CONTROLLER}
"""Roles with a worklist of their own."""
LOOKS_AFTER_STAFF = (Role.LEADER.value, Role.IT_ADMIN.value, Role.PROCEDURE_CONTROLLER.value)
YEAR_END = 10
"""From this month on the next year's days off should be known."""
FOUND = 20
UNITS = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """A list and how much is in it, no further than 501."""

    tab: Tab
    count: int


@dataclass(frozen=True, slots=True)
class CounterToday:
    """The officer's counter today."""

    unit: UnitInfo
    counts: DayCounts
    received: tuple[DayRow, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Dossiers in the reach of somebody who oversees, each figure no further than 501."""

    under_way: int
    overdue: int
    paused: int
    to_return: int


@dataclass(frozen=True, slots=True)
class DeskHome:
    """`rows` are of the list `rows_of`: today's, or the next ones where today's is empty."""

    tiles: tuple[Tile, ...]
    rows: tuple[Row, ...]
    rows_of: Tab
    counter: CounterToday | None
    hints: tuple[Hint, ...]
    units: tuple[str, ...]
    has_worklist: bool
    overview: Overview | None


def home(actor: Actor, now: datetime) -> DeskHome:
    """The first page after signing in (some 15 small statements for an officer at a counter)."""
    works = any(grant.role in WORKING for grant in actor.grants)
    counts = queries_worklist.counts(actor, now=now, tabs=TILES) if works else {}
    tab = Tab.TODAY if counts.get(Tab.TODAY) or not counts.get(Tab.MINE) else Tab.MINE
    rows = queries_worklist.worklist(actor, now=now, tab=tab, size=ROWS).rows if counts.get(tab) else ()
    return DeskHome(
        tiles=tuple(Tile(each, counts[each]) for each in TILES if _concerns(each, actor, counts)),
        rows=rows,
        rows_of=tab,
        counter=_counter(actor, now),
        hints=tuple(_hints(actor, now)),
        units=tuple(dict.fromkeys(organisation.unit(grant.unit_id).full_name for grant in actor.grants)),
        has_worklist=works,
        overview=None if works else _overview(actor, now),
    )


def _overview(actor: Actor, now: datetime) -> Overview:
    """Four capped counts over the dossiers the actor may read (4 statements)."""
    open_now = dossiers.visible_to(actor).filter(closed_at__isnull=True)
    under_way = open_now.filter(status__in=(Status.RECEIVED.value, Status.PROCESSING.value))
    asked = [
        under_way,
        under_way.filter(due_at__lt=now, paused_since__isnull=True),
        open_now.filter(status__in=[status.value for status in PAUSED]),
        open_now.filter(status=Status.COMPLETED.value),
    ]
    return Overview(*(rows.order_by()[: COUNT_CAP + 1].count() for rows in asked))


def _concerns(tab: Tab, actor: Actor, counts: dict[Tab, int]) -> bool:
    """What is urgent always shows, also when it is nothing; other lists when something is in them."""
    if tab not in counts:
        return False
    if tab is Tab.RETURN and actor.has(Role.ONE_STOP_OFFICER.value):
        return True
    return tab in (Tab.TODAY, Tab.LATE) or counts[tab] > 0


def _counter(actor: Actor, now: datetime) -> CounterToday | None:
    seats = counter.seats(actor)
    if not seats:
        return None
    unit = seats[0]
    received = day_page(actor, unit, DayTab.RECEIVED, now=now, size=RECEIVED).rows
    return CounterToday(unit, day_counts(actor, unit, now), received)


# --- what is missing --------------------------------------------------------------------------------------


def _hints(actor: Actor, now: datetime) -> list[Hint]:
    today = clock.today(now)
    found = [*queries_money.hints(actor, today), *_vacancies(actor, today), *_calendar(actor, today)]
    if permissions.can_see_jobs(actor):
        dead = outbox.dead_count(cap=99)
        if dead:
            text = msg("%(count)s việc nền không chạy được, cần xem lại", count="99+" if dead > 99 else dead)
            found.append(Hint(text, view="desk:jobs"))
        stuck = documents.stuck_count(cap=99)
        if stuck:
            text = msg("%(count)s văn bản chưa ký số được, cần xem lại", count="99+" if stuck > 99 else stuck)
            found.append(Hint(text, view="desk:signing"))
    return found


def _vacancies(actor: Actor, today: date) -> list[Hint]:
    if organisation_permissions.can_manage_province(actor):
        return _in_the_province(today)
    agencies = {grant.agency_id for grant in actor.grants if grant.role in LOOKS_AFTER_STAFF}
    if not agencies:
        return []
    return [
        Hint(
            msg(
                "Chưa có ai giữ vai trò %(role)s ở %(unit)s",
                role=str(vacancy.role.label),
                unit=vacancy.unit.name,
            ),
            unit_code=vacancy.unit.code,
        )
        for vacancy in organisation.vacancies(agencies, today)
    ]


def _in_the_province(today: date) -> list[Hint]:
    communes = organisation.communes()
    missing = Counter(
        vacancy.unit.agency_id for vacancy in organisation.vacancies({u.id for u in communes}, today)
    )
    if not missing:
        return []
    text = msg(
        "%(count)s trong %(total)s xã, phường còn vị trí chưa có người",
        count=len(missing),
        total=len(communes),
    )
    return [Hint(text, view="organisation:units")]


def _calendar(actor: Actor, today: date) -> list[Hint]:
    if today.month < YEAR_END or not organisation_permissions.can_manage_province(actor):
        return []
    known = organisation.calendar_for(organisation.province().id).exceptions
    if any(day.year == today.year + 1 for day in known):
        return []
    text = msg("Chưa có ngày nghỉ của năm %(year)s: hạn trả sang năm sẽ tính sai", year=today.year + 1)
    return [Hint(text, view="organisation:calendar")]


# --- search -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundDossier:
    code: str
    owner: str
    procedure: str
    status: Status
    received_at: datetime | None
    due_at: datetime | None
    unit: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by kind. `more` says that there are more dossiers; `exact` is a code typed in full."""

    dossiers: tuple[FoundDossier, ...]
    more: bool
    procedures: tuple[SearchHit, ...]
    units: tuple[UnitInfo, ...]
    exact: str = ""

    @property
    def count(self) -> int:
        return len(self.dossiers) + len(self.procedures) + len(self.units)


def search(actor: Actor, text: str, now: datetime) -> Found:
    """Dossiers in the actor's reach, procedures in force and units; only the dossiers need the database."""
    rows = dossiers.search(actor, text, limit=FOUND + 1)
    exact = next((row.code for row in rows if row.code.lower() == text.strip().lower()), "")
    found = tuple(
        FoundDossier(
            code=row.code,
            owner=row.owner_name,
            procedure=row.procedure_name,
            status=row.state,
            received_at=row.received_at,
            due_at=row.due_at,
            unit=organisation.unit(row.receiving_unit_id).full_name,
        )
        for row in rows[:FOUND]
    )
    return Found(
        dossiers=found,
        more=len(rows) > FOUND,
        procedures=tuple(catalogue.search(text, limit=UNITS, at=now)),
        units=_units(text),
        exact=exact,
    )


def _units(text: str) -> tuple[UnitInfo, ...]:
    return tuple(organisation.search_units(text, divisions=True, former=True, limit=UNITS))
