"""A day as people type it. Pure."""

from __future__ import annotations

import re
from datetime import date

EARLIEST, LATEST = 1850, 2199
"""Nothing the product handles lies outside, and databases cannot turn the ends of the calendar into instants."""


def read_day(text: str, *, short_year: bool = False) -> date | None:
    """`25/11/2026`, `5-1-2026`, `25.11.2026`, `25112026` (also what a card says) or `2026-11-25`; None for no real day.

    The day comes first, as it is written in Viet Nam. `short_year` also takes `25/11/26`, and 69 to 99 as the last
    century; where years of birth are typed that would be a guess.
    """
    text = text.strip()
    if re.fullmatch(r"[0-9]{8}", text):
        return _day(text[4:], text[2:4], text[:2])
    parts = re.split(r"\s*[/.\-\s]\s*", text)
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        return None
    if len(parts[0]) == 4:
        return _day(*parts)
    day, month, year = parts
    if len(year) == 2 and short_year:
        year = f"{'19' if year >= '69' else '20'}{year}"
    return _day(year, month, day) if len(year) == 4 else None


def read_month(text: str) -> date | None:
    """The first day of `11/2026`, `112026`, `2026-11`; None for no month."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{6}", text):
        return _day(text[2:], text[:2], "1")
    parts = re.split(r"\s*[/.\-\s]\s*", text)
    if len(parts) != 2 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        return None
    if len(parts[0]) == 4:
        return _day(parts[0], parts[1], "1")
    return _day(parts[1], parts[0], "1") if len(parts[1]) == 4 else None


def _day(year: str, month: str, day: str) -> date | None:
    if len(month) > 2 or len(day) > 2 or not EARLIEST <= int(year) <= LATEST:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
