"""What was collected and what of it went to the State Treasury: from the journal, unit by unit, to the đồng."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from motcua.payments.models import Entry, Posting
from motcua.payments.queries.report_lists import Listed, listed
from motcua.payments.queries.reports import CAME, Scope, named
from motcua.payments.rules.journal import MONEY, Account
from motcua.payments.types import EntryKind


@dataclass(frozen=True, slots=True)
class Held:
    """One unit's money over a period in đồng: `opening + collected - returned + corrected - remitted = closing`.

    `collected` is less what was taken back; `corrected` are differences found when cash was counted.
    """

    unit_id: int | None
    label: str
    sub: str
    opening: int = 0
    collected: int = 0
    returned: int = 0
    corrected: int = 0
    remitted: int = 0

    @property
    def closing(self) -> int:
        return self.opening + self.collected - self.returned + self.corrected - self.remitted


@dataclass(frozen=True, slots=True)
class Holdings:
    """Units with money or movement, those that hold most first, and their sums."""

    rows: tuple[Held, ...]
    sums: Held


def holdings(scope: Scope) -> Holdings:
    """What each unit held, took, paid in and holds still (two statements)."""
    before = dict(
        _money(scope)
        .filter(day__lt=scope.first)
        .values_list("unit_id")
        .annotate(sum=Sum("amount"))
        .order_by()
    )
    within = {
        row["unit_id"]: row
        for row in _money(scope)
        .filter(day__range=(scope.first, scope.last), entry__day__range=(scope.first, scope.last))
        .values("unit_id")
        .annotate(
            collected=Sum("amount", filter=Q(entry__kind__in=CAME), default=0),
            returned=-Sum("amount", filter=Q(entry__kind=EntryKind.REFUND), default=0),
            corrected=Sum("amount", filter=Q(entry__kind=EntryKind.CORRECTION), default=0),
            remitted=-Sum("amount", filter=Q(entry__kind=EntryKind.REMITTANCE), default=0),
        )
        .order_by()
    }
    rows = [
        _held(unit_id, opening=int(before.get(unit_id, 0)), **_moved(within.get(unit_id)))
        for unit_id in {*(unit for unit, sum_ in before.items() if sum_), *within}
    ]
    rows.sort(key=lambda row: (-row.closing, row.label))
    return Holdings(tuple(rows), _summed(rows))


def remittances(scope: Scope) -> QuerySet[Entry]:
    """Paying-in documents of the scope's days, each with its `amount`."""
    rows = Entry.objects.filter(kind=EntryKind.REMITTANCE, day__range=(scope.first, scope.last)).annotate(
        amount=Sum("postings__amount", filter=Q(postings__account=Account.TREASURY))
    )
    units = scope.unit_ids()
    if units is not None:
        rows = rows.filter(unit_id__in=units)
    return rows.filter(method=scope.method) if scope.method else rows


def remittances_page(scope: Scope, before: int | None) -> Listed:
    """A page of them; the newest first (two statements)."""
    paid_in = Posting.objects.filter(
        account=Account.TREASURY, entry__in=remittances(scope).values("pk").order_by()
    )
    sums = {"n": remittances(scope).count(), "sum": paid_in.aggregate(sum=Sum("amount"))["sum"]}
    return listed(remittances(scope), sums, before)


def _money(scope: Scope) -> QuerySet[Posting]:
    accounts = [MONEY[scope.method]] if scope.method in MONEY else list(MONEY.values())
    sides = Posting.objects.filter(account__in=accounts)
    units = scope.unit_ids()
    return sides if units is None else sides.filter(unit_id__in=units)


def _moved(row: Mapping[str, Any] | None) -> dict[str, int]:
    return {key: int(value) for key, value in (row or {}).items() if key != "unit_id"}


def _held(unit_id: int, **figures: int) -> Held:
    label, sub = named(unit_id)
    return Held(unit_id, label, sub, **figures)


def _summed(rows: Iterable[Held]) -> Held:
    names = ("opening", "collected", "returned", "corrected", "remitted")
    known = list(rows)
    return Held(None, "", "", **{name: sum(getattr(row, name) for row in known) for name in names})
