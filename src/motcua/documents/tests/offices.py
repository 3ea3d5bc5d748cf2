"""Office files as people send them, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import docx
import openpyxl

Rows = Sequence[Sequence[object]]


def workbook(*sheets: tuple[str, Rows], change: Callable[[Any], None] | None = None) -> bytes:
    """An .xlsx with these sheets; `change` may merge, format or hide before saving."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    if change is not None:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def document(*blocks: str | Rows, change: Callable[[Any], None] | None = None) -> bytes:
    """A .docx with these paragraphs and tables; None in a table leaves the cell to be merged by `change`."""
    made = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            made.add_paragraph(block)
            continue
        table = made.add_table(rows=0, cols=max(len(row) for row in block))
        for row in block:
            cells = table.add_row().cells
            for cell, value in zip(cells, row, strict=False):
                cell.text = "" if value is None else str(value)
    if change is not None:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
