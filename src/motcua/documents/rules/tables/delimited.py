"""CSV and TSV files, and any text with one mark between cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NoReturn

from motcua.documents.rules.tables.limits import Budget, refuse
from motcua.documents.rules.tables.table import Table, tidy

MARKS = "\t;,|"
LOOKED_AT = 64 * 1024


def decoded(data: bytes, *, name: str) -> str:
    """UTF-8, or UTF-16 as Excel's "Unicode Text"; older Vietnamese fonts cannot be told apart."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        _not_text(name)
    if "\0" in text:
        _not_text(name)
    return text


def _not_text(name: str) -> NoReturn:
    refuse(
        "not_text",
        "Tệp “%(name)s” không phải Excel, Word hay văn bản Unicode. "
        "Nếu là CSV, hãy lưu thành “CSV UTF-8”; nếu không, hãy lưu thành .xlsx rồi tải lên lại.",
        name=name,
    )


def mark_of(text: str) -> str:
    """The mark between cells: the one that stands most often outside quotes; "" where none does."""
    counts = dict.fromkeys(MARKS, 0)
    quoted = False
    for char in text[:LOOKED_AT]:
        if char == '"':
            quoted = not quoted
        elif not quoted and char in counts:
            counts[char] += 1
    if counts["\t"]:
        return "\t"
    best = max(MARKS, key=lambda mark: counts[mark])
    return best if counts[best] else ""


def split_rows(text: str, mark: str, budget: Budget) -> Iterator[tuple[int, list[str]]]:
    """Line number and tidy cells of each filled row; a quoted cell may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for number, row in enumerate(reader, 1):
            cells = [tidy(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                budget.spend(len(cells))
                yield number, cells
    except csv.Error:
        refuse(
            "damaged",
            "Tệp “%(name)s” có ô quá dài hoặc thiếu dấu ngoặc kép đóng. Hãy lưu thành .xlsx rồi tải lên lại.",
            field=budget.input,
            name=budget.name,
        )


def read_delimited(data: bytes, budget: Budget) -> list[Table]:
    """The one table of a text file; cells that begin with `=` are formulas as in Excel."""
    text = decoded(data, name=budget.name)
    rows = list(split_rows(text, mark_of(text) or ",", budget))
    formulas = tuple(
        (index, col)
        for index, (_, row) in enumerate(rows)
        for col, cell in enumerate(row)
        if is_formula(cell)
    )
    table = Table(
        "Bảng 1",
        tuple(tuple(row) for _, row in rows),
        formulas=formulas,
        numbers=tuple(number for number, _ in rows),
    )
    return [table] if len(rows) and table.width > 1 else []


def is_formula(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == "=" and cell[1] not in "= "
