"""Sums of the books."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from motcua.payments.models import Entry, Posting, Receipt
from motcua.payments.types import EntryKind


@dataclass(frozen=True, slots=True)
class SeriesUse:
    """The numbers of one series used on a day."""

    form_symbol: str
    series: str
    first: int
    last: int
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One unit's day in đồng: taken and given back by way to pay, revenue by kind, paid in, receipts."""

    taken: Mapping[str, int]
    returned: Mapping[str, int]
    revenue: Mapping[str, int]
    remitted: int
    payments: int
    cash_at_end: int
    receipts: tuple[SeriesUse, ...]

    @property
    def total(self) -> int:
        return sum(self.taken.values()) - sum(self.returned.values())

    def as_json(self) -> dict[str, Any]:
        """JSON-ready, for the closing record."""
        return {**asdict(self), "receipts": [asdict(use) for use in self.receipts]}


def balance(unit_id: int, account: str, *, until: date | None = None) -> int:
    """The balance of an account of a unit, up to the end of a day (one statement)."""
    sides = Posting.objects.filter(unit_id=unit_id, account=account)
    if until is not None:
        sides = sides.filter(day__lte=until)
    return int(sides.aggregate(sum=Sum("amount"))["sum"] or 0)


def advance_balances(bill_ids: Collection[int]) -> dict[int, int]:
    """What came too much on each bill and was neither given back nor used; a bill without is not there."""
    its = Q(entry__bill_id__in=bill_ids, entry__advance_of__isnull=True) | Q(
        entry__advance_of_id__in=bill_ids
    )
    sides = Posting.objects.filter(its, account="advance").annotate(
        owner=Coalesce("entry__advance_of_id", "entry__bill_id")
    )
    return {owner: -int(total) for owner, total in sides.values_list("owner").annotate(sum=Sum("amount"))}


def day_figures(unit_id: int, day: date) -> DayFigures:
    """What a unit did on a day (four statements)."""
    taken: dict[str, int] = {}
    returned: dict[str, int] = {}
    sides = Posting.objects.filter(unit_id=unit_id, day=day)
    for kind, account, amount in (
        sides.values_list("entry__kind", "account").annotate(sum=Sum("amount")).order_by("account")
    ):
        if account not in ("cash", "bank", "card", "platform"):
            continue
        if kind in (EntryKind.PAYMENT, EntryKind.REVERSAL):
            taken[account] = taken.get(account, 0) + amount
        elif kind == EntryKind.REFUND:
            returned[account] = returned.get(account, 0) - amount
    sums = dict(sides.values_list("account").annotate(sum=Sum("amount")))
    receipts = (
        Receipt.objects.filter(unit_id=unit_id, payment__entry__day=day)
        .values_list("book__form_symbol", "book__series")
        .annotate(first=Min("number"), last=Max("number"), count=Count("pk"), amount=Sum("amount"))
        .order_by("book__form_symbol", "book__series")
    )
    return DayFigures(
        taken=taken,
        returned=returned,
        revenue={
            kind: -sums.get(f"revenue.{kind}", 0) for kind in ("phi", "le_phi") if f"revenue.{kind}" in sums
        },
        remitted=sums.get("treasury", 0),
        payments=Entry.objects.filter(unit_id=unit_id, day=day, kind=EntryKind.PAYMENT).count(),
        cash_at_end=balance(unit_id, "cash", until=day),
        receipts=tuple(SeriesUse(*row) for row in receipts),
    )
