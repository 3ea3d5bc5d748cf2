"""Cash over a counter: amounts as they are typed, the notes in circulation, counting a till, giving change. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200)
"""The notes in circulation, largest first; coins of 2011 and before are paid in, not given out."""

LARGEST = 10**11
MOST_PIECES = 100_000
_PLAIN = re.compile(r"[0-9]{1,12}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,\u00a0\u202f ])[0-9]{3})(?:\1[0-9]{3})*")
_SHORT = re.compile(r"([0-9]{1,8})\s*(k|nghìn|ngàn|tr|triệu)", re.IGNORECASE)
_UNITS = {"k": 1_000, "nghìn": 1_000, "ngàn": 1_000, "tr": 1_000_000, "triệu": 1_000_000}


def read_amount(text: str) -> int | None:
    """Whole đồng as people type them, or None for what is no amount.

    >>> [read_amount(t) for t in ("500000", "500.000", "500 000 đ", "500k", "2tr", "50.00", "-1", "")]
    [500000, 500000, 500000, 500000, 2000000, None, None, None]
    """
    said = re.sub(r"\s*(?:đồng|đ|vnd|vnđ)\.?$", "", text.strip().casefold()).strip()
    if _PLAIN.fullmatch(said):
        amount = int(said)
    elif _GROUPED.fullmatch(said):
        amount = int(re.sub(r"[^0-9]", "", said))
    elif (short := _SHORT.fullmatch(said)) is not None:
        amount = int(short[1]) * _UNITS[short[2]]
    else:
        return None
    return amount if amount <= LARGEST else None


def counted(pieces: Mapping[int, int]) -> int:
    """What so many pieces of each note come to."""
    return sum(note * count for note, count in pieces.items())


def quick_amounts(owed: int) -> tuple[int, ...]:
    """What people hand over for an amount: exactly it, one large note, or rounded up to the next small one (six).

    >>> quick_amounts(13_000)
    (13000, 20000, 50000, 100000, 200000, 500000)
    """
    if owed <= 0:
        return ()
    likely = (500_000, 100_000, 50_000, 200_000, 10_000, 20_000, 5_000)
    rounded = (-(-owed // note) * note for note in likely)
    return tuple(sorted(list(dict.fromkeys((owed, *rounded)))[:6]))


def holds_a_note_too_many(tendered: int, amount: int) -> bool:
    """Nobody hands over a note and gets one as large back: a nought too many was typed.

    >>> holds_a_note_too_many(500_000, 8_000), holds_a_note_too_many(5_000_000, 8_000)
    (False, True)
    """
    return tendered - amount >= NOTES[0]


def in_notes(amount: int) -> tuple[tuple[int, int], ...]:
    """An amount in as few notes as there can be: (note, pieces); what is below the smallest note is left out.

    >>> in_notes(387_000)
    ((200000, 1), (100000, 1), (50000, 1), (20000, 1), (10000, 1), (5000, 1), (2000, 1))
    """
    left, found = max(amount, 0), []
    for note in NOTES:
        pieces, left = divmod(left, note)
        if pieces:
            found.append((note, pieces))
    return tuple(found)
