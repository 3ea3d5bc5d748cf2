"""Money at volume: taking a payment, a report over 300,000 payments, a statement of a thousand lines."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from bench.cast import Cast
from bench.figures import Figure, Goal
from bench.money_rows import multiply
from bench.place import Place
from bench.raw import Database, connect
from bench.timing import in_turns, once, statements
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.payments import actions
from motcua.payments.models import BankAccount, Bill, Collector
from motcua.payments.queries import check_ledger, reports, treasury
from motcua.payments.queries.checking import LedgerCheck

DAYS = 360
LINES = 1_000
SYSTEM = Actor.system("bench", "command")
TAKE = Goal(statements=20)
REPORT = Goal(statements=1, ratio=1.5)
TREASURY = Goal(statements=2, ratio=1.5)
PROOF = Goal(statements=25)
IMPORT = Goal(value=5_000)
MONEY = "('cash', 'bank', 'card', 'platform')"
KINDS = "('payment', 'reversal', 'refund')"
SUMS = (
    "COALESCE(sum(CASE WHEN p.account = 'cash' AND e.kind <> 'refund' THEN p.amount END), 0), "
    "COALESCE(sum(CASE WHEN p.account = 'bank' AND e.kind <> 'refund' THEN p.amount END), 0), "
    "COALESCE(sum(CASE WHEN p.account = 'card' AND e.kind <> 'refund' THEN p.amount END), 0), "
    "COALESCE(sum(CASE WHEN p.account = 'platform' AND e.kind <> 'refund' THEN p.amount END), 0), "
    "COALESCE(-sum(CASE WHEN e.kind = 'refund' THEN p.amount END), 0), "
    "sum(CASE WHEN e.kind = 'payment' THEN 1 ELSE 0 END), sum(CASE WHEN e.kind = 'reversal' THEN 1 ELSE 0 END)"
)

MOVED = ", ".join(
    f"COALESCE(sum(CASE WHEN e.kind IN ({kinds}) THEN p.amount END), 0)"
    for kinds in ("'payment', 'reversal'", "'refund'", "'correction'", "'remittance'")
)


def measure(place: Place, cast: Cast, *, payments: int, rounds: int) -> Iterator[Figure]:
    """Fill the books, then take, sum and match."""
    centre = organisation.unit_by_code(cast.centre_code)
    now = clock.now()
    Collector.objects.get_or_create(
        unit_id=centre.agency_id,
        defaults={"name": "UBND", "tax_code": "2400123456", "updated_at": now},
    )
    year = clock.local(now).year % 100
    actions.open_book(
        actor=SYSTEM, unit_id=centre.agency_id, form_symbol="01BLP2-001", series=f"AA-{year}T", now=now
    )
    yield _take(place, centre.id, rounds)
    multiply(centre.agency_id, payments, DAYS, now)
    database = connect(place)
    last = clock.today(now)
    for words, first in (("a month", last - timedelta(days=29)), ("a year", last - timedelta(days=DAYS))):
        yield from _reports(place, database, first, last, words, payments, max(3, rounds // 10))
    yield _treasury(place, database, last - timedelta(days=29), last, payments, max(3, rounds // 10))
    database.close()
    yield _ledger(place, payments)
    yield from _statement(place, centre.id, payments)


def _bill(unit_id: int, key: str) -> Bill:
    return actions.open_bill(
        actor=SYSTEM,
        unit_id=unit_id,
        budget_unit_id=unit_id,
        subject=f"H05.B-{key}",
        payer=actions.Payer("Nguyễn Thị Bé"),
        lines=(actions.BillLine("a", "phi", "Phí", 8_000), actions.BillLine("b", "le_phi", "Lệ phí", 5_000)),
        key=key,
        now=clock.now(),
    )


def _take(place: Place, unit_id: int, rounds: int) -> Figure:
    """A payment in cash with its receipt, as the cashier's press does it."""
    numbers = count()
    bills = [_bill(unit_id, f"take-{number}") for number in range(rounds + 5)]

    def take() -> object:
        bill = bills[next(numbers)]
        return actions.take_payment(
            actor=SYSTEM, bill_id=bill.pk, method="cash", amount=13_000, key=f"p-{bill.pk}", now=clock.now()
        )

    take()
    sent = len(statements(take))
    taken = sorted(once(take) for _ in range(rounds))
    return Figure(
        "take a payment with its receipt", place.database, taken[len(taken) // 2], statements=sent, goal=TAKE
    )


def _reports(
    place: Place, database: Database, first: date, last: date, words: str, payments: int, rounds: int
) -> Iterator[Figure]:
    scope = reports.Scope(None, first, last)
    keys = {
        "don-vi": ("by unit", "p.unit_id", "", ""),
        "thu-tuc": (
            "by procedure",
            "b.procedure_code",
            "JOIN payments_bill b ON b.id = e.bill_id",
            ", max(b.procedure_name)",
        ),
    }
    for group, (name, key, join, more) in keys.items():
        text = (
            f"SELECT {key}{more}, {SUMS} FROM payments_posting p JOIN payments_entry e ON e.id = p.entry_id {join} "
            f"WHERE p.account IN {MONEY} AND p.day BETWEEN %s AND %s AND e.day BETWEEN %s AND %s "
            f"AND e.kind IN {KINDS} GROUP BY {key}"
        )
        values = [str(first), str(last)] * 2

        def summed(group: str = group) -> object:
            return reports.collections(scope, group)

        def by_hand(text: str = text, values: list[str] = values) -> object:
            return database.run(text, values)

        pair = in_turns(by_hand, summed, rounds=rounds, warm=1)
        rows = len(reports.collections(scope, group).rows)
        sent = min(
            len(statements(summed)) for _time in range(2)
        )  # units are looked at anew every two seconds
        yield Figure(
            f"collections of {words}, {name}", place.database, pair.product, "ms", pair.raw,
            sent, 1, REPORT, f"{rows} rows over {payments:,} payments of the province",
        )  # fmt: skip


def _treasury(
    place: Place, database: Database, first: date, last: date, payments: int, rounds: int
) -> Figure:
    """What units held before a month, moved in it and hold after it: nearly all of the books are before it."""
    before = f"SELECT unit_id, sum(amount) FROM payments_posting WHERE account IN {MONEY} AND day < %s GROUP BY unit_id"
    within = (
        f"SELECT p.unit_id, {MOVED} FROM payments_posting p JOIN payments_entry e ON e.id = p.entry_id "
        f"WHERE p.account IN {MONEY} AND p.day BETWEEN %s AND %s AND e.day BETWEEN %s AND %s GROUP BY p.unit_id"
    )
    days = [str(first), str(last)]

    def by_hand() -> object:
        return database.run(before, days[:1]), database.run(within, days * 2)

    def told() -> object:
        return treasury.holdings(reports.Scope(None, first, last))

    pair = in_turns(by_hand, told, rounds=rounds, warm=1)
    sent = min(len(statements(told)) for _time in range(2))
    return Figure(
        "paid in at the Treasury and held still, a month", place.database, pair.product, "ms", pair.raw,
        sent, 2, TREASURY, f"over {payments:,} payments of the province",
    )  # fmt: skip


def _ledger(place: Place, payments: int) -> Figure:
    """The whole proof of the books, and by how much it raised the peak of memory (filling the books came before)."""
    found: list[LedgerCheck] = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = once(lambda: found.append(check_ledger()))
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    sent = len(statements(check_ledger))
    outcome = "green" if found[0].ok else found[0].problems[0]
    note = f"{payments:,} payments, {found[0].entries:,} entries: {outcome}; peak memory +{more} MB"
    return Figure("prove the books", place.database, taken / 1e3, "s", statements=sent, goal=PROOF, note=note)


def _statement(place: Place, unit_id: int, payments: int) -> Iterator[Figure]:
    """A statement of a thousand lines: read, stored and judged; then a line booked by the job."""
    account = BankAccount.objects.create(
        unit_id=organisation.unit(unit_id).agency_id,
        bank_bin="970436",
        number="0011001932418",
        holder="UBND",
        starts_on=date(2025, 7, 1),
    )
    lines = min(LINES, payments)
    bills = [_bill(unit_id, f"bank-{number}") for number in range(lines)]
    day = f"{clock.local(clock.now()):%d/%m/%Y}"
    rows = ["Ngày GD;Số CT;Số tiền ghi nợ;Số tiền ghi có;Nội dung chi tiết"]
    rows += [f"{day};FT{n};;13.000;MBVCB.{n}.{bill.reference}.CT tu 0123" for n, bill in enumerate(bills)]
    data = "\n".join(rows).encode()

    def bring() -> object:
        return actions.import_statement(
            actor=SYSTEM, account_id=account.pk, name="a.csv", data=data, now=clock.now()
        )

    taken = once(bring)
    note = f"{lines:,} lines, each with its bill, read, stored and judged"
    yield Figure("import a statement", place.database, taken, goal=IMPORT, note=note)
    booked = once(lambda: actions.settle_automatic(actor=SYSTEM, account_id=account.pk, now=clock.now()))
    yield Figure("book a line of a statement", place.database, booked / lines, note="by the job, one by one")
