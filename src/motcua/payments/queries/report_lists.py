"""What stands behind the figures: payments, receipts, what is owed, what went back; a page, or all for a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Count, F, Model, Q, QuerySet, Sum

from motcua.kernel.actor import Actor
from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg
from motcua.payments.errors import UnknownBill
from motcua.payments.models import Bill, Entry, Payment, Receipt, Refund
from motcua.payments.permissions import units_to_read
from motcua.payments.queries.checking import COUNTED
from motcua.payments.queries.reports import Scope
from motcua.payments.types import BillState, Method

PAGE, MOST = 50, 200_000
OWING = (BillState.OPEN, BillState.PARTLY)
AGES: tuple[tuple[str, Message, int, int], ...] = (
    ("moi", msg("Đến 7 ngày"), 0, 7),
    ("thang", msg("8 – 30 ngày"), 8, 30),
    ("quy", msg("31 – 90 ngày"), 31, 90),
    ("cu", msg("Trên 90 ngày"), 91, 36_500),
)
R = TypeVar("R", bound=Model)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of rows, how many there are and their sum; `before` leads to the next page."""

    rows: tuple[Any, ...]
    count: int
    total: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Age:
    """What has been owed for so long."""

    key: str
    label: Message
    count: int
    owed: int


@dataclass(frozen=True, slots=True)
class BillPage:
    """One bill with everything that happened to it."""

    bill: Bill
    payments: tuple[Payment, ...]
    receipts: tuple[Receipt, ...]
    refunds: tuple[Refund, ...]
    entries: tuple[Entry, ...]


def payments(scope: Scope) -> QuerySet[Payment]:
    """Payments of the scope, those taken back among them (`entry.reversed_by`)."""
    rows = Payment.objects.select_related("bill", "entry", "entry__reversed_by").filter(
        entry__day__range=(scope.first, scope.last)
    )
    rows = rows.exclude(method=Method.ADVANCE)  # money that came before
    units = scope.unit_ids()
    if units is not None:
        rows = rows.filter(unit_id__in=units)
    if scope.method:
        rows = rows.filter(method=scope.method)
    if scope.procedure is not None:
        rows = rows.filter(bill__procedure_code=scope.procedure)
    if scope.budget_unit_id is not None:
        rows = rows.filter(bill__budget_unit_id=scope.budget_unit_id)
    return rows


def payments_page(scope: Scope, before: int | None) -> Listed:
    """Standing payments count in the sum (two statements)."""
    rows = payments(scope)
    sums = rows.filter(entry__reversed_by__isnull=True).aggregate(n=Count("pk"), sum=Sum("amount"))
    return listed(rows, sums, before)


def receipts(scope: Scope, state: str = "") -> QuerySet[Receipt]:
    """Receipts written on the days of the scope."""
    rows = Receipt.objects.select_related("book", "bill", "payment").filter(issued_at__range=_moments(scope))
    units = scope.unit_ids()
    if units is not None:
        rows = rows.filter(unit_id__in=units)
    return rows.filter(state=state) if state else rows


def receipts_page(scope: Scope, before: int | None, state: str = "") -> Listed:
    """A page of receipts; of all of them those that stand for money count in the sum (two statements)."""
    rows = receipts(scope, state)
    stands = Q() if state else Q(state__in=COUNTED)
    return listed(rows, rows.aggregate(n=Count("pk"), sum=Sum("amount", filter=stands)), before)


def unpaid(scope: Scope, today: date, age: str = "") -> QuerySet[Bill]:
    """Bills that still wait for money, whenever they were opened."""
    rows = Bill.objects.filter(state__in=OWING).annotate(owed=F("total") - F("paid"))
    units = scope.unit_ids()
    if units is not None:
        rows = rows.filter(unit_id__in=units)
    for key, _label, youngest, oldest in AGES:
        if key == age:
            rows = rows.filter(created_at__gt=_ago(today, oldest + 1), created_at__lte=_ago(today, youngest))
    return rows


def unpaid_page(
    scope: Scope, today: date, after: int | None, age: str = ""
) -> tuple[Listed, tuple[Age, ...]]:
    """The oldest first, and the sums by age (three statements)."""
    everything = unpaid(scope, today)
    asked: dict[str, Any] = {}
    for key, _label, youngest, oldest in AGES:
        within = Q(created_at__gt=_ago(today, oldest + 1), created_at__lte=_ago(today, youngest))
        asked |= {f"n_{key}": Count("pk", filter=within), f"sum_{key}": Sum("owed", filter=within)}
    sums = everything.aggregate(**asked)
    ages = tuple(Age(key, label, sums[f"n_{key}"], sums[f"sum_{key}"] or 0) for key, label, _y, _o in AGES)
    rows = unpaid(scope, today, age)
    total = rows.aggregate(n=Count("pk"), sum=Sum("owed"))
    shown = list(rows.filter(pk__gt=after or 0).order_by("pk")[: PAGE + 1])
    more = shown[PAGE - 1].pk if len(shown) > PAGE else None
    return Listed(tuple(shown[:PAGE]), total["n"], total["sum"] or 0, more), ages


def refunds(scope: Scope) -> QuerySet[Refund]:
    """What was asked back on the days of the scope, whatever was decided."""
    rows = Refund.objects.select_related("bill", "entry").filter(asked_at__range=_moments(scope))
    units = scope.unit_ids()
    return rows if units is None else rows.filter(unit_id__in=units)


def refunds_page(scope: Scope, before: int | None) -> Listed:
    """A page; the sum is what was really given back (two statements)."""
    rows = refunds(scope)
    sums = rows.aggregate(n=Count("pk"), sum=Sum("amount", filter=Q(entry__isnull=False)))
    return listed(rows, sums, before)


def bill_page(actor: Actor, bill_id: int) -> BillPage:
    """One bill of a unit whose books one reads (five statements); raises `UnknownBill`."""
    bill = Bill.objects.filter(pk=bill_id).first()
    units = units_to_read(actor)
    if bill is None or (units is not None and bill.unit_id not in units):
        raise UnknownBill(msg("Không có khoản phải nộp này."))
    return BillPage(
        bill=bill,
        payments=tuple(bill.payments.select_related("entry", "entry__reversed_by").order_by("pk")),
        receipts=tuple(bill.receipts.select_related("book").order_by("pk")),
        refunds=tuple(bill.refunds.order_by("pk")),
        entries=tuple(bill.entries.order_by("pk")),
    )


def every(rows: QuerySet[R]) -> Iterator[R]:
    """All rows for a file, in the order of the list, no more than a sheet holds."""
    return rows.order_by("-pk")[:MOST].iterator(chunk_size=2_000)


def listed(rows: QuerySet[Any], sums: dict[str, Any], before: int | None) -> Listed:
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows.order_by("-pk")[: PAGE + 1])
    more = shown[PAGE - 1].pk if len(shown) > PAGE else None
    return Listed(tuple(shown[:PAGE]), sums["n"], sums["sum"] or 0, more)


def _moments(scope: Scope) -> tuple[datetime, datetime]:
    begin = datetime.combine(scope.first, time(), VN)
    end = datetime.combine(scope.last + timedelta(days=1), time(), VN) - timedelta(microseconds=1)
    return begin.astimezone(UTC), end.astimezone(UTC)


def _ago(today: date, days: int) -> datetime:
    """The end of the day so many days ago."""
    return datetime.combine(today - timedelta(days=days - 1), time(), VN).astimezone(UTC)
