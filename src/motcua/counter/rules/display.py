"""What the screen turned to the citizen shows, from what the cashier did and what became of the bill. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

THANKS_FOR = timedelta(seconds=30)
FORGOTTEN = timedelta(minutes=15)
CODE_FOR = timedelta(minutes=10)
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without 0, O, 1, I and L: the code is read from one screen and typed at another."""
CODE_LENGTH = 6


class Phase(StrEnum):
    """The pictures of the screen."""

    IDLE = "idle"
    BILL = "bill"
    TRANSFER = "transfer"
    ONLINE = "online"
    THANKS = "thanks"


def shown(phase: str, *, shown_at: datetime, owed: int | None, now: datetime) -> Phase:
    """The picture to show now; `owed` is None where there is no bill.

    Money that came while the QR was shown is thanked for; thanks pass, and a forgotten bill does not stay.
    """
    if owed is None or phase == Phase.IDLE:
        return Phase.IDLE
    age = now - shown_at
    if phase == Phase.THANKS:
        return Phase.THANKS if age < THANKS_FOR else Phase.IDLE
    if age > FORGOTTEN:
        return Phase.IDLE
    return Phase(phase) if owed else Phase.THANKS


def read_code(text: str) -> str:
    """A pairing code as typed, spaces and dashes dropped."""
    return "".join(char for char in text.upper() if char in CODE_LETTERS)[: CODE_LENGTH + 1]
