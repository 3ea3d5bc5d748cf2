"""Writing into the journal: once a key, balanced, never into a closed day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from motcua.kernel import clock, rows
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.payments.errors import DayClosed, NoCollector
from motcua.payments.models import Bill, CashierDay, Collector, Entry, Posting
from motcua.payments.rules import journal
from motcua.payments.rules.journal import Side

LOOK_AHEAD = timedelta(days=60)


def lock_collector(unit_id: int) -> Collector:
    """The collecting unit, locked: its payments, its numbers and the close of its day follow one another. A bill is
    locked before it, books and receipts after it.

    A unit without a row of its own collects under its agency's. Raises `NoCollector`.
    """
    chosen = lock_books(unit_id)
    if chosen is None:
        raise NoCollector(
            msg(
                "%(unit)s chưa khai báo đơn vị thu (tên, mã số thuế, quyển biên lai) nên chưa thu được tiền.",
                unit=organisation.unit(unit_id).full_name,
            )
        )
    return chosen


def lock_books(unit_id: int) -> Collector | None:
    """The same for what is owed, which is booked also where nobody collects yet; there no day is ever closed."""
    agency_id = organisation.unit(unit_id).agency_id
    locked = rows.found(Collector, "x.unit_id IN (%s, %s) ORDER BY x.id", [unit_id, agency_id], lock=True)
    found = {row.unit_id: row for row in locked}
    return found.get(unit_id) or found.get(agency_id)


def lock_collectors(unit_ids: Iterable[int]) -> None:
    """Every collecting unit an act will book at, locked at once: acts at several places never wait for each other."""
    places = set(unit_ids)
    if not places:
        return
    places |= {organisation.unit(unit_id).agency_id for unit_id in places}
    list(Collector.objects.select_for_update().filter(unit_id__in=places).order_by("pk"))


def open_day(unit_id: int, now: datetime) -> date:
    """The business day an entry made now belongs to; raises `DayClosed` when today is closed."""
    today = clock.today(now)
    if rows.found(CashierDay, "x.unit_id = %s AND x.day = %s", [unit_id, today]):
        raise DayClosed(
            msg("Ngày %(day)s đã chốt sổ. Thu tiền mặt vào ngày làm việc sau.", day=f"{today:%d/%m/%Y}")
        )
    return today


def next_open_day(unit_id: int, now: datetime) -> date:
    """Today, or the first day after it that is not closed: for money that comes by itself."""
    today = clock.today(now)
    later = [unit_id, today, today + LOOK_AHEAD]
    closed = {row.day for row in rows.found(CashierDay, "x.unit_id = %s AND x.day BETWEEN %s AND %s", later)}
    day = today
    while day in closed:
        day += timedelta(days=1)
    return day


def write_entry(
    *,
    actor: Actor,
    kind: str,
    unit_id: int,
    sides: Sequence[Side],
    key: str,
    day: date,
    now: datetime,
    bill: Bill | None = None,
    method: str = "",
    reverses: Entry | None = None,
    advance_of: int | None = None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """One entry with its postings (two statements) in the caller's transaction."""
    if not journal.balanced(sides):
        raise ValueError(f"entry {key} does not add up: {sides}")
    entry = rows.insert(
        Entry(
            key=key,
            kind=kind,
            unit_id=unit_id,
            day=day,
            at=now,
            bill_id=bill.pk if bill else None,
            method=method,
            reverses_id=reverses.pk if reverses else None,
            advance_of_id=advance_of,
            actor_id=actor.user_id,
            actor_name=actor.name[:160],
            note=note[:500],
            data=dict(data or {}),
        )
    )
    rows.insert_all(
        [
            Posting(entry_id=entry.pk, unit_id=unit_id, account=str(account), amount=amount, day=day)
            for account, amount in sides
        ]
    )
    return entry
