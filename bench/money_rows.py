"""Money of a year: bills, entries, postings, payments and receipts as the acts would have left them, in plain SQL."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.payments import actions
from motcua.payments.models import ReceiptBook

FIRST = 10_000_000
WAYS = (
    ("cash", "cash"),
    ("cash", "cash"),
    ("transfer", "bank"),
    ("card", "card"),
    ("platform", "platform"),
)
TABLES = ("bill", "entry", "posting", "payment", "receipt")
SELECTED = "FROM bench_money n JOIN payments_bill b ON b.key = 'take-0'"


def multiply(agency_id: int, payments: int, days: int, now: datetime) -> None:
    """So many paid bills over the last `days`, the communes and four ways to pay, each with its receipt.

    What stands in them is copied from the first bill taken by the acts (key `take-0`).
    """
    series = f"AB-{clock.local(now).year % 100}T"
    book = actions.open_book(
        actor=Actor.system("bench", "command"),
        unit_id=agency_id,
        form_symbol="01BLP2-001",
        series=series,
        now=now,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        _days_and_units(cursor, payments, days, now)
        _bills(cursor)
        _journal(cursor, payments, now)
        _payments_and_receipts(cursor, payments, book.pk, now)
        if connection.vendor == "postgresql":
            for table in TABLES:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('payments_{table}', 'id'), "
                    f"(SELECT max(id) FROM payments_{table}))"
                )
    ReceiptBook.objects.filter(pk=book.pk).update(next_number=payments + 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _days_and_units(cursor: CursorWrapper, payments: int, days: int, now: datetime) -> None:
    units = [organisation.centre_of(unit.id).id for unit in organisation.communes()]
    today = clock.today(now)
    cursor.execute(
        "CREATE TEMPORARY TABLE bench_money (i bigint, unit bigint, day date, method text, account text)"
    )
    rows = [
        (
            number,
            units[number * 31 % len(units)],
            str(today - timedelta(days=days - 1 - number * days // payments)),
            *WAYS[number % len(WAYS)],
        )
        for number in range(payments)
    ]
    cursor.executemany("INSERT INTO bench_money VALUES (%s, %s, %s, %s, %s)", rows)


def _bills(cursor: CursorWrapper) -> None:
    cursor.execute(
        "INSERT INTO payments_bill (id, unit_id, budget_unit_id, subject, procedure_code, procedure_name, "
        "payer_name, payer_id_number, payer_address, lines, total, paid, refunded, state, reference, key, words, "
        f"created_at, due_at) SELECT {FIRST} + n.i, n.unit, n.unit, 'H05.B-' || n.i, "
        "'1.00' || (n.i - n.i / 400 * 400), 'Thủ tục', b.payer_name, '', '', b.lines, 13000, 13000, 0, 'paid', "
        f"'B' || n.i, 'bench-' || n.i, b.words, b.created_at, NULL {SELECTED}"
    )


def _journal(cursor: CursorWrapper, payments: int, now: datetime) -> None:
    """The charge and the payment of every bill, with their sides."""
    at = connection.ops.adapt_datetimefield_value(now)
    for kind, first in (("charge", FIRST), ("payment", FIRST + payments)):
        method = "''" if kind == "charge" else "n.method"
        data = "'{}'" if kind == "charge" else "'{\"allocated\": 13000}'"
        data += "::jsonb" if connection.vendor == "postgresql" else ""
        cursor.execute(
            "INSERT INTO payments_entry (id, key, kind, unit_id, day, at, bill_id, method, actor_name, note, data) "
            f"SELECT {first} + n.i, '{kind}-' || n.i, '{kind}', n.unit, n.day, %s, {FIRST} + n.i, {method}, 'bench', "
            f"'', {data} FROM bench_money n",
            [at],
        )
    sides = (
        (FIRST, "'receivable'", "13000"),
        (FIRST, "'revenue.phi'", "-8000"),
        (FIRST, "'revenue.le_phi'", "-5000"),
        (FIRST + payments, "n.account", "13000"),
        (FIRST + payments, "'receivable'", "-13000"),
    )
    for place, (entry, account, amount) in enumerate(sides):
        cursor.execute(
            "INSERT INTO payments_posting (id, entry_id, unit_id, account, amount, day) "
            f"SELECT {FIRST + place * payments} + n.i, {entry} + n.i, n.unit, {account}, {amount}, n.day "
            "FROM bench_money n"
        )


def _payments_and_receipts(cursor: CursorWrapper, payments: int, book_id: int, now: datetime) -> None:
    at = connection.ops.adapt_datetimefield_value(now)
    cursor.execute(
        "INSERT INTO payments_payment (id, entry_id, bill_id, unit_id, method, amount, reference, at, by_name) "
        f"SELECT {FIRST} + n.i, {FIRST + payments} + n.i, {FIRST} + n.i, n.unit, n.method, 13000, '', %s, 'bench' "
        "FROM bench_money n",
        [at],
    )
    number = "printf('%%07d', n.i + 1)" if connection.vendor == "sqlite" else "lpad((n.i + 1)::text, 7, '0')"
    content = (
        f"json_set(r.content, '$.number', {number})"
        if connection.vendor == "sqlite"
        else f"jsonb_set(r.content, '{{number}}', to_jsonb({number}))"
    )
    cursor.execute(
        "INSERT INTO payments_receipt (id, book_id, number, unit_id, bill_id, payment_id, payer_name, payer_folded, "
        "payer_id_number, payer_address, lines, amount, content, state, reason, issued_at, issued_by_name, printed) "
        f"SELECT {FIRST} + n.i, %s, n.i + 1, n.unit, {FIRST} + n.i, {FIRST} + n.i, r.payer_name, r.payer_folded, "
        f"'', '', r.lines, 13000, {content}, 'issued', '', %s, 'bench', 0 {SELECTED} "
        "JOIN payments_receipt r ON r.bill_id = b.id",
        [book_id, at],
    )
