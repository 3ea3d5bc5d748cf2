"""Writes the spreadsheet of the configuration grid (XlsxWriter)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

LISTS = "Danh mục"
WIDTHS = (14, 44, 10, 24, 16, 40, 44, 30, 34, 24, 18, 44, 30)
NOTE = (
    "Sửa các ô trắng rồi nạp lại tệp này. Ô xám không sửa được. Có thể lọc, sắp xếp, bỏ bớt dòng. "
    "Ô không đụng tới được bỏ qua khi nạp."
)
HEAD_ROW = 1


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet to write: texts only, nothing is ever a formula.

    `editable[row]` are the columns that may be changed there, `lists` the drop-downs by (column, name of the kind of
    row), `kinds[row]` which kind a row is. Columns from `hidden_from` on are hidden.
    """

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    editable: Sequence[frozenset[int]]
    kinds: Sequence[str]
    lists: Mapping[tuple[int, str], Sequence[str]]
    several: frozenset[int] = frozenset()
    hidden_from: int = 0
    hints: Mapping[int, str] = field(default_factory=dict)


def workbook(spec: SheetSpec) -> bytes:
    """The file: the grid, protected where it is fixed, and a hidden sheet with the lists."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    sheet, lists = book.add_worksheet(spec.name), book.add_worksheet(LISTS)
    lists.hide()
    head = book.add_format(
        {"bold": True, "bg_color": "#0f5f66", "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
    )
    fixed = book.add_format({"bg_color": "#e7eded", "text_wrap": True, "valign": "top", "locked": True})
    free = book.add_format(
        {"text_wrap": True, "valign": "top", "locked": False, "border": 1, "border_color": "#d3dcdc"}
    )
    sheet.write_string(0, 0, NOTE, book.add_format({"italic": True}))
    for col, title in enumerate(spec.head):
        sheet.write_string(HEAD_ROW, col, title, head)
    for row, texts in enumerate(spec.rows):
        for col, text in enumerate(texts):
            sheet.write_string(HEAD_ROW + 1 + row, col, text, free if col in spec.editable[row] else fixed)
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width)
    if spec.hidden_from:
        sheet.set_column(spec.hidden_from, len(spec.head) - 1, 4, None, {"hidden": True})
    _drop_downs(sheet, lists, spec)
    last = HEAD_ROW + max(len(spec.rows), 1)
    sheet.autofilter(HEAD_ROW, 0, last, len(spec.head) - 1)
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.protect(
        "",
        {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True, "delete_rows": True},
    )
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _drop_downs(
    sheet: xlsxwriter.worksheet.Worksheet, lists: xlsxwriter.worksheet.Worksheet, spec: SheetSpec
) -> None:
    ranges: dict[tuple[int, str], str] = {}
    for place, (key, texts) in enumerate(spec.lists.items()):
        for row, text in enumerate(texts):
            lists.write_string(row, place, text)
        name = xl_col_to_name(place)
        ranges[key] = f"='{LISTS}'!${name}$1:${name}${max(len(texts), 1)}"
    for (col, kind), source in ranges.items():
        rule = {
            "validate": "list",
            "source": source,
            "error_type": "information" if col in spec.several else "stop",
            "error_title": "Không có trong danh sách",
            "error_message": "Chọn một dòng trong danh sách thả xuống.",
        }
        for first, last in _stretches(spec, col, kind):
            sheet.data_validation(HEAD_ROW + 1 + first, col, HEAD_ROW + 1 + last, col, rule)
    for col, hint in spec.hints.items():
        if spec.rows:
            sheet.data_validation(
                HEAD_ROW + 1,
                col,
                HEAD_ROW + len(spec.rows),
                col,
                {"validate": "any", "input_title": spec.head[col][:32], "input_message": hint[:255]},
            )


def _stretches(spec: SheetSpec, col: int, kind: str) -> list[tuple[int, int]]:
    """Rows of a kind that stand under each other, first and last: one rule serves them all."""
    found: list[tuple[int, int]] = []
    for row, of in enumerate(spec.kinds):
        if of != kind or col not in spec.editable[row]:
            continue
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
