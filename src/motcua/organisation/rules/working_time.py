"""Working time on a Vietnamese office calendar: exact, immutable, explainable.

Everything is counted in whole minutes of the wall clock of Viet Nam (seconds are dropped, never rounded up,
so a date is never later than the law allows). Inside, an instant is one integer: day ordinal x 1440 + minute.

Law: Civil Code 2015 Art. 146-148 (terms), Labour Code 2019 Art. 112 (holidays), yearly swap notices.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from motcua.kernel.clock import VN
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import Message, msg

DAY_MINUTES = 24 * 60
# Longer than any real closure; past it the calendar is wrong and a search must stop.
MAX_IDLE_DAYS = 400
# A century of working days: a larger amount is a typing error, not a time limit.
MAX_DAYS = 36_600

WEEKDAYS: tuple[Message, ...] = (
    msg("Thứ Hai"),
    msg("Thứ Ba"),
    msg("Thứ Tư"),
    msg("Thứ Năm"),
    msg("Thứ Sáu"),
    msg("Thứ Bảy"),
    msg("Chủ nhật"),
)

Spans = tuple[tuple[int, int], ...]
_Value = Callable[[Spans], int]


class NoWorkingTime(Invalid):
    """The calendar has no working session where one is needed; somebody must fill in the calendar."""

    code = "no_working_time"


class DayKind(StrEnum):
    """What an exception makes of a day."""

    OFF = "off"
    WORKED = "worked"


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """One working session of a day, e.g. 07:30-11:30. Both ends belong to it; `ValueError` if it is empty."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"a session must open before it closes: {self.opens}-{self.closes}")

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return _minute(self.closes) - _minute(self.opens)


@dataclass(frozen=True, slots=True)
class DayException:
    """A day that departs from the week: a holiday or a day worked in exchange, and the decision that says so.

    `sessions` of a worked day default to those of `paired_day`'s weekday, else to Monday's.
    A half day off is a WORKED day with the sessions that remain.
    """

    kind: DayKind
    name: str
    decision: str = ""
    sessions: tuple[Session, ...] | None = None
    paired_day: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", DayKind(self.kind))  # stored rows carry the plain word


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that does not count and why."""

    day: date
    why: Message


@dataclass(frozen=True)
class WorkCalendar:
    """The working sessions of a unit: a week (0 = Monday) and dated exceptions."""

    weekly: Mapping[int, tuple[Session, ...]]
    exceptions: Mapping[date, DayException] = field(default_factory=dict)

    _week: tuple[Spans, ...] = field(init=False, repr=False, compare=False)
    _special: dict[int, Spans] = field(init=False, repr=False, compare=False)
    _special_days: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        weekly = {day: tuple(sorted(sessions)) for day, sessions in self.weekly.items()}
        for sessions in weekly.values():
            _refuse_overlap(sessions)
        exceptions = dict(self.exceptions)
        put = object.__setattr__
        put(self, "weekly", MappingProxyType(weekly))
        put(self, "exceptions", MappingProxyType(exceptions))
        put(self, "_week", tuple(_spans(weekly.get(weekday, ())) for weekday in range(7)))
        special = {day.toordinal(): _spans(self.sessions_on(day)) for day in exceptions}
        put(self, "_special", special)
        put(self, "_special_days", sorted(special))

    # -- days ---------------------------------------------------------------------------------------------

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """The sessions worked on `day`, in order; empty on a day off."""
        exception = self.exceptions.get(day)
        if exception is None:
            return self.weekly.get(day.weekday(), ())
        if exception.kind is DayKind.OFF:
            return ()
        if exception.sessions is not None:
            return tuple(sorted(exception.sessions))
        model = exception.paired_day.weekday() if exception.paired_day else 0
        return self.weekly.get(model, ()) or self.weekly.get(0, ())

    def is_working_day(self, day: date) -> bool:
        """Whether at least one session is worked on `day`."""
        return bool(self._on(day.toordinal()))

    def why_not_working(self, day: date) -> Message | None:
        """Why `day` does not count, or None when it does."""
        if self._on(day.toordinal()):
            return None
        exception = self.exceptions.get(day)
        if exception is None or exception.kind is DayKind.WORKED:
            return msg("ngày nghỉ hằng tuần")
        return _reason(exception)

    def note_on(self, day: date) -> Message | None:
        """What is special about a worked day (worked in exchange, other hours), or None."""
        exception = self.exceptions.get(day)
        return _reason(exception) if exception and exception.kind is DayKind.WORKED else None

    def opening(self, day: date) -> datetime | None:
        """When the first session of `day` opens; None on a day off."""
        spans = self._on(day.toordinal())
        return instant_of(day.toordinal() * DAY_MINUTES + spans[0][0]) if spans else None

    def closing(self, day: date) -> datetime | None:
        """When the last session of `day` closes; None on a day off."""
        spans = self._on(day.toordinal())
        return instant_of(day.toordinal() * DAY_MINUTES + spans[-1][1]) if spans else None

    def working_day_from(self, day: date) -> date:
        """`day` itself if worked, else the next working day (Civil Code Art. 148.5). Raises NoWorkingTime."""
        return date.fromordinal(self._forward(day.toordinal()))

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after `day`. Raises NoWorkingTime."""
        return date.fromordinal(self._forward(day.toordinal() + 1))

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day` (`day` is day zero, Civil Code Art. 147.2); n = 0 gives `day`."""
        _refuse_amount(n, MAX_DAYS)
        ordinal = day.toordinal()
        for _ in range(n):
            ordinal = self._forward(ordinal + 1)
        return date.fromordinal(ordinal)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to `last` included; negative if `last` is earlier."""
        if last < first:
            return -self.working_days_between(last, first)
        return self._sum(first.toordinal() + 1, last.toordinal() + 1, _is_worked)

    def days_off_between(self, first: date, last: date) -> tuple[DayOff, ...]:
        """Every day off from `first` to `last`, both included, each with its reason."""
        found = []
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            if not self._on(ordinal):
                day = date.fromordinal(ordinal)
                found.append(DayOff(day, self.why_not_working(day) or msg("ngày nghỉ")))
        return tuple(found)

    # -- minutes ------------------------------------------------------------------------------------------

    def is_working_time(self, at: datetime) -> bool:
        """Whether `at` falls in a session, its closing minute excluded."""
        minute = minute_of(at)
        return self._first(minute) == minute

    def first_working_instant(self, at: datetime) -> datetime:
        """`at` if somebody is at work then, else the next opening (at lunch: that of the afternoon)."""
        return instant_of(self._first(minute_of(at)))

    def add_working_minutes(self, at: datetime, minutes: int) -> datetime:
        """The earliest instant by which `minutes` of working time have passed since `at`.

        The end of a session is preferred to the start of the next one. With 0 an instant outside the sessions
        moves to the next opening. Raises ValueError below 0, NoWorkingTime on an empty calendar.
        """
        _refuse_amount(minutes, MAX_DAYS * DAY_MINUTES)
        start = minute_of(at)
        ordinal, clock = divmod(start, DAY_MINUTES)
        if minutes == 0:
            on_edge = any(opens <= clock <= closes for opens, closes in self._on(ordinal))
            return instant_of(start if on_edge else self._first(start))
        left = minutes
        while True:
            for opens, closes in self._on(ordinal):
                begin = max(opens, clock)
                if begin < closes:
                    if left <= closes - begin:
                        return instant_of(ordinal * DAY_MINUTES + begin + left)
                    left -= closes - begin
            ordinal, clock = self._forward(ordinal + 1), 0

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Working minutes from `start` to `end`; negative if `end` is earlier."""
        a, b = minute_of(start), minute_of(end)
        return self._minutes(a, b) if a <= b else -self._minutes(b, a)

    def same_hour_on(self, day: date, at: datetime) -> datetime:
        """The hour of `at` on the working day `day`, moved into its sessions where they differ."""
        clock = minute_of(at) % DAY_MINUTES
        ordinal = day.toordinal()
        spans = self._on(ordinal)
        if not spans:
            raise NoWorkingTime(msg("Ngày %(day)s không có buổi làm việc.", day=day_text(day)))
        for opens, closes in spans:
            if clock <= closes:
                return instant_of(ordinal * DAY_MINUTES + max(clock, opens))
        return instant_of(ordinal * DAY_MINUTES + spans[-1][1])

    # -- inside -------------------------------------------------------------------------------------------

    def _on(self, ordinal: int) -> Spans:
        special = self._special.get(ordinal)
        return self._week[(ordinal + 6) % 7] if special is None else special

    def _forward(self, ordinal: int) -> int:
        for candidate in range(ordinal, ordinal + MAX_IDLE_DAYS):
            if self._on(candidate):
                return candidate
        raise NoWorkingTime(
            msg(
                "Lịch làm việc không có buổi làm việc nào trong %(days)s ngày kể từ %(day)s; "
                "cần khai báo lịch làm việc của đơn vị.",
                days=MAX_IDLE_DAYS,
                day=day_text(date.fromordinal(ordinal)),
            )
        )

    def _first(self, minute: int) -> int:
        ordinal, clock = divmod(minute, DAY_MINUTES)
        for opens, closes in self._on(ordinal):
            if clock < closes:
                return ordinal * DAY_MINUTES + max(clock, opens)
        ordinal = self._forward(ordinal + 1)
        return ordinal * DAY_MINUTES + self._on(ordinal)[0][0]

    def _minutes(self, a: int, b: int) -> int:
        (first, early), (last, late) = divmod(a, DAY_MINUTES), divmod(b, DAY_MINUTES)
        whole = self._sum(first, last, _length)
        return whole - _before(self._on(first), early) + _before(self._on(last), late)

    def _sum(self, first: int, last: int, value: _Value) -> int:
        """Sum of `value` over the days first <= day < last: whole weeks at once, then the exceptions."""
        weeks, rest = divmod(max(last - first, 0), 7)
        total = weeks * sum(value(spans) for spans in self._week)
        total += sum(value(self._week[(ordinal + 6) % 7]) for ordinal in range(last - rest, last))
        days = self._special_days
        for ordinal in days[bisect_left(days, first) : bisect_right(days, last - 1)]:
            total += value(self._special[ordinal]) - value(self._week[(ordinal + 6) % 7])
        return total


def merge(parent: WorkCalendar, child: WorkCalendar) -> WorkCalendar:
    """A unit's calendar inside its province's: the child's weekdays and dated exceptions win, the rest stays.

    A weekday the child lists with no session is closed there.
    """
    return WorkCalendar(
        weekly={**parent.weekly, **child.weekly}, exceptions={**parent.exceptions, **child.exceptions}
    )


def minute_of(at: datetime) -> int:
    """An aware instant as minutes of Vietnamese wall time since day 0; ValueError if it has no zone."""
    if at.tzinfo is None:
        raise ValueError("an instant must know its time zone")
    local = at if at.tzinfo is VN else at.astimezone(VN)
    return local.toordinal() * DAY_MINUTES + local.hour * 60 + local.minute


def instant_of(minute: int) -> datetime:
    """The aware instant (Asia/Ho_Chi_Minh) of a minute count."""
    ordinal, clock = divmod(minute, DAY_MINUTES)
    return datetime.combine(date.fromordinal(ordinal), time(clock // 60, clock % 60), VN)


def local_day(at: datetime) -> date:
    """The Vietnamese calendar day of an instant."""
    return date.fromordinal(minute_of(at) // DAY_MINUTES)


def date_text(day: date) -> str:
    """A date as official papers write it: days below 10 and months below 3 get a zero (Decree 30/2020)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def day_text(day: date) -> Message:
    """A date with its weekday: "30/8/2025 (Thứ Bảy)"."""
    return msg("%(date)s (%(weekday)s)", date=date_text(day), weekday=WEEKDAYS[day.weekday()])


def instant_text(at: datetime) -> Message:
    """An instant: "09:00 ngày 04/9/2025 (Thứ Năm)"."""
    minute = minute_of(at)
    clock = minute % DAY_MINUTES
    day = date.fromordinal(minute // DAY_MINUTES)
    return msg("%(time)s ngày %(day)s", time=f"{clock // 60:02d}:{clock % 60:02d}", day=day_text(day))


def _reason(exception: DayException) -> Message:
    if exception.paired_day is not None:
        swap = (
            msg("đi làm bù ngày %(day)s", day=date_text(exception.paired_day))
            if exception.kind is DayKind.OFF
            else msg("làm thay ngày %(day)s", day=date_text(exception.paired_day))
        )
        if exception.decision:
            return msg(
                "%(name)s (%(swap)s), %(decision)s",
                name=exception.name,
                swap=swap,
                decision=exception.decision,
            )
        return msg("%(name)s (%(swap)s)", name=exception.name, swap=swap)
    if exception.decision:
        return msg("%(name)s, %(decision)s", name=exception.name, decision=exception.decision)
    return msg("%(name)s", name=exception.name)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _spans(sessions: tuple[Session, ...]) -> Spans:
    return tuple((_minute(session.opens), _minute(session.closes)) for session in sessions)


def _length(spans: Spans) -> int:
    return sum(closes - opens for opens, closes in spans)


def _is_worked(spans: Spans) -> int:
    return 1 if spans else 0


def _before(spans: Spans, clock: int) -> int:
    return sum(min(closes, clock) - opens for opens, closes in spans if opens < clock)


def _refuse_overlap(sessions: tuple[Session, ...]) -> None:
    for earlier, later in pairwise(sessions):
        if later.opens < earlier.closes:
            raise ValueError(f"sessions overlap: {earlier} and {later}")


def _refuse_amount(amount: int, limit: int) -> None:
    if not 0 <= amount <= limit:
        raise ValueError(f"an amount of time must lie between 0 and {limit}, not {amount}")
