"""The day at one counter: what came in, what waits to go out, what waits for the citizen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet

from motcua.dossiers import queries as dossiers
from motcua.dossiers.rules.worklist import BadCursor, Cursor
from motcua.dossiers.types import PartyRole, ReturnMethod, Status
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo

PAGE, COUNT_CAP = 50, 500
Dossiers = QuerySet[Any]
"""Rows of `visible_to`; their model belongs to the dossiers context."""


class DayTab(StrEnum):
    """The lists of the page; the values are the addresses."""

    RECEIVED = "nhan"
    RETURN = "tra"
    SUPPLEMENT = "bo-sung"
    HANDED_OVER = "da-tra"


@dataclass(frozen=True, slots=True)
class DayRow:
    """A line of any list: `at` is the moment the list is about."""

    code: str
    owner: str
    phone: str
    procedure: str
    status: Status
    at: datetime
    due_at: datetime | None
    paused: bool
    completed_at: datetime | None
    return_method: ReturnMethod
    submitter: str
    is_intake: bool
    deciding: str
    number: int

    @property
    def cursor(self) -> str:
        return Cursor(self.at, self.number).encode()


@dataclass(frozen=True, slots=True)
class DayPage:
    tab: DayTab
    rows: tuple[DayRow, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Today's figures; the two that wait are counted no further than 501."""

    received: int
    asked: int
    refused: int
    handed_over: int
    to_return: int
    to_supplement: int

    def of(self, tab: DayTab) -> int:
        return {
            DayTab.RECEIVED: self.received + self.asked + self.refused,
            DayTab.RETURN: self.to_return,
            DayTab.SUPPLEMENT: self.to_supplement,
            DayTab.HANDED_OVER: self.handed_over,
        }[tab]


def midnight(now: datetime) -> datetime:
    """When the Vietnamese day began."""
    return clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)


def day_counts(actor: Actor, unit: UnitInfo, now: datetime) -> DayCounts:
    """The figures above the lists (4 statements)."""
    visible = dossiers.visible_to(actor)
    refused = Q(status=Status.REFUSED.value)
    today = visible.filter(receiving_unit_id=unit.id, created_at__gte=midnight(now)).aggregate(
        received=Count("id", filter=Q(received_at__isnull=False)),
        asked=Count("id", filter=Q(received_at__isnull=True) & ~refused),
        refused=Count("id", filter=refused),
    )
    return DayCounts(
        received=today["received"],
        asked=today["asked"],
        refused=today["refused"],
        handed_over=_listed(visible, DayTab.HANDED_OVER, unit, now).count(),
        to_return=_listed(visible, DayTab.RETURN, unit, now)[: COUNT_CAP + 1].count(),
        to_supplement=_listed(visible, DayTab.SUPPLEMENT, unit, now)[: COUNT_CAP + 1].count(),
    )


_MOMENT = {
    DayTab.RECEIVED: "created_at",
    DayTab.RETURN: "completed_at",
    DayTab.SUPPLEMENT: "updated_at",
    DayTab.HANDED_OVER: "returned_at",
}
_NEWEST_FIRST = frozenset({DayTab.RECEIVED, DayTab.HANDED_OVER})


def day_page(
    actor: Actor, unit: UnitInfo, tab: DayTab, *, now: datetime, cursor: str = "", size: int = PAGE
) -> DayPage:
    """One page of a list (2 statements): today's newest first, what waits oldest first."""
    found = _listed(dossiers.visible_to(actor), tab, unit, now)
    moment, newest = _MOMENT[tab], tab in _NEWEST_FIRST
    place = _place(cursor)
    if place is not None and place.at is not None:
        after = "lt" if newest else "gt"
        found = found.filter(
            Q(**{f"{moment}__{after}": place.at}) | Q(**{moment: place.at, f"id__{after}": place.number})
        )
    sign = "-" if newest else ""
    rows = found.order_by(f"{sign}{moment}", f"{sign}id").prefetch_related("parties")[: size + 1]
    shown = [_row(dossier, moment) for dossier in rows]
    more = len(shown) > size
    return DayPage(tab, tuple(shown[:size]), shown[size - 1].cursor if more else "")


def _place(cursor: str) -> Cursor | None:
    if not cursor:
        return None
    try:
        return Cursor.decode(cursor)
    except BadCursor:
        return None  # an old or mangled address shows the first page


def _listed(visible: Dossiers, tab: DayTab, unit: UnitInfo, now: datetime) -> Dossiers:
    if tab is DayTab.RECEIVED:
        return visible.filter(receiving_unit_id=unit.id, created_at__gte=midnight(now))
    if tab is DayTab.RETURN:
        return visible.filter(
            returning_unit_id=unit.id, status=Status.COMPLETED.value, completed_at__isnull=False
        )
    if tab is DayTab.SUPPLEMENT:
        return visible.filter(receiving_unit_id=unit.id, status=Status.AWAITING_SUPPLEMENT.value)
    return visible.filter(returning_unit_id=unit.id, returned_at__gte=midnight(now))


def _row(dossier: Any, moment: str) -> DayRow:
    parties = {party.role: party for party in dossier.parties.all()}
    owner, submitter = parties.get(PartyRole.OWNER.value), parties.get(PartyRole.SUBMITTER.value)
    phones = [party.phone for party in (submitter, owner) if party is not None and party.phone]
    return DayRow(
        code=dossier.code,
        owner=dossier.owner_name,
        phone=phones[0] if phones else "",
        procedure=dossier.procedure_name,
        status=Status(dossier.status),
        at=getattr(dossier, moment),
        due_at=dossier.due_at,
        paused=dossier.paused_since is not None,
        completed_at=dossier.completed_at,
        return_method=ReturnMethod(dossier.return_method),
        submitter=submitter.name if submitter else "",
        is_intake=dossier.received_at is None,
        deciding=organisation.unit(dossier.competent_agency_id).name,
        number=dossier.pk,
    )
