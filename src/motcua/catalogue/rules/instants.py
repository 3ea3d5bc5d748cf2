"""Instants as people write them in an address or a command: a day, or a day and a time of Viet Nam. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from motcua.kernel.clock import VN

_INSTANT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?(?:\+07:00)?|(\d{1,2})/(\d{1,2})/(\d{4})"
)


def read_instant(text: str, *, end_of_day: bool = False) -> datetime | None:
    """2025-06-30, 30/06/2025, or 2025-06-30T23:59[:59]; None for anything else.

    A day alone is its first instant, or with `end_of_day` its last second: what counted when the day was over.
    """
    found = _INSTANT.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[9], found[8], found[7])
    try:
        start = datetime(int(year), int(month), int(day), tzinfo=VN)
        if found[4]:
            return datetime.combine(start, time(int(found[4]), int(found[5]), int(found[6] or 0)), VN)
    except ValueError:
        return None
    if not 1900 <= start.year <= 2200:
        return None
    return start + timedelta(days=1, seconds=-1) if end_of_day else start
