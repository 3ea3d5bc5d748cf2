"""Days of the till and money that is to go back: what is open, what was closed, what waits for a second person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.payments.models import CashCount, CashierDay, Entry, Refund
from motcua.payments.permissions import can_read
from motcua.payments.types import EntryKind

PAGE = 30
OPEN_SHOWN = 10
LOOK_BACK = timedelta(days=120)


def open_days(unit_id: int, *, before: date) -> list[date]:
    """Days before this one on which money moved and that nobody closed, oldest first (1 statement)."""
    return [day for _unit_id, day in open_days_of([unit_id], before=before)]


def open_days_of(unit_ids: Collection[int], *, before: date) -> list[tuple[int, date]]:
    """The same of several units' books, each with its unit (1 statement)."""
    closed = CashierDay.objects.filter(unit_id=OuterRef("unit_id"), day=OuterRef("day"))
    moved = (
        Entry.objects.filter(
            ~Exists(closed), unit_id__in=unit_ids, day__lt=before, day__gte=before - LOOK_BACK
        )
        .order_by("day", "unit_id")
        .values_list("unit_id", "day")
        .distinct()
    )
    return list(moved[: OPEN_SHOWN * max(len(unit_ids), 1)])


def books_within(unit_id: int) -> list[int]:
    """Who keeps the books meant by a unit: itself, or the units below it that took money (2 statements)."""
    within = [unit.id for unit in organisation.units_within(unit_id)]
    moved = set(Entry.objects.filter(unit_id__in=within).values_list("unit_id", flat=True).distinct())
    return [unit_id] if unit_id in moved or not moved else sorted(moved)


@dataclass(frozen=True, slots=True)
class ClosedDays:
    rows: tuple[CashierDay, ...]
    after: date | None


def closed_days(unit_id: int, *, before: date | None = None, size: int = PAGE) -> ClosedDays:
    """Closed days of a unit, newest first (1 statement)."""
    found = CashierDay.objects.filter(unit_id=unit_id).defer("figures", "pieces").order_by("-day")
    if before is not None:
        found = found.filter(day__lt=before)
    rows = list(found[: size + 1])
    return ClosedDays(tuple(rows[:size]), rows[size - 1].day if len(rows) > size else None)


def closed_day(actor: Actor, day_id: int) -> CashierDay:
    """One closed day; raises `NotFound` for another unit's too."""
    found = CashierDay.objects.select_related("letter").filter(pk=day_id).first()
    if found is None or not can_read(actor, found.unit_id):
        raise NotFound(msg("Không có ngày thu đã khóa này ở đơn vị của bạn."))
    return found


def day_of(unit_id: int, day: date) -> CashierDay | None:
    """The closed day, if it is (1 statement)."""
    return CashierDay.objects.filter(unit_id=unit_id, day=day).first()


def counts_waiting(unit_ids: Collection[int]) -> list[CashCount]:
    """Counts that wait for a second person (1 statement)."""
    return list(CashCount.objects.filter(unit_id__in=unit_ids, decided_at__isnull=True).order_by("pk"))


def cash_count(count_id: int) -> CashCount | None:
    """One count, whatever became of it (1 statement)."""
    return CashCount.objects.filter(pk=count_id).first()


def last_count(unit_id: int, day: date) -> CashCount | None:
    """What became of the last count of an open day (1 statement)."""
    return CashCount.objects.filter(unit_id=unit_id, day=day).order_by("-pk").first()


def remitted_on(unit_id: int, day: date) -> list[tuple[str, int]]:
    """What was paid in at the Treasury on a day: document and amount (1 statement)."""
    entries = Entry.objects.filter(
        unit_id=unit_id, day=day, kind=EntryKind.REMITTANCE, postings__account="treasury"
    )
    return list(entries.order_by("pk").values_list("note", "postings__amount"))


@dataclass(frozen=True, slots=True)
class RefundPage:
    rows: tuple[Refund, ...]
    after: int | None


def refunds(
    unit_ids: Collection[int], *, under_way: bool = True, before: int | None = None, size: int = PAGE
) -> RefundPage:
    """Requests under way (asked, confirmed) or all that ended, newest first (1 statement)."""
    found = Refund.objects.filter(unit_id__in=unit_ids).select_related("bill")
    found = found.filter(**_UNDER_WAY) if under_way else found.exclude(**_UNDER_WAY)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: size + 1])
    return RefundPage(tuple(rows[:size]), rows[size - 1].pk if len(rows) > size else None)


def refunds_to_decide(unit_ids: Collection[int], *, not_by: int | None) -> int:
    """How many requests wait for a second person who is not the one that asked (1 statement)."""
    waiting = Refund.objects.filter(unit_id__in=unit_ids, decided_at__isnull=True, **_UNDER_WAY)
    return waiting.exclude(asked_by_id=not_by).count()


def refunds_to_pay_out(unit_ids: Collection[int]) -> int:
    """How many confirmed requests wait for the money (1 statement)."""
    return Refund.objects.filter(unit_id__in=unit_ids, decided_at__isnull=False, **_UNDER_WAY).count()


def refund(actor: Actor, refund_id: int) -> Refund:
    """One request with its bill; raises `NotFound` for another unit's too."""
    found: QuerySet[Refund] = Refund.objects.select_related("bill", "letter").filter(pk=refund_id)
    one = found.first()
    if one is None or not can_read(actor, one.unit_id):
        raise NotFound(msg("Không có đề nghị hoàn trả này ở đơn vị của bạn."))
    return one


_UNDER_WAY: dict[str, Any] = {"paid_out_at__isnull": True, "refused_reason": ""}
