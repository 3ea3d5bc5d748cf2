"""Tables that people paste: copied from Excel or Word, typed with bars, or as the text of a web page."""

from __future__ import annotations

import csv
import re

from motcua.documents.rules.tables.delimited import mark_of, split_rows
from motcua.documents.rules.tables.limits import LIMITS, Budget, TableLimits, refuse
from motcua.documents.rules.tables.markup import html_rows
from motcua.documents.rules.tables.table import Table, plain_table, tidy

NAME = "Bảng dán"
_HTML = re.compile(r"<t(?:able|r|d|h)[\s>]", re.IGNORECASE)
_RULE = re.compile(r"[\s|:+\-=_]*")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BEGINS = re.compile(r"\s*(?:(?:bước|b)\s*)?\d{1,4}(?:\.\d{1,3})*[.)]?\s*\t", re.IGNORECASE)


def pasted_table(text: str, *, limits: TableLimits = LIMITS) -> Table:
    """The table in a pasted text; `TableRefused` on the field "text" when there is none."""
    budget = Budget(NAME, limits, input="text")
    if not text.strip():
        refuse("empty", "Chưa dán gì. Hãy chép cả bảng trong Word hoặc Excel rồi dán vào đây.", field="text")
    if len(text) > limits.max_bytes:
        refuse("too_big", "Đoạn dán quá dài. Hãy tải tệp lên thay cho dán.", field="text")
    if _HTML.search(text):
        rows, merged = html_rows(text, budget)
        table = Table(NAME, rows, merged=merged, numbers=tuple(range(1, len(rows) + 1)))
    elif "\t" in text:
        table = plain_table(NAME, _tabbed(text, budget))
    elif _barred(text):
        table = plain_table(NAME, _bars(text, budget))
    else:
        mark = mark_of(text)
        rows_found = [cells for _, cells in split_rows(text, mark, budget)] if mark in {";", ","} else []
        table = plain_table(NAME, rows_found if _even(rows_found) else [])
    if table.width < 2:
        refuse(
            "no_table",
            "Không thấy bảng trong đoạn dán. Hãy chọn cả bảng trong Word hoặc Excel (kể cả dòng tiêu đề), "
            "chép rồi dán vào đây.",
            field="text",
        )
    return table


def _even(rows: list[list[str]]) -> bool:
    """Whether commas part cells and not clauses: several rows, all about as wide."""
    widths = {len(row) for row in rows}
    return len(rows) > 1 and len(widths) <= 2 and max(widths, default=0) > 1


def _tabbed(text: str, budget: Budget) -> list[list[str]]:
    """Excel quotes a cell of several lines; Word does not, so its broken rows are put together again."""
    if '"' in text and _well_quoted(text):
        return [cells for _, cells in split_rows(text, "\t", budget)]
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    width = max(line.count("\t") + 1 for line in lines)
    rows: list[list[str]] = []
    waiting: list[str] = []
    for line in lines:
        cells = line.split("\t")
        budget.spend(len(cells))
        if waiting and _goes_on(waiting, cells, line, width):
            waiting = [*waiting[:-1], f"{waiting[-1]}\n{cells[0]}", *cells[1:]]
            continue
        if waiting:
            rows.append(waiting)
        waiting = cells
    rows.append(waiting)
    return [[tidy(cell) for cell in row] for row in rows]


def _goes_on(before: list[str], cells: list[str], line: str, width: int) -> bool:
    """Whether a line is the rest of a row whose cell was broken, not a row of its own."""
    alone = len(before) == 1  # a group row (“CẤP TỈNH”) stands alone above the rows of its group
    if alone or len(before) >= width or len(cells) >= width or _BEGINS.match(line):
        return False
    return len(before) + len(cells) - 1 <= width


def _well_quoted(text: str) -> bool:
    """Whether quotes open and close cells, as Excel writes them, and are not inch marks or speech."""
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter="\t", strict=True))
    except csv.Error:
        return False
    return bool(rows)


def _barred(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return sum(len(_BAR.findall(line)) > 0 for line in lines) * 2 >= len(lines) and "|" in text


def _bars(text: str, budget: Budget) -> list[list[str]]:
    rows: list[list[str]] = []
    for line in text.splitlines():
        line = line.strip()
        if "|" not in line or _RULE.fullmatch(line):
            continue
        line = line.removeprefix("|")
        line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
        cells = [_BREAK.sub("\n", cell).replace("\\|", "|") for cell in _BAR.split(line)]
        budget.spend(len(cells))
        rows.append([tidy(re.sub(r"\*\*(.+?)\*\*", r"\1", cell)) for cell in cells])
    return rows
