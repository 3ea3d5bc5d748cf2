"""What each row of a pasted process table is: heading, step, heading of a part, total, note."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from motcua.kernel.text import fold
from motcua.workflow.rules import pasted_words as words
from motcua.workflow.rules.definition import TimeUnit
from motcua.workflow.rules.pasted_words import Column

Kind = Literal["step", "group", "total", "note", "second"]
MOST_ROWS_BEFORE = 40
DITTO = frozenset({"〃", '"', "''", "nt", "-nt-", "như trên", "Như trên"})
"""What stands for "as above"; the first also marks a merged cell where a table became plain text."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading row: which column holds what. `unknown` are columns whose heading says nothing to us."""

    row: int
    columns: Mapping[int, Column]
    texts: Mapping[int, str]
    unknown: tuple[int, ...]
    time_unit: TimeUnit | None

    def at(self, column: Column) -> int | None:
        """The first place of a column."""
        return next((col for col, found in self.columns.items() if found is column), None)

    def all(self, column: Column) -> tuple[int, ...]:
        return tuple(col for col, found in self.columns.items() if found is column)

    def name(self, column: Column) -> str:
        """The heading as the table words it."""
        place = self.at(column)
        return self.texts.get(place, "") if place is not None else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row after the heading. `continues` are the columns whose cell goes on from the row above."""

    kind: Kind
    row: int
    cells: tuple[str, ...]
    continues: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        """Everything written in the row, each text once."""
        return " ".join(dict.fromkeys(" ".join(cell.split()) for cell in self.cells if cell))

    def get(self, column: Column, heading: Heading) -> str:
        """The text of a column; several columns of one kind are joined, each text once."""
        texts = [self.cells[col].strip() for col in heading.all(column) if col < len(self.cells)]
        return ". ".join(
            dict.fromkeys(text.rstrip(" .") if len(texts) > 1 else text for text in texts if text)
        )

    def goes_on(self, column: Column, heading: Heading) -> bool:
        """Whether the cell is merged with the one above it, or says so."""
        place = heading.at(column)
        if place is None or place >= len(self.cells):
            return False
        return place in self.continues or self.cells[place].strip() in DITTO


def lines_of(
    rows: Sequence[Sequence[str]], merged: frozenset[tuple[int, int]] = frozenset()
) -> tuple[Heading, tuple[Line, ...], tuple[str, ...]] | None:
    """The heading, the lines below it, and the texts above it; None when no row is a heading."""
    heading = next(
        (found for row in range(min(len(rows), MOST_ROWS_BEFORE)) if (found := _heading(rows, row))), None
    )
    if heading is None:
        return None
    before = tuple(_once(rows[row]) for row in range(heading.row) if any(rows[row]))
    lines: list[Line] = []
    for row in range(heading.row + 1, len(rows)):
        cells = tuple(cell.strip() for cell in rows[row])
        if not any(cells) or _counts_columns(cells):
            continue
        if _says_again(cells, heading):
            if row == heading.row + 1 or not _begins_again(rows, row, heading):
                continue
            lines.append(Line("second", row, cells))
            break
        lines.append(
            _line(rows, row, cells, merged, heading, begun=any(line.kind == "step" for line in lines))
        )
    return heading, tuple(lines), before


def _once(cells: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(" ".join(cell.split()) for cell in cells if cell))


def _heading(rows: Sequence[Sequence[str]], row: int) -> Heading | None:
    texts = {col: text.strip() for col, text in enumerate(rows[row]) if text.strip()}
    if len(set(texts.values())) < 2:
        return None
    columns = {col: column for col, text in texts.items() if (column := words.column_of(text))}
    found = set(columns.values())
    if not (
        {Column.NAME, Column.ORDER} & found and {Column.PERFORMER, Column.TIME} & found and len(found) > 1
    ):
        return None
    if Column.NAME not in found and Column.PERFORMER not in found:
        return None
    unknown = tuple(col for col in texts if col not in columns)
    unit = next(
        (words.unit_of_heading(text) for col, text in texts.items() if columns.get(col) is Column.TIME), None
    )
    return Heading(row, columns, texts, unknown, unit)


def _says_again(cells: tuple[str, ...], heading: Heading) -> bool:
    """The heading on the next page, above another process, or the second line of a heading of two."""
    same = [col for col in heading.columns if col < len(cells) and cells[col] == heading.texts[col]]
    return len(same) > 1 and 2 * len(same) >= len(heading.columns)


def _counts_columns(cells: tuple[str, ...]) -> bool:
    """A row "(1) (2) (3) (4)" or "A B C" under the heading."""
    texts = [cell.strip("() ") for cell in cells if cell]
    if len(texts) < 3:
        return False
    numbers = [str(number) for number in range(1, len(texts) + 1)]
    letters = [chr(65 + index) for index in range(len(texts))]
    return texts in (numbers, letters)


def _begins_again(rows: Sequence[Sequence[str]], row: int, heading: Heading) -> bool:
    """A heading repeated on the next page goes on counting; a new process begins at 1."""
    place = heading.at(Column.ORDER)
    if place is None:
        return True
    later = (words.order_of(cells[place]) for cells in rows[row + 1 : row + 4] if place < len(cells))
    return next((order for order in later if order), "1") == "1"


def _line(
    rows: Sequence[Sequence[str]],
    row: int,
    cells: tuple[str, ...],
    merged: frozenset[tuple[int, int]],
    heading: Heading,
    *,
    begun: bool,
) -> Line:
    above = rows[row - 1]
    continues = frozenset(
        col
        for col, cell in enumerate(cells)
        if (row, col) in merged and col < len(above) and above[col].strip() == cell and row - 1 > heading.row
    )
    first = next(cell for cell in cells if cell)
    written = {col for col, cell in enumerate(cells) if cell}
    if words.is_total(first):
        return Line("total", row, cells, continues)
    if len({cells[col] for col in written}) == 1:
        return Line(_lonely(first, written, heading, begun=begun), row, cells, continues)
    if re.match(r"(ghi chu|luu y)\b", fold(first)):
        return Line("note", row, cells, continues)
    return Line("step", row, cells, continues)


def _lonely(text: str, written: set[int], heading: Heading, *, begun: bool) -> Kind:
    """A row with one text: a note, a step still without its cells, the end of the step above, or a part."""
    if re.match(r"[*\s(]*(ghi chu|luu y)\b", fold(text)):
        return "note"
    if len(written) == 1:
        column = heading.columns.get(next(iter(written)))
        if column is Column.NAME and begun:
            return "step"
        if column is Column.ORDER and words.order_of(text):
            return "step"
    return "group"
