"""Why this date: the computation retold line by line in Vietnamese, each line with the data to check it.

`replay` walks the lines again with only the day-by-day calendar and must reach the same date. Long runs of
days are grouped so that an explanation stays readable (about 15 lines).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from motcua.catalogue.rules.time_limits import WORKING_DAY_MINUTES, LimitUnit, amount_text
from motcua.dossiers.rules.deadline_lines import (
    DETAILED_DAYS,
    Line,
    LineKind,
    counted_days,
    holidays,
    line,
    skipped_days,
)
from motcua.dossiers.rules.deadline_terms import Pause, PauseMode, Push, Start, Term, TermEnd
from motcua.dossiers.rules.deadline_timeline import Segment, SegmentStart, Timeline
from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg
from motcua.organisation.rules.working_time import WorkCalendar, day_text, instant_text, local_day

DAY = timedelta(days=1)
# With several phases only short runs are told day by day.
FEW_DAYS = 3

__all__ = ["Line", "LineKind", "explain", "replay"]


def explain(
    timeline: Timeline, open_pause: Pause | None, due_at: datetime | None, undated: bool
) -> tuple[Line, ...]:
    """All lines from reception to the date owed."""
    lines: list[Line] = []
    for segment in timeline.segments:
        is_current = segment is timeline.current
        lines += _opening(segment, timeline.calendar)
        lines += _changes(segment)
        if segment.restarted_by is not None:
            lines.append(_restart(segment.restarted_by))
        elif undated:
            lines.append(line(LineKind.LIMIT, msg("Thủ tục không hẹn ngày trả kết quả."), op="none"))
        else:
            waits = is_current and open_pause is not None and open_pause.mode is PauseMode.RESTART
            lines += _segment(timeline, segment, open_pause if is_current and not waits else None)
            lines += _appointment(timeline, segment)
            if waits and open_pause is not None:
                lines.append(_stands(open_pause.since, open_pause.reason, restarts=True))
    if timeline.waiting_for and timeline.paused_since:
        lines.append(_stands(timeline.paused_since, timeline.pause_reason, restarts=False))
    if due_at is not None:
        text = msg("Hạn trả kết quả: %(at)s.", at=instant_text(due_at))
        lines.append(line(LineKind.RESULT, text, at=due_at, op="result", due=due_at))
    return tuple(lines)


def replay(lines: Sequence[Line], calendar: WorkCalendar) -> datetime | None:
    """The date the lines lead to, walked again; None if they end without one. ValueError if wrong."""
    walk = _Walk(calendar)
    for item in lines:
        step = _STEPS.get(str(item.data.get("op", "none")))
        if step is not None:
            step(walk, item)
    return walk.at if walk.is_dated else None


class _Walk:
    """Somebody with a calendar in hand who does what each line says."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.at = datetime.min.replace(tzinfo=VN)
        self.day = date.min
        self.is_dated = False

    def _stand(self, at: datetime) -> None:
        self.at, self.day, self.is_dated = at, local_day(at), True

    def start(self, item: Line) -> None:
        assert item.at is not None, "a start has its instant"
        self._stand(item.at)

    def count(self, item: Line) -> None:
        assert item.day is not None, "a count has its first day"
        last = item.data["last"]
        assert isinstance(last, date)
        skipped = _worked_days(self.calendar, self.day + DAY, item.day - DAY)
        counted = _worked_days(self.calendar, item.day, last)
        if skipped or counted != item.data["counted"]:
            raise ValueError(f"the days do not add up: {item.text}")
        self.day = last

    def same_hour(self, item: Line) -> None:
        self._stand(self.calendar.same_hour_on(self.calendar.working_day_from(self.day), self.at))

    def minutes(self, item: Line) -> None:
        self._stand(self.calendar.add_working_minutes(self.at, _amount(item)))

    def pause(self, item: Line) -> None:
        self.minutes(item)
        until = item.data["until"]
        assert isinstance(until, datetime)
        if self.at < until:
            self._stand(self.calendar.first_working_instant(until))

    def wall_minutes(self, item: Line) -> None:
        end = self.at + timedelta(minutes=_amount(item))
        self._stand(self.calendar.add_working_minutes(end, 0))

    def days(self, item: Line) -> None:
        self.day += timedelta(days=_amount(item))

    def close(self, item: Line) -> None:
        closing = self.calendar.closing(self.calendar.working_day_from(self.day))
        assert closing is not None, "a working day has a closing"
        self._stand(closing)

    def reset(self, item: Line) -> None:
        self.is_dated = False


_STEPS: Mapping[str, Callable[[_Walk, Line], None]] = {
    "start": _Walk.start,
    "count": _Walk.count,
    "same_hour": _Walk.same_hour,
    "minutes": _Walk.minutes,
    "pause": _Walk.pause,
    "wall_minutes": _Walk.wall_minutes,
    "days": _Walk.days,
    "close": _Walk.close,
    "reset": _Walk.reset,
}


def _worked_days(calendar: WorkCalendar, first: date, last: date) -> int:
    span = range(first.toordinal(), last.toordinal() + 1)
    return sum(calendar.is_working_day(date.fromordinal(ordinal)) for ordinal in span)


def _amount(item: Line) -> int:
    amount = item.data["amount"]
    assert isinstance(amount, int), "amounts in lines are whole"
    return amount


# -- one function per kind of line ------------------------------------------------------------------------


def _opening(segment: Segment, calendar: WorkCalendar) -> Iterator[Line]:
    start = segment.start
    if segment.opened is SegmentStart.RECEPTION:
        text = msg("Tiếp nhận lúc %(at)s.", at=instant_text(start.received))
        yield line(LineKind.RECEIVED, text, at=start.received, op="none")
    elif segment.opened is SegmentStart.NEXT_PHASE:
        text = msg("Giai đoạn tiếp theo bắt đầu lúc %(at)s.", at=instant_text(start.received))
        yield line(LineKind.RECEIVED, text, at=start.received, op="none")
    elif segment.opened is SegmentStart.CHAINED:
        text = msg("Không phải chờ; giai đoạn tiếp theo tính từ %(at)s.", at=instant_text(start.at))
        yield line(LineKind.START, text, at=start.at, op="start")
        return
    if start.after_cutoff:
        text = msg(
            "Sau giờ chốt nhận trong ngày nên tính từ ngày làm việc tiếp theo: %(at)s.",
            at=instant_text(start.at),
        )
    elif local_day(start.received) != local_day(start.at) or _waited(start):
        text = msg("Ngoài giờ làm việc nên đồng hồ chạy từ %(at)s.", at=instant_text(start.at))
    else:
        text = msg("Đồng hồ chạy từ %(at)s.", at=instant_text(start.at))
    yield from skipped_days(calendar, local_day(start.received), local_day(start.at))
    yield line(LineKind.START, text, at=start.at, op="start")


def _waited(start: Start) -> bool:
    return start.at - start.received >= timedelta(minutes=1)


def _changes(segment: Segment) -> Iterator[Line]:
    for change in segment.changes:
        if change.refused:
            text = msg(
                "Đề nghị đổi thời hạn lúc %(at)s không được tính vì hồ sơ đã quá hạn (%(reason)s).",
                at=instant_text(change.at),
                reason=change.reason,
            )
        else:
            text = msg(
                "Đổi thời hạn lúc %(at)s từ %(old)s thành %(new)s (%(reason)s); hạn cũ: %(due)s.",
                at=instant_text(change.at),
                old=change.old_limit.text(),
                new=change.new_limit.text(),
                reason=change.reason,
                due=instant_text(change.old_due) if change.old_due else msg("không có"),
            )
        yield line(LineKind.CHANGED, text, at=change.at, op="none")


def _restart(pause: Pause) -> Line:
    text = msg(
        "Dừng từ %(since)s đến %(until)s (%(reason)s); thời hạn tính lại từ đầu.",
        since=instant_text(pause.since),
        until=instant_text(pause.until),
        reason=pause.reason,
    )
    return line(LineKind.RESTARTED, text, at=pause.until, op="reset")


def _stands(since: datetime, reason: str, *, restarts: bool) -> Line:
    if restarts:
        text = msg(
            "Đồng hồ dừng từ %(since)s (%(reason)s); hạn mới tính lại từ đầu khi chạy tiếp.",
            since=instant_text(since),
            reason=reason,
        )
    else:
        text = msg("Đồng hồ dừng từ %(since)s (%(reason)s).", since=instant_text(since), reason=reason)
    return line(LineKind.PAUSED, text, at=since, op="reset")


def _segment(timeline: Timeline, segment: Segment, open_pause: Pause | None) -> Iterator[Line]:
    placed = timeline.placed(segment, open_pause)
    text = msg("Thời hạn: %(limit)s.", limit=segment.limit.text())
    yield line(LineKind.LIMIT, text, op="none")
    if segment.limit.extra is not None:
        note = msg(
            "Đã gồm thời gian cộng thêm %(amount)s ngày: %(reason)s.",
            amount=amount_text(segment.limit.extra.amount),
            reason=segment.limit.extra.reason,
        )
        yield line(LineKind.NOTE, note, op="none")
    for term in placed.terms:
        if len(placed.terms) > 1:
            label = msg("Giai đoạn %(limit)s:", limit=term.phase.text())
            yield line(LineKind.LIMIT, label, op="none")
        yield from _term(timeline, term, at_length=DETAILED_DAYS if len(placed.terms) == 1 else FEW_DAYS)
    if segment.extension is not None:
        end = timeline.extension_end(segment.extension)
        text = msg(
            "Gia hạn, hẹn lại %(at)s (%(reason)s).", at=instant_text(end), reason=segment.extension.reason
        )
        yield line(LineKind.EXTENDED, text, at=end, op="start")
        yield from _pauses(timeline.calendar, end, placed.extended_pushes)
        if any(push.days for push in placed.extended_pushes):
            yield from _closing_day(placed.extended_pushes[-1].end, None, timeline)


def _appointment(timeline: Timeline, segment: Segment) -> Iterator[Line]:
    if segment.done_at is None:
        return
    due = timeline.placed(segment).due
    if due is not None:
        text = msg(
            "Ngày hẹn của giai đoạn: %(due)s; xong lúc %(done)s.",
            due=instant_text(due),
            done=instant_text(segment.done_at),
        )
        yield line(LineKind.APPOINTMENT, text, at=due, op="none")


def _term(timeline: Timeline, term: Term, *, at_length: int) -> Iterator[Line]:
    if term.raw_day is not None:
        yield from _calendar_term(timeline, term, term.raw_day)
        return
    if term.phase.unit is LimitUnit.WITHIN_DAY:
        text = msg("Giải quyết trong ngày: đến hết giờ làm việc, %(at)s.", at=instant_text(term.base_end))
        yield line(LineKind.TERM, text, day=local_day(term.start), op="close")
    elif term.phase.unit is LimitUnit.WORKING_DAY and term.phase.amount >= 1:
        yield from _day_term(timeline, term, at_length)
    elif term.phase.around_the_clock:
        text = msg(
            "Cộng %(limit)s liên tục: %(at)s.", limit=term.phase.text(), at=instant_text(term.base_end)
        )
        minutes = int(term.phase.amount * 60)
        yield line(LineKind.TERM, text, at=term.base_end, op="wall_minutes", amount=minutes)
    else:
        yield from holidays(timeline.calendar, local_day(term.start) + DAY, local_day(term.base_end))
        yield _minute_line(timeline.calendar, term.start, term.base_end, term)
    yield from _pauses(timeline.calendar, term.base_end, term.pushes)


def _pauses(calendar: WorkCalendar, base_end: datetime, pushes: Sequence[Push]) -> Iterator[Line]:
    """The pauses of a term counted in working time, and the holidays its end passed over because of them."""
    yield from (_pushed(push) for push in pushes)
    if pushes:
        yield from holidays(calendar, local_day(base_end) + DAY, local_day(pushes[-1].end))


def _minute_line(calendar: WorkCalendar, start: datetime, end: datetime, term: Term) -> Line:
    minutes = calendar.working_minutes_between(start, end)
    text = msg(
        "Cộng %(limit)s, tức %(minutes)s phút làm việc kể từ %(start)s: đến %(end)s.",
        limit=term.phase.text(),
        minutes=minutes,
        start=instant_text(start),
        end=instant_text(end),
    )
    return line(LineKind.TERM, text, at=end, op="minutes", amount=minutes)


def _day_term(timeline: Timeline, term: Term, at_length: int) -> Iterator[Line]:
    calendar, policy = timeline.calendar, timeline.policy
    start_day = local_day(term.start)
    if policy.first_day_counts:
        yield from counted_days(calendar, start_day, local_day(term.base_end), at_length=at_length)
        yield _close_line(term.base_end)
        return
    whole = int(term.phase.amount)
    last = calendar.add_working_days(start_day, whole)
    yield from counted_days(calendar, start_day + DAY, last, at_length=at_length)
    end = calendar.same_hour_on(last, term.start)
    text = msg("Giữ nguyên giờ: %(at)s.", at=instant_text(end))
    yield line(LineKind.TERM, text, at=end, op="same_hour")
    closed = calendar.closing(local_day(term.base_end)) == term.base_end
    ends_day = policy.working_day_time is TermEnd.END_OF_DAY and closed
    if term.phase.amount != whole:
        following = calendar.same_hour_on(calendar.next_working_day(last), term.start)
        share = int(calendar.working_minutes_between(end, following) * (term.phase.amount - whole))
        part = calendar.add_working_minutes(end, share)
        yield _minute_line(calendar, end, part, term)
    if ends_day:
        yield _close_line(term.base_end)


def _close_line(end: datetime) -> Line:
    text = msg("Hết giờ làm việc của ngày cuối: %(at)s.", at=instant_text(end))
    return line(LineKind.TERM, text, at=end, op="close")


def _calendar_term(timeline: Timeline, term: Term, raw: date) -> Iterator[Line]:
    text = msg(
        "Đếm %(limit)s từ ngày liền sau %(start)s: ngày cuối là %(last)s.",
        limit=term.phase.text(),
        start=day_text(local_day(term.start)),
        last=day_text(raw),
    )
    if timeline.policy.first_day_counts:
        text = msg(
            "Đếm %(limit)s kể cả ngày %(start)s: ngày cuối là %(last)s.",
            limit=term.phase.text(),
            start=day_text(local_day(term.start)),
            last=day_text(raw),
        )
    yield line(LineKind.TERM, text, day=raw, op="days", amount=(raw - local_day(term.start)).days)
    yield from (_pushed(push) for push in term.pushes)
    moved = raw + timedelta(days=sum(push.days for push in term.pushes))
    yield from _closing_day(term.end, moved, timeline)


def _closing_day(end: datetime, raw: date | None, timeline: Timeline) -> Iterator[Line]:
    last = local_day(end)
    if raw is not None and raw != last:
        yield from skipped_days(timeline.calendar, raw, last - DAY)
        text = msg("Ngày cuối là ngày nghỉ nên hạn chuyển sang %(day)s.", day=day_text(last))
        yield line(LineKind.NOTE, text, day=last, op="none")
    if timeline.policy.calendar_day_time is TermEnd.END_OF_DAY or timeline.policy.first_day_counts:
        yield _close_line(end)
    else:
        text = msg("Giữ nguyên giờ: %(at)s.", at=instant_text(end))
        yield line(LineKind.TERM, text, at=end, op="same_hour")


def _pushed(push: Push) -> Line:
    pause = push.pause
    params = {
        "since": instant_text(pause.since),
        "until": instant_text(pause.until),
        "reason": pause.reason,
        "amount": _pushed_amount(push),
    }
    if pause.late:
        message = msg(
            "Dừng từ %(since)s đến %(until)s (%(reason)s) khi đã quá hạn: hạn không thay đổi.",
            **params,
        )
    else:
        message = msg("Dừng từ %(since)s đến %(until)s (%(reason)s): không tính %(amount)s.", **params)
    if push.days:
        return line(LineKind.PAUSED, message, at=pause.since, op="days", amount=push.days)
    if push.minutes:
        return line(
            LineKind.PAUSED, message, at=pause.since, op="pause", amount=push.minutes, until=pause.until
        )
    return line(LineKind.PAUSED, message, at=pause.since, op="none")


def _pushed_amount(push: Push) -> Message:
    if push.days:
        return msg("%(days)s ngày", days=push.days)
    whole = amount_text(Fraction(push.minutes, WORKING_DAY_MINUTES))
    if push.minutes >= WORKING_DAY_MINUTES and push.minutes % 60 == 0:
        return msg("%(minutes)s phút làm việc (%(days)s ngày)", minutes=push.minutes, days=whole)
    return msg("%(minutes)s phút làm việc", minutes=push.minutes)
