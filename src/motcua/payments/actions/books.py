"""Books of receipts: opening and closing one, and drawing its numbers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from motcua.kernel import audit, clock, rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation import queries as organisation
from motcua.payments.actions.entries import lock_collector
from motcua.payments.models import Collector, ReceiptBook
from motcua.payments.permissions import require_known, require_set_up
from motcua.payments.queries.books import ends_with_year
from motcua.payments.rules import journal, receipt_symbols
from motcua.payments.types import BookRest


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

    Raises `NotAllowed`, `NoCollector`, `Invalid` with the field, `Conflict` for numbers another book already has.
    """
    require_set_up(actor, unit_id)
    form_symbol, series = form_symbol.strip().upper(), series.strip().upper()
    found = receipt_symbols.read(form_symbol, series)
    if isinstance(found, tuple):
        raise Invalid(found[1], field=found[0])
    if fee_kind not in ("", *journal.REVENUE):
        raise Invalid(msg("Chọn phí, lệ phí hoặc cả hai."), field="fee_kind")
    starts_on = starts_on or _first_day(found, clock.today(now))
    _refuse_half_a_notice(notice_number, notice_on)
    refuse_bad_dates(found, starts_on, notice_on)
    refuse_taken_numbers(unit_id, form_symbol, series, first_number, last_number)
    _forget_discarded(unit_id, form_symbol, series)
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
        starts_on=starts_on,
        carried_from=carried_from.strip(),
        created_at=now,
    )
    log_book(
        actor,
        "payments.book_opened",
        book,
        {"from": first_number, "to": last_number, "notice": book.notice_number},
        now,
    )
    return book


@transaction.atomic
def close_book(
    *, actor: Actor, book_id: int, reason: str, now: datetime, rest: str = BookRest.KEPT
) -> ReceiptBook:
    """No more numbers from this book after today. `rest` says what becomes of the numbers that are left.

    Closing again changes nothing. Raises `NotFound`, `NotAllowed`, `Invalid` with the field.
    """
    if not reason.strip():
        raise Invalid(msg("Nhập lý do khóa quyển."), field="reason")
    if rest not in BookRest.values:
        raise Invalid(msg("Chọn cách xử lý số biên lai còn lại."), field="rest")
    book = lock_book(actor, book_id)
    require_set_up(actor, book.unit_id)
    if book.ends_on is None:
        book.ends_on = clock.today(now)
        book.rest, book.close_reason = BookRest(rest).value, nfc(reason)[:500]
        book.save(update_fields=["ends_on", "rest", "close_reason"])
        said = {"next": book.next_number, "reason": book.close_reason, "rest": book.rest}
        log_book(actor, "payments.book_closed", book, said, now)
    return book


@transaction.atomic
def note_notice(
    *, actor: Actor, book_id: int, notice_number: str, notice_on: date | None, now: datetime
) -> ReceiptBook:
    """Note number and day of the notice of issue the unit sent to its tax office.

    Raises `NotFound`, `NotAllowed`, `Invalid` with the field.
    """
    book = lock_book(actor, book_id)
    require_set_up(actor, book.unit_id)
    if not notice_number.strip():
        raise Invalid(msg("Nhập số thông báo phát hành."), field="notice_number")
    if notice_on is None:
        raise Invalid(msg("Nhập ngày thông báo phát hành."), field="notice_on")
    if notice_on > book.starts_on:
        raise _late_notice()
    book.notice_number, book.notice_on = nfc(notice_number.strip())[:64], notice_on
    book.save(update_fields=["notice_number", "notice_on"])
    said = {"notice": book.notice_number, "on": str(notice_on)}
    log_book(actor, "payments.book_noticed", book, said, now)
    return book


def lock_book(actor: Actor, book_id: int) -> ReceiptBook:
    """A book, locked; raises `NotFound`, also for one of a unit whose books the actor does not see."""
    book = ReceiptBook.objects.select_for_update().filter(pk=book_id).first()
    unknown = NotFound(msg("Không có quyển biên lai này."))
    if book is None:
        raise unknown
    require_known(actor, book.unit_id, unknown)
    return book


def log_book(actor: Actor, action: str, book: ReceiptBook, data: dict[str, Any], now: datetime) -> None:
    """One line of the log about a book; units use the same symbols, so its unit stands before them."""
    audit.record(
        actor,
        action,
        subject_type="receipt_book",
        subject=f"{organisation.unit(book.unit_id).code} {book}"[:64],
        data=data,
        at=now,
    )


def refuse_taken_numbers(
    unit_id: int, form_symbol: str, series: str, first: int, last: int, *, besides: int = 0
) -> None:
    """Refuse numbers that another book of the same tax code has.

    The collecting unit is locked first: two books opened at once would not see each other's row. Raises `Invalid`,
    `NoCollector`, `Conflict`.
    """
    if not 1 <= first <= last <= receipt_symbols.LAST:
        raise Invalid(
            msg("Số biên lai từ 1 đến 9999999, số đầu không lớn hơn số cuối."), field="first_number"
        )
    collector = lock_collector(unit_id)
    others = ReceiptBook.objects.filter(
        unit_id__in=units_of(collector),
        form_symbol=form_symbol,
        series=series,
        first_number__lte=last,
        last_number__gte=first,
    ).exclude(pk=besides)
    other = others.exclude(confirmed=False, ends_on__isnull=False).order_by("first_number").first()
    if other is not None and not other.confirmed:
        raise Conflict(
            msg(
                "Ký hiệu %(series)s đang có đề xuất chờ xác nhận. Xác nhận hoặc bỏ đề xuất đó.", series=series
            ),
            field="series",
        )
    if other is not None:
        raise Conflict(
            msg(
                "Ký hiệu %(series)s đã có quyển từ số %(first)s đến %(last)s. Chọn dải số khác.",
                series=series,
                first=receipt_symbols.number_text(other.first_number),
                last=receipt_symbols.number_text(other.last_number),
            ),
            field="first_number",
        )


def _forget_discarded(unit_id: int, form_symbol: str, series: str) -> None:
    """A proposal that was discarded gave no number; the book that is opened after all takes its place."""
    discarded = ReceiptBook.objects.filter(confirmed=False, ends_on__isnull=False)
    discarded.filter(unit_id=unit_id, form_symbol=form_symbol, series=series).delete()


def units_of(collector: Collector) -> list[int]:
    """The units that collect under this collector's tax code: its own, and those below without one of their own."""
    agency_id = organisation.unit(collector.unit_id).agency_id
    if collector.unit_id != agency_id:
        return [collector.unit_id]
    own = set(Collector.objects.exclude(pk=collector.pk).values_list("unit_id", flat=True))
    return [
        unit.id
        for unit in organisation.units_within(agency_id)
        if unit.agency_id == agency_id and unit.id not in own
    ]


def refuse_bad_dates(symbols: receipt_symbols.Series, starts_on: date, notice_on: date | None) -> None:
    """A series of a year is not used outside it, and the tax office hears of it before."""
    if ends_with_year(symbols.series) and starts_on.year != symbols.year:
        raise Invalid(
            msg(
                "Ký hiệu %(series)s dùng trong năm %(year)s: chọn ngày bắt đầu trong năm đó.",
                series=symbols.series,
                year=symbols.year,
            ),
            field="starts_on",
        )
    if notice_on is not None and notice_on > starts_on:
        raise _late_notice()


def _refuse_half_a_notice(number: str, day: date | None) -> None:
    """A book may be opened before its notice is there, but a notice has a number and a day."""
    if number.strip() and day is None:
        raise Invalid(msg("Nhập ngày thông báo phát hành."), field="notice_on")
    if day is not None and not number.strip():
        raise Invalid(msg("Nhập số thông báo phát hành."), field="notice_number")


def _late_notice() -> Invalid:
    return Invalid(msg("Ngày thông báo phát hành không được sau ngày bắt đầu sử dụng."), field="notice_on")


def books_for(unit_ids: tuple[int, ...], fee_kinds: Collection[str], day: date) -> dict[str, ReceiptBook]:
    """The book the next receipt of each kind comes from, locked (one statement): of the kind before both kinds, the
    oldest open one first; a kind without a book is left out.

    A self-printed or electronic series counts only in its own year, so on 1 January the new one takes over. Units
    earlier in `unit_ids` come first.
    """
    books = ReceiptBook.objects.select_for_update().filter(
        unit_id__in=unit_ids, fee_kind__in=("", *fee_kinds), starts_on__lte=day, confirmed=True
    )
    usable = [
        book
        for book in books.order_by("pk")
        if book.next_number <= book.last_number
        and (book.ends_on is None or day <= book.ends_on)
        and _counts_in(book, day.year)
    ]
    order = {unit_id: place for place, unit_id in enumerate(unit_ids)}
    usable.sort(key=lambda book: (order[book.unit_id], not book.fee_kind, book.pk))
    found: dict[str, ReceiptBook] = {}
    for kind in fee_kinds:
        book = next((book for book in usable if book.fee_kind in ("", kind)), None)
        if book is not None:
            found[kind] = book
    return found


def draw_number(book: ReceiptBook) -> int:
    """The next number of a locked book (one statement); a rollback gives it back, so the series has no hole."""
    number = book.next_number
    book.next_number = number + 1
    rows.update(book, ["next_number"])
    return number


def _first_day(symbols: receipt_symbols.Series, today: date) -> date:
    """From today; next year's series from New Year's Day."""
    return max(today, date(symbols.year, 1, 1)) if ends_with_year(symbols.series) else today


def _counts_in(book: ReceiptBook, year: int) -> bool:
    return book.year == year or not ends_with_year(book.series)
