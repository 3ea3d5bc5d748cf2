"""The officer's lists: which dossiers, in which order, and what may be done with each.

A page is one statement over open tasks joined to their dossiers (two with delegated work: the names of those
one stands in for). Places in a list are cursors, never offsets; counts stop at 501 and are asked for apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from motcua.dossiers.models import Dossier
from motcua.dossiers.queries_worklist_rows import Choice, Row, beside, row_of_dossier, row_of_task
from motcua.dossiers.rules import worklist as rules
from motcua.dossiers.rules.worklist import COUNT_CAP, PAGE_SIZE, Cursor, Filters, Tab
from motcua.dossiers.types import PAUSED, Status
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.rows import made
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Run, Task
from motcua.workflow.types import StepKind, TaskStatus

WHOLE_AGENCY = frozenset(
    {
        Role.LEADER.value,
        Role.DEPT_HEAD.value,
        Role.PROCEDURE_CONTROLLER.value,
        Role.IT_ADMIN.value,
        Role.INSPECTOR.value,
    }
)
"""Roles that see the work of all divisions of their agency."""
FACET_ROWS = 2000
_Facet = tuple[str, str, str, int | None, int | None, str | None]
_PAUSED = tuple(status.value for status in PAUSED)
_DOSSIER = "run__dossier__"
_FIELDS = (
    "id",
    "run_id",
    "code",
    "status",
    "procedure_code",
    "procedure_name",
    "field_name",
    "case_name",
    "owner_name",
    "receiving_unit_id",
    "competent_agency_id",
    "returning_unit_id",
    "received_at",
    "created_at",
    "due_at",
    "paused_since",
    "pause_reason",
    "completed_at",
    "updated_at",
    "counted_late",
    "extended",
)
_TASK_FIELDS = (
    "id",
    "run_id",
    "step_key",
    "name",
    "kind",
    "unit_id",
    "role",
    "assignee_id",
    "status",
    "opened_at",
    "claimed_at",
    "due_at",
    "run_due_at",
    "completed_at",
    "completed_by_id",
    "outcome",
    "asked_from_id",
)
_RUN_FIELDS = ("id", "process_version_id")
_COLUMNS = (
    *_TASK_FIELDS,
    *(f"run__{name}" for name in _RUN_FIELDS),
    *(_DOSSIER + name for name in _FIELDS),
    "assignee__full_name",
)


@dataclass(frozen=True, slots=True)
class WorklistPage:
    """A page of a list. `next_cursor` is empty on the last page."""

    tab: Tab
    rows: tuple[Row, ...]
    next_cursor: str
    filters: Filters

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Everything that some row of the page allows, for the bulk bar."""
        found: dict[str, Choice] = {}
        for row in self.rows:
            for choice in row.choices:
                found.setdefault(choice.key, choice)
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Facets:
    """What the filters can offer: values that occur in the list."""

    fields: tuple[str, ...]
    procedures: tuple[str, ...]
    steps: tuple[str, ...]
    units: tuple[tuple[int, str], ...]
    people: tuple[tuple[int, str], ...]


def worklist(
    actor: Actor,
    *,
    now: datetime,
    tab: Tab = Tab.TODAY,
    filters: Filters | None = None,
    cursor: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> WorklistPage:
    """One page of a list, most urgent first ("Đã chuyển đi": latest first)."""
    wanted = filters or Filters()
    if tab.of_dossiers:
        found: Sequence[Any] = _dossier_rows(actor, tab, wanted, cursor, size)
        rows = [row_of_dossier(actor, dossier, tab, now) for dossier in found[:size]]
    else:
        found = _task_rows(actor, tab, wanted, cursor, now, size)
        others = beside(actor, found[:size], tab)
        rows = [row_of_task(actor, task, tab, now, others) for task in found[:size]]
    last = rows[-1].cursor if len(found) > size else ""
    return WorklistPage(tab=tab, rows=tuple(rows), next_cursor=last, filters=wanted)


def next_row(
    actor: Actor, *, tab: Tab, filters: Filters, cursor: Cursor | None, skip: Iterable[str], now: datetime
) -> Row | None:
    """The row to go on with after an act: the first one below the place, else the first one of the list."""
    passed = frozenset(skip)
    for start in (cursor, None) if cursor else (None,):
        page = worklist(actor, now=now, tab=tab, filters=filters, cursor=start, size=1 + len(passed))
        for row in page.rows:
            if row.code not in passed:
                return row
    return None


def counts(actor: Actor, tabs: Iterable[Tab], *, now: datetime) -> dict[Tab, int]:
    """How many rows each list has, no further than 501: one cheap statement a list."""
    return {tab: _listed(actor, tab, Filters(), now)[: COUNT_CAP + 1].count() for tab in tabs}


def facets(actor: Actor, *, tab: Tab, now: datetime) -> Facets:
    """Values the filters of a list can take (one statement; the first 2,000 rows speak for the rest)."""
    listed = _listed(actor, tab, Filters(), now)
    prefix = "" if tab.of_dossiers else _DOSSIER
    columns = [f"{prefix}field_name", f"{prefix}procedure_name"]
    if tab.of_dossiers:
        plain = list(listed.order_by().values_list(*columns).distinct()[:FACET_ROWS])
        rows: list[_Facet] = [(field, procedure, "", None, None, None) for field, procedure in plain]
    else:
        columns += ["name", "unit_id", "assignee_id", "assignee__full_name"]
        rows = list(listed.order_by().values_list(*columns).distinct()[:FACET_ROWS])
    known = organisation.units()
    units = {row[3]: known[row[3]].full_name for row in rows if row[3] is not None and row[3] in known}
    people = {row[4]: row[5] or "" for row in rows if row[4] is not None}
    return Facets(
        fields=_sorted({row[0] for row in rows}),
        procedures=_sorted({row[1] for row in rows}),
        steps=_sorted({row[2] for row in rows}),
        units=tuple(sorted(units.items(), key=lambda item: fold(item[1]))),
        people=tuple(sorted(people.items(), key=lambda item: fold(item[1]))),
    )


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted((value for value in values if value), key=fold))


def _listed(actor: Actor, tab: Tab, filters: Filters, now: datetime) -> QuerySet[Any]:
    if tab.of_dossiers:
        return _filtered(_dossiers_in(actor, tab), filters, "")
    rows = _tasks_in(actor, tab, now).filter(reduce(or_, _owners(actor, tab)))
    return _filtered(rows, filters, _DOSSIER)


def _task_rows(
    actor: Actor, tab: Tab, filters: Filters, cursor: Cursor | None, now: datetime, size: int
) -> list[Task]:
    """The first rows after the cursor.

    Where the database can, each way a task can be the actor's gives its own first rows straight from an index, and
    only those are put together: a page then costs the same whether a desk holds fifty tasks or fifty thousand.
    """
    owners, column = _owners(actor, tab), "completed_at" if tab is Tab.SENT else "due_at"

    def first(rows: QuerySet[Task]) -> QuerySet[Task]:
        found = _filtered(rows, filters, _DOSSIER)
        return _after(found, column, cursor, latest_first=tab is Tab.SENT)[: size + 1]

    rows = _tasks_in(actor, tab, now)
    if len(owners) == 1 or not connection.features.supports_slicing_ordering_in_compound:
        return read_tasks(first(rows.filter(reduce(or_, owners))))
    parts = [first(rows.filter(owner)).values("pk") for owner in owners]
    chosen = workflow.open_tasks().filter(pk__in=parts[0].union(*parts[1:], all=True))
    return read_tasks(_after(chosen, column, None, latest_first=False)[: size + 1])


def read_tasks(tasks: QuerySet[Task]) -> list[Task]:
    """Tasks with their runs, dossiers and assignees in one statement, and no column that a list does not show."""
    found: list[Task] = []
    for row in tasks.values_list(*_COLUMNS):
        values = iter(row)
        task = made(Task, ((name, next(values)) for name in _TASK_FIELDS))
        run = made(Run, ((name, next(values)) for name in _RUN_FIELDS))
        run.dossier = made(Dossier, ((name, next(values)) for name in _FIELDS))
        task.run = run
        full_name = next(values)
        if task.assignee_id is not None:
            task.assignee = made(User, (("id", task.assignee_id), ("full_name", full_name)))
        found.append(task)
    return found


def _dossier_rows(
    actor: Actor, tab: Tab, filters: Filters, cursor: Cursor | None, size: int
) -> list[Dossier]:
    rows = _filtered(_dossiers_in(actor, tab), filters, "")
    rows = _after(rows, "completed_at" if tab is Tab.RETURN else "updated_at", cursor, latest_first=False)
    return list(rows.only(*_FIELDS)[: size + 1])


def _after(rows: QuerySet[Any], column: str, cursor: Cursor | None, *, latest_first: bool) -> QuerySet[Any]:
    """Order by a moment (unknown ones last) and the row's number; go on after the cursor."""
    if latest_first:
        rows = rows.order_by(F(column).desc(), "-pk")
    else:
        rows = rows.order_by(F(column).asc(nulls_last=True), "pk")
    if cursor is None:
        return rows
    beyond, number = ("lt", "pk__lt") if latest_first else ("gt", "pk__gt")
    if cursor.at is None:
        return rows.filter(Q(**{f"{column}__isnull": True, number: cursor.number}))
    here = Q(**{f"{column}__{beyond}": cursor.at}) | Q(**{column: cursor.at, number: cursor.number})
    return rows.filter(here if latest_first else here | Q(**{f"{column}__isnull": True}))


def _tasks_in(actor: Actor, tab: Tab, now: datetime) -> QuerySet[Task]:
    """The tasks of a list, whoever they belong to."""
    if tab is Tab.SENT:
        since = now - timedelta(days=rules.SENT_DAYS)
        return workflow.tasks_done_by(actor.user_id or 0, since=since).filter(run__dossier__isnull=False)
    rows = workflow.open_tasks().filter(run__dossier__isnull=False)
    if tab is Tab.UNIT:
        return rows.exclude(kind=StepKind.RETURN.value)
    if tab is Tab.CONSULT:
        waiting = workflow.open_tasks().filter(asked_from_id__isnull=False).values("asked_from_id")
        return rows.filter(pk__in=waiting)
    running = Q(**{f"{_DOSSIER}paused_since__isnull": True}) | Q(asked_from_id__isnull=False)
    rows = rows.filter(running).exclude(kind=StepKind.RETURN.value)
    return _due_in(rows, actor, tab, now)


def _owners(actor: Actor, tab: Tab) -> list[Q]:
    """The ways in which a task can belong to the actor's list; a task fits at most one of them."""
    if tab is Tab.SENT:
        return [Q(completed_by_id=actor.user_id)]
    if tab is Tab.UNIT:
        return [Q(unit_id__in=_unit_ids(actor))]
    return ways_of_mine(actor)


def _due_in(rows: QuerySet[Task], actor: Actor, tab: Tab, now: datetime) -> QuerySet[Task]:
    if tab is Tab.TODAY:
        return rows.filter(_due_before(rules.end_of_day(now)))
    if tab is Tab.LATE:
        return rows.filter(_due_before(now))
    if tab is Tab.SOON:
        calendar = organisation.calendar_for(_home(actor))
        return rows.filter(_due_before(rules.soon_until(calendar, now))).exclude(_due_before(now))
    return rows


def _due_before(moment: datetime) -> Q:
    """The step's own limit or the dossier's, whichever comes first."""
    return Q(due_at__lt=moment) | Q(run_due_at__lt=moment)


def ways_of_mine(actor: Actor) -> list[Q]:
    """Tasks on the actor's desk: theirs by name, open to a role they hold, or of one they stand in for.

    Each way can be read from an index, and none repeats what another gives.
    """
    desks = {(grant.unit_id, grant.role) for grant in actor.grants}
    ways = [Q(assignee_id=actor.user_id)] if actor.user_id is not None else []
    ways += [Q(unit_id=unit_id, role=role, assignee_id__isnull=True) for unit_id, role in sorted(desks)]
    absent = {(g.unit_id, g.role, g.on_behalf_of) for g in actor.grants if g.on_behalf_of is not None}
    ways += [
        Q(unit_id=unit_id, role=role, assignee_id=user_id)
        for unit_id, role, user_id in sorted(absent)
        if user_id != actor.user_id
    ]
    # SQLite takes an index over open tasks only for a way that says itself that they are open.
    return [Q(status=TaskStatus.OPEN) & way for way in ways] or [Q(pk__in=[])]


def _dossiers_in(actor: Actor, tab: Tab) -> QuerySet[Dossier]:
    counters = [grant.unit_id for grant in actor.grants if grant.role == Role.ONE_STOP_OFFICER.value]
    if tab is Tab.RETURN:
        return Dossier.objects.filter(status=Status.COMPLETED.value, returning_unit_id__in=counters)
    on_my_desk = workflow.open_tasks().filter(reduce(or_, ways_of_mine(actor))).values("run_id")
    return Dossier.objects.filter(status__in=_PAUSED).filter(
        Q(receiving_unit_id__in=counters) | Q(run_id__in=on_my_desk)
    )


def _unit_ids(actor: Actor) -> list[int]:
    """Units whose work the actor may look over."""
    known = organisation.units()
    whole = {grant.agency_id for grant in actor.grants if grant.role in WHOLE_AGENCY}
    ids = {unit.id for unit in known.values() if unit.agency_id in whole}
    return sorted(ids | {grant.unit_id for grant in actor.grants})


def _home(actor: Actor) -> int:
    """Whose calendar counts for "soon": the person's first post."""
    return actor.grants[0].unit_id if actor.grants else organisation.province().id


def _filtered(rows: QuerySet[Any], filters: Filters, prefix: str) -> QuerySet[Any]:
    equal: dict[str, object] = {
        f"{prefix}field_name": filters.field,
        f"{prefix}procedure_name": filters.procedure,
        f"{prefix}status": filters.status,
    }
    if prefix:
        equal |= {"name": filters.step, "unit_id": filters.unit_id, "assignee_id": filters.assignee_id}
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    for word in fold(filters.text).split():
        rows = rows.filter(**{f"{prefix}search_text__contains": word})
    opens, closes = rules.day_bounds(filters.received_from, filters.received_to)
    if opens is not None:
        rows = rows.filter(**{f"{prefix}received_at__gte": opens})
    if closes is not None:
        rows = rows.filter(**{f"{prefix}received_at__lt": closes})
    return rows
