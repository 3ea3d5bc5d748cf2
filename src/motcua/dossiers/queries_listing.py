"""Dossiers for partner systems: a filtered list in pages, and one dossier with its open steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from motcua.dossiers.models import Attachment, Dossier
from motcua.dossiers.queries import by_words, visible_to
from motcua.dossiers.queries_page import DossierPage, dossier_page
from motcua.dossiers.rules.worklist import day_bounds
from motcua.dossiers.types import Status
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.text import fold
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task

__all__ = [
    "Attachment",
    "Dossier",
    "DossierFilters",
    "DossierList",
    "DossierReading",
    "Task",
    "listing",
    "reading",
]


@dataclass(frozen=True, slots=True)
class DossierFilters:
    """What to list. `unit_id` is a unit that received, decides or returns; days are Vietnamese days, inclusive."""

    status: Status | None = None
    unit_id: int | None = None
    procedure: str = ""
    received_from: date | None = None
    received_to: date | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class DossierList:
    """One page, newest first, and whether more follow."""

    rows: Sequence[Dossier]
    more: bool


@dataclass(frozen=True, slots=True)
class DossierReading:
    """The page of a dossier and its open steps."""

    page: DossierPage
    tasks: Sequence[Task]


@transaction.atomic
def listing(
    actor: Actor, filters: DossierFilters, *, after: int | None, limit: int, now: datetime
) -> DossierList:
    """A page of what the actor may see (one statement, and one audit entry that says what was asked for)."""
    rows = visible_to(actor).filter(_wanted(filters))
    words = fold(filters.text).split()[:8]
    if words:
        rows = by_words(rows, words)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: limit + 1])
    said = {
        name: value
        for name in DossierFilters.__slots__
        if name != "text" and (value := getattr(filters, name)) not in (None, "")
    }
    data = {**said, "by_text": bool(words), "rows": min(len(found), limit)}
    audit.record(actor, "dossiers.listed", subject_type="dossier_list", subject="", data=data, at=now)
    return DossierList(found[:limit], more=len(found) > limit)


def _wanted(filters: DossierFilters) -> Q:
    wanted = Q()
    if filters.status is not None:
        wanted &= Q(status=filters.status.value)
    if filters.unit_id is not None:
        wanted &= (
            Q(receiving_unit_id=filters.unit_id)
            | Q(competent_agency_id=filters.unit_id)
            | Q(returning_unit_id=filters.unit_id)
        )
    if filters.procedure:
        wanted &= Q(procedure_code=filters.procedure)
    opens, closes = day_bounds(filters.received_from, filters.received_to)
    for name, value in (
        ("received_at__gte", opens),
        ("received_at__lt", closes),
        ("due_at__lt", filters.due_before),
        ("updated_at__gte", filters.updated_since),
    ):
        if value is not None:
            wanted &= Q(**{name: value})
    return wanted


def reading(actor: Actor, code: str, *, now: datetime) -> DossierReading:
    """One dossier; `NotFound` for unknown and foreign ones alike. Writes the audit entry."""
    page = dossier_page(actor, code, now=now)
    run_id = page.dossier.run_id
    tasks = [] if run_id is None else list(workflow.open_tasks_of(run_id).select_related("assignee"))
    return DossierReading(page, tasks)
