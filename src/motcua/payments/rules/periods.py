"""Periods of reports: a day, a month, a quarter, a year, or one's own. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from motcua.kernel.messages import Message, msg

KINDS = ("ngay", "thang", "quy", "nam")
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days count. `kind` is one of `KINDS`, or `tu-chon`."""

    first: date
    last: date
    kind: str

    @property
    def label(self) -> Message:
        if self.first == self.last:
            return msg("Ngày %(day)s", day=f"{self.first:%d/%m/%Y}")
        if self.kind == "thang":
            return msg("Tháng %(month)s", month=f"{self.first:%m/%Y}")
        if self.kind == "quy":
            return msg("Quý %(quarter)s/%(year)s", quarter=(self.first.month + 2) // 3, year=self.first.year)
        if self.kind == "nam":
            return msg("Năm %(year)s", year=self.first.year)
        return msg("Từ %(first)s đến %(last)s", first=f"{self.first:%d/%m/%Y}", last=f"{self.last:%d/%m/%Y}")


def containing(day: date, kind: str) -> Period:
    """The period of a kind a day lies in."""
    if kind == "ngay":
        return Period(day, day, kind)
    months = {"thang": 1, "quy": 3, "nam": 12}[kind]
    begun = (day.month - 1) // months * months + 1
    first = date(day.year, begun, 1)
    after = begun + months
    following = date(day.year + (after - 1) // 12, (after - 1) % 12 + 1, 1)
    return Period(first, following - timedelta(days=1), kind)


def asked(kind: str, first: str, last: str, *, today: date) -> Period:
    """What an address asks for: two days, or the present period of a kind; this month for anything else.

    Days the wrong way round are turned, a period over three years is cut.
    """
    begin, end = _day(first), _day(last)
    if begin and end:
        begin, end = min(begin, end), max(begin, end)
        whole = next(
            (kind for kind in KINDS if containing(begin, kind) == Period(begin, end, kind)), "tu-chon"
        )
        return Period(begin, min(end, begin + LONGEST), whole)
    return containing(today, kind if kind in KINDS else "thang")


def beside(period: Period, steps: int) -> Period | None:
    """The period before (-1) or after (1) of the same kind; None for one's own."""
    if period.kind not in KINDS:
        return None
    day = period.first - timedelta(days=1) if steps < 0 else period.last + timedelta(days=1)
    return containing(day, period.kind)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip()) if "-" in text else _day_first(text.strip())
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _day_first(text: str) -> date:
    day, month, year = (int(part) for part in text.split("/"))
    return date(year, month, day)
