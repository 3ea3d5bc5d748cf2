"""The usage report of a collecting unit and quarter, counted from its receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo
from motcua.payments import permissions
from motcua.payments.models import Receipt, ReceiptBook
from motcua.payments.queries.books import collector_of
from motcua.payments.queries.checking import COUNTED
from motcua.payments.queries.receipts import first_instant
from motcua.payments.rules.receipt_usage import (
    BookFacts,
    Quarter,
    Span,
    UsageRow,
    UsageSums,
    sums,
    usage_row,
)
from motcua.payments.types import ReceiptState

VOIDED = (ReceiptState.VOID, ReceiptState.REPLACED)


@dataclass(frozen=True, slots=True)
class UsageReport:
    """One collecting unit (all units under its tax code) in one quarter, a line a book."""

    unit: UnitInfo
    collector_name: str
    tax_code: str
    address: str
    quarter: Quarter
    rows: list[UsageRow]
    sums: UsageSums


def usage_report(actor: Actor, unit_id: int, quarter: Quarter) -> UsageReport:
    """The report (five statements). Raises `NotFound` for a unit whose books the actor may not read."""
    unit = organisation.unit(unit_id)
    agency_id = unit.agency_id
    if not permissions.can_read(actor, unit_id):
        raise NotFound(msg("Không có đơn vị này."))
    collector = collector_of(unit)
    facts = _facts(agency_id, quarter)
    rows = [row for book in facts if (row := usage_row(book, quarter)) is not None]
    return UsageReport(
        unit=unit,
        collector_name=collector.name if collector else unit.full_name,
        tax_code=collector.tax_code if collector else "",
        address=collector.address if collector else unit.address,
        quarter=quarter,
        rows=rows,
        sums=sums(rows),
    )


def _facts(agency_id: int, quarter: Quarter) -> list[BookFacts]:
    begin, end = first_instant(quarter.first), first_instant(quarter.last + timedelta(days=1))
    books = ReceiptBook.objects.filter(
        unit__agency_id=agency_id, confirmed=True, starts_on__lte=quarter.last
    ).order_by("form_symbol", "series", "first_number", "pk")
    counts = _counts(agency_id, begin, end)
    marks = _marks(agency_id, begin, end)
    nothing: dict[str, Any] = {"before": 0, "inside": 0, "amount": 0}
    return [
        BookFacts(
            form_symbol=book.form_symbol,
            series=book.series,
            numbers=Span(book.first_number, book.last_number),
            starts_on=book.starts_on,
            given_before=counts.get(book.pk, nothing)["before"],
            given=counts.get(book.pk, nothing)["inside"],
            amount=int(counts.get(book.pk, nothing)["amount"] or 0),
            ends_on=book.ends_on,
            rest=book.rest,
            carried_from=book.carried_from,
            notice=" ".join(
                part
                for part in (book.notice_number, f"{book.notice_on:%d/%m/%Y}" if book.notice_on else "")
                if part
            ),
            **{kind: tuple(marks.get((book.pk, kind), ())) for kind in MARKS},
        )
        for book in books
    ]


def _counts(agency_id: int, begin: datetime, end: datetime) -> dict[int, dict[str, Any]]:
    """How many numbers each book gave before the period and in it, and what the receipts of the period come to.

    A receipt that became void after the period still counted in it.
    """
    inside = Q(issued_at__gte=begin, issued_at__lt=end)
    stood = Q(state__in=COUNTED) | Q(changed_at__gte=end)
    rows = (
        Receipt.objects.filter(book__unit__agency_id=agency_id, issued_at__lt=end)
        .values("book_id")
        .annotate(
            before=Count("pk", filter=Q(issued_at__lt=begin)),
            inside=Count("pk", filter=inside),
            amount=Sum("amount", filter=inside & stood),
        )
    )
    return {row["book_id"]: dict(row) for row in rows}


MARKS = ("voided", "lost", "voided_late", "lost_late")


def _marks(agency_id: int, begin: datetime, end: datetime) -> dict[tuple[int, str], list[int]]:
    """The numbers that are void or lost by the end of the period, by book and by whether they were given in it."""
    found: dict[tuple[int, str], list[int]] = {}
    rows = (
        Receipt.objects.filter(
            Q(issued_at__gte=begin) | Q(changed_at__gte=begin),
            book__unit__agency_id=agency_id,
            state__in=(*VOIDED, ReceiptState.LOST),
            issued_at__lt=end,
            changed_at__lt=end,
        )
        .order_by("number")
        .values_list("book_id", "number", "state", "issued_at")
    )
    for book_id, number, state, issued_at in rows:
        kind = "lost" if state == ReceiptState.LOST else "voided"
        found.setdefault((book_id, kind if issued_at >= begin else f"{kind}_late"), []).append(number)
    return found
