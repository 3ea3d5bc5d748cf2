"""Books of receipts: opening one, and drawing its numbers."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from motcua.kernel import audit, clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.payments.errors import NoBook
from motcua.payments.models import ReceiptBook
from motcua.payments.permissions import require_set_up
from motcua.payments.rules import journal, receipt_symbols


@transaction.atomic
def open_book(
    *,
    actor: Actor,
    unit_id: int,
    form_symbol: str,
    series: str,
    now: datetime,
    fee_kind: str = "",
    first_number: int = 1,
    last_number: int = receipt_symbols.LAST,
    notice_number: str = "",
    notice_on: date | None = None,
    starts_on: date | None = None,
    carried_from: str = "",
) -> ReceiptBook:
    """A new series of a unit, for one kind (`phi`, `le_phi`) or both. Self-printed series belong to their year.

    Raises `NotAllowed`, `Invalid` with the field, `Conflict` for numbers another book of the series already has.
    """
    require_set_up(actor, unit_id)
    form_symbol, series = form_symbol.strip().upper(), series.strip().upper()
    found = receipt_symbols.read(form_symbol, series)
    if isinstance(found, tuple):
        raise Invalid(found[1], field=found[0])
    if fee_kind not in ("", *journal.REVENUE):
        raise Invalid(msg("Chọn phí, lệ phí hoặc cả hai."), field="fee_kind")
    if not 1 <= first_number <= last_number <= receipt_symbols.LAST:
        raise Invalid(
            msg("Số biên lai từ 1 đến 9999999, số đầu không lớn hơn số cuối."), field="first_number"
        )
    same = ReceiptBook.objects.select_for_update().filter(
        unit_id=unit_id, form_symbol=form_symbol, series=series
    )
    for other in same:
        if first_number <= other.last_number and other.first_number <= last_number:
            raise Conflict(
                msg(
                    "Ký hiệu %(series)s đã có quyển từ số %(first)s đến %(last)s. Chọn dải số khác.",
                    series=series,
                    first=receipt_symbols.number_text(other.first_number),
                    last=receipt_symbols.number_text(other.last_number),
                ),
                field="first_number",
            )
    book = ReceiptBook.objects.create(
        unit_id=unit_id,
        form_symbol=form_symbol,
        series=series,
        fee_kind=fee_kind,
        year=found.year,
        first_number=first_number,
        last_number=last_number,
        next_number=first_number,
        copies=found.copies,
        notice_number=notice_number.strip(),
        notice_on=notice_on,
        starts_on=starts_on or clock.today(now),
        carried_from=carried_from.strip(),
        created_at=now,
    )
    audit.record(
        actor,
        "payments.book_opened",
        subject_type="receipt_book",
        subject=f"{form_symbol} {series}",
        data={
            "unit": organisation.unit(unit_id).code,
            "from": first_number,
            "to": last_number,
            "notice": notice_number,
        },
        at=now,
    )
    return book


@transaction.atomic
def close_book(*, actor: Actor, book_id: int, reason: str, now: datetime) -> ReceiptBook:
    """No more numbers from this book after today; what is left is destroyed or handed over by paper."""
    book = ReceiptBook.objects.select_for_update().filter(pk=book_id).first()
    if book is None:
        raise NoBook(msg("Không có quyển biên lai này."))
    require_set_up(actor, book.unit_id)
    if book.ends_on is None:
        book.ends_on = clock.today(now)
        book.save(update_fields=["ends_on"])
        audit.record(
            actor,
            "payments.book_closed",
            subject_type="receipt_book",
            subject=str(book),
            data={"next": book.next_number, "reason": reason},
            at=now,
        )
    return book


def book_for(unit_ids: tuple[int, ...], fee_kind: str, day: date) -> ReceiptBook | None:
    """The book the next receipt comes from, locked: of the kind before both kinds, the oldest open one first.

    A self-printed or electronic series counts only in its own year, so on 1 January the new one takes over. Units
    earlier in `unit_ids` come first.
    """
    books = ReceiptBook.objects.select_for_update().filter(
        unit_id__in=unit_ids, fee_kind__in=("", fee_kind), starts_on__lte=day
    )
    usable = [
        book
        for book in books.order_by("pk")
        if book.next_number <= book.last_number
        and (book.ends_on is None or day <= book.ends_on)
        and _counts_in(book, day.year)
    ]
    order = {unit_id: place for place, unit_id in enumerate(unit_ids)}
    return min(
        usable, key=lambda book: (order[book.unit_id], book.fee_kind != fee_kind, book.pk), default=None
    )


def draw_number(book: ReceiptBook) -> int:
    """The next number of a locked book (one statement); a rollback gives it back, so the series has no hole."""
    number = book.next_number
    book.next_number = number + 1
    book.save(update_fields=["next_number"])
    return number


def _counts_in(book: ReceiptBook, year: int) -> bool:
    way = book.series[-1:]
    return way == "P" or book.year == year
