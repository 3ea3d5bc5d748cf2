"""A process table as a decision prints it, pasted or uploaded, turned into a definition.

The table is brought into the form of our own source files and read by `source_tables`, so that both say the same of the
same words. What is added or guessed is reported by row; what is not understood is an error by row and column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold
from motcua.workflow.rules import pasted_words as words
from motcua.workflow.rules.checks import Severity
from motcua.workflow.rules.definition import ProcessDefinition, Span, TimeUnit
from motcua.workflow.rules.pasted_rows import Heading, Line, lines_of
from motcua.workflow.rules.pasted_steps import StepReader
from motcua.workflow.rules.pasted_words import Column
from motcua.workflow.rules.pasted_writing import rows_of
from motcua.workflow.rules.slug import slug
from motcua.workflow.rules.source_tables import read_process
from motcua.workflow.rules.walk import table_total
from motcua.workflow.rules.words import span_text, totals_text

MOST_STEPS = 120
"""Longer tables are refused: no real one has more than 30 rows, and the editor shows all steps at once."""


class Grid(Protocol):
    """What is needed of a table: texts by row and column, and a name for each cell."""

    @property
    def rows(self) -> Sequence[Sequence[str]]: ...
    @property
    def merged(self) -> frozenset[tuple[int, int]]: ...
    def cell_name(self, row: int, col: int) -> str: ...


@dataclass(frozen=True, slots=True)
class CellRemark:
    """Something noticed at a cell: `row` counts from 1 (0: the table itself), `cell` is its name, such as B7."""

    severity: Severity
    code: str
    row: int
    column: str
    cell: str
    message: Message


@dataclass(frozen=True, slots=True)
class PastedProcess:
    """What a table gave. `definition` is None when no process could be read from it at all."""

    definition: ProcessDefinition | None
    remarks: tuple[CellRemark, ...]

    @property
    def errors(self) -> tuple[CellRemark, ...]:
        return tuple(remark for remark in self.remarks if remark.severity == "error")


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the process beside its table; empty parts are looked for in the lines above the table."""

    title: str = ""
    key: str = ""
    level: str = ""
    limit: Span | None = None
    codes: tuple[str, ...] = ()
    reference: str = ""
    field: str = ""
    issuer: str = ""
    issued: str = ""


@dataclass
class _Reading:
    """The state of reading one table."""

    grid: Grid
    remarks: list[CellRemark] = field(default_factory=list)
    row_of: dict[str, int] = field(default_factory=dict)

    def add(
        self, severity: Severity, code: str, row: int, col: int | None, message: Message, heading: str = ""
    ) -> None:
        cell = self.grid.cell_name(row, col) if row >= 0 and col is not None else ""
        self.remarks.append(CellRemark(severity, code, row + 1, heading, cell, message))


def read_process_table(
    table: Grid, about: About | None = None, *, before: Sequence[str] = ()
) -> PastedProcess:
    """The process in a table. Total: never raises; a table without a heading row is an error that says so.

    `before` are the paragraphs above the table, where title, codes and limit are looked for too.
    """
    about = about or About()
    reading = _Reading(table)
    found = lines_of(table.rows, table.merged)
    if found is None:
        reading.add("error", "no_heading", -1, None, _NO_HEADING)
        return PastedProcess(None, tuple(reading.remarks))
    heading, lines, above = found
    for col in heading.unknown:
        reading.add("warning", "unknown_column", heading.row, col, _unknown_column(heading.texts[col]))
    about = _with_lines_above(about, [*before, *above], reading)
    default = about.limit.unit if about.limit else heading.time_unit or TimeUnit.WORKING_DAY
    if about.limit is not None and heading.time_unit is TimeUnit.WORKING_HOUR:
        default = TimeUnit.WORKING_HOUR
    count = sum(line.kind == "step" for line in lines)
    if count > MOST_STEPS:
        reading.add("error", "too_many_steps", -1, None, _too_many(count))
        return PastedProcess(None, tuple(reading.remarks))
    source = _source(lines, heading, default, reading)
    if not source:
        reading.add(
            "error", "no_steps", heading.row, None, msg("Bảng không có dòng nào là bước của quy trình.")
        )
        return PastedProcess(None, tuple(reading.remarks))
    definition = _definition(about, source, lines, heading, default, reading)
    return PastedProcess(definition, tuple(sorted(reading.remarks, key=lambda remark: remark.row)))


_NO_HEADING = msg(
    "Không thấy dòng tiêu đề của bảng quy trình. Cần ít nhất các cột “Nội dung công việc”, "
    "“Đơn vị/Người thực hiện” và “Thời gian”; hãy chọn cả dòng tiêu đề khi sao chép."
)


def _unknown_column(text: str) -> Message:
    return msg("Không hiểu cột “%(name)s”: nội dung cột này không được đọc.", name=text[:60])


def _too_many(count: int) -> Message:
    return msg(
        "Bảng có %(count)s bước, nhiều hơn %(most)s bước một quy trình được có.", count=count, most=MOST_STEPS
    )


def _with_lines_above(about: About, before: Sequence[str], reading: _Reading) -> About:
    """Title, codes and limit from the lines above the table, where nobody gave them."""
    text = "\n".join(before)
    title, codes, limit = about.title, about.codes, about.limit
    if not title and before:
        title = next((line for line in before if not words.limit_in(line) and len(line) > 8), "")
        if title:
            reading.add(
                "info",
                "title_read",
                -1,
                None,
                msg("Tên quy trình lấy từ dòng trên bảng: “%(title)s”.", title=title[:200]),
            )
    if not codes:
        codes = words.codes_in(f"{title}\n{text}")
        if len(codes) > 1:
            listed = ", ".join(codes)
            reading.add(
                "info",
                "group",
                -1,
                None,
                msg("Một quy trình cho nhóm %(count)s thủ tục: %(codes)s.", count=len(codes), codes=listed),
            )
    if limit is None:
        limit = next((span for span in map(words.limit_in, before) if span), None)
        if limit is not None:
            reading.add(
                "info",
                "limit_read",
                -1,
                None,
                msg("Thời hạn giải quyết lấy từ dòng trên bảng: %(limit)s.", limit=span_text(limit)),
            )
    return replace(about, title=title[:900], codes=codes, limit=limit)


def _definition(
    about: About,
    source: list[dict[str, Any]],
    lines: Sequence[Line],
    heading: Heading,
    default: TimeUnit,
    reading: _Reading,
) -> ProcessDefinition | None:
    total = _total(lines, heading, default, reading)
    limit = about.limit
    if limit is None and total is not None:
        limit = total
        reading.add(
            "warning",
            "limit_from_total",
            -1,
            None,
            msg("Chưa ghi thời hạn giải quyết: lấy theo dòng Tổng (%(limit)s).", limit=span_text(total)),
        )
    title = about.title or "Quy trình chưa đặt tên"
    loaded = read_process(
        {
            "id": about.key or slug(title)[:80] or "quy-trinh",
            "title": title,
            "level": about.level or _level(source),
            "limit": {"value": str(limit.amount), "unit": limit.unit.value} if limit else None,
            "procedure_codes": list(about.codes),
            "reference": about.reference,
            "issuer": about.issuer,
            "issued": about.issued,
            "notes": [line.text for line in lines if line.kind == "note"],
            "steps": source,
        }
    )
    seen = {
        remark.row for remark in reading.remarks if remark.code in {"performer_unclear", "performer_missing"}
    }
    for remark in loaded.remarks:
        if remark.code == "unknown_role" and reading.row_of.get(remark.step_key or "", -2) + 1 in seen:
            continue
        row = reading.row_of.get(remark.step_key or "", -1)
        reading.add(remark.severity, remark.code, row, None, remark.message)
    definition = loaded.definition
    if definition is None:
        return None
    definition = replace(definition, field=about.field or definition.field, key=about.key or definition.key)
    _compare(definition, total, lines, heading, reading)
    return definition


def _level(source: list[dict[str, Any]]) -> str:
    """Province or commune, by who performs."""
    performers = fold(" ".join(str(row["role"]) for row in source))
    province = any(word in performers for word in ("so ", "ubnd tinh", "chi cuc", "ban quan ly"))
    commune = any(
        word in performers
        for word in ("ubnd xa", "ubnd phuong", "ubnd cap xa", "cap xa", "uy ban nhan dan xa")
    )
    return "xa" if commune and not province else "tinh"


def _total(lines: Sequence[Line], heading: Heading, default: TimeUnit, reading: _Reading) -> Span | None:
    """What the table itself says its times add up to."""
    for line in lines:
        if line.kind != "total":
            continue
        cells = [line.get(Column.TIME, heading), *reversed(line.cells)]
        for cell in cells:
            read = words.time_cell(cell, default=default) if not words.is_total(cell) or ":" in cell else None
            if read is not None and read.span is not None:
                return read.span
        if any(char.isdigit() for cell in line.cells for char in cell):
            reading.add(
                "error",
                "total_unclear",
                line.row,
                heading.at(Column.TIME),
                msg("Không hiểu dòng Tổng: “%(said)s”. Ghi như “17 ngày”.", said=line.text[:80]),
                heading.name(Column.TIME),
            )
    return None


def _compare(
    definition: ProcessDefinition,
    total: Span | None,
    lines: Sequence[Line],
    heading: Heading,
    reading: _Reading,
) -> None:
    ours = table_total(definition)
    if total is None or ours.in_unit(total.unit) == total.amount:
        return
    row = next((line.row for line in lines if line.kind == "total"), -1)
    message = msg(
        "Dòng Tổng ghi %(said)s nhưng các bước cộng lại %(sum)s.",
        said=span_text(total),
        sum=totals_text(ours),
    )
    reading.add("warning", "total_differs", row, heading.at(Column.TIME), message, heading.name(Column.TIME))


def _source(
    lines: Sequence[Line], heading: Heading, default: TimeUnit, reading: _Reading
) -> list[dict[str, Any]]:
    """The rows as our source files have them."""
    reader = StepReader(heading, default, reading.add)
    source = reader.read(lines)
    reading.row_of = {f"b{row['order']}": reader.rows[index] for index, row in enumerate(source)}
    return source


def write_process_table(definition: ProcessDefinition) -> tuple[tuple[str, ...], ...]:
    """The table of a decision for a process, headings first, total last; reading it back gives the process again.

    Only what a table can say: choices that no words of the table tell are left to the drawing.
    """
    return rows_of(definition)
