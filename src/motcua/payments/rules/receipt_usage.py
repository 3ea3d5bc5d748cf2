"""The usage of receipts in a quarter, as the tax office asks for it (BC26, earlier BC7). Pure.

A book's numbers are given one after the other without a hole, so a period is told by how many were given before it and
in it: what was there at its beginning or came in it is what was used, destroyed, handed over or is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def due(self) -> date:
        """The last day to send the report: of the first month of the next quarter."""
        first = self.next.first
        return date(first.year, first.month + 1, 1) - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month - 1) // 3 + 1)


def read_quarter(text: str) -> Quarter | None:
    """`2025-Q4` or `2025-4`; None for anything else."""
    year, _dash, number = text.upper().replace("Q", "").partition("-")
    if (
        year.isascii()
        and year.isdigit()
        and len(year) == 4
        and number in {"1", "2", "3", "4"}
        and year > "1999"
    ):
        return Quarter(int(year), int(number))
    return None


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from one to another, both included; empty when `last` is below `first`."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return max(0, self.last - self.first + 1)


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What is known of a book: its numbers, its days, how many were given before the period and in it.

    `rest` is what became of the numbers left when it was closed. `voided` and `lost` are numbers given in the period
    that were void (or replaced) and lost by its end; `voided_late` and `lost_late` those of earlier periods of which
    that was said in this one. `amount` is what the receipts that count come to.
    """

    form_symbol: str
    series: str
    numbers: Span
    starts_on: date
    given_before: int
    given: int
    ends_on: date | None = None
    rest: str = ""
    voided: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    voided_late: tuple[int, ...] = ()
    lost_late: tuple[int, ...] = ()
    amount: int = 0
    carried_from: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One book in one quarter. `opening` and `received` are what there was, the other spans what became of it."""

    book: BookFacts
    opening: Span
    received: Span
    used: Span
    destroyed: Span
    handed_over: Span
    closing: Span

    @property
    def there(self) -> int:
        return self.opening.count + self.received.count

    @property
    def good(self) -> int:
        """Receipts given out and neither void nor lost."""
        return self.used.count - len(self.book.voided) - len(self.book.lost)

    @property
    def spent(self) -> int:
        """Used, void, lost, destroyed: what the report sums up as used."""
        return self.used.count + self.destroyed.count

    @property
    def balanced(self) -> bool:
        return self.there == self.spent + self.handed_over.count + self.closing.count


def usage_row(book: BookFacts, quarter: Quarter) -> UsageRow | None:
    """A book's line in the report of a quarter; None when the unit did not have it then.

    A book that came by the end of the quarter is in it, until a quarter in which it has no number any more.
    """
    if book.starts_on > quarter.last:
        return None
    first = book.numbers.first + book.given_before
    there = Span(first, book.numbers.last)
    gone_before = book.ends_on is not None and book.ends_on < quarter.first and bool(book.rest)
    if (gone_before or not there.count) and not book.given:
        return None
    return _row(book, quarter, there)


def _row(book: BookFacts, quarter: Quarter, there: Span) -> UsageRow:
    used = Span(there.first, there.first + book.given - 1)
    left = Span(used.last + 1, book.numbers.last)
    nothing = Span(left.first, left.first - 1)
    ended = book.ends_on is not None and book.ends_on <= quarter.last
    destroyed = left if ended and book.rest == "destroyed" else nothing
    handed_over = left if ended and book.rest == "handed_over" else nothing
    new = book.starts_on >= quarter.first
    return UsageRow(
        book=book,
        opening=Span(there.first, there.first - 1) if new else there,
        received=there if new else Span(there.first, there.first - 1),
        used=used,
        destroyed=destroyed,
        handed_over=handed_over,
        closing=left if not (ended and book.rest) else nothing,
    )


@dataclass(frozen=True, slots=True)
class UsageSums:
    """The sums under the table."""

    opening: int
    received: int
    used: int
    good: int
    voided: int
    lost: int
    destroyed: int
    handed_over: int
    closing: int
    amount: int


def sums(rows: Iterable[UsageRow]) -> UsageSums:
    """Every column added up."""
    found = list(rows)
    return UsageSums(
        opening=sum(row.opening.count for row in found),
        received=sum(row.received.count for row in found),
        used=sum(row.used.count for row in found),
        good=sum(row.good for row in found),
        voided=sum(len(row.book.voided) for row in found),
        lost=sum(len(row.book.lost) for row in found),
        destroyed=sum(row.destroyed.count for row in found),
        handed_over=sum(row.handed_over.count for row in found),
        closing=sum(row.closing.count for row in found),
        amount=sum(row.book.amount for row in found),
    )


def spans(numbers: Sequence[int]) -> list[Span]:
    """Single numbers as spans: 3, 4, 5 and 9 are 3 to 5 and 9."""
    found: list[Span] = []
    for number in sorted(numbers):
        if found and number == found[-1].last + 1:
            found[-1] = Span(found[-1].first, number)
        else:
            found.append(Span(number, number))
    return found
