"""The till at the end of a day, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from motcua.counter.permissions import books_kept
from motcua.documents import queries as documents
from motcua.documents.types_signing import SigningState, SigningView
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.organisation.types import UnitInfo
from motcua.payments import queries as payments
from motcua.payments.permissions import can_read, can_sign
from motcua.payments.queries import ClosedDays, DayFigures
from motcua.payments.types import Method

ACCOUNTS = {"cash": Method.CASH, "bank": Method.TRANSFER, "card": Method.CARD, "platform": Method.PLATFORM}


@dataclass(frozen=True, slots=True)
class MethodSum:
    """What a day took and gave back by one way to pay."""

    name: str
    taken: int
    returned: int

    @property
    def net(self) -> int:
        return self.taken - self.returned


@dataclass(frozen=True, slots=True)
class Till:
    """A day of a unit before it is closed."""

    day: date
    is_today: bool
    figures: DayFigures
    opening: int
    expected: int
    methods: Sequence[MethodSum]
    closed_day: Any
    waiting: Any
    open_days: Sequence[date]
    remitted: Sequence[tuple[str, int]]
    closed: ClosedDays


def till_of(
    unit_id: int, day: date, now: datetime, opened: Sequence[tuple[UnitInfo, date]], *, before: str = ""
) -> Till:
    """The books of a day, the days that are open, the days that were closed (10 statements)."""
    today = clock.today(now)
    figures = payments.day_figures(unit_id, day)
    count = payments.last_count(unit_id, day)
    return Till(
        day=day,
        is_today=day == today,
        figures=figures,
        opening=payments.balance(unit_id, "cash", until=day - timedelta(days=1)),
        expected=figures.cash_at_end,
        methods=by_method(figures.as_json()),
        closed_day=payments.day_of(unit_id, day),
        waiting=count,
        open_days=[each for unit, each in opened if unit.id == unit_id and each < today],
        remitted=payments.remitted_on(unit_id, day),
        closed=payments.closed_days(unit_id, before=_day(before)),
    )


@dataclass(frozen=True, slots=True)
class Books:
    """Other books one keeps in which a day is open; `day` the oldest of them."""

    unit_id: int
    name: str
    day: date


def open_in(actor: Actor, now: datetime) -> list[tuple[UnitInfo, date]]:
    """Days to close, today included, in all books the actor keeps, oldest first (1 statement)."""
    kept = {unit.id: unit for unit in books_kept(actor)}
    found = payments.open_days_of(list(kept), before=clock.today(now) + timedelta(days=1))
    return [(kept[unit_id], day) for unit_id, day in found]


def other_books(opened: Sequence[tuple[UnitInfo, date]], unit_id: int) -> list[Books]:
    """Other books than these that have a day to close: of agencies, and of the till beside them."""
    first: dict[int, Books] = {}
    for unit, day in opened:
        if unit.id != unit_id:
            first.setdefault(unit.id, Books(unit.id, unit.full_name, day))
    return list(first.values())


def by_method(figures: Mapping[str, Any]) -> list[MethodSum]:
    """The sums of a day by way to pay; cash always, others where money moved."""
    taken, returned = figures["taken"], figures["returned"]
    return [
        MethodSum(str(method.label), taken.get(account, 0), returned.get(account, 0))
        for account, method in ACCOUNTS.items()
        if account == "cash" or account in taken or account in returned
    ]


@dataclass(frozen=True, slots=True)
class RecordSigning:
    """The signatures of a day's record, as its page shows them."""

    signing: SigningView | None
    is_declared: bool
    may_ask: bool

    @property
    def is_stuck(self) -> bool:
        return self.signing is not None and self.signing.state is SigningState.STUCK


def record_signing(actor: Actor, day: Any) -> RecordSigning:
    """Who signed a day's record, what is awaited, and whether this person may ask for it (at most two statements)."""
    signing = documents.signing_of(day.letter_id)
    declared = signing is None and day.letter is not None and documents.signing_is_declared(day.letter)
    return RecordSigning(signing, declared, can_sign(actor, day.unit_id))


def count_to_decide(actor: Actor, count_id: int) -> Any:
    """A count that waits or waited; raises `NotFound` for another unit's too."""
    found = payments.cash_count(count_id)
    if found is None or not can_read(actor, found.unit_id):
        raise NotFound(msg("Không có lần đếm tiền này ở đơn vị của bạn."))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
