"""Proof that the books agree with themselves: entries, bills, payments, receipts, numbers, closed days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from motcua.payments.models import Bill, CashierDay, Collector, Entry, Payment, Posting, Receipt, ReceiptBook
from motcua.payments.types import BillState, EntryKind, Method, ReceiptState

COUNTED = (ReceiptState.ISSUED, ReceiptState.ADJUSTED, ReceiptState.LOST)
"""Receipts that stand for money."""
CHUNK = 2_000


@dataclass(slots=True)
class LedgerCheck:
    """What was looked at and what is wrong; `waiting` are payments that wait for a receipt, which is no fault.

    `receipts_sum` and `waiting_sum` come to `allocated_sum`, what payments put to bills; the rest of `payments_sum` is
    advances.
    """

    entries: int = 0
    bills: int = 0
    payments: int = 0
    receipts: int = 0
    payments_sum: int = 0
    receipts_sum: int = 0
    ledger_sum: int = 0
    waiting: int = 0
    waiting_sum: int = 0
    allocated_sum: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def check_ledger(*, limit: int = 100) -> LedgerCheck:
    """Look at everything, in a fixed number of statements and bounded memory. Reads only; never more than `limit`
    problems of a kind.
    """
    found = LedgerCheck(
        entries=Entry.objects.count(),
        bills=Bill.objects.count(),
        payments=_standing_payments().count(),
        receipts=Receipt.objects.count(),
    )
    for problems in (
        _unbalanced(),
        _wrong_bills(),
        _wrong_receipts(found),
        _holes(),
        _shared_numbers(),
        _wrong_contents(),
        _missing_successors(),
        _posted_into_closed_days(),
        _wrong_days(),
    ):
        for number, problem in enumerate(problems):
            if number == limit:
                found.problems.append("…")
                break
            found.problems.append(problem)
    _sums(found)
    return found


def _standing_payments() -> QuerySet[Payment]:
    return Payment.objects.filter(entry__reversed_by__isnull=True)


def _unbalanced() -> Iterator[str]:
    sums = Posting.objects.order_by().values("entry_id").annotate(sum=Sum("amount")).exclude(sum=0)
    wrong = Entry.objects.filter(pk__in=sums.values("entry_id")).annotate(sum=Sum("postings__amount"))
    for key, total in wrong.values_list("key", "sum").iterator():
        yield f"entry {key} does not add up: {total}"
    bare = Entry.objects.values_list("pk", "key").annotate(n=Count("postings")).filter(n__lt=2)
    for _pk, key, _n in bare.iterator():
        yield f"entry {key} has fewer than two sides"


def _wrong_bills() -> Iterator[str]:
    """What a bill says it was paid and refunded against what its payments and refunds say, held together by the
    database: only what is wrong comes here.
    """
    of_bill = {"entry__bill_id": OuterRef("pk")}
    advance = Posting.objects.filter(account="advance", **of_bill)
    came = (
        _sum(_standing_payments().filter(bill_id=OuterRef("pk")), "bill_id")
        + _sum(advance.filter(entry__advance_of__isnull=True), "entry__bill_id")
        - _sum(advance.filter(entry__kind=EntryKind.REFUND), "entry__bill_id")
    )
    returned = Posting.objects.filter(account__startswith="revenue.", entry__kind=EntryKind.REFUND, **of_bill)
    receivable = Posting.objects.filter(account="receivable", **of_bill)
    nothing = Q(state__in=(BillState.CANCELLED, BillState.REFUNDED))
    asks = Case(When(nothing, then=Value(0)), default=F("total") - F("paid"), output_field=BigIntegerField())
    wrong = Bill.objects.annotate(
        came=came,
        returned=_sum(returned, "entry__bill_id"),
        asks=asks,
        receivable=_sum(receivable, "entry__bill_id"),
    ).exclude(paid=F("came"), refunded=F("returned"), asks=F("receivable"))
    shown = ("reference", "paid", "came", "refunded", "returned", "asks", "receivable")
    rows = wrong.order_by("pk").values_list(*shown)
    for reference, paid, found, refunded, returned_sum, owed, booked in rows.iterator(chunk_size=CHUNK):
        if paid != found:
            yield f"bill {reference} says {paid} paid, its payments say {found}"
        if refunded != returned_sum:
            yield f"bill {reference} says {refunded} refunded, the journal {returned_sum}"
        if owed != booked:
            yield f"bill {reference} still asks for {owed}, the journal for {booked}"


def _sum(rows: QuerySet[Any], group: str) -> Coalesce:
    """The sum of `amount` over the rows that belong to a row of the query around it."""
    sums = rows.order_by().values(group).annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums), 0, output_field=BigIntegerField())


def _wrong_receipts(found: LedgerCheck) -> Iterator[str]:
    """Every payment's receipts come to what of it went to the bill."""
    standing = Receipt.objects.filter(payment_id=OuterRef("pk"), state__in=COUNTED)
    rows = _standing_payments().annotate(written=_sum(standing, "payment_id"), any=Exists(standing))
    for pk, written, any_, data in rows.values_list("pk", "written", "any", "entry__data").iterator(
        chunk_size=CHUNK
    ):
        allocated = int(data["allocated"])
        found.allocated_sum += allocated
        if not any_ and allocated:
            found.waiting += 1
            found.waiting_sum += allocated
        elif written != allocated:
            yield f"payment {pk} put {allocated} to its bill, its receipts say {written}"
    void = Receipt.objects.filter(payment__entry__reversed_by__isnull=False, state__in=COUNTED)
    for receipt in void.select_related("book").iterator():
        yield f"receipt {receipt.book.series} {receipt.number} stands although its payment was taken back"


def _holes() -> Iterator[str]:
    """A series has every number from its first to the last one given."""
    rows = ReceiptBook.objects.annotate(n=Count("receipts"), top=Max("receipts__number"))
    for book in rows.iterator():
        given = book.next_number - book.first_number
        if book.n != given or (book.top or book.first_number - 1) != book.next_number - 1:
            yield f"series {book.form_symbol} {book.series} gave {given} numbers and has {book.n} receipts"


def _shared_numbers() -> Iterator[str]:
    """No number of a symbol is in two books of one tax code; proposals have none."""
    books = ReceiptBook.objects.filter(confirmed=True)
    order = ("unit__agency_id", "form_symbol", "series")
    top: dict[tuple[object, ...], ReceiptBook] = {}
    own = set(Collector.objects.values_list("unit_id", flat=True))
    for book in books.annotate(agency=F("unit__agency_id")).order_by(*order, "first_number").iterator():
        tax_code_of = book.unit_id if book.unit_id in own else vars(book)["agency"]
        place = (tax_code_of, book.form_symbol, book.series)
        before = top.get(place)
        if before is not None and book.first_number <= before.last_number:
            yield f"books {before.pk} and {book.pk} of {book} share numbers from {book.first_number}"
        if before is None or book.last_number > before.last_number:
            top[place] = book


def _wrong_contents() -> Iterator[str]:
    """What stands on a receipt is what its row says: the number, the amount, the sum of its lines."""
    rows = Receipt.objects.values_list("pk", "number", "amount", "lines", "content")
    for pk, number, amount, lines, content in rows.iterator(chunk_size=CHUNK):
        if sum(line["amount"] for line in lines) != amount:
            yield f"receipt {pk}: its lines do not come to {amount}"
        if content and (content.get("amount"), content.get("number")) != (amount, f"{number:07d}"):
            yield f"receipt {pk}: what is printed says {content.get('number')} and {content.get('amount')}"


def _missing_successors() -> Iterator[str]:
    """A replaced or adjusted receipt names the one in its place."""
    alone = Receipt.objects.filter(
        Q(state=ReceiptState.REPLACED, replaced_by__isnull=True)
        | Q(state=ReceiptState.ADJUSTED, adjusted_by__isnull=True)
    )
    for pk, state in alone.values_list("pk", "state").iterator():
        yield f"receipt {pk} is {state} and nothing stands in its place"


def _posted_into_closed_days() -> Iterator[str]:
    closed = CashierDay.objects.filter(
        unit_id=OuterRef("unit_id"), day=OuterRef("day"), closed_at__lt=OuterRef("at")
    )
    for key, day in Entry.objects.filter(Exists(closed)).values_list("key", "day").iterator():
        yield f"entry {key} was posted into the closed day {day}"


def _wrong_days() -> Iterator[str]:
    """What a closed day expected is what the books still say, the difference included.

    The cash of the units by day and their closed days, both in order, are walked side by side.
    """
    cash = (
        Posting.objects.filter(account="cash")
        .values_list("unit_id", "day")
        .annotate(sum=Sum("amount"))
        .order_by("unit_id", "day")
        .iterator(chunk_size=CHUNK)
    )
    unit_id, total, ahead = 0, 0, next(cash, None)
    for day in CashierDay.objects.order_by("unit_id", "day").iterator(chunk_size=CHUNK):
        if day.unit_id != unit_id:
            unit_id, total = day.unit_id, 0
        while ahead is not None and ahead[:2] <= (day.unit_id, day.day):
            total += int(ahead[2]) if ahead[0] == unit_id else 0
            ahead = next(cash, None)
        if total != day.counted:
            yield f"closed day {day.day} of unit {day.unit_id} counted {day.counted}, the books say {total}"


def _sums(found: LedgerCheck) -> None:
    came = _standing_payments().exclude(method=Method.ADVANCE)
    found.payments_sum = int(came.aggregate(sum=Sum("amount"))["sum"] or 0)
    found.receipts_sum = int(
        Receipt.objects.filter(state__in=COUNTED).aggregate(sum=Sum("amount"))["sum"] or 0
    )
    money = Posting.objects.filter(
        account__in=("cash", "bank", "card", "platform"),
        entry__kind__in=(EntryKind.PAYMENT, EntryKind.REVERSAL),
    )
    found.ledger_sum = int(money.aggregate(sum=Sum("amount"))["sum"] or 0)
    if found.ledger_sum != found.payments_sum:
        found.problems.append(
            f"payments come to {found.payments_sum}, the journal says {found.ledger_sum} came in"
        )
    if found.receipts_sum + found.waiting_sum != found.allocated_sum:
        found.problems.append(
            f"receipts come to {found.receipts_sum} and {found.waiting_sum} waits,"
            f" payments put {found.allocated_sum} to bills"
        )
