"""Books of receipts as people look after them: what is left, what is missing, what wants to be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed, NotFound
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo
from motcua.payments import permissions
from motcua.payments.models import Collector, Receipt, ReceiptBook
from motcua.payments.queries.receipts import first_instant, visible_books

LOW = 100
"""A book with fewer numbers left wants another one, or with fewer than a week's use."""
WEEK = timedelta(days=7)
BOOKS_PAGE = 50
PENDING, IN_USE, ALL = "can-lam", "dang-dung", "tat-ca"


@dataclass(frozen=True, slots=True)
class BookRow:
    """One book: `state` is proposed, discarded, closing (its last day), closed, over (its year has
    passed), later, used_up or now."""

    book: ReceiptBook
    unit: UnitInfo
    state: str
    used_this_week: int
    may_set_up: bool

    @property
    def left(self) -> int:
        return self.book.last_number - self.book.next_number + 1

    @property
    def used(self) -> int:
        return self.book.next_number - self.book.first_number

    @property
    def low(self) -> bool:
        return self.state in ("now", "used_up") and self.left <= max(LOW, self.used_this_week)

    @property
    def lacks_notice(self) -> bool:
        return (
            self.state in ("now", "later", "used_up") and self.book.copies > 0 and not self.book.notice_number
        )


@dataclass(frozen=True, slots=True)
class BooksPage:
    """A page of books, newest first, and how many stand under each tab."""

    rows: list[BookRow]
    counts: Mapping[str, int]
    next_before: int | None
    may_open: bool


def books_page(
    actor: Actor, *, unit_id: int | None, tab: str, today: date, before: int | None = None
) -> BooksPage:
    """The books somebody may read (three statements)."""
    found = visible_books(actor)
    if unit_id is not None:
        found = found.filter(unit__agency_id=organisation.unit(unit_id).agency_id)
    tabs = {PENDING: _todo(today), IN_USE: _in_use(today), ALL: Q()}
    counts = found.aggregate(
        **{key.replace("-", "_"): Count("pk", filter=rule or Q(pk__gt=0)) for key, rule in tabs.items()}
    )
    found = found.filter(tabs.get(tab, Q()))
    if before is not None:
        found = found.filter(pk__lt=before)
    books = list(found.order_by("-pk")[: BOOKS_PAGE + 1])
    return BooksPage(
        rows=_rows(actor, books[:BOOKS_PAGE], today),
        counts={key: counts[key.replace("-", "_")] for key in tabs},
        next_before=books[BOOKS_PAGE - 1].pk if len(books) > BOOKS_PAGE else None,
        may_open=actor.is_admin or any(permissions.can_set_up(actor, id_) for id_ in actor.unit_ids),
    )


def book_to_set_up(actor: Actor, book_id: int, today: date) -> BookRow:
    """One book for whoever looks after it; raises `NotFound` for a foreign one, `NotAllowed`."""
    book = visible_books(actor).filter(pk=book_id).first()
    if book is None:
        raise NotFound(msg("Không có quyển biên lai này."))
    permissions.require_set_up(actor, book.unit_id)
    return _rows(actor, [book], today)[0]


def collector_of(unit: UnitInfo) -> Collector | None:
    """Under whose name and tax code a unit collects: its own, or its agency's (one statement)."""
    found = {row.unit_id: row for row in Collector.objects.filter(unit_id__in={unit.id, unit.agency_id})}
    return found.get(unit.id) or found.get(unit.agency_id)


def units_with_books(actor: Actor) -> list[UnitInfo]:
    """The collecting units whose books somebody may read, by code (one statement)."""
    agencies = permissions.readable_agencies(actor)
    units = (organisation.unit(unit_id) for unit_id in Collector.objects.values_list("unit_id", flat=True))
    return sorted(
        (unit for unit in units if agencies is None or unit.agency_id in agencies), key=lambda unit: unit.code
    )


def units_to_open_for(actor: Actor) -> list[UnitInfo]:
    """The collecting units somebody opens books for; raises `NotAllowed` when there is none."""
    found = [unit for unit in units_with_books(actor) if permissions.can_set_up(actor, unit.id)]
    if not found and not actor.is_admin:
        raise NotAllowed(
            msg("Chỉ quản trị công nghệ thông tin hoặc lãnh đạo đơn vị thu mới mở quyển biên lai.")
        )
    return found


def ends_with_year(series: str) -> bool:
    """Whether a series is used up to 31 December of its year only (`MOTCUA_RECEIPT_YEARLY`, docs/law/receipts.md)."""
    return series[-1:] in str(settings.RECEIPT_YEARLY)


def state_of(book: ReceiptBook, today: date) -> str:
    """Where a book stands on a day."""
    if not book.confirmed:
        return "proposed" if book.ends_on is None else "discarded"
    if book.ends_on is not None and book.ends_on < today:
        return "closed"
    if book.ends_on is not None:
        return "closing"
    if book.year < today.year and ends_with_year(book.series):
        return "over"
    if book.starts_on > today:
        return "later"
    return "used_up" if book.next_number > book.last_number else "now"


def _rows(actor: Actor, books: list[ReceiptBook], today: date) -> list[BookRow]:
    week = _used_since(books, today - WEEK)
    return [
        BookRow(
            book=book,
            unit=organisation.unit(book.unit_id),
            state=state_of(book, today),
            used_this_week=week.get(book.pk, 0),
            may_set_up=permissions.can_set_up(actor, book.unit_id),
        )
        for book in books
    ]


def _used_since(books: Iterable[ReceiptBook], day: date) -> dict[int, int]:
    ids = [book.pk for book in books]
    if not ids:
        return {}
    found: QuerySet[Receipt] = Receipt.objects.filter(book_id__in=ids, issued_at__gte=first_instant(day))
    return dict(found.values_list("book_id").annotate(n=Count("pk")))


def _todo(today: date) -> Q:
    """Proposed, nearly used up, without its notice, or of a year that has passed and not closed."""
    over = Q(pk__in=())
    for way in str(settings.RECEIPT_YEARLY):
        over |= Q(year__lt=today.year, series__endswith=way)
    return Q(ends_on__isnull=True) & (
        Q(confirmed=False)
        | Q(next_number__gt=F("last_number") - LOW)
        | Q(notice_number="", copies__gt=0)
        | over
    )


def _in_use(today: date) -> Q:
    return Q(confirmed=True, starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
