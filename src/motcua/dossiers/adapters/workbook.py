"""Lists of dossiers as a workbook. Texts are written as texts: nothing in a cell is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

WIDTHS = (24, 60, 44, 34, 52, 18)


def workbook(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet with a frozen head and a filter, in constant memory."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31])
    head = book.add_format({"bold": True, "bg_color": "#E2EFEF", "border": 1, "text_wrap": True})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate(WIDTHS[: len(columns)]):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, list(columns), head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            sheet.write_string(last, place, text, body)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return target.getvalue()
