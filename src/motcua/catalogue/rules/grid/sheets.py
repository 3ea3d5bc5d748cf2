"""The spreadsheet of the grid: which column is what, and what the rows of a returned file wish.

Every row carries, in two hidden columns, its key and the marks of its cells as they were when the file was made.
Rows may be sorted, left out and filtered; what was not touched is never looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motcua.catalogue.rules.grid.cells import Choices, Row, text_of
from motcua.catalogue.rules.grid.columns import TITLES, Column, RowKey, mark_of
from motcua.catalogue.rules.grid.merging import Problem, Wish
from motcua.documents.rules.tables import Table
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc

CODE, NAME, LEVEL, CASE, LIMIT = "Mã thủ tục", "Tên thủ tục", "Cấp", "Trường hợp", "Thời hạn"
KEY, MARKS = "Khóa dòng (không sửa)", "Dấu phiên bản (không sửa)"
FIXED = (CODE, NAME, LEVEL, CASE, LIMIT)
HEAD = (*FIXED, *(TITLES[column].source() for column in Column), KEY, MARKS)
FIRST_CELL = len(FIXED)
SHEET = "Cấu hình"
MOST_ROWS = 5_000


def sheet_row(row: Row, choices: Choices, *, level: str, revision: int) -> tuple[str, ...]:
    """The texts of one row, in the order of `HEAD`."""
    texts = {column: text_of(row, column, row.token(column), choices) for column in row.columns}
    return (
        row.code,
        row.name,
        level,
        row.case_name,
        row.limit.text().source() if row.limit.has_due_date else "",
        *(texts.get(column, "") for column in Column),
        row.key.text,
        marks_text(texts, revision),
    )


def marks_text(texts: Mapping[Column, str], revision: int) -> str:
    """ "7|process=1a2b3c4d,…": the revision of the draft and a mark for every cell."""
    marks = ",".join(f"{column.value}={mark_of(texts[column])}" for column in Column if column in texts)
    return f"{revision}|{marks}"


def read_marks(text: str) -> dict[Column, str] | None:
    """The marks by column; None when the text is none of ours."""
    revision, bar, rest = nfc(text).partition("|")
    if not bar or not revision.isdigit():
        return None
    found: dict[Column, str] = {}
    for part in rest.split(","):
        name, _, mark = part.partition("=")
        if name not in set(Column) or len(mark) != 8:
            return None
        found[Column(name)] = mark
    return found


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """What a returned file wishes and which of its cells cannot be understood at all."""

    wishes: tuple[Wish, ...]
    problems: tuple[Problem, ...]
    rows: int


@dataclass(slots=True)
class _Reader:
    table: Table
    columns: Mapping[str, int]
    codes: Mapping[RowKey, str]
    wishes: list[Wish]
    problems: list[Problem]
    seen: set[RowKey]
    formulas: frozenset[tuple[int, int]]

    def problem(self, row: int, title: str, text: str, message: Message, key: RowKey | None = None) -> None:
        cell = self.table.cell_name(row, self.columns[title])
        self.problems.append(Problem(cell, key, None, text, message))

    def row(self, row: int) -> None:
        written = self.table.cell(row, self.columns[KEY])
        key = RowKey.read(written)
        if key is None:
            self.problem(
                row,
                KEY,
                written,
                msg(
                    "Dòng này không có khóa. Chỉ sửa các dòng đã xuất ra; muốn thêm thủ tục thì vào mục Quyết định."
                ),
            )
            return
        marks = read_marks(self.table.cell(row, self.columns[MARKS]))
        code = self.table.cell(row, self.columns[CODE])
        if key not in self.codes:
            self.problem(
                row,
                CODE,
                code,
                msg(
                    "Thủ tục %(code)s không thuộc lĩnh vực của đơn vị này, hoặc không còn hiệu lực; "
                    "bỏ dòng này khỏi tệp.",
                    code=code or written,
                ),
                key,
            )
        elif key in self.seen:
            self.problem(row, CODE, code, msg("Dòng này lặp lại trong tệp; giữ một dòng thôi."), key)
        elif marks is None or nfc(code) != nfc(self.codes[key]):
            self.problem(
                row,
                CODE,
                code,
                msg("Mã và khóa của dòng không khớp (dòng bị dán đè?). Xuất lại tệp rồi sửa dòng này."),
                key,
            )
        else:
            self.seen.add(key)
            self._cells(row, key, marks)

    def _cells(self, row: int, key: RowKey, marks: Mapping[Column, str]) -> None:
        for column in Column:
            col = self.columns.get(TITLES[column].source())
            if col is None or (row, col) in self.formulas:
                continue
            text = self.table.cell(row, col)
            if column in marks or text:
                cell = self.table.cell_name(row, col)
                self.wishes.append(Wish(key, column, text, marks.get(column, ""), cell))


def read_sheet(tables: Sequence[Table], codes: Mapping[RowKey, str]) -> ReadSheet | Message:
    """The wishes of the first table that is ours, or the sentence that says why there is none.

    `codes` are the rows the person may change, with the code each shows.
    """
    for table in tables:
        found = _head_of(table)
        if found is None:
            continue
        head, columns = found
        if len(table.rows) - head - 1 > MOST_ROWS:
            return msg("Tệp có quá %(limit)s dòng; xuất từng lĩnh vực rồi nạp lại.", limit=MOST_ROWS)
        reader = _Reader(table, columns, codes, [], [], set(), frozenset(table.formulas))
        for row in range(head + 1, len(table.rows)):
            reader.row(row)
        reader.problems.extend(_formulas(table, head))
        return ReadSheet(tuple(reader.wishes), tuple(reader.problems), len(table.rows) - head - 1)
    return msg(
        "Tệp này không phải bảng cấu hình đã xuất (thiếu cột “%(key)s”). Bấm “Xuất bảng tính”, sửa tệp đó rồi nạp lại.",
        key=KEY,
    )


def _head_of(table: Table) -> tuple[int, dict[str, int]] | None:
    """The row of titles, within the first ten, and the place of every known title."""
    known = {fold(title): title for title in HEAD}
    for row, cells in enumerate(table.rows[:10]):
        columns = {known[fold(text)]: col for col, text in enumerate(cells) if fold(text) in known}
        if {KEY, MARKS, CODE} <= columns.keys():
            return row, columns
    return None


def _formulas(table: Table, head: int) -> list[Problem]:
    return [
        Problem(
            table.cell_name(row, col),
            None,
            None,
            table.cell(row, col),
            msg("Ô này là công thức; dán giá trị (Paste Special > Values) thay công thức."),
        )
        for row, col in table.formulas
        if row > head
    ]
