"""Questions about a computed deadline: may it be extended or changed, was it met, how much is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from motcua.catalogue.rules.time_limits import WORKING_DAY_MINUTES
from motcua.dossiers.rules.deadline import ClockState, Deadline
from motcua.dossiers.rules.deadline_terms import DeadlinePolicy
from motcua.kernel.messages import Message, msg
from motcua.organisation.rules.working_time import WorkCalendar, day_text, instant_text, local_day


class Verdict(StrEnum):
    """How a dossier was finished (Form 06: trước hạn, đúng hạn, quá hạn)."""

    EARLY = "early"
    ON_TIME = "on_time"
    OVERDUE = "overdue"
    NO_DUE = "no_due"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on the date owed, and on the date without extension (for statistics of delay).

    EARLY is before the day of the date, ON_TIME on that day up to its hour. `late_minutes` is working time.
    """

    verdict: Verdict
    without_extension: Verdict
    late_minutes: int


def outcome(deadline: Deadline, finished_at: datetime | None = None) -> Outcome:
    """The verdict for finishing at `finished_at` (None: when the clock was finished).

    A dossier finished while its clock stood has no date to be late for (NO_DUE) unless it was projected.
    """
    finished = finished_at or deadline.finished_at
    if finished is None:
        raise ValueError("the dossier is not finished and no instant was given")
    late = 0
    if deadline.due_at is not None and finished > deadline.due_at:
        late = _late_minutes(deadline, deadline.due_at, finished)
    return Outcome(
        _verdict(deadline.due_at, finished), _verdict(deadline.due_without_extension, finished), late
    )


def time_left(deadline: Deadline, now: datetime, calendar: WorkCalendar) -> int | None:
    """Working minutes from `now` to the date owed, negative when overdue; None while nothing runs."""
    if deadline.due_at is None or deadline.state is not ClockState.RUNNING:
        return None
    if now > deadline.due_at:
        return -_late_minutes(deadline, deadline.due_at, now)
    return calendar.working_minutes_between(now, deadline.due_at)


def is_overdue(deadline: Deadline, now: datetime) -> bool:
    """Whether a running clock has passed its date. A clock that stands is never overdue."""
    return deadline.state is ClockState.RUNNING and deadline.due_at is not None and now > deadline.due_at


def time_left_text(minutes: int | None) -> Message:
    """Time left in words: "còn 2 ngày 3 giờ", "quá hạn 1 ngày", for 8-hour days."""
    if minutes is None:
        return msg("không tính giờ")
    days, rest = divmod(abs(minutes), WORKING_DAY_MINUTES)
    hours, rest = divmod(rest, 60)
    if days and hours:
        amount = msg("%(days)s ngày %(hours)s giờ", days=days, hours=hours)
    elif days:
        amount = msg("%(days)s ngày", days=days)
    elif hours and rest:
        amount = msg("%(hours)s giờ %(minutes)s phút", hours=hours, minutes=rest)
    elif hours:
        amount = msg("%(hours)s giờ", hours=hours)
    else:
        amount = msg("%(minutes)s phút", minutes=rest)
    return msg("quá hạn %(amount)s", amount=amount) if minutes < 0 else msg("còn %(amount)s", amount=amount)


def check_extension(
    deadline: Deadline,
    new_due_on: date,
    now: datetime,
    calendar: WorkCalendar,
    policy: DeadlinePolicy | None = None,
) -> Message | None:
    """Why the date may not be moved to `new_due_on`, or None when it may.

    One extension, apologised for at least a day before the due date, to a later working day within the
    policy's ceiling
    (Decree 118/2025; e.g. Decision 138/2025/QĐ-UBND Đồng Tháp Art. 3.6).
    """
    refusal = _extension_state(deadline)
    if refusal is not None:
        return refusal
    due = deadline.due_at
    assert due is not None, "checked just now"
    chosen = policy or DeadlinePolicy()
    notice = chosen.extension_notice_days
    last_notice = local_day(due) - timedelta(days=notice)
    if local_day(now) > last_notice:
        return msg(
            "Phải xin lỗi và hẹn lại chậm nhất %(days)s ngày trước hạn, tức ngày %(day)s.",
            days=notice,
            day=day_text(last_notice),
        )
    if new_due_on <= local_day(due):
        return msg("Ngày hẹn lại phải sau hạn hiện tại %(due)s.", due=instant_text(due))
    latest = calendar.add_working_days(local_day(due), chosen.extension_max_days)
    if new_due_on > latest:
        return msg(
            "Chỉ được hẹn lại thêm nhiều nhất %(days)s ngày làm việc, tức chậm nhất ngày %(day)s.",
            days=chosen.extension_max_days,
            day=day_text(latest),
        )
    why = calendar.why_not_working(new_due_on)
    if why is not None:
        return msg(
            "Ngày hẹn lại %(day)s không phải ngày làm việc (%(why)s).", day=day_text(new_due_on), why=why
        )
    return None


def check_change_limit(deadline: Deadline, now: datetime) -> Message | None:
    """Why the case, and with it the limit, may not be changed now; None when it may."""
    if deadline.state is ClockState.FINISHED:
        return msg("Hồ sơ đã kết thúc nên không đổi được trường hợp.")
    if is_overdue(deadline, now) or _paused_late(deadline):
        return msg("Hồ sơ đã quá hạn; không được đổi trường hợp để xóa dấu trễ.")
    return None


def _late_minutes(deadline: Deadline, due: datetime, at: datetime) -> int:
    """Working minutes from the date to `at`, less those the clock stood meanwhile."""
    calendar = deadline.timeline.calendar
    late = calendar.working_minutes_between(due, at)
    for pause in deadline.timeline.current.pauses:
        since, until = max(pause.since, due), min(pause.until, at)
        if until > since:
            late -= calendar.working_minutes_between(since, until)
    return late


def _paused_late(deadline: Deadline) -> bool:
    pause = deadline.open_pause
    return pause is not None and deadline.timeline.pause_is_late


def _extension_state(deadline: Deadline) -> Message | None:
    if deadline.state is ClockState.FINISHED:
        return msg("Hồ sơ đã kết thúc nên không gia hạn.")
    if deadline.state is ClockState.PAUSED:
        return msg("Đồng hồ đang dừng; chỉ gia hạn khi hồ sơ đang được giải quyết.")
    if deadline.due_at is None:
        return msg("Hồ sơ không có hạn trả nên không gia hạn.")
    if deadline.extended:
        return msg("Mỗi hồ sơ chỉ được hẹn lại một lần.")
    return None


def _verdict(due: datetime | None, finished: datetime) -> Verdict:
    if due is None:
        return Verdict.NO_DUE
    if finished > due:
        return Verdict.OVERDUE
    return Verdict.EARLY if local_day(finished) < local_day(due) else Verdict.ON_TIME
