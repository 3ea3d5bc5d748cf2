"""Collections summed in the journal itself, so that a report's total is the ledger's: one statement a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.payments.models import Posting
from motcua.payments.permissions import units_to_read
from motcua.payments.rules.journal import MONEY
from motcua.payments.types import EntryKind

CAME = (EntryKind.PAYMENT, EntryKind.REVERSAL)
GROUPS = ("don-vi", "thu-tuc", "cach-nop", "ngan-sach", "ngay", "thang")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report looks at: the units one may read, days both included, and what was chosen."""

    units: frozenset[int] | None
    first: date
    last: date
    unit_id: int | None = None
    budget_unit_id: int | None = None
    procedure: str | None = None
    method: str = ""

    def unit_ids(self) -> frozenset[int] | None:
        """The units asked for, within those one may read; None for all."""
        if self.unit_id is None:
            return self.units
        wanted = frozenset(unit.id for unit in organisation.units_within(self.unit_id))
        return wanted if self.units is None else wanted & self.units


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report in đồng: taken by way to pay (less what was taken back), given back, how many payments."""

    key: Any
    label: str
    taken: Mapping[str, int]
    returned: int = 0
    count: int = 0
    sub: str = ""

    @property
    def total(self) -> int:
        return sum(self.taken.values())

    @property
    def net(self) -> int:
        return self.total - self.returned


@dataclass(frozen=True, slots=True)
class Collections:
    """A report with its sums."""

    group: str
    rows: tuple[Row, ...]
    sums: Row = field(default_factory=lambda: Row(None, "", {}))


def scope_of(actor: Actor, first: date, last: date, **chosen: Any) -> Scope:
    """What the person may report on."""
    return Scope(units_to_read(actor), first, last, **chosen)


def collections(scope: Scope, group: str) -> Collections:
    """Money that came and went back, by unit, procedure, way to pay, budget, day or month (one statement)."""
    taken = {
        f"taken_{method}": Coalesce(Sum("amount", filter=Q(account=account, entry__kind__in=CAME)), 0)
        for method, account in MONEY.items()
    }
    grouped = _grouped(money_sides(scope), group)
    found = grouped.annotate(
        **taken,
        returned=Coalesce(-Sum("amount", filter=Q(entry__kind=EntryKind.REFUND)), 0),
        paid=Count("pk", filter=Q(entry__kind=EntryKind.PAYMENT)),
        undone=Count("pk", filter=Q(entry__kind=EntryKind.REVERSAL)),
    ).order_by()
    rows = [_row(group, one) for one in found]
    rows.sort(key=_order(group))
    return Collections(group, tuple(rows), _summed(rows))


def money_sides(scope: Scope) -> QuerySet[Posting]:
    """The sides of entries where money came or went back, within the scope."""
    sides = Posting.objects.filter(
        account__in=list(MONEY.values()),
        day__range=(scope.first, scope.last),
        entry__day__range=(scope.first, scope.last),  # the same days; databases do not know that
        entry__kind__in=(*CAME, EntryKind.REFUND),
    )
    units = scope.unit_ids()
    if units is not None:
        sides = sides.filter(unit_id__in=units)
    if scope.method in MONEY:
        sides = sides.filter(account=MONEY[scope.method])
    if scope.procedure is not None:
        sides = sides.filter(entry__bill__procedure_code=scope.procedure)
    if scope.budget_unit_id is not None:
        sides = sides.filter(entry__bill__budget_unit_id=scope.budget_unit_id)
    return sides


def _grouped(sides: QuerySet[Any, Any], group: str) -> QuerySet[Any, Any]:
    if group == "thu-tuc":
        by_code: QuerySet[Any, Any] = sides.values(key=F("entry__bill__procedure_code"))
        named: QuerySet[Any, Any] = by_code.annotate(name=Max("entry__bill__procedure_name"))
        return named
    if group == "cach-nop":
        return sides.values(key=F("account"))
    if group == "ngan-sach":
        return sides.values(key=F("entry__bill__budget_unit_id"))
    if group == "ngay":
        return sides.values(key=F("day"))
    if group == "thang":
        return sides.values(key=TruncMonth("day"))
    return sides.values(key=F("unit_id"))


def named(unit_id: int) -> tuple[str, str]:
    """What a unit is called in a report, and below it the agency it belongs to."""
    unit = organisation.unit(unit_id)
    sub = "" if unit.is_agency else organisation.unit(unit.agency_id).full_name
    return unit.full_name or unit.name, sub


def _row(group: str, one: Mapping[str, Any]) -> Row:
    key = one["key"]
    label, sub = "", ""
    if group in ("don-vi", "ngan-sach"):
        label, sub = named(key)
    elif group == "thu-tuc":
        label, sub = one["name"] or "", key
    return Row(
        key=key,
        label=label,
        taken={method: int(one[f"taken_{method}"]) for method in MONEY},
        returned=int(one["returned"]),
        count=int(one["paid"]) - int(one["undone"]),
        sub=sub,
    )


def _order(group: str) -> Any:
    if group in ("ngay", "thang"):
        return lambda row: row.key
    return lambda row: (-row.net, row.label)


def _summed(rows: list[Row]) -> Row:
    return Row(
        key=None,
        label="",
        taken={method: sum(row.taken[method] for row in rows) for method in MONEY},
        returned=sum(row.returned for row in rows),
        count=sum(row.count for row in rows),
    )
