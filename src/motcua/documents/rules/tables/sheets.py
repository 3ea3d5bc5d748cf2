"""Excel workbooks: the visible sheets, streamed row by row, merged cells filled from their anchor."""

from __future__ import annotations

import io
import re
import warnings
from bisect import bisect_left, bisect_right
from typing import Any

import openpyxl

from motcua.documents.errors import TableRefused
from motcua.documents.rules.tables.kinds import CHUNK, damaged
from motcua.documents.rules.tables.limits import Budget
from motcua.documents.rules.tables.shown import shown
from motcua.documents.rules.tables.table import Table, tidy

MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
MERGE_REACH = 400
"""Bytes of one merge element at most; the overlap of two pieces of a sheet."""


def read_workbook(data: bytes, budget: Budget) -> list[Table]:
    """One table for each visible sheet with something in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions of newer Excel that carry no text
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            try:
                sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
                tables = [_read_sheet(sheet, budget) for sheet in sheets]
            finally:
                workbook.close()
    except TableRefused:
        raise
    except Exception:  # the library names no errors of its own: whatever it trips over is a damaged file
        damaged(budget.name)
    return [table for table in tables if table.rows]


def _read_sheet(sheet: Any, budget: Budget) -> Table:
    rows: list[list[str]] = []
    numbers: list[int] = []
    formulas: list[tuple[int, int]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if not number % 4096:
            budget.tick()
        row, found = _read_row(cells)
        if not row:
            continue
        budget.spend(len(row), where=sheet.title)
        formulas.extend((len(rows), col) for col in found)
        rows.append(row)
        numbers.append(number)
    merged = _fill_merged(sheet, rows, numbers, budget)
    return Table(
        name=tidy(sheet.title),
        rows=tuple(tuple(row) for row in rows),
        merged=frozenset(merged),
        formulas=tuple(formulas),
        numbers=tuple(numbers),
        sheet=True,
    )


def _read_row(cells: tuple[Any, ...]) -> tuple[list[str], list[int]]:
    """The texts up to the last filled cell, and which of them are formulas."""
    row: list[str] = []
    formulas: list[int] = []
    for col, cell in enumerate(cells):
        value = cell.value
        if value is None:
            continue
        if cell.data_type == "f":
            text = str(getattr(value, "text", value))
            formulas.append(col)
        elif isinstance(value, str):
            text = tidy(value)
        else:
            text = shown(value, cell.number_format)
        if text:
            row.extend([""] * (col - len(row)))
            row.append(text)
    return row, formulas


def _fill_merged(
    sheet: Any, rows: list[list[str]], numbers: list[int], budget: Budget
) -> set[tuple[int, int]]:
    """Write the anchor's text into the cells merged with it; give back which cells these are."""
    merged: set[tuple[int, int]] = set()
    for left, top, right, bottom in _merged_ranges(sheet):
        budget.tick()
        first, last = bisect_left(numbers, top), bisect_right(numbers, bottom)
        if first == last:
            continue
        right = min(right, budget.limits.max_columns)
        anchored = numbers[first] == top and left <= len(rows[first])
        text = rows[first][left - 1] if anchored else ""
        for index in range(first, last):
            row = rows[index]
            row.extend([""] * (right - len(row)) if text else [])
            for col in range(left - 1, min(right, len(row))):
                if (index, col) != (first, left - 1) or numbers[first] != top:
                    row[col] = text
                    merged.add((index, col))
    return merged


def _merged_ranges(sheet: Any) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of each merged range, counted from 1.

    The streaming reader of the library gives no merged ranges, so they are read from the sheet itself.
    """
    found: dict[tuple[int, int, int, int], None] = {}
    rest = b""
    with sheet._get_source() as part:
        while chunk := part.read(CHUNK):
            window = rest + chunk
            for left, top, right, bottom in MERGE.findall(window):
                found[_column(left), int(top), _column(right), int(bottom)] = None
            rest = window[-MERGE_REACH:]
    return list(found)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:3]:
        number = number * 26 + letter - 64
    return number
