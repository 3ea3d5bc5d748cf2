"""One row of an annex as a line: its code or codes, its name, what happens, and what its cells state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from motcua.catalogue.rules.decisions.cells import read_fee_cell, read_limit_cell, read_list, read_online
from motcua.catalogue.rules.decisions.columns import Header
from motcua.catalogue.rules.decisions.context import Context
from motcua.catalogue.rules.decisions.values import DecisionHead, DecisionLine, Problem
from motcua.catalogue.rules.decisions.wording import (
    BOUNDARY_FREE,
    CODE,
    action_of,
    codes_in,
    day_in,
    is_nothing,
    levels_in,
    levels_of_authority,
    territory_in,
)
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import OnlineLevel, ProcedureResult
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.documents.rules.tables import Table
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc

LONGEST_NAME = 2_000
_ARROW = re.compile(r"->|→|=>|⇒|\b(?:đổi|sửa) thành\b|\bthành\b", re.IGNORECASE)
_FORMER = re.compile(r"\b(?:cu|truoc day|thay (?:the )?cho|thay the ma|truoc do)\b")
_RECEPTION = re.compile(
    r"^(?:-\s*)?(?:trung tam phuc vu|tttphcc|ttpvhcc|bo phan (?:mot cua|tiep nhan)|diem tiep nhan|noi tiep nhan"
    r"|tiep nhan)"
)


@dataclass(frozen=True, slots=True)
class Cells:
    """The texts of a row by kind of column, and where each stands."""

    header: Header
    texts: dict[int, str]
    table: Table
    row: int

    def text(self, kind: str) -> str:
        """The cell of a kind; empty where the row or the table has none."""
        col = self.header.column(kind)
        return self.texts.get(col, "") if col is not None else ""

    def name(self, kind: str) -> str:
        """Where the cell of a kind is found; the row where the table has no such column."""
        col = self.header.column(kind)
        return self.table.row_name(self.row) if col is None else self.table.cell_name(self.row, col)

    def raw(self) -> dict[str, str]:
        """The row by column titles, as it stood."""
        return {
            (self.header.titles[col] if col < len(self.header.titles) else "") or f"Cột {col + 1}": nfc(text)
            for col, text in sorted(self.texts.items())
        }


@dataclass(slots=True)
class LineReader:
    """Reads one row; problems name the cell they stand in."""

    cells: Cells
    context: Context
    head: DecisionHead
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def lines(self, position: int) -> Iterator[DecisionLine]:
        """The line of the row; nothing when it has neither code nor name (reported)."""
        old, code = self._codes()
        name = nfc(self.cells.text("name"))
        action = self._action()
        if not code and not old and (not name or is_nothing(name)):
            if any(self.cells.texts.values()):
                self._report(
                    "name", msg("Dòng không có mã và không có tên thủ tục. Hãy ghi ít nhất một trong hai.")
                )
            return
        if len(name) > LONGEST_NAME:
            self._report("name", msg("Tên thủ tục dài quá 2.000 chữ; có thể nhiều dòng bị gộp vào một ô."))
            return
        if action is ChangeAction.ABOLISHED and not code:
            old, code = "", old
        yield DecisionLine(
            position=position,
            cell=self.cells.name("code" if self.cells.text("code") else "name")[:120],
            code=code,
            name=name,
            action=action,
            old_code=old if old != code else "",
            values=self._values(action),
            raw=self.cells.raw(),
        )

    def _codes(self) -> tuple[str, str]:
        """The former code and the code. Two codes in a cell are old and new when the cell says which is which."""
        old = self._one_code("old_code")
        text = self.cells.text("code")
        found = list(dict.fromkeys(codes_in(text)))
        if len(found) <= 1:
            return old, self._one_code("code")
        if len(found) == 2:
            first, second = list(CODE.finditer(text))[:2]
            between = text[first.end() : second.start()]
            after = text[second.end() :]
            if _ARROW.search(between):
                return found[0], found[1]
            if _FORMER.search(fold(f"{between} {after}")):
                return found[1], found[0]
            if self._action() is ChangeAction.REPLACED:
                return found[0], found[1]
        self._report(
            "code",
            msg(
                "Ô có %(n)s mã (%(codes)s) mà không rõ mã nào mới. Hãy ghi “mã cũ -> mã mới”, hoặc mỗi mã một dòng.",
                n=len(found),
                codes=", ".join(found),
            ),
        )
        return old, found[0]

    def _one_code(self, kind: str) -> str:
        text = self.cells.text(kind)
        found = codes_in(text)
        if found:
            return found[0]
        if text and not is_nothing(text):
            digits = re.search(r"\d\.\d{3,5}(?!\d)", text)
            self._report(
                kind,
                msg(
                    "Mã “%(code)s” thiếu chữ số; Excel bỏ số 0 ở cuối khi ô là số. Hãy định dạng cột mã là Văn bản "
                    "(Text) rồi nhập lại đủ 6 số sau dấu chấm.",
                    code=nfc(text)[:40],
                )
                if digits
                else msg(
                    "Mã “%(code)s” không đúng dạng 1.234567. Hãy sửa mã, hoặc để trống nếu chưa có.",
                    code=nfc(text)[:40],
                ),
            )
        return ""

    def _action(self) -> ChangeAction:
        """From the row, the headings above it, the columns of the table, the decision's title, in this order."""
        stated = self.cells.text("action")
        if stated and (found := action_of(stated)):
            return found
        if stated:
            self._report(
                "action",
                msg(
                    "Không hiểu “%(words)s”. Hãy ghi một trong: Mới ban hành; Sửa đổi, bổ sung; Thay thế; Bãi bỏ; "
                    "Chuyển cấp; Phân cấp; Quy trình nội bộ; Không phụ thuộc địa giới; Chỉ ghi nhận.",
                    words=nfc(stated)[:60],
                ),
            )
        header = self.cells.header
        if self.context.action is not None:
            return self.context.action
        if "reason" in header.kinds:
            return ChangeAction.ABOLISHED
        if "old_code" in header.kinds or "old_name" in header.kinds:
            return ChangeAction.REPLACED
        if "change" in header.kinds:
            return ChangeAction.AMENDED
        if self.head.kind is ChangeKind.INTERNAL_PROCESS:
            return ChangeAction.PROCESS
        titled = action_of(self.head.title)
        if titled is not None:
            return titled
        if self.head.kind is ChangeKind.NON_TERRITORIAL:
            return ChangeAction.AMENDED
        self._remark(
            "name",
            msg("Tệp không nói dòng này là mới, sửa đổi hay bãi bỏ; mới chỉ ghi nhận, hãy chọn khi soát."),
        )
        return ChangeAction.NOTED

    def _values(self, action: ChangeAction) -> dict[str, object]:
        values: dict[str, object] = {}
        self._beside(values)
        if action is ChangeAction.ABOLISHED:
            self._successors(values)
            if levels := levels_in(self._said("level")) or self.context.levels:
                values["levels"] = levels  # tells two procedures of one name apart
            return values
        self._place_and_level(values, action)
        self._limit(values)
        if text := self._said("fees"):
            lines = read_fee_cell(text, lambda m: self._report("fees", m), code=self.cells.text("code")[:8])
            if lines is not None:
                values["fees"] = lines
        if text := self._said("bases"):
            values["legal_bases"] = read_list(text)
        if text := self._said("results"):
            values["results"] = tuple(ProcedureResult(name) for name in read_list(text))
        if text := self._said("applicants"):
            values["applicants"] = read_list(text)
        self._online(values)
        if (
            territory := territory_in(f"{self.cells.text('territory')}\n{self.cells.text('note')}")
        ) is not None:
            values["territory"] = territory
        if (
            self.context.boundary_free
            or self.head.kind is ChangeKind.NON_TERRITORIAL
            or BOUNDARY_FREE.search(fold(self.cells.text("action")))
        ):
            values["boundary_free"] = True
        return values

    def _beside(self, values: dict[str, object]) -> None:
        for kind in ("change", "old_name", "reason", "note"):
            if text := self._said(kind):
                values[kind] = nfc(text)

    def _successors(self, values: dict[str, object]) -> None:
        """The codes that come instead of an abolished one."""
        own = set(codes_in(self.cells.text("code")))
        text = f"{self.cells.text('replaced_by')} "
        for kind in ("reason", "note"):
            found = re.search(
                r"thay (?:thế )?(?:bằng|bởi)(.*)", self.cells.text(kind), re.IGNORECASE | re.DOTALL
            )
            text += found[1] if found else ""
        successors = tuple(code for code in dict.fromkeys(codes_in(text)) if code not in own)
        if successors:
            values["replaced_by"] = successors

    def _place_and_level(self, values: dict[str, object], action: ChangeAction) -> None:
        place = self._said("place")
        reception, authority = [self._said("reception")], [self._said("authority")]
        for line in place.split("\n"):
            (reception if _RECEPTION.match(fold(line)) else authority).append(line)
        competent = self._said("competent")
        if text := nfc("; ".join(part for part in reception if part)):
            values["reception_places"] = text
        executing = nfc("; ".join(part for part in authority if part))
        if competent and executing and fold(competent) != fold(executing):
            values["authority"] = f"{nfc(competent)} (cơ quan thực hiện: {executing})"
        elif competent or executing:
            values["authority"] = nfc(competent) or executing
        stated = self._said("level")
        levels = levels_in(stated) or self.context.levels
        if stated and not levels_in(stated):
            self._report(
                "level",
                msg("Không hiểu cấp “%(words)s”. Hãy ghi cấp tỉnh hoặc cấp xã.", words=nfc(stated)[:60]),
            )
        levels = levels or levels_of_authority(nfc(competent) or executing)
        if levels:
            values["levels"] = levels
        name = nfc(self._said("field"))
        if not name and action is ChangeAction.NEW:
            name = self.context.field_name  # a heading places new procedures; it moves no known one
        if name:
            values["field"] = name[:255]

    def _limit(self, values: dict[str, object]) -> None:
        text = self._said("limit") or self._said("legal_limit")
        if not text:
            self._limit_of_change(values)
            return
        kind = "limit" if self._said("limit") else "legal_limit"
        code = self.cells.text("code")[:8]
        read = read_limit_cell(text, lambda m: self._report(kind, m), code=code)
        if read is None:
            return
        if read.limit is not None:
            values["limit"] = self._with_legal(read.limit, code) if kind == "limit" else read.limit
        if read.cases:
            values["cases"] = read.cases

    def _with_legal(self, limit: TimeLimit, code: str) -> TimeLimit:
        text = self._said("legal_limit")
        legal = read_limit_cell(text, lambda m: self._report("legal_limit", m), code=code) if text else None
        if legal is None or legal.limit is None or legal.limit.phases == limit.phases:
            return limit
        return replace(limit, legal_phases=legal.limit.phases)

    def _limit_of_change(self, values: dict[str, object]) -> None:
        """ "140 → 70 ngày" in the column of what is amended."""
        limit = limit_of_change(str(values.get("change", "")))
        if limit is not None:
            values["limit"] = limit

    def _online(self, values: dict[str, object]) -> None:
        if self._marked("online_full"):
            values["online"] = OnlineLevel.FULL
        elif self._marked("online_partial"):
            values["online"] = OnlineLevel.PARTIAL
        elif found := read_online(f"{self.cells.text('online')} {self.cells.text('manner')}"):
            values["online"] = found

    def _marked(self, kind: str) -> bool:
        return fold(self.cells.text(kind)) in {"x", "co", "√", "v", "✓"}

    def _said(self, kind: str) -> str:
        """The text of a cell that says something; fees may say "không"."""
        text = self.cells.text(kind)
        if kind == "fees" and fold(text) in {"khong", "khong co"}:
            return text
        return "" if is_nothing(text) else text

    def _report(self, kind: str, message: Message) -> None:
        problem = Problem(self.cells.name(kind), message)
        if problem not in self.problems:
            self.problems.append(problem)

    def _remark(self, kind: str, message: Message) -> None:
        remark = Problem(self.cells.name(kind), message)
        if remark not in self.remarks:
            self.remarks.append(remark)


def limit_of_change(text: str) -> TimeLimit | None:
    """The new limit in "140 → 70 ngày"; None where the text does not say from what to what."""
    found = re.search(
        r"\d+\s*(?:ngày(?: làm việc)?)?\s*(?:→|->|=>|xuống(?: còn)?|còn)\s*(\d+)\s*(ngày làm việc|ngày)\b",
        text,
    )
    if found is None or day_in(text):
        return None
    read = read_limit_cell(f"{found[1]} {found[2]}", lambda message: None)
    return read.limit if read else None
