"""A cell's value as the person at the screen sees it.

Codes of procedures look like numbers (1.004873), so a number is never rounded by the machine: what Excel
shows is what is read. Grouped thousands are written the Vietnamese way, "200.000".
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from motcua.kernel.text import grouped

_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')


def shown(value: object, number_format: str = "General") -> str:
    """The text of a value under its number format; dates day first."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return _moment(value, number_format)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    return str(value)


def _moment(value: datetime, number_format: str) -> str:
    pattern = re.sub(r"\[[^\]]*\]", "", number_format.lower())
    if "y" in pattern and "d" not in pattern and value.day == 1:
        return f"{value:%m/%Y}"
    if value.hour or value.minute or value.second:
        return f"{value:%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}"


def _number(value: int | float, number_format: str) -> str:
    exact = Decimal(value) if isinstance(value, int) else _decimal(value)
    section = number_format.split(";")[0]
    pattern, around = _pattern(section)
    if not exact.is_finite() or not pattern or "/" in section or "E" in section:
        return _general(exact)
    if "%" in section:
        exact *= 100
    whole, _, decimals = pattern.partition(".")
    text = f"{exact.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP):f}"
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    left, _, right = text.partition(".")
    left = left.zfill(whole.count("0"))
    in_groups = "," in whole
    kept = right.rstrip("0") if "0" not in decimals else right
    if in_groups:
        left = grouped(int(left or 0))
    number = f"{left}{',' if in_groups else '.'}{kept}" if kept else left
    return around.replace("\0", sign + number).strip()


def _pattern(section: str) -> tuple[str, str]:
    """The digits of a format ("#,##0.00"), and the words around them with the number's place marked."""
    literal = _QUOTED.sub(lambda m: m[1] or m[2] or m[3] or " ", section)
    bare = _QUOTED.sub("", section)
    found = _DIGITS.search(bare)
    if found is None or "general" in bare.lower():
        return "", ""
    return found[0], literal.replace(found[0], "\0", 1) if found[0] in literal else "\0"


def _decimal(value: float) -> Decimal:
    """At most the 15 digits that Excel itself keeps."""
    return Decimal(format(value, ".15g"))


def _general(exact: Decimal) -> str:
    if not exact.is_finite():
        return str(exact)
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
