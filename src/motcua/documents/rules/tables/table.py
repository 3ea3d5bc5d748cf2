"""A table as a person sees it: rows of text, with where each cell stood in its file."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from motcua.kernel.text import nfc

NOTHING: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows and columns count from 0; rows where nothing is written are left out.

    `merged` are the cells that only repeat the text of the cell they are merged with. `formulas` are cells
    whose text is a formula, not its value. `numbers` are the row numbers people see in the file. `sheet`
    says whether cells are named as in Excel.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: frozenset[tuple[int, int]] = NOTHING
    formulas: tuple[tuple[int, int], ...] = ()
    numbers: tuple[int, ...] = ()
    sheet: bool = False

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    def cell(self, row: int, col: int) -> str:
        """The text of a cell; empty outside the table."""
        if not 0 <= row < len(self.rows):
            return ""
        cells = self.rows[row]
        return cells[col] if 0 <= col < len(cells) else ""

    def is_anchor(self, row: int, col: int) -> bool:
        """Whether the text is written in this very cell and not repeated from one it is merged with."""
        return (row, col) not in self.merged

    def row_number(self, row: int) -> int:
        """The number of a row as the file counts it, from 1."""
        return self.numbers[row] if row < len(self.numbers) else row + 1

    def cell_name(self, row: int, col: int) -> str:
        """Where a person finds the cell: “Phụ lục I!B12” in Excel, “Bảng 2, dòng 3, cột 2” elsewhere."""
        number = self.row_number(row)
        if self.sheet:
            return f"{self.name}!{column_name(col)}{number}"
        return f"{self.name}, dòng {number}, cột {col + 1}"

    def row_name(self, row: int) -> str:
        """Where a person finds the row."""
        number = self.row_number(row)
        return f"{self.name}!{number}" if self.sheet else f"{self.name}, dòng {number}"


Block = str | Table
"""A paragraph between tables, or a table."""


def column_name(col: int) -> str:
    """A, B, … Z, AA, … of a column counted from 0."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def tidy(text: str) -> str:
    """Composed letters, spaces collapsed, the lines of a cell kept, empty ones dropped."""
    if "\n" not in text and "\r" not in text and "\x0b" not in text:
        return nfc(text)
    lines = unicodedata.normalize("NFC", text).replace("\x0b", "\n").splitlines()
    return "\n".join(line for line in map(nfc, lines) if line)


def plain_table(name: str, rows: Sequence[Sequence[str]]) -> Table:
    """A table without merged cells, empty rows dropped and counted."""
    kept = [(number, tuple(row)) for number, row in enumerate(rows, 1) if any(row)]
    return Table(name, tuple(row for _, row in kept), numbers=tuple(number for number, _ in kept))
