"""Instants as people write them in an address or a command: a day, or a day and a time of Viet Nam. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from motcua.kernel.clock import VN
from motcua.kernel.days import read_day

_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\+07:00)?")
EARLIEST_YEAR = 1900


def read_instant(text: str, *, end_of_day: bool = False) -> datetime | None:
    """2025-06-30, 30/06/2025 (as people type days), or 2025-06-30T23:59[:59]; None for anything else.

    A day alone is its first instant, or with `end_of_day` its last second: what counted when the day was over.
    """
    text = text.strip()
    found = _INSTANT.fullmatch(text)
    day = read_day(found[1] if found else text.removesuffix("+07:00"), short_year=True)
    if day is None or day.year < EARLIEST_YEAR:
        return None
    start = datetime.combine(day, time(), VN)
    if found is None:
        return start + timedelta(days=1, seconds=-1) if end_of_day else start
    try:
        return datetime.combine(day, time(int(found[2]), int(found[3]), int(found[4] or 0)), VN)
    except ValueError:
        return None
