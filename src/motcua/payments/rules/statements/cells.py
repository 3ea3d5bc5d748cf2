"""Amounts and moments as banks write them."""

from __future__ import annotations

import re
from datetime import datetime

from motcua.kernel.clock import VN
from motcua.kernel.text import fold

LARGEST = 10**14
_CURRENCY = re.compile(r"(?i)\s*(vnđ|vnd|đồng|dong|đ|₫)\s*$|^\s*(vnđ|vnd)\s*")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,'])[0-9]{3})(?:\1[0-9]{3})*")
_PLAIN = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"(.*[0-9])([.,])([0-9]+)")
_DAY_FIRST = re.compile(r"(?<![0-9])([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})(?![0-9])")
_YEAR_FIRST = re.compile(r"(?<![0-9])([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_CLOCK = re.compile(r"(?<![0-9:])([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?![0-9:])")
INWARD = frozenset({"c", "cr", "co", "credit", "crdt", "+", "ghi co", "tien vao", "vao", "thu"})
OUTWARD = frozenset({"d", "dr", "no", "debit", "dbit", "-", "ghi no", "tien ra", "ra", "chi"})


class Unreadable(ValueError):
    """The cell is no amount, or no moment."""


def amount(text: str) -> int:
    """Whole đồng, negative for `-5.000` and `(5.000)`; 0 for an empty cell or a dash. Raises `Unreadable`.

    Both Vietnamese and English groups are read: three figures behind a mark are thousands, one or two are decimals,
    which must be noughts.

    >>> amount("1.250.000,00"), amount("+8,000 VND"), amount("(150,000.00)")
    (1250000, 8000, -150000)
    """
    left = re.sub(r"[\s\u00a0\u202f]+", " ", text).strip()
    left = _CURRENCY.sub("", left).strip()
    if left in ("", "-", "–", "."):
        return 0
    sign = 1
    if left.startswith("(") and left.endswith(")"):
        sign, left = -1, left[1:-1].strip()
    if left[:1] in "+-−":
        sign, left = (sign if left[0] == "+" else -sign), left[1:].strip()
    elif left[-1:] in "+-":
        sign, left = (sign if left[-1] == "+" else -sign), left[:-1].strip()
    number = _whole(re.sub(r"(?<=[0-9]) (?=[0-9]{3}(?:[^0-9]|$))", "", left))
    if number > LARGEST:
        raise Unreadable(text)
    return sign * number


def _whole(text: str) -> int:
    if _PLAIN.fullmatch(text):
        return int(text)
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"[.,']", "", text))
    parts = _DECIMAL.fullmatch(text)
    if parts is None or len(parts[3]) > 2 or int(parts[3]):
        raise Unreadable(text)
    before = parts[1]
    if _PLAIN.fullmatch(before) or (_GROUPED.fullmatch(before) and parts[2] not in before):
        return int(re.sub(r"[.,']", "", before))
    raise Unreadable(text)


def moment(text: str, clock_text: str = "") -> tuple[datetime, str]:
    """When it was booked in Viet Nam (midnight where no time stands), and what else stood in the cell.

    Some banks put the number of the transaction under its date. Raises `Unreadable`, also for 31/02 and 11/25.
    """
    found = _YEAR_FIRST.search(text)
    if found is not None:
        year, month, day = (int(part) for part in found.groups())
    else:
        found = _DAY_FIRST.search(text)
        if found is None:
            raise Unreadable(text)
        day, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    at = _CLOCK.search(rest)
    if at is not None:
        rest = f"{rest[: at.start()]} {rest[at.end() :]}"
    else:
        at = _CLOCK.search(clock_text)
    hour, minute, second = (int(part or 0) for part in at.groups()) if at is not None else (0, 0, 0)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=VN), " ".join(rest.split()).strip("T ")
    except ValueError:
        raise Unreadable(text) from None


def inward(text: str) -> bool | None:
    """Whether a sign or word says that money came; None where it says nothing."""
    said = fold(text).strip(" .:")
    return True if said in INWARD else False if said in OUTWARD else None
