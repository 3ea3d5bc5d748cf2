"""When a reception point is open, in words for somebody who wants to go there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg
from motcua.organisation.rules.working_time import WEEKDAYS, Session, WorkCalendar, local_day

AHEAD = 21
"""How many days ahead a day off is announced."""
SEARCH = 40
"""How many days ahead the next opening is looked for."""


@dataclass(frozen=True, slots=True)
class Opening:
    """`now` says how it is at this moment; `week` the usual hours; `unusual` the days that differ soon."""

    is_open: bool
    now: Message
    week: tuple[Message, ...]
    unusual: tuple[Message, ...]


def opening(calendar: WorkCalendar, at: datetime) -> Opening:
    """The opening hours of a place, seen at an instant."""
    session = _session_at(calendar, at)
    return Opening(
        is_open=session is not None,
        now=_closed(calendar, at) if session is None else _until(session),
        week=tuple(_week(calendar)),
        unusual=tuple(_unusual(calendar, local_day(at))),
    )


def _session_at(calendar: WorkCalendar, at: datetime) -> Session | None:
    here = at.astimezone(VN).time()
    sessions = calendar.sessions_on(local_day(at))
    return next((session for session in sessions if session.opens <= here < session.closes), None)


def _until(session: Session) -> Message:
    return msg("Đang mở cửa, đến %(time)s", time=f"{session.closes:%H:%M}")


def _closed(calendar: WorkCalendar, at: datetime) -> Message:
    here, today = at.astimezone(VN).time(), local_day(at)
    for session in calendar.sessions_on(today):
        if here < session.opens:
            return msg("Đang đóng cửa, mở lại lúc %(time)s hôm nay", time=f"{session.opens:%H:%M}")
    for ahead in range(1, SEARCH):
        day = today + timedelta(days=ahead)
        sessions = calendar.sessions_on(day)
        if sessions:
            return msg(
                "Đang đóng cửa, mở lại lúc %(time)s %(weekday)s %(day)s",
                time=f"{sessions[0].opens:%H:%M}",
                weekday=WEEKDAYS[day.weekday()],
                day=f"{day:%d/%m}",
            )
    return msg("Đang đóng cửa")


def _week(calendar: WorkCalendar) -> Iterator[Message]:
    """Weekdays with the same hours in one line: `Thứ Hai đến Thứ Sáu: 07:30–11:30, 13:30–17:00`."""
    for sessions, found in groupby(range(7), key=lambda day: calendar.weekly.get(day, ())):
        days = list(found)
        if not sessions:
            continue
        first, last, hours = WEEKDAYS[days[0]], WEEKDAYS[days[-1]], hours_text(sessions)
        if len(days) == 1:
            yield msg("%(day)s: %(hours)s", day=first, hours=hours)
        else:
            yield msg("%(first)s đến %(last)s: %(hours)s", first=first, last=last, hours=hours)


def _unusual(calendar: WorkCalendar, today: date) -> Iterator[Message]:
    for ahead in range(AHEAD):
        day = today + timedelta(days=ahead)
        exception = calendar.exceptions.get(day)
        if exception is None:
            continue
        said = {"weekday": WEEKDAYS[day.weekday()], "day": f"{day:%d/%m/%Y}", "why": exception.name}
        sessions = calendar.sessions_on(day)
        if sessions:
            yield msg("%(weekday)s %(day)s làm việc %(hours)s (%(why)s)", **said, hours=hours_text(sessions))
        else:
            yield msg("%(weekday)s %(day)s nghỉ (%(why)s)", **said)


def hours_text(sessions: tuple[Session, ...]) -> str:
    """`07:30–11:30, 13:30–17:00`."""
    return ", ".join(f"{session.opens:%H:%M}–{session.closes:%H:%M}" for session in sessions)
