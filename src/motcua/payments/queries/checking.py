"""Proof that the books agree with themselves: entries, bills, payments, receipts, numbers, closed days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from motcua.payments.models import Bill, CashierDay, Collector, Entry, Payment, Posting, Receipt, ReceiptBook
from motcua.payments.types import BillState, EntryKind, Method, ReceiptState

COUNTED = (ReceiptState.ISSUED, ReceiptState.ADJUSTED, ReceiptState.LOST)
"""Receipts that stand for money."""


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
    rows = Posting.objects.values_list("entry__key").annotate(sum=Sum("amount")).exclude(sum=0)
    for key, total in rows.iterator():
        yield f"entry {key} does not add up: {total}"
    bare = Entry.objects.annotate(n=Count("postings")).filter(n__lt=2)
    for key in bare.values_list("key", flat=True).iterator():
        yield f"entry {key} has fewer than two sides"


def _wrong_bills() -> Iterator[str]:
    """What a bill says it was paid and refunded against what its payments and refunds say."""
    paid = (
        Payment.objects.filter(entry__reversed_by__isnull=True)
        .values_list("bill_id")
        .annotate(sum=Sum("amount"))
    )
    by_bill = dict(paid)
    advance = dict(
        Posting.objects.filter(account="advance", entry__bill__isnull=False, entry__advance_of__isnull=True)
        .values_list("entry__bill_id")
        .annotate(sum=Sum("amount"))
    )
    revenue = dict(
        Posting.objects.filter(account__startswith="revenue.", entry__kind=EntryKind.REFUND)
        .values_list("entry__bill_id")
        .annotate(sum=Sum("amount"))
    )
    refunded_advance = dict(
        Posting.objects.filter(account="advance", entry__kind=EntryKind.REFUND)
        .values_list("entry__bill_id")
        .annotate(sum=Sum("amount"))
    )
    receivable = dict(
        Posting.objects.filter(account="receivable").values_list("entry__bill_id").annotate(sum=Sum("amount"))
    )
    for bill in Bill.objects.only("reference", "paid", "refunded", "total", "state").iterator(
        chunk_size=2_000
    ):
        came = by_bill.get(bill.pk, 0) + advance.get(bill.pk, 0) - refunded_advance.get(bill.pk, 0)
        if bill.paid != came:
            yield f"bill {bill.reference} says {bill.paid} paid, its payments say {came}"
        if bill.refunded != revenue.get(bill.pk, 0):
            yield f"bill {bill.reference} says {bill.refunded} refunded, the journal {revenue.get(bill.pk, 0)}"
        owed = 0 if bill.state in (BillState.CANCELLED, BillState.REFUNDED) else bill.total - bill.paid
        if owed != receivable.get(bill.pk, 0):
            yield f"bill {bill.reference} still asks for {owed}, the journal for {receivable.get(bill.pk, 0)}"


def _wrong_receipts(found: LedgerCheck) -> Iterator[str]:
    """Every payment's receipts come to what of it went to the bill."""
    standing = Q(receipts__state__in=COUNTED)
    rows = _standing_payments().annotate(
        written=Coalesce(Sum("receipts__amount", filter=standing), 0), n=Count("receipts", filter=standing)
    )
    for pk, written, n, data in rows.values_list("pk", "written", "n", "entry__data").iterator(
        chunk_size=2_000
    ):
        allocated = int(data["allocated"])
        found.allocated_sum += allocated
        if not n and allocated:
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
    for pk, number, amount, lines, content in rows.iterator(chunk_size=2_000):
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
    for day in CashierDay.objects.iterator():
        entries = Entry.objects.filter(unit_id=day.unit_id, day=day.day, at__gt=day.closed_at)
        for key in entries.values_list("key", flat=True):
            yield f"entry {key} was posted into the closed day {day.day}"


def _wrong_days() -> Iterator[str]:
    """What a closed day expected is what the books still say, the difference included."""
    for day in CashierDay.objects.iterator():
        cash = Posting.objects.filter(unit_id=day.unit_id, account="cash", day__lte=day.day)
        total = int(cash.aggregate(sum=Sum("amount"))["sum"] or 0)
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
