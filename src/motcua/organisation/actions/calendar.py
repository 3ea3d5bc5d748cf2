"""Working time: sessions of the week, single days, and the yearly proposal of holidays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise

from django.db import transaction

from motcua.kernel import audit, clock, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation.adapters.holidays_library import proposed_days
from motcua.organisation.errors import BadCalendarDay, BadSessions, UnknownUnit
from motcua.organisation.events import CalendarChanged
from motcua.organisation.models import CalendarDay, WorkSession
from motcua.organisation.permissions import require_manage_unit
from motcua.organisation.rules.working_time import WEEKDAYS, Session, date_text
from motcua.organisation.snapshot import current, touch
from motcua.organisation.types import DayKind, DayReason, UnitInfo

YEARS = range(2020, 2101)
# A day worked in part for another reason (a half-day closure) is allowed when its sessions are given.
WORKED_REASONS = frozenset({DayReason.COMPENSATORY, DayReason.EXTRA})


@transaction.atomic
def set_sessions(
    *, actor: Actor, now: datetime, unit_id: int, weekday: int, sessions: Sequence[Session] | None
) -> None:
    """Set the sessions of one weekday (0 Monday … 6 Sunday) of a unit.

    An empty sequence closes the unit on that weekday; None inherits it from the unit above again. Raises
    `NotYourUnit`, `UnknownUnit`, `BadSessions` (overlapping, or nothing to inherit).
    """
    unit = _unit(unit_id)
    require_manage_unit(actor, unit)
    if not 0 <= weekday <= 6:
        raise BadSessions(msg("Thứ trong tuần không hợp lệ."), field="weekday")
    ordered = sorted(sessions or ())
    _refuse_overlap(ordered, weekday)
    if sessions is None and unit.parent_id is None:
        raise BadSessions(
            msg("Lịch của tỉnh không kế thừa từ đâu; hãy nhập buổi làm việc."), field="sessions"
        )
    held = WorkSession.objects.select_for_update().filter(unit_id=unit_id, weekday=weekday)
    before = [[str(row.opens), str(row.closes)] for row in held]
    held.delete()
    rows = [WorkSession(unit_id=unit_id, weekday=weekday, opens=s.opens, closes=s.closes) for s in ordered]
    if sessions is not None and not rows:
        rows = [WorkSession(unit_id=unit_id, weekday=weekday)]
    WorkSession.objects.bulk_create(rows)
    touch()
    after = None if sessions is None else [[str(s.opens), str(s.closes)] for s in ordered]
    audit.record(
        actor,
        "organisation.sessions_set",
        subject_type="unit",
        subject=unit.code,
        data={"weekday": weekday, "before": before, "after": after},
        at=now,
    )
    outbox.publish(CalendarChanged(unit_id=unit_id, since=clock.today(now).isoformat()), now=now)


@transaction.atomic
def set_week(
    *, actor: Actor, now: datetime, unit_id: int, week: Mapping[int, Sequence[Session] | None]
) -> int:
    """Set several weekdays at once, in the words of `set_sessions`; weekdays already so are left alone.

    Returns how many changed. Raises what `set_sessions` does; then nothing changes.
    """
    require_manage_unit(actor, _unit(unit_id))
    changed = 0
    for weekday, sessions in sorted(week.items()):
        own = current().own.get(unit_id)
        held = own.weekly.get(weekday) if own else None
        if held != (None if sessions is None else tuple(sorted(sessions))):
            set_sessions(actor=actor, now=now, unit_id=unit_id, weekday=weekday, sessions=sessions)
            changed += 1
    return changed


@transaction.atomic
def set_calendar_day(
    *,
    actor: Actor,
    now: datetime,
    unit_id: int,
    day: date,
    kind: str,
    name: str,
    decision: str,
    reason: str = "",
    paired_day: date | None = None,
    sessions: Sequence[Session] | None = None,
) -> None:
    """Take a day out of a unit's week or put it in, by a decision; replaces what was set for that day.

    `paired_day` is the other half of a swap: what is worked instead, or what it is worked for. Each half is
    set by itself. Raises `NotYourUnit`, `UnknownUnit`, `BadCalendarDay`.
    """
    unit = _unit(unit_id)
    require_manage_unit(actor, unit)
    reason = reason or _usual_reason(kind, paired_day)
    _refuse_day(kind, reason, day, name, decision, paired_day, sessions)
    held = CalendarDay.objects.select_for_update().filter(unit_id=unit_id, day=day, proposed=False).first()
    before = None if held is None else [held.kind, held.name, held.decision]
    row = held or CalendarDay(unit_id=unit_id, day=day)
    row.kind, row.reason = kind, reason
    row.name, row.decision = nfc(name), nfc(decision)
    row.paired_day = paired_day
    row.sessions = (
        None if sessions is None else [[f"{s.opens:%H:%M}", f"{s.closes:%H:%M}"] for s in sorted(sessions)]
    )
    row.source = "entered"
    row.save()
    touch()
    audit.record(
        actor,
        "organisation.calendar_day_set",
        subject_type="unit",
        subject=unit.code,
        data={"day": day, "before": before, "after": [kind, row.name, row.decision], "paired": paired_day},
        at=now,
    )
    outbox.publish(CalendarChanged(unit_id=unit_id, days=(day.isoformat(),)), now=now)


@transaction.atomic
def remove_calendar_day(*, actor: Actor, now: datetime, unit_id: int, day: date) -> None:
    """Make a day ordinary again. Raises `NotYourUnit`, `UnknownUnit`, `BadCalendarDay` if nothing was set."""
    unit = _unit(unit_id)
    require_manage_unit(actor, unit)
    held = CalendarDay.objects.select_for_update().filter(unit_id=unit_id, day=day, proposed=False).first()
    if held is None:
        raise BadCalendarDay(msg("Ngày %(day)s không có gì đặc biệt để bỏ.", day=date_text(day)), field="day")
    before = [held.kind, held.name, held.decision]
    held.delete()
    touch()
    audit.record(
        actor,
        "organisation.calendar_day_removed",
        subject_type="unit",
        subject=unit.code,
        data={"day": day, "before": before},
        at=now,
    )
    outbox.publish(CalendarChanged(unit_id=unit_id, days=(day.isoformat(),)), now=now)


@transaction.atomic
def propose_holidays(*, actor: Actor, now: datetime, unit_id: int, year: int) -> int:
    """Propose a year's days off and swaps from the `holidays` library, for a person to review.

    The library is right when released and late on yearly decisions, hence proposals only: nothing counts
    before `confirm_proposed`. Days already confirmed or proposed are left alone. Returns how many days were
    proposed. Raises `NotYourUnit`, `UnknownUnit`, `BadCalendarDay`.
    """
    unit = _unit(unit_id)
    require_manage_unit(actor, unit)
    if year not in YEARS:
        raise BadCalendarDay(
            msg("Chọn năm từ %(first)s đến %(last)s.", first=YEARS[0], last=YEARS[-1]), field="year"
        )
    known = set(CalendarDay.objects.filter(unit_id=unit_id, day__year=year).values_list("day", flat=True))
    rows = [
        CalendarDay(
            unit_id=unit_id,
            day=found.day,
            kind=found.kind,
            reason=found.reason,
            name=found.name,
            paired_day=found.paired_day,
            proposed=True,
            source=found.source,
        )
        for found in proposed_days(year, current().calendar(unit_id))
        if found.day not in known
    ]
    if not rows:
        return 0
    CalendarDay.objects.bulk_create(rows)
    touch()
    audit.record(
        actor,
        "organisation.holidays_proposed",
        subject_type="unit",
        subject=unit.code,
        data={"year": year, "days": [row.day.isoformat() for row in rows]},
        at=now,
    )
    return len(rows)


@transaction.atomic
def confirm_proposed(
    *, actor: Actor, now: datetime, unit_id: int, days: Iterable[date], decision: str
) -> int:
    """Turn proposed days into real ones, by a decision. Returns how many.

    Raises `NotYourUnit`, `UnknownUnit`, `BadCalendarDay` (no decision, nothing chosen, or a day set
    meanwhile).
    """
    unit = _unit(unit_id)
    require_manage_unit(actor, unit)
    if not nfc(decision):
        raise BadCalendarDay(
            msg("Nhập số, ngày văn bản thông báo lịch nghỉ trước khi xác nhận."), field="decision"
        )
    chosen = _proposed(unit_id, days)
    set_meanwhile = CalendarDay.objects.filter(
        unit_id=unit_id, proposed=False, day__in=[row.day for row in chosen]
    ).values_list("day", flat=True)
    if set_meanwhile:
        raise BadCalendarDay(
            msg(
                "Ngày %(days)s đã có trong lịch; bỏ đề xuất của ngày đó trước.",
                days=", ".join(date_text(day) for day in set_meanwhile),
            ),
            field="days",
        )
    for row in chosen:
        row.proposed = False
        row.decision = nfc(decision)
    CalendarDay.objects.bulk_update(chosen, ["proposed", "decision"])
    touch()
    confirmed = tuple(row.day.isoformat() for row in chosen)
    audit.record(
        actor,
        "organisation.holidays_confirmed",
        subject_type="unit",
        subject=unit.code,
        data={"days": confirmed, "decision": nfc(decision)},
        at=now,
    )
    outbox.publish(CalendarChanged(unit_id=unit_id, days=confirmed), now=now)
    return len(chosen)


@transaction.atomic
def discard_proposed(*, actor: Actor, now: datetime, unit_id: int, days: Iterable[date]) -> int:
    """Drop proposed days. Returns how many. Raises `NotYourUnit`, `UnknownUnit`, `BadCalendarDay`."""
    unit = _unit(unit_id)
    require_manage_unit(actor, unit)
    chosen = _proposed(unit_id, days)
    CalendarDay.objects.filter(pk__in=[row.pk for row in chosen]).delete()
    touch()
    audit.record(
        actor,
        "organisation.holidays_discarded",
        subject_type="unit",
        subject=unit.code,
        data={"days": [row.day.isoformat() for row in chosen]},
        at=now,
    )
    return len(chosen)


def _proposed(unit_id: int, days: Iterable[date]) -> list[CalendarDay]:
    held = CalendarDay.objects.select_for_update().filter(unit_id=unit_id, proposed=True, day__in=list(days))
    chosen = list(held.order_by("day"))
    if not chosen:
        raise BadCalendarDay(msg("Chọn ít nhất một ngày đang chờ duyệt."), field="days")
    return chosen


def _usual_reason(kind: str, paired_day: date | None) -> str:
    if kind == DayKind.WORKED:
        return DayReason.COMPENSATORY if paired_day else DayReason.EXTRA
    return DayReason.SWAP if paired_day else DayReason.HOLIDAY


def _refuse_day(
    kind: str,
    reason: str,
    day: date,
    name: str,
    decision: str,
    paired_day: date | None,
    sessions: Sequence[Session] | None,
) -> None:
    if day.year not in YEARS:
        raise BadCalendarDay(
            msg("Chọn năm từ %(first)s đến %(last)s.", first=YEARS[0], last=YEARS[-1]), field="day"
        )
    if kind not in DayKind.values or reason not in DayReason.values:
        raise BadCalendarDay(msg("Chọn ngày nghỉ hoặc ngày làm việc."), field="kind")
    if (kind == DayKind.WORKED) != (reason in WORKED_REASONS) and not (kind == DayKind.WORKED and sessions):
        raise BadCalendarDay(
            msg("Lý do này không hợp với ngày nghỉ hay làm việc đã chọn; hãy chọn lại."), field="reason"
        )
    if not nfc(name):
        raise BadCalendarDay(msg("Nhập tên ngày, ví dụ: Giỗ Tổ Hùng Vương."), field="name")
    if not nfc(decision):
        raise BadCalendarDay(msg("Nhập số, ngày văn bản quyết định ngày này."), field="decision")
    if paired_day == day:
        raise BadCalendarDay(msg("Ngày hoán đổi phải là một ngày khác."), field="paired_day")
    if kind == DayKind.OFF and sessions:
        raise BadCalendarDay(msg("Ngày nghỉ không có buổi làm việc."), field="sessions")
    _refuse_overlap(sorted(sessions or ()), None)


def _refuse_overlap(ordered: Sequence[Session], weekday: int | None) -> None:
    for earlier, later in pairwise(ordered):
        if later.opens < earlier.closes:
            raise BadSessions(
                msg(
                    "Hai buổi %(day)schồng giờ nhau: %(first)s và %(second)s.",
                    day="" if weekday is None else msg("%(name)s ", name=WEEKDAYS[weekday]),
                    first=f"{earlier.opens:%H:%M}-{earlier.closes:%H:%M}",
                    second=f"{later.opens:%H:%M}-{later.closes:%H:%M}",
                ),
                field="sessions",
            )


def _unit(unit_id: int) -> UnitInfo:
    found = current().units.get(unit_id)
    if found is None:
        raise UnknownUnit(msg("Không có đơn vị này."))
    return found
