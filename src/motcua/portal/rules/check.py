"""The check value: the last four digits of a number that the person in the dossier knows."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

DIGITS = 4
_NOBODY = "x" * DIGITS


def digits_of(text: str) -> str:
    """The last four Latin digits typed, so that a whole number may be typed too; "" for fewer than four."""
    found = "".join(char for char in text if char in "0123456789")
    return found[-DIGITS:] if len(found) >= DIGITS else ""


def code_of(text: str) -> str:
    """A dossier's code as typed by hand: without spaces, in capitals. Otherwise codes are opaque."""
    return "".join(text.split()).upper()[:48]


def fits(typed: str, numbers: Iterable[str]) -> bool:
    """Whether the digits end one of the numbers. Always compares eight times: time tells nothing."""
    known = [digits_of(number) or _NOBODY for number in numbers][:8]
    known += [_NOBODY] * (8 - len(known))
    results = [hmac.compare_digest(typed.encode(), number.encode()) for number in known]
    return digits_of(typed) == typed != "" and any(results)
