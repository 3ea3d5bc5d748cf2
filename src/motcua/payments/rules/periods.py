"""Periods of reports: a day, a month, a quarter, a year, or one's own. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from motcua.kernel.days import read_day
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

    Days the wrong way round are turned, a period over three years is cut. With one day missing it begins with the month
    of the other, or lasts until today.
    """
    begin, end = day_of(first), day_of(last)
    if begin and not end and not last.strip():
        end = max(begin, today)
    if end and not begin and not first.strip():
        begin = end.replace(day=1)
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


def day_of(text: str) -> date | None:
    """A day of the product's time as it was typed; None for anything else."""
    found = read_day(text, short_year=True)
    return found if found is not None and 2000 <= found.year < 2100 else None
