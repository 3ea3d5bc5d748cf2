"""The rows of annexes as lines: group rows, rows that go on, "as above", headers printed on every page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from motcua.catalogue.rules.decisions.columns import Header, header_at, is_numbering, repeats
from motcua.catalogue.rules.decisions.context import MARKER, Context, is_group_text, is_heading
from motcua.catalogue.rules.decisions.line import Cells, LineReader
from motcua.catalogue.rules.decisions.values import DecisionHead, DecisionLine, Problem
from motcua.catalogue.rules.decisions.wording import codes_in, is_above
from motcua.documents.rules.tables import Table
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc

_COUNT = re.compile(r"(?:tong (?:so|cong)|cong)\b.*\d")


@dataclass(slots=True)
class _Pending:
    """A row whose cells may go on in the next row; `where` is the row that began it."""

    row: int
    cells: dict[int, str]


@dataclass(slots=True)
class AnnexReader:
    """Reads tables and the headings between them, in order; collects lines, problems and remarks of all."""

    head: DecisionHead
    context: Context = field(default_factory=Context)
    lines: list[DecisionLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    _header: Header | None = None
    _above: dict[int, str] = field(default_factory=dict)
    _pending: _Pending | None = None
    seen_header: bool = False

    def paragraph(self, text: str) -> None:
        """A paragraph between tables: a heading of what follows, or nothing to us."""
        if is_heading(text) and self.context.heading(text):
            self._header = None

    def table(self, table: Table) -> bool:
        """Read a table; whether it is an annex and not a letterhead or a signature."""
        starts = [row for row in range(len(table.rows)) if header_at(table, row)]
        goes_on = self._header is not None and len(self._header.titles) == table.width
        if not starts and not (goes_on and any(codes_in(" ".join(row)) for row in table.rows)):
            return self._strange(table)
        if starts:
            self._header = None
        if table.sheet:  # every sheet is an annex of its own; its name may say what it lists
            self.context = Context()
            self.context.heading(table.name)
        row = 0
        while row < len(table.rows):
            row = self._row(table, row)
        self._finish(table)
        return True

    def _strange(self, table: Table) -> bool:
        """A table without known titles: reported when procedures stand in it."""
        for row, cells in enumerate(table.rows):
            found = [col for col, cell in enumerate(cells) if codes_in(cell)]
            if found and table.width > 2:
                self._report(
                    table.cell_name(row, found[0]),
                    msg(
                        "Bảng có mã thủ tục nhưng không có dòng tiêu đề nhận ra được. Hãy ghi tiêu đề cột, ít nhất "
                        "“Mã TTHC” và “Tên TTHC”, ở dòng đầu bảng."
                    ),
                )
                return True
        return False

    def _row(self, table: Table, row: int) -> int:
        """Read one row and give the next one to read."""
        cells = table.rows[row]
        if self._header is not None and repeats(self._header, cells):
            return row + 1
        header = header_at(table, row, self._header)
        if header is not None:
            self._finish(table)
            if self._header is not None:
                self._new_titles(table, row)
            self._header, self._above, self.seen_header = header, {}, True
            return header.after
        if self._header is None:
            self._above_the_table(cells)
        elif not is_numbering(cells):
            self._below_the_titles(table, row)
        return row + 1

    def _new_titles(self, table: Table, row: int) -> None:
        """Titles in the middle of a table: told, so that no row disappears without a word."""
        remark = msg(
            "Dòng “%(words)s” được hiểu là tiêu đề cột của phần sau.",
            words=" | ".join(dict.fromkeys(nfc(cell) for cell in table.rows[row] if cell))[:120],
        )
        self.remarks.append(Problem(table.row_name(row), remark))

    def _above_the_table(self, cells: Sequence[str]) -> None:
        """Titles of the sheet above its columns: "DANH MỤC TTHC BỊ BÃI BỎ …"."""
        for text in dict.fromkeys(nfc(cell) for cell in cells if cell):
            if is_heading(text) or is_group_text(text, alone=True):
                self.context.heading(text)

    def _below_the_titles(self, table: Table, row: int) -> None:
        group = self._group(table, row)
        if group is not None:
            self._finish(table)
            self._enter(table, row, group)
        elif text := self._aside(table, row):
            self._finish(table)
            self._leave_out(table, row, text)
        elif self._pending is not None and self._goes_on(table, row):
            self._append(table, row)
        else:
            self._finish(table)
            self._begin(table, row)

    def _group(self, table: Table, row: int) -> str | None:
        """The text of a group row; None for a row of a procedure."""
        cells = table.rows[row]
        texts = [nfc(cell) for col, cell in enumerate(cells) if cell and table.is_anchor(row, col)]
        texts = texts or list(dict.fromkeys(nfc(cell) for cell in cells if cell))
        if not texts or len(texts) > 2 or codes_in(" ".join(texts)):
            return None
        if len(texts) == 2 and not MARKER.match(texts[0]):
            return None
        whole = len(texts) == 1 and (len(set(cells)) == 1 or not any(cells[1:]))
        marked = len(texts) == 2 and not texts[0].strip(".) ").isdigit()
        return texts[-1] if is_group_text(texts[-1], alone=whole or marked) else None

    def _aside(self, table: Table, row: int) -> str:
        """The text of a row that counts, explains or signs ("Tổng số: 12 TTHC"); empty for other rows."""
        cells = table.rows[row]
        texts = list(dict.fromkeys(nfc(cell) for cell in cells if cell))
        if len(texts) != 1 or codes_in(texts[0]) or MARKER.match(texts[0]):
            return ""
        assert self._header is not None
        over_all = len(cells) > 1 and all(cells) and not table.is_anchor(row, len(cells) - 1)
        first_only = bool(cells[0]) and not any(cells[1:]) and self._header.kinds[0] != "name"
        return texts[0] if over_all or first_only or _COUNT.match(fold(texts[0])) else ""

    def _leave_out(self, table: Table, row: int, text: str) -> None:
        remark = msg("Dòng “%(words)s” không phải thủ tục nên bỏ qua.", words=text[:120])
        self.remarks.append(Problem(table.row_name(row), remark))

    def _enter(self, table: Table, row: int, text: str) -> None:
        if not self.context.heading(text):
            self._leave_out(table, row, text)
        if self.context.district:
            self._report(
                table.row_name(row),
                msg("Không còn cấp huyện từ 01/7/2025. Hãy ghi lại nhóm này là CẤP TỈNH hoặc CẤP XÃ."),
            )
            self.context.district = False

    def _goes_on(self, table: Table, row: int) -> bool:
        """Whether a row belongs to the one above: no number, no code of its own."""
        header = self._header
        assert header is not None
        for kind in ("position", "code"):
            col = header.column(kind)
            if col is not None and table.cell(row, col) and table.is_anchor(row, col):
                return False
        position, name = header.column("position"), header.column("name")
        own_name = name is not None and table.cell(row, name) and table.is_anchor(row, name)
        if not own_name:
            return True
        before = self._pending.cells if self._pending else {}
        return position is not None and bool(before.get(position))

    def _append(self, table: Table, row: int) -> None:
        assert self._pending is not None and self._header is not None
        single = {self._header.column("name"), self._header.column("position"), self._header.column("code")}
        for col, cell in enumerate(table.rows[row]):
            if cell and table.is_anchor(row, col):
                before = self._pending.cells.get(col, "")
                self._pending.cells[col] = f"{before}{' ' if col in single else chr(10)}{cell}".strip()

    def _begin(self, table: Table, row: int) -> None:
        cells: dict[int, str] = {}
        for col, cell in enumerate(table.rows[row]):
            text = cell
            if is_above(cell):
                text = self._above.get(col, "")
                if not text:
                    self._report(
                        table.cell_name(row, col),
                        msg("Ô ghi “%(words)s” nhưng phía trên không có gì để hiểu theo.", words=nfc(cell)),
                    )
            if text:
                cells[col] = text
        self._above.update(cells)
        self._pending = _Pending(row, cells)

    def _finish(self, table: Table) -> None:
        """Turn the waiting row into lines."""
        pending, header = self._pending, self._header
        self._pending = None
        if pending is None or header is None:
            return
        cells = Cells(header, pending.cells, table, pending.row)
        reader = LineReader(cells, self.context, self.head)
        for line in reader.lines(len(self.lines) + 1):
            self.lines.append(line)
        self.problems.extend(reader.problems)
        self.remarks.extend(reader.remarks)

    def _report(self, cell: str, message: Message) -> None:
        self.problems.append(Problem(cell, message))
