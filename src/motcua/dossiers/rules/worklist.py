"""What a worklist shows, in which order, and how its place is kept. Pure values: no database, no framework."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg

PAGE_SIZE = 50
COUNT_CAP = 500
SOON_WORKING_DAYS = 2
SENT_DAYS = 30
"""How long a dossier one has passed on stays in "Đã chuyển đi"."""

MINUTES_PER_DAY = 480
_QUARTER_DAY, _QUARTER_HOUR = 120, 15


class Tab(StrEnum):
    """The lists of an officer's day, in the order they are shown."""

    TODAY = "hom-nay"
    MINE = "cua-toi"
    UNIT = "don-vi"
    SOON = "sap-den-han"
    LATE = "qua-han"
    PAUSED = "tam-dung"
    CONSULT = "cho-y-kien"
    RETURN = "cho-tra"
    SENT = "da-chuyen"

    @property
    def label(self) -> Message:
        return _LABELS[self]

    @property
    def empty(self) -> tuple[Message, Message]:
        """A title and a sentence for a list with nothing in it."""
        return _EMPTY[self]

    @staticmethod
    def offered(*, counter: bool) -> tuple[Tab, ...]:
        """The lists of a person; only those at a counter return results."""
        return tuple(tab for tab in Tab if counter or tab is not Tab.RETURN)

    @property
    def of_dossiers(self) -> bool:
        """Whether the rows are dossiers as such rather than somebody's open task."""
        return self in (Tab.PAUSED, Tab.RETURN)


_LABELS = {
    Tab.TODAY: msg("Hôm nay phải xong"),
    Tab.MINE: msg("Việc của tôi"),
    Tab.UNIT: msg("Của đơn vị"),
    Tab.SOON: msg("Sắp đến hạn"),
    Tab.LATE: msg("Quá hạn"),
    Tab.PAUSED: msg("Tạm dừng"),
    Tab.CONSULT: msg("Chờ ý kiến"),
    Tab.RETURN: msg("Chờ trả"),
    Tab.SENT: msg("Đã chuyển đi"),
}
_EMPTY = {
    Tab.TODAY: (
        msg("Hôm nay không còn việc nào phải xong"),
        msg(
            "Việc đến hạn hôm nay và việc đã quá hạn sẽ hiện ở đây. Xem “Việc của tôi” để làm trước các việc khác."
        ),
    ),
    Tab.MINE: (
        msg("Bạn chưa có việc nào"),
        msg("Hồ sơ chuyển đến bạn hoặc đến vai trò của bạn sẽ hiện ở đây."),
    ),
    Tab.UNIT: (msg("Đơn vị chưa có việc nào"), msg("Mọi việc đang mở của đơn vị sẽ hiện ở đây.")),
    Tab.SOON: (
        msg("Không có việc nào sắp đến hạn"),
        msg("Việc còn từ hai ngày làm việc trở xuống sẽ hiện ở đây."),
    ),
    Tab.LATE: (msg("Không có việc nào quá hạn"), msg("Rất tốt: mọi việc của bạn đều đang trong hạn.")),
    Tab.PAUSED: (
        msg("Không có hồ sơ nào đang tạm dừng"),
        msg("Hồ sơ chờ công dân bổ sung giấy tờ hoặc nộp tiền sẽ hiện ở đây."),
    ),
    Tab.CONSULT: (
        msg("Không chờ ý kiến của đơn vị nào"),
        msg("Hồ sơ bạn đang chờ đơn vị khác trả lời ý kiến sẽ hiện ở đây."),
    ),
    Tab.RETURN: (
        msg("Không có kết quả nào chờ trả"),
        msg("Hồ sơ đã có kết quả mà người dân chưa nhận sẽ hiện ở đây."),
    ),
    Tab.SENT: (
        msg("Bạn chưa chuyển hồ sơ nào trong 30 ngày qua"),
        msg("Hồ sơ bạn vừa chuyển đi hiện ở đây để rút lại khi nhầm."),
    ),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list down. Empty values narrow nothing; dates are of reception, both inclusive."""

    text: str = ""
    field: str = ""
    procedure: str = ""
    step: str = ""
    status: str = ""
    unit_id: int | None = None
    assignee_id: int | None = None
    received_from: date | None = None
    received_to: date | None = None

    @property
    def active(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))


class BadCursor(ValueError):
    """A place in a list that this product did not write."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row after which a page goes on: its sorting moment (None sorts last) and its number."""

    at: datetime | None
    number: int

    def encode(self) -> str:
        moment = self.at.astimezone(UTC).isoformat() if self.at else ""
        return base64.urlsafe_b64encode(f"{moment}|{self.number}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """The inverse of `encode`; raises BadCursor for anything else."""
        try:
            plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
            moment, _, number = plain.rpartition("|")
            at = datetime.fromisoformat(moment) if moment else None
            found = cls(at, int(number))
        except (binascii.Error, UnicodeError, ValueError) as wrong:
            raise BadCursor(text[:80]) from wrong
        if found.number < 0 or found.number >= 2**63 or (found.at is not None and found.at.tzinfo is None):
            raise BadCursor(text[:80])
        return found


class Calendar(Protocol):
    """As much of a work calendar as a worklist needs."""

    def add_working_days(self, day: date, n: int) -> date: ...

    def working_minutes_between(self, start: datetime, end: datetime) -> int: ...


def end_of_day(now: datetime) -> datetime:
    """The first instant of tomorrow in Viet Nam: what is due before it is due today."""
    return _midnight_after(now.astimezone(VN).date())


def soon_until(calendar: Calendar, now: datetime) -> datetime:
    """The end of the second working day after today."""
    return _midnight_after(calendar.add_working_days(now.astimezone(VN).date(), SOON_WORKING_DAYS))


def day_bounds(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """Instants of a span of Vietnamese days: from the first (inclusive) to the end of the last (exclusive).

    Days no dossier can have are brought to the nearest that databases and time zones still know.
    """
    opens = datetime.combine(_within(first), time.min, VN) if first else None
    return opens, _midnight_after(_within(last)) if last else None


def _within(day: date) -> date:
    return min(max(day, date(1900, 1, 1)), date(9998, 12, 31))


def urgency(due_at: datetime | None, now: datetime, *, paused: bool = False) -> str:
    """How a row is marked: "overdue", "today" or nothing."""
    if due_at is None or paused:
        return ""
    if due_at < now:
        return "overdue"
    return "today" if due_at < end_of_day(now) else ""


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of the limits that exist: a task is never due later than its dossier."""
    return min((moment for moment in moments if moment is not None), default=None)


def working_time(
    calendar: Calendar, due_at: datetime | None, now: datetime
) -> tuple[Fraction | None, Fraction | None]:
    """Working days, or below one day working hours, between now and a limit; rounded down to quarters.

    >>> class Always:
    ...     def add_working_days(self, day, n): ...
    ...     def working_minutes_between(self, start, end): return 200
    >>> working_time(Always(), datetime(2026, 11, 25, 4, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC))
    (None, Fraction(13, 4))
    """
    if due_at is None:
        return None, None
    first, last = sorted((due_at, now))
    minutes = calendar.working_minutes_between(first, last)
    if minutes >= MINUTES_PER_DAY:
        return Fraction(minutes // _QUARTER_DAY, 4), None
    return None, Fraction(max(minutes // _QUARTER_HOUR, 1), 4)


def in_common(choices: Sequence[Iterable[str]]) -> tuple[str, ...]:
    """What is possible for every chosen row, in the order of the first."""
    if not choices:
        return ()
    others = [frozenset(found) for found in choices[1:]]
    return tuple(choice for choice in choices[0] if all(choice in other for other in others))


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, VN)
