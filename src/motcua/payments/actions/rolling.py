"""The books of the next year: proposed in December, confirmed by whoever sets up collecting."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from motcua.kernel import clock, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.payments.actions.books import (
    lock_book,
    log_book,
    refuse_bad_dates,
    refuse_taken_numbers,
)
from motcua.payments.events import BookProposed
from motcua.payments.models import ReceiptBook
from motcua.payments.permissions import require_set_up
from motcua.payments.queries.books import ends_with_year
from motcua.payments.rules import receipt_symbols

DECEMBER = 12


def propose_next_books(
    *, actor: Actor, now: datetime, unit_ids: Collection[int] | None = None
) -> list[ReceiptBook]:
    """In December, the same series of the next year for every book that ends with this one; in January those missed.

    What was taken over from a dissolved unit has no successor. A proposal gives no number until it is confirmed
    (`confirm_book`); one that was discarded is not made again.
    Running it again proposes nothing twice. Gives what was proposed now.
    """
    today = clock.today(now)
    ending = today.year if today.month == DECEMBER else today.year - 1
    books = ReceiptBook.objects.filter(year=ending, confirmed=True, ends_on__isnull=True, carried_from="")
    if unit_ids is not None:
        books = books.filter(unit_id__in=unit_ids)
    made = [
        _propose(actor, book, now) for book in books.order_by("-last_number") if ends_with_year(book.series)
    ]
    return [book for book in made if book is not None]


@transaction.atomic
def confirm_book(
    *,
    actor: Actor,
    book_id: int,
    now: datetime,
    notice_number: str = "",
    notice_on: date | None = None,
    first_number: int = 1,
    last_number: int = receipt_symbols.LAST,
    starts_on: date | None = None,
) -> ReceiptBook:
    """Take a proposed book into use, with its notice of issue. Confirming again changes nothing.

    Raises `NotFound`, `NotAllowed`, `Conflict` when it was discarded or the numbers are taken, `Invalid`.
    """
    book = lock_book(actor, book_id)
    require_set_up(actor, book.unit_id)
    if book.confirmed:
        return book
    if book.ends_on is not None:
        raise Conflict(msg("Đề xuất này đã bị bỏ. Mở quyển mới nếu cần."))
    found = receipt_symbols.read(book.form_symbol, book.series)
    assert isinstance(found, receipt_symbols.Series)
    if found.way != "E" and not notice_number.strip():
        raise Invalid(msg("Nhập số thông báo phát hành."), field="notice_number")
    if found.way != "E" and notice_on is None:
        raise Invalid(msg("Nhập ngày thông báo phát hành."), field="notice_on")
    starts_on = starts_on or book.starts_on
    refuse_bad_dates(found, starts_on, notice_on)
    refuse_taken_numbers(
        book.unit_id, book.form_symbol, book.series, first_number, last_number, besides=book.pk
    )
    book.first_number = book.next_number = first_number
    book.last_number, book.starts_on = last_number, starts_on
    book.notice_number, book.notice_on, book.confirmed = nfc(notice_number.strip())[:64], notice_on, True
    book.save()
    said = {"from": first_number, "to": last_number, "notice": book.notice_number}
    log_book(actor, "payments.book_opened", book, said, now)
    return book


@transaction.atomic
def _propose(actor: Actor, book: ReceiptBook, now: datetime) -> ReceiptBook | None:
    series = receipt_symbols.next_year(book.series)
    same = {"unit_id": book.unit_id, "form_symbol": book.form_symbol, "series": series}
    if ReceiptBook.objects.filter(**same).exists():
        return None
    proposal, made = ReceiptBook.objects.get_or_create(
        **same,
        first_number=1,
        defaults={
            "fee_kind": book.fee_kind,
            "year": book.year + 1,
            "last_number": book.last_number,
            "next_number": 1,
            "copies": book.copies,
            "starts_on": date(book.year + 1, 1, 1),
            "confirmed": False,
            "created_at": now,
        },
    )
    if not made:
        return None
    log_book(actor, "payments.book_proposed", proposal, {"after": str(book)}, now)
    outbox.publish(
        BookProposed(
            book_id=proposal.pk, unit_id=book.unit_id, series=series, starts_on=str(proposal.starts_on)
        ),
        now=now,
    )
    return proposal
