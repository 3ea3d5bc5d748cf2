"""Reports as Excel files: real numbers and days, a frozen head, widths to read by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from motcua.kernel import clock

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONEY, DAY, MOMENT = "#,##0", "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, its width in signs, and the format of its cells: "" text, else of Excel."""

    label: str
    width: int
    form: str = ""
    summed: bool = False


def write(
    *, title: str, about: Sequence[str], columns: Sequence[Column], rows: Iterable[Sequence[Any]], total: str
) -> bytes:
    """One sheet: title, what it covers, the table, its sums as formulas with their values."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E2EFEF", "border": 1}
    )
    cell_formats = [book.add_format({"valign": "top", **_form(column, sums=False)}) for column in columns]
    sum_formats = [
        book.add_format({"bold": True, "top": 1, **_form(column, sums=True)}) for column in columns
    ]
    sheet = book.add_worksheet(title[:31])
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for place, said in enumerate(about, 1):
        sheet.write_string(place, 0, said)
    top = len(about) + 2
    for at, column in enumerate(columns):
        sheet.write_string(top, at, column.label, head)
        sheet.set_column(at, at, column.width)
    sums = [0] * len(columns)
    row = top
    for row, values in enumerate(rows, top + 1):
        for at, value in enumerate(values):
            _cell(sheet, row, at, value, cell_formats[at])
            if columns[at].summed and isinstance(value, int):
                sums[at] += value
    if row > top:
        sheet.autofilter(top, 0, row, len(columns) - 1)
        sheet.write_string(row + 1, 0, total, sum_formats[0])
        for at, column in enumerate(columns):
            if column.summed:
                letter = chr(65 + at)
                formula = f"=SUM({letter}{top + 2}:{letter}{row + 1})"
                sheet.write_formula(row + 1, at, formula, sum_formats[at], sums[at])
            elif at:
                sheet.write_blank(row + 1, at, None, sum_formats[at])
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R&P/&N")
    book.close()
    return target.getvalue()


def _form(column: Column, *, sums: bool) -> dict[str, Any]:
    wrap = {} if column.form or sums else {"text_wrap": True}
    return {"num_format": column.form, **wrap} if column.form else wrap


def _cell(sheet: Any, row: int, at: int, value: Any, form: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, at, None, form)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, at, clock.local(value).replace(tzinfo=None), form)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), form)  # noqa: DTZ001 - a day
    elif isinstance(value, int):
        sheet.write_number(row, at, value, form)
    else:
        sheet.write_string(row, at, str(value), form)
