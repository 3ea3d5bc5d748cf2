"""The rows of a pasted table as the rows of our source files, with everything guessed on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc
from motcua.workflow.rules import pasted_words as words
from motcua.workflow.rules.checks import Severity
from motcua.workflow.rules.definition import Span, TimeUnit
from motcua.workflow.rules.pasted_rows import DITTO, Heading, Line
from motcua.workflow.rules.pasted_words import Column
from motcua.workflow.rules.words import amount_text, span_text

Add = Callable[[Severity, str, int, int | None, Message, str], None]
_ROLE_NAMES = {
    "clerk": msg("văn thư"),
    "one_stop_officer": msg("cán bộ tiếp nhận"),
    "council": msg("hội đồng"),
    "dept_head": msg("lãnh đạo phòng"),
    "leader": msg("lãnh đạo cơ quan"),
    "wait": msg("chờ bên ngoài"),
    "external": msg("cơ quan phối hợp"),
    "specialist": msg("chuyên viên"),
}


class StepReader:
    """Reads lines in order; `rows` are the table rows of the steps read."""

    def __init__(self, heading: Heading, default: TimeUnit, add: Add) -> None:
        self.heading, self.default, self._add = heading, default, add
        self.rows: list[int] = []
        self.steps: list[dict[str, Any]] = []
        self._phase = ""
        self._cells: list[tuple[int, Span | None]] = []
        self._orders: set[str] = set()

    def read(self, lines: Sequence[Line]) -> list[dict[str, Any]]:
        """The source rows of the steps."""
        for line in lines:
            if line.kind == "group":
                self._part(line)
            elif line.kind == "second":
                self._remark("warning", "second_process", line, None, _SECOND)
            elif line.kind == "step" and not self._goes_on(line):
                self._step(line)
        self._name_shared()
        self._mark_parallel(lines)
        return self.steps

    def _remark(
        self, severity: Severity, code: str, line: Line, column: Column | None, message: Message
    ) -> None:
        place = self.heading.at(column) if column else None
        self._add(severity, code, line.row, place, message, self.heading.name(column) if column else "")

    def _part(self, line: Line) -> None:
        self._phase = nfc(line.text)[:200]
        self._remark(
            "info",
            "part",
            line,
            None,
            msg("“%(said)s” được hiểu là tên phần của quy trình.", said=self._phase),
        )

    def _goes_on(self, line: Line) -> bool:
        """A row that only continues the step above: merged or empty number, performer and time."""
        if not self.steps:
            return False
        order = line.get(Column.ORDER, self.heading)
        if order and not line.goes_on(Column.ORDER, self.heading):
            return False
        for column in (Column.PERFORMER, Column.TIME):
            if line.get(column, self.heading) and not line.goes_on(column, self.heading):
                return False
        step = self.steps[-1]
        for column, key, between in (
            (Column.NAME, "name", "; "),
            (Column.OUTPUT, "output", " / "),
            (Column.FORM, "form", " / "),
        ):
            text = _flat(line.get(column, self.heading))
            if text and not line.goes_on(column, self.heading) and text not in str(step.get(key) or ""):
                step[key] = f"{step[key]}{between}{text}" if step.get(key) else text
        self._branch(step, line)
        self._remark(
            "info",
            "row_joined",
            line,
            None,
            msg("Dòng này được ghép vào bước %(n)s ở trên.", n=step["order"]),
        )
        return True

    def _step(self, line: Line) -> None:
        name = self._name(line)
        performer = self._performer(line)
        step: dict[str, Any] = {
            "order": self._order(line),
            "name": name,
            "role": performer,
            "role_key": "",
            "time": None,
            "unit": self.default.value,
            "output": _flat(line.get(Column.OUTPUT, self.heading)) or None,
            "form": _flat(line.get(Column.FORM, self.heading)) or None,
            "phase": self._phase or None,
            "note": _flat(line.get(Column.NOTE, self.heading)),
        }
        self._branch(step, line)
        self._time(step, line)
        self._role(step, line)
        self.steps.append(step)
        self.rows.append(line.row)
        condition = words.optional_when(name)
        if condition and len(self.steps) > 1:
            step["optional_when"] = condition
            self._remark(
                "info", "optional", line, Column.NAME, msg("Bước chỉ làm khi: %(when)s.", when=condition)
            )

    def _name(self, line: Line) -> str:
        order, name = line.get(Column.ORDER, self.heading), line.get(Column.NAME, self.heading)
        if order and not words.order_of(order) and not line.goes_on(Column.ORDER, self.heading):
            rest = _BEFORE_NAME.sub("", order)
            name = ". ".join(part for part in dict.fromkeys((rest.strip(" ."), name)) if part)
        elif not order:
            name = _BEFORE_NAME.sub("", name)
        name = _flat(name)
        if not name:
            self._remark(
                "error",
                "name_missing",
                line,
                Column.NAME,
                msg("Bước chưa có nội dung công việc. Hãy điền ô này."),
            )
            name = msg("(chưa có nội dung)").source()
        return name[:1000]

    def _performer(self, line: Line) -> str:
        text = _flat(line.get(Column.PERFORMER, self.heading))
        if text in DITTO or (not text and self.steps):
            if text not in DITTO:
                self._remark(
                    "warning",
                    "performer_from_above",
                    line,
                    Column.PERFORMER,
                    _same_performer(self.steps[-1]["role"]),
                )
            text = str(self.steps[-1]["role"]) if self.steps else ""
        if not text:
            self._remark(
                "error",
                "performer_missing",
                line,
                Column.PERFORMER,
                msg("Chưa ghi đơn vị hoặc người thực hiện. Hãy điền ô này."),
            )
        return text[:300]

    def _order(self, line: Line) -> str:
        text = line.get(Column.ORDER, self.heading)
        if not text and (found := _BEFORE_NAME.match(line.get(Column.NAME, self.heading))):
            text = found[0]
        given = words.order_of(text) or words.order_of(re.split(r"[.:)\-–]", text)[0])
        below = line.goes_on(Column.ORDER, self.heading) and bool(self.steps)
        order = given or str(len(self.steps) + 1)
        if below:
            base = str(self.steps[-1]["order"]).rpartition("_")[0] or str(self.steps[-1]["order"])
            order = next(f"{base}_{n}" for n in count(2) if f"{base}_{n}" not in self._orders)
        elif order in self._orders:
            message = msg("Số thứ tự “%(order)s” đã dùng ở trên: bước được đánh số khác.", order=order)
            self._remark("warning", "order_twice", line, Column.ORDER, message)
            order = next(f"{order}_{n}" for n in count(2) if f"{order}_{n}" not in self._orders)
        elif not given and self.heading.at(Column.ORDER) is not None:
            self._remark(
                "info",
                "order_given",
                line,
                Column.ORDER,
                msg("Dòng không có số thứ tự: được đánh số %(n)s.", n=order),
            )
        self._orders.add(order)
        return order

    def _time(self, step: dict[str, Any], line: Line) -> None:
        if line.goes_on(Column.TIME, self.heading) and self.steps:
            self._cells.append(self._cells[-1])
            step["counted_in_limit"] = self.steps[-1].get("counted_in_limit", True)
            self._remark("info", "time_shared", line, Column.TIME, _SHARED)
            return
        text = line.get(Column.TIME, self.heading)
        read = words.time_cell(text, default=self.default)
        self._cells.append((len(self.steps), read.span))
        step["counted_in_limit"] = read.counted
        if read.span is not None:
            step["time"], step["unit"] = str(read.span.amount), read.span.unit.value
        elif read.left and read.counted:
            self._remark("error", "time_unclear", line, Column.TIME, _unclear_time(text))
            return
        elif read.counted:
            self._remark("warning", "time_empty", line, Column.TIME, _NO_TIME)
        if read.office_hours:
            _note(step, "giờ hành chính")
        if read.left:
            self._remark("warning", "time_partly_read", line, Column.TIME, _partly(text, read.span))
            _note(step, _flat(text))

    def _role(self, step: dict[str, Any], line: Line) -> None:
        performer = step["role"]
        if not performer:
            return
        role = words.role_of(performer)
        if re.search(r"niem yet|^\(?cho ", fold(step["name"])) and not step["counted_in_limit"]:
            role = words.Role("wait", sure=True)
            step["wait_for"] = step["name"]
        if role is None:
            message = msg(
                "Không hiểu “%(said)s” là ai. Ghi rõ vai: cán bộ tiếp nhận, chuyên viên, "
                "lãnh đạo phòng, lãnh đạo, văn thư…",
                said=performer[:120],
            )
            self._remark("error", "performer_unclear", line, Column.PERFORMER, message)
            return
        step["role_key"] = role.key
        if role.key == "external" and not step["counted_in_limit"] and "y kien" not in fold(step["name"]):
            step["wait_for"] = step["name"]
        if not role.sure:
            self._remark(
                "info",
                "role_guessed",
                line,
                Column.PERFORMER,
                msg(
                    "“%(said)s” được hiểu là vai %(role)s.", said=performer[:120], role=_ROLE_NAMES[role.key]
                ),
            )

    def _branch(self, step: dict[str, Any], line: Line) -> None:
        cases = words.cases_of(step["name"])
        if cases is None or "rẽ nhánh" in step["note"]:
            return
        step["name"] = cases
        _note(step, "rẽ nhánh")
        self._remark(
            "info",
            "cases",
            line,
            Column.NAME,
            msg("Bước có các trường hợp: mỗi trường hợp thành một lựa chọn."),
        )

    def _name_shared(self) -> None:
        """A label for each time that several rows share: which steps and how long."""
        for first in dict.fromkeys(first for first, _span in self._cells):
            members = [step for step, cell in zip(self.steps, self._cells, strict=True) if cell[0] == first]
            span = self._cells[first][1]
            if len(members) < 2 or span is None:
                continue
            numbers = ", ".join(str(member["order"]) for member in members)
            label = f"bước {numbers} dùng chung {amount_text(span.amount)} {_UNITS[span.unit]}"
            for member in members:
                member |= {"shared_time": label, "time": None, "unit": span.unit.value}

    def _mark_parallel(self, lines: Sequence[Line]) -> None:
        """Rows under one number by several performers: asked at the same time if they give opinions."""
        by_row = {line.row: line for line in lines}
        index = 0
        while index < len(self.steps):
            base = _base(self.steps[index])
            end = index + 1
            while end < len(self.steps) and _base(self.steps[end]) == base:
                end += 1
            members = self.steps[index:end]
            if len(members) > 1 and index > 0:
                self._together(members, by_row[self.rows[index]])
            index = end

    def _together(self, members: list[dict[str, Any]], line: Line) -> None:
        asked = all(words.is_consulting(m["name"], m["role"], m["role_key"]) for m in members)
        if not asked:
            self._remark(
                "warning",
                "sequence_assumed",
                line,
                Column.ORDER,
                msg("Nhiều dòng cùng một số thứ tự: đọc là làm lần lượt."),
            )
            return
        for member in members:
            if "song song" not in fold(member["name"]):
                member["name"] = f"{member['name']} (song song)"
        self._remark(
            "info",
            "parallel",
            line,
            Column.ORDER,
            msg("%(count)s dòng cùng một số thứ tự: lấy ý kiến đồng thời.", count=len(members)),
        )


_BEFORE_NAME = re.compile(r"^\s*(bước|b)\s*\d+[a-e]?\s*[.:)\-–]?\s*", re.IGNORECASE)
_UNITS = {
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.CALENDAR_DAY: "ngày",
    TimeUnit.WORKING_HOUR: "giờ",
}
_SHARED = msg("Ô thời gian gộp với dòng trên: các bước dùng chung một thời gian.")
_NO_TIME = msg("Ô thời gian để trống: bước không có thời gian riêng.")
_SECOND = msg(
    "Từ dòng này là bảng của một quy trình khác: chỉ đọc quy trình đầu, hãy dán riêng quy trình sau."
)


def _base(step: dict[str, Any]) -> str:
    """ "6" of "6_2", "6a" and "6-1": rows of one number."""
    return re.split(r"[_\-]|(?<=\d)[a-e]$", str(step["order"]))[0]


def _same_performer(text: object) -> Message:
    return msg("Ô người thực hiện để trống: hiểu là như dòng trên (%(said)s).", said=text)


def _flat(text: str) -> str:
    return nfc(re.sub(r"\s*\n\s*", "; ", text.strip()).replace(";;", ";")) if "\n" in text else nfc(text)


def _note(step: dict[str, Any], text: str) -> None:
    if text not in step["note"]:
        step["note"] = "; ".join(part for part in (step["note"], text) if part)


def _unclear_time(text: str) -> Message:
    return msg(
        "Không hiểu thời gian “%(said)s”. Ghi như “0,5 ngày”, “02 giờ làm việc” hoặc “Không tính thời gian”.",
        said=_flat(text)[:80],
    )


def _partly(text: str, span: Span | None) -> Message:
    return msg(
        "Thời gian “%(said)s” đọc là %(amount)s; phần còn lại giữ trong ghi chú.",
        said=_flat(text)[:120],
        amount=span_text(span) if span is not None else msg("không tính thời gian"),
    )
