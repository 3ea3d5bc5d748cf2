"""The lines of an explanation, and the lines for runs of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType

from motcua.kernel.messages import Message, msg
from motcua.organisation.rules.working_time import WorkCalendar, date_text, day_text

# A run of at most so many days off and on is told day by day, a longer one in groups.
DETAILED_DAYS = 9
# At most so many groups of holidays are named in one run.
NAMED_HOLIDAYS = 6


class LineKind(StrEnum):
    """What a line tells; for icons and for tests."""

    RECEIVED = "received"
    START = "start"
    LIMIT = "limit"
    COUNTED = "counted"
    SKIPPED = "skipped"
    NOTE = "note"
    TERM = "term"
    PAUSED = "paused"
    RESTARTED = "restarted"
    EXTENDED = "extended"
    CHANGED = "changed"
    APPOINTMENT = "appointment"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of an explanation. `at` or `day` is the moment it speaks of; `data` is for `replay`."""

    kind: LineKind
    message: Message
    at: datetime | None = None
    day: date | None = None
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def text(self) -> str:
        """The sentence in the reader's language."""
        return self.message.render()


def line(
    kind: LineKind, message: Message, *, at: datetime | None = None, day: date | None = None, **data: object
) -> Line:
    """A line with its data."""
    return Line(kind, message, at, day, MappingProxyType(data))


def counted_days(
    calendar: WorkCalendar, first: date, last: date, *, at_length: int = DETAILED_DAYS
) -> list[Line]:
    """Lines for counting the working days from `first` to `last` (both included), first = day number 1.

    Runs of up to `at_length` days are told one by one.
    """
    if (last - first).days < at_length:
        return _day_by_day(calendar, first, last)
    return _grouped(calendar, first, last)


def skipped_days(calendar: WorkCalendar, first: date, last: date) -> list[Line]:
    """Lines naming every day off from `first` to `last`, neighbours with one reason together."""
    days = calendar.days_off_between(first, last)
    runs = [list(run) for _, run in groupby(days, key=lambda item: item.why.source())]
    return [_off(run[0].day, run[-1].day, run[0].why) for run in runs]


def holidays(calendar: WorkCalendar, first: date, last: date) -> list[Line]:
    """Lines naming the days off by exception from `first` to `last`; weekly days off are left out."""
    named = [item for item in calendar.days_off_between(first, last) if item.day in calendar.exceptions]
    runs = [list(run) for _, run in groupby(named, key=lambda item: item.why.source())]
    lines = [_off(run[0].day, run[-1].day, run[0].why) for run in runs[:NAMED_HOLIDAYS]]
    rest = sum(len(run) for run in runs[NAMED_HOLIDAYS:])
    if rest:
        lines.append(line(LineKind.SKIPPED, msg("và %(n)s ngày nghỉ lễ khác", n=rest), op="none"))
    return lines


def _day_by_day(calendar: WorkCalendar, first: date, last: date) -> list[Line]:
    lines, number = [], 0
    for day in _days(first, last):
        why = calendar.why_not_working(day)
        if why is not None:
            lines.append(_off(day, day, why))
            continue
        number += 1
        note = calendar.note_on(day)
        text = (
            msg("%(day)s: ngày làm việc thứ %(n)s", day=day_text(day), n=number)
            if note is None
            else msg("%(day)s: ngày làm việc thứ %(n)s (%(note)s)", day=day_text(day), n=number, note=note)
        )
        lines.append(line(LineKind.COUNTED, text, day=day, op="count", last=day, counted=1))
    return lines


def _grouped(calendar: WorkCalendar, first: date, last: date) -> list[Line]:
    days = calendar.days_off_between(first, last)
    weekly = [item.day for item in days if item.day not in calendar.exceptions]
    total = (last - first).days + 1 - len(days)
    lines = [
        line(
            LineKind.COUNTED,
            msg(
                "Từ %(first)s đến %(last)s: %(n)s ngày làm việc, không tính %(off)s ngày nghỉ hằng tuần",
                first=day_text(first),
                last=day_text(last),
                n=total,
                off=len(weekly),
            ),
            day=first,
            op="count",
            last=last,
            counted=total,
        )
    ]
    lines += holidays(calendar, first, last)
    worked = sorted(day for day in calendar.exceptions if first <= day <= last and calendar.note_on(day))
    for day in worked[:NAMED_HOLIDAYS]:
        text = msg("%(day)s: %(note)s", day=day_text(day), note=calendar.note_on(day))
        lines.append(line(LineKind.NOTE, text, day=day, op="none"))
    return lines


def _off(first: date, last: date, why: Message) -> Line:
    if first == last:
        text = msg("%(day)s: %(why)s", day=day_text(first), why=why)
    else:
        text = msg("%(first)s–%(last)s: %(why)s", first=date_text(first), last=date_text(last), why=why)
    return line(LineKind.SKIPPED, text, day=first, op="none", last=last)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
