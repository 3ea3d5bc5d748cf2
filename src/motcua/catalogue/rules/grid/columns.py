"""Rows and columns of the configuration grid."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from motcua.kernel.messages import Message, msg


class Column(StrEnum):
    """What a department sets for a procedure; one cell of the grid each."""

    PROCESS = "process"
    STEPS = "steps"
    RECEIVING = "receiving"
    DECIDING = "deciding"
    RETURNING = "returning"
    FORM = "form"
    FEES = "fees"
    LETTERS = "letters"


TITLES: dict[Column, Message] = {
    Column.PROCESS: msg("Quy trình"),
    Column.STEPS: msg("Các bước, vai, thời gian"),
    Column.RECEIVING: msg("Nơi tiếp nhận"),
    Column.DECIDING: msg("Cơ quan giải quyết"),
    Column.RETURNING: msg("Nơi trả kết quả"),
    Column.FORM: msg("Biểu mẫu"),
    Column.FEES: msg("Phí, lệ phí"),
    Column.LETTERS: msg("Mẫu giấy tiếp nhận"),
}
OF_LEVEL = (Column.PROCESS, Column.STEPS, Column.RECEIVING, Column.DECIDING)
"""What differs by level; the rest is set once for a procedure, in the row of its first level."""
OF_CASE = (Column.PROCESS, Column.STEPS, Column.RETURNING, Column.FORM, Column.LETTERS)
"""What a case may have of its own."""
COPIED = (
    Column.PROCESS,
    Column.STEPS,
    Column.RECEIVING,
    Column.DECIDING,
    Column.RETURNING,
    Column.FORM,
    Column.LETTERS,
)
"""What a template holds. Fee lines are not copied: each stands on a resolution of its own."""


@dataclass(frozen=True, slots=True, order=True)
class RowKey:
    """A procedure at a level, in a case ("" is the usual one)."""

    procedure_id: int
    level: str
    case_key: str = ""

    @property
    def text(self) -> str:
        """As forms and files carry it; `read` is the inverse."""
        return f"{self.procedure_id}.{self.level}.{self.case_key}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what `text` never writes."""
        number, _, rest = text.strip().partition(".")
        level, dot, case_key = rest.partition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 16 and level and dot):
            return None
        return cls(int(number), level, case_key)


def columns_of(key: RowKey, *, first_level: bool) -> tuple[Column, ...]:
    """The cells a row has."""
    if key.case_key:
        return OF_CASE if first_level else OF_CASE[:2]
    return tuple(Column) if first_level else OF_LEVEL


def mark_of(token: str) -> str:
    """What stands for a cell's value where it is only compared: eight hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()[:8]
