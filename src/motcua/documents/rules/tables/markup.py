"""The rows of tables in the text of a web page, as Word and Excel put it on the clipboard."""

from __future__ import annotations

from html.parser import HTMLParser

from motcua.documents.rules.tables.limits import Budget
from motcua.documents.rules.tables.table import tidy

LONGEST_SPAN = 1_000
_SILENT = frozenset({"style", "script", "head", "title", "xml"})
_LINES = frozenset({"p", "div", "br", "li"})


def html_rows(text: str, budget: Budget) -> tuple[tuple[tuple[str, ...], ...], frozenset[tuple[int, int]]]:
    """Filled rows with cells that span several columns or rows repeated, and which cells only repeat."""
    parser = _Rows(budget)
    parser.feed(text)
    parser.close()
    return parser.finished()


class _Rows(HTMLParser):
    """Grid of the outermost tables, one below the other; a table in a cell is text of the cell."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(convert_charrefs=True)
        self._budget = budget
        self._grid: list[dict[int, tuple[str, bool]]] = []
        self._below: dict[int, tuple[int, str]] = {}
        self._col = 0
        self._depth = 0
        self._silent = 0
        self._cell: list[str] | None = None
        self._spans = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._depth += 1
        elif self._depth > 1:
            if self._cell is not None and tag in {"td", "th", "tr"}:
                self._cell.append("\n" if tag == "tr" else " ")
        elif tag == "tr":
            self._begin_row()
        elif tag in {"td", "th"}:
            self._end_cell()
            if not self._grid:
                self._begin_row()
            found = dict(attrs)
            self._spans = (_span(found.get("colspan")), _span(found.get("rowspan")))
            self._cell = []
        elif tag in _LINES and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table":
            if self._depth <= 1:
                self._end_cell()
                self._below = {}
            self._depth = max(0, self._depth - 1)
        elif tag in {"td", "th", "tr"} and self._depth <= 1:
            self._end_cell()
        elif tag in {"p", "div"} and self._cell is not None:
            self._cell.append("\n")

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data.replace("\r", " ").replace("\n", " "))

    def finished(self) -> tuple[tuple[tuple[str, ...], ...], frozenset[tuple[int, int]]]:
        self._end_cell()
        rows: list[tuple[str, ...]] = []
        merged: set[tuple[int, int]] = set()
        for cells in self._grid:
            if not any(text for text, _ in cells.values()):
                continue
            width = max(cells) + 1
            merged.update((len(rows), col) for col, (_, repeats) in cells.items() if repeats)
            rows.append(tuple(cells.get(col, ("", False))[0] for col in range(width)))
            self._budget.spend(width)
        return tuple(rows), frozenset(merged)

    def _begin_row(self) -> None:
        self._end_cell()
        self._budget.tick()
        self._grid.append({})
        self._col = 0
        for col, (left, text) in list(self._below.items()):
            self._grid[-1][col] = (text, True)
            self._below[col] = (left - 1, text)
            if left <= 1:
                del self._below[col]

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        text, (across, down) = tidy("".join(self._cell)), self._spans
        self._cell = None
        row = self._grid[-1]
        while self._col in row:
            self._col += 1
        if across > self._budget.limits.max_columns:  # "over everything": as wide as the table is
            across = max(1, max((max(cells, default=0) for cells in self._grid), default=0) + 1 - self._col)
        for offset in range(across):
            row[self._col + offset] = (text, offset > 0)
            if down > 1:
                self._below[self._col + offset] = (down - 1, text)
        self._col += across


def _span(value: str | None) -> int:
    return max(1, min(int(value), LONGEST_SPAN)) if value and value.isascii() and value.isdigit() else 1
