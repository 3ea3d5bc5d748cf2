"""What is read from a bank statement, whatever its form."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime

from motcua.kernel import clock
from motcua.kernel.messages import Message
from motcua.kernel.text import fold

_NOT_A_SIGN = re.compile(r"[^0-9a-z]+")
LONGEST_NUMBER = 48


@dataclass(frozen=True, slots=True)
class BankLine:
    """One credit. `number` is the bank's own number of the transaction, "" where the statement has none."""

    place: str
    at: datetime
    amount: int
    text: str
    payer: str = ""
    payer_account: str = ""
    number: str = ""

    @property
    def day(self) -> date:
        return clock.local(self.at).date()

    @property
    def content(self) -> str:
        """What makes two lines look alike: day, amount and the signs of the text, however it is spaced and marked."""
        said = f"{self.day:%Y%m%d}|{self.amount}|{_NOT_A_SIGN.sub('', fold(self.text))}"
        return hashlib.sha256(said.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a cell or a row: a problem that must be mended, or a remark to look at."""

    cell: str
    message: Message


@dataclass(frozen=True, slots=True)
class StatementRead:
    """A statement as read. With `problems` it is not imported; `remarks` only want to be seen.

    `debits` and `skipped` count what is no money for us: payments out, headings, totals.
    """

    layout: str
    lines: tuple[BankLine, ...] = ()
    problems: tuple[Note, ...] = ()
    remarks: tuple[Note, ...] = ()
    debits: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def clean(self) -> bool:
        return not self.problems
