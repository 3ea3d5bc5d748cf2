"""Word documents: paragraphs and tables in the order of the text, merged cells filled from their anchor.

The tree is walked here because the library's cells are slow on long tables and skip content controls and
tracked changes, both of which real drafts of decisions have. Deleted text is not read, inserted text is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx

from motcua.documents.errors import TableRefused
from motcua.documents.rules.tables.kinds import damaged
from motcua.documents.rules.tables.limits import Budget
from motcua.documents.rules.tables.table import Block, Table, tidy

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_BREAKS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
_SKIPPED = frozenset(
    [
        *(f"{W}{name}" for name in ("del", "moveFrom", "pPr", "tcPr", "trPr", "tblPr", "tblGrid", "sectPr")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    ]
)
_WRAPPERS = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")
)


def read_word(data: bytes, budget: Budget) -> list[Block]:
    """Paragraphs with something in them, and tables named by their place in the document."""
    try:
        body = docx.Document(io.BytesIO(data)).element.body
        return _blocks(body, budget)
    except TableRefused:
        raise
    except Exception:  # the library names no errors of its own: whatever it trips over is a damaged file
        damaged(budget.name)


def _blocks(body: Any, budget: Budget) -> list[Block]:
    blocks: list[Block] = []
    tables = 0
    for node in _children(body):
        if node.tag == f"{W}p":
            if text := tidy(_text(node)):
                blocks.append(text)
        elif node.tag == f"{W}tbl":
            tables += 1
            blocks.append(_Reader(f"Bảng {tables}", budget).read(node))
    return blocks


def _children(node: Any) -> Iterator[Any]:
    """The children, content controls and insertions opened."""
    for child in node:
        if child.tag in _WRAPPERS:
            yield from _children(child)
        elif isinstance(child.tag, str):
            yield child


class _Reader:
    """One table, row by row; `anchors` holds the text of cells that go on downwards, by column."""

    def __init__(self, name: str, budget: Budget) -> None:
        self._name = name
        self._budget = budget
        self._rows: list[tuple[str, ...]] = []
        self._numbers: list[int] = []
        self._merged: set[tuple[int, int]] = set()
        self._anchors: dict[int, str] = {}

    def read(self, table: Any) -> Table:
        number = 0
        for row in _children(table):
            if row.tag != f"{W}tr" or row.find(f"{W}trPr/{W}del") is not None:
                continue
            number += 1
            cells = self._read_row(row)
            if any(cells):
                self._budget.spend(len(cells), where=self._name)
                self._rows.append(tuple(cells))
                self._numbers.append(number)
            else:
                self._merged = {place for place in self._merged if place[0] != len(self._rows)}
        return Table(
            self._name, tuple(self._rows), merged=frozenset(self._merged), numbers=tuple(self._numbers)
        )

    def _read_row(self, row: Any) -> list[str]:
        limit = self._budget.limits.max_columns + 1
        cells = [""] * min(_whole(row.find(f"{W}trPr/{W}gridBefore"), 0), limit)
        for cell in _children(row):
            if cell.tag != f"{W}tc":
                continue
            col, index = len(cells), len(self._rows)
            span = max(1, min(_whole(cell.find(f"{W}tcPr/{W}gridSpan"), 1), limit))
            down = cell.find(f"{W}tcPr/{W}vMerge")
            across = cell.find(f"{W}tcPr/{W}hMerge")
            repeated = 0
            if across is not None and across.get(VAL) != "restart" and cells:
                text, repeated = cells[-1], 1
            elif down is not None and down.get(VAL) != "restart":
                text, repeated = self._anchors.get(col, ""), 1
            else:
                text = tidy(_text(cell))
                self._anchors[col] = text if down is not None else ""
            cells.extend([text] * span)
            first = col if repeated else col + 1
            self._merged.update((index, place) for place in range(first, col + span))
        return cells


def _whole(node: Any, default: int) -> int:
    text = node.get(VAL, "") if node is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default


def _text(node: Any) -> str:
    """All text below a node, paragraphs on lines of their own."""
    parts: list[str] = []
    _collect(node, parts)
    return "".join(parts)


def _collect(node: Any, parts: list[str]) -> None:
    for child in node:
        tag = child.tag
        if tag == f"{W}t":
            parts.append(child.text or "")
        elif tag in _BREAKS:
            parts.append(_BREAKS[tag])
        elif tag in _SKIPPED or not isinstance(tag, str) or (tag == f"{W}r" and _hidden(child)):
            continue
        else:
            _collect(child, parts)
            if tag == f"{W}p":
                parts.append("\n")


def _hidden(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(VAL) not in {"0", "false"}
