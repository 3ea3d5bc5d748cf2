"""How dates, money, counts and remaining time are worded on screens. Pure: values in, words out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from motcua.kernel import clock
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped

NBSP = "\u00a0"
Quantity = int | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """A badge about a due date: `kind` picks colour and icon, `text` says it, `detail` is the moment."""

    kind: str
    text: str
    detail: str

    @property
    def icon(self) -> str:
        return TIME_ICONS[self.kind]


TIME_ICONS = {
    "none": "minus",
    "paused": "player-pause",
    "overdue": "alert-triangle",
    "today": "clock-exclamation",
    "soon": "clock",
    "ok": "calendar",
    "done": "circle-check",
    "done-late": "circle-check",
}


def date_words(value: date | datetime | None) -> str:
    """`25/11/2026`, on the Vietnamese calendar; nothing for nothing."""
    if value is None:
        return ""
    day = clock.local(value).date() if isinstance(value, datetime) else value
    return f"{day:%d/%m/%Y}"


def datetime_words(value: datetime | None) -> str:
    """`25/11/2026 14:05` on the Vietnamese wall clock."""
    return "" if value is None else f"{clock.local(value):%d/%m/%Y %H:%M}"


def weekday_words(value: date | datetime | None) -> str:
    """`Thứ Tư, 25/11/2026`."""
    if value is None:
        return ""
    day = clock.local(value).date() if isinstance(value, datetime) else value
    names = (
        _("Thứ Hai"),
        _("Thứ Ba"),
        _("Thứ Tư"),
        _("Thứ Năm"),
        _("Thứ Sáu"),
        _("Thứ Bảy"),
        _("Chủ nhật"),
    )
    return f"{names[day.weekday()]}, {date_words(day)}"


def money_words(amount: int | None) -> str:
    """`1.250.000 đồng`; amounts are whole đồng."""
    if amount is None:
        return ""
    return f"{grouped(amount)}{NBSP}đồng"


def capped_words(count: int, cap: int = 500) -> str:
    """The count, or `500+` when it is larger than the cap: big lists are never counted exactly."""
    return f"{cap}+" if count > cap else str(count)


def quantity_words(value: Quantity) -> str:
    """A quantity with at most two decimals and a decimal comma: `1,5`, `0,25`, `3`."""
    exact = Fraction(value)
    number = Decimal(exact.numerator) / exact.denominator
    text = f"{number.quantize(Decimal('0.01')):f}"
    return text.rstrip("0").rstrip(".").replace(".", ",") if "." in text else text


def time_left(
    due_at: datetime | None,
    now: datetime,
    *,
    paused: bool = False,
    done_at: datetime | None = None,
    days: Quantity | None = None,
    hours: Quantity | None = None,
) -> TimeLeft:
    """Word the time to a due moment.

    `days` and `hours` are working time to the due moment (their sign does not matter) computed by whoever
    knows the calendar. Without them only dates are named: wall-clock days are never counted as working days.
    """
    detail = datetime_words(due_at)
    if done_at is not None:
        late = due_at is not None and done_at > due_at
        return TimeLeft(
            "done-late" if late else "done", _("Xong, trễ hạn") if late else _("Xong đúng hạn"), detail
        )
    if paused:
        return TimeLeft("paused", _("Tạm dừng tính hạn"), detail)
    if due_at is None:
        return TimeLeft("none", _("Chưa có hạn"), "")
    amount = _amount(days, hours)
    if due_at < now:
        return TimeLeft("overdue", _overdue(amount, due_at), detail)
    return _ahead(due_at, now, amount, days, detail)


def _ahead(due_at: datetime, now: datetime, amount: str, days: Quantity | None, detail: str) -> TimeLeft:
    gap = (clock.local(due_at).date() - clock.local(now).date()).days
    if gap == 0:
        return TimeLeft("today", _("Hôm nay %(time)s") % {"time": f"{clock.local(due_at):%H:%M}"}, detail)
    text = (
        _("Còn %(amount)s") % {"amount": amount}
        if amount
        else _("Hạn %(date)s") % {"date": date_words(due_at)}
    )
    near = days is not None and abs(Fraction(days)) <= 1
    if gap == 1 or near:
        return TimeLeft("soon", text if amount else _("Ngày mai %(time)s") % {"time": _hour(due_at)}, detail)
    return TimeLeft("ok", text, detail)


def _overdue(amount: str, due_at: datetime) -> str:
    if amount:
        return _("Quá hạn %(amount)s") % {"amount": amount}
    return _("Quá hạn từ %(date)s") % {"date": date_words(due_at)}


def _hour(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M}"


def _amount(days: Quantity | None, hours: Quantity | None) -> str:
    if days is not None and (hours is None or abs(Fraction(days)) >= 1):
        return msg("%(n)s ngày làm việc", n=quantity_words(abs(Fraction(days)))).render()
    if hours is None:
        return ""
    exact = abs(Fraction(hours))
    if exact < 1:
        return msg("%(n)s phút làm việc", n=max(1, round(exact * 60))).render()
    return msg("%(n)s giờ làm việc", n=quantity_words(exact)).render()
