"""Receipts somebody may read: the list, one receipt with all that befell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.audit import queries as log
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo
from motcua.payments import permissions
from motcua.payments.adapters.ereceipts import to_xml
from motcua.payments.models import CashierDay, Receipt, ReceiptBook, ReceiptCancellation, ReceiptSending
from motcua.payments.queries.checking import COUNTED
from motcua.payments.rules import receipt_data
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import ReceiptState

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReceiptFilters:
    """What narrows the list down; empty values narrow nothing. Days are inclusive."""

    unit_id: int | None = None
    since: date | None = None
    until: date | None = None
    book_id: int | None = None
    state: str = ""
    number: int | None = None
    payer: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptsPage:
    """A page of receipts, newest first; counts and money of everything the filters leave, by state."""

    rows: list[Receipt]
    next_before: int | None
    counts: Mapping[str, int]
    total: int
    money: int


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """One receipt: what stands on it, what it is tied to, what befell it, and what this person may do with it."""

    receipt: Receipt
    data: receipt_data.ReceiptData
    unit: UnitInfo
    links: list[tuple[str, Receipt]]
    history: list[log.Entry]
    sending: ReceiptSending | None
    cancellation: ReceiptCancellation | None
    may_correct: bool
    may_print: bool

    @property
    def counts(self) -> bool:
        return self.receipt.state == ReceiptState.ISSUED


def visible_receipts(actor: Actor) -> QuerySet[Receipt]:
    """Receipts of the agencies whose books the actor may read."""
    agencies = permissions.readable_agencies(actor)
    found = Receipt.objects.all()
    return found if agencies is None else found.filter(unit__agency_id__in=agencies)


def visible_books(actor: Actor) -> QuerySet[ReceiptBook]:
    """Books of the agencies whose books the actor may read."""
    agencies = permissions.readable_agencies(actor)
    found = ReceiptBook.objects.all()
    return found if agencies is None else found.filter(unit__agency_id__in=agencies)


def receipts_page(
    actor: Actor, filters: ReceiptFilters, *, before: int | None = None, limit: int = PAGE
) -> ReceiptsPage:
    """A page of the list (two statements), those older than the receipt `before`."""
    found = _narrowed(visible_receipts(actor), filters)
    sums = {
        state: (count, amount or 0)
        for state, count, amount in found.values_list("state").annotate(n=Count("pk"), sum=Sum("amount"))
    }
    if filters.state:
        found = found.filter(state=filters.state)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("book").defer("content", "lines").order_by("-pk")[: limit + 1])
    return ReceiptsPage(
        rows=rows[:limit],
        next_before=rows[limit - 1].pk if len(rows) > limit else None,
        counts={state: count for state, (count, _amount) in sums.items()},
        total=sum(count for count, _amount in sums.values()),
        money=sum(amount for state, (_count, amount) in sums.items() if state in COUNTED),
    )


def receipt_page(actor: Actor, receipt_id: int, now: datetime) -> ReceiptPage:
    """One receipt with all that befell it; raises `NotFound` for a foreign one too."""
    receipt = find_receipt(actor, receipt_id)
    links = [("replaces", receipt.replaces), ("adjusts", receipt.adjusts)]
    links += [
        ("replaced_by" if later.replaces_id == receipt.pk else "adjusted_by", later)
        for later in Receipt.objects.filter(Q(replaces=receipt) | Q(adjusts=receipt)).select_related("book")
    ]
    unit = organisation.unit(receipt.book.unit_id)
    history = log.entries_about("receipt", receipt_subject(unit.code, receipt.book, receipt.number))
    fresh = is_fresh(receipt, now)
    return ReceiptPage(
        receipt=receipt,
        data=receipt_data.read(receipt.content),
        unit=organisation.unit(receipt.unit_id),
        links=[(kind, tied) for kind, tied in links if tied is not None],
        history=history[::-1],
        sending=ReceiptSending.objects.filter(receipt=receipt).defer("document").first(),
        cancellation=ReceiptCancellation.objects.filter(receipt=receipt).defer("document").first()
        if receipt.state == ReceiptState.VOID
        else None,
        may_correct=permissions.can_correct(actor, receipt.unit_id, fresh=fresh),
        may_print=permissions.can_print(actor, receipt.unit_id),
    )


def find_receipt(actor: Actor, receipt_id: int) -> Receipt:
    """One receipt of an agency the actor may read; raises `NotFound`."""
    tied = ("book", "payment", "replaces__book", "adjusts__book")
    found = visible_receipts(actor).select_related(*tied).filter(pk=receipt_id).first()
    if found is None:
        raise NotFound(msg("Không có biên lai này."))
    return found


def receipts_of(subject: str) -> list[Receipt]:
    """The receipts that count for a subject, oldest first (one statement). Who may see them is the caller's to say."""
    found = Receipt.objects.filter(bill__subject=subject, state=ReceiptState.ISSUED)
    return list(found.select_related("book").order_by("pk"))


def printable_receipts(actor: Actor, subject: str) -> list[Receipt]:
    """Those of them that the actor may print (one statement)."""
    return [found for found in receipts_of(subject) if permissions.can_print(actor, found.unit_id)]


def require_correct(actor: Actor, receipt: Receipt, now: datetime) -> None:
    """Raise `NotAllowed` unless the actor may correct this receipt now."""
    permissions.require_correct(actor, receipt.unit_id, fresh=is_fresh(receipt, now))


def require_print(actor: Actor, unit_id: int) -> None:
    """Raise `NotAllowed` unless the actor may print receipts there."""
    permissions.require_print(actor, unit_id)


def is_fresh(receipt: Receipt, now: datetime) -> bool:
    """Whether it was issued today and today's books of its unit are still open."""
    today = clock.today(now)
    return (
        clock.today(receipt.issued_at) == today
        and not CashierDay.objects.filter(unit_id=receipt.unit_id, day=today).exists()
    )


def receipt_subject(unit_code: str, book: ReceiptBook, number: int) -> str:
    """A receipt's name in the log. Units use the same symbols, so the book's unit stands before them."""
    return f"{unit_code} {book} {number_text(number)}"[-64:]


def receipt_key(receipt: Receipt) -> str:
    """What an electronic receipt is known by outside: the same however often it is sent, another for every receipt."""
    book = receipt.book
    unit = organisation.unit(book.unit_id).code
    plain = "".join(
        char if char.isalnum() and char.isascii() else "-"
        for char in f"{unit}-{book.form_symbol}-{book.series}"
    )
    return f"BL-{plain}-{number_text(receipt.number)}"


def receipt_document(actor: Actor, receipt_id: int) -> tuple[str, bytes]:
    """The XML of a receipt the actor may read: what was given to the driver, or what would be. Raises `NotFound`."""
    receipt = find_receipt(actor, receipt_id)
    key = receipt_key(receipt)
    sent = ReceiptSending.objects.filter(receipt=receipt).values_list("document", flat=True).first()
    return key, sent.encode() if sent else to_xml(receipt_data.read(receipt.content), key=key)


def first_instant(day: date) -> datetime:
    """Midnight in Viet Nam."""
    return datetime.combine(day, time(), tzinfo=clock.VN)


def _narrowed(found: QuerySet[Receipt], filters: ReceiptFilters) -> QuerySet[Receipt]:
    if filters.unit_id is not None:
        found = found.filter(unit__agency_id=organisation.unit(filters.unit_id).agency_id)
    if filters.since is not None:
        found = found.filter(issued_at__gte=first_instant(filters.since))
    if filters.until is not None:
        found = found.filter(issued_at__lt=first_instant(filters.until + timedelta(days=1)))
    if filters.book_id is not None:
        found = found.filter(book_id=filters.book_id)
    if filters.number is not None:
        found = found.filter(number=filters.number)
    if filters.subject:
        found = found.filter(bill__subject=filters.subject)
    for word in fold(filters.payer).split():
        found = found.filter(payer_folded__contains=word)
    return found
