"""What the pages of the configuration grid show: filtered, sorted, counted rows, files, templates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from motcua.catalogue import words
from motcua.catalogue.adapters.configuration_workbook import SheetSpec, workbook
from motcua.catalogue.models import ConfigurationTemplate
from motcua.catalogue.queries.configuring import Book, Submitted, book, department, departments, submitted
from motcua.catalogue.rules.grid.cells import Row, options, text_of
from motcua.catalogue.rules.grid.columns import TITLES, Column, RowKey
from motcua.catalogue.rules.grid.completeness import Completeness, Lack, Score, score
from motcua.catalogue.rules.grid.sheets import FIRST_CELL, FIXED, HEAD, SHEET, sheet_row
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation.types import UnitInfo

SORTS = ("field", "name", "code", "worst", "changed")
SEVERAL = frozenset({HEAD.index(TITLES[Column.RECEIVING].source())})


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the grid to show; empty parts show everything."""

    field: str = ""
    level: str = ""
    lack: str = ""
    text: str = ""
    changed: bool = False
    sort: str = "field"


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with how complete it is."""

    row: Row
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class Grid:
    """One page of the grid. `score` is of the whole department, `total` of what the filters let through."""

    book: Book
    rows: tuple[GridRow, ...]
    total: int
    score: Score
    fields: tuple[str, ...]
    departments: tuple[UnitInfo, ...]
    submitted: tuple[Submitted, ...]
    templates: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A configuration kept under a name; `cells` are texts."""

    id: int
    name: str
    level: str
    cells: dict[str, str]
    taken_from: str
    made_by: str
    made_at: datetime


def grid(actor: Actor, code: str, filters: Filters, *, offset: int, limit: int, at: datetime) -> Grid:
    """A page of the grid of a department. Raises NotAllowed and NotFound as `department`."""
    unit = department(actor, code, at)
    held = book(unit, at)
    judged = [GridRow(row, row.completeness(held.choices)) for row in held.rows.values()]
    shown = _sorted([found for found in judged if _shows(found, filters)], filters.sort)
    return Grid(
        book=held,
        rows=tuple(shown[offset : offset + limit]),
        total=len(shown),
        score=score(found.completeness for found in judged),
        fields=tuple(sorted({row.field for row in held.rows.values()})),
        departments=tuple(departments(actor, at)),
        submitted=tuple(submitted(unit)),
        templates=tuple(templates(unit)),
    )


def _shows(found: GridRow, filters: Filters) -> bool:
    row = found.row
    words_wanted = fold(filters.text).split()
    where = fold(f"{row.code} {row.name} {row.case_name}") if words_wanted else ""
    return (
        filters.field in ("", row.field)
        and filters.level in ("", row.key.level)
        and (not filters.lack or filters.lack in found.completeness.lacks)
        and (not filters.changed or bool(row.draft))
        and all(word in where for word in words_wanted)
    )


def _sorted(rows: list[GridRow], sort: str) -> list[GridRow]:
    """In the order of the list unless asked otherwise; sorting is stable, so cases stay with their procedure."""
    if sort == "name":
        return sorted(rows, key=lambda r: fold(r.row.name))
    if sort == "code":
        return sorted(rows, key=lambda r: (not r.row.code, r.row.code))
    if sort == "worst":
        return sorted(rows, key=lambda r: r.completeness.percent)
    if sort == "changed":
        return sorted(rows, key=lambda r: not r.row.draft)
    return rows


def some_rows(actor: Actor, code: str, keys: Collection[RowKey], at: datetime) -> Book:
    """The book of a few rows; NotFound when one of them is not the department's."""
    unit = department(actor, code, at)
    held = book(unit, at, only={key.procedure_id for key in keys})
    if any(key not in held.rows for key in keys):
        raise NotFound(msg("Không có dòng này trong phạm vi bạn cấu hình."))
    return held


def row_by_code(held: Book, text: str, level: str) -> Row | None:
    """The main row of a procedure by the code people type; of the level asked for before another."""
    plain = fold(text)
    found = [
        row
        for row in held.rows.values()
        if not row.key.case_key and plain and plain in (fold(row.code), fold(row.key.text))
    ]
    return next((row for row in found if row.key.level == level), found[0] if found else None)


def templates(unit: UnitInfo) -> list[Template]:
    """The templates of a department by name."""
    rows = ConfigurationTemplate.objects.filter(department_id=unit.id).order_by("name")
    return [
        Template(r.pk, r.name, r.level, dict(r.cells), r.taken_from, r.made_by_name, r.made_at) for r in rows
    ]


# --- the file ---------------------------------------------------------------------------------------------


def export(held: Book, rows: Sequence[Row]) -> bytes:
    """The rows as a spreadsheet that can be read back."""
    revision = held.draft.revision if held.draft is not None else 0
    with translation.override("vi"):
        levels = {level: str(label) for level, label in words.LEVELS.items()}
    columns = {FIRST_CELL + place: column for place, column in enumerate(Column)}
    spec = SheetSpec(
        name=SHEET,
        head=HEAD,
        rows=[
            sheet_row(row, held.choices, level=levels.get(row.key.level, row.key.level), revision=revision)
            for row in rows
        ],
        editable=[
            frozenset(place for place, column in columns.items() if column in row.columns) for row in rows
        ],
        kinds=[_kind(row) for row in rows],
        lists=_lists(held, rows),
        several=SEVERAL,
        hidden_from=len(FIXED) + len(Column),
        hints={
            FIRST_CELL + list(Column).index(Column.STEPS): HINTS[Column.STEPS],
            FIRST_CELL + list(Column).index(Column.FEES): HINTS[Column.FEES],
        },
    )
    return workbook(spec)


HINTS = {
    Column.STEPS: "Mỗi bước một dòng: số. tên bước | vai | thời gian (0,5 ngày làm việc; 4 giờ làm việc; —). "
    "Chỉ sửa vai và thời gian.",
    Column.FEES: "Mỗi mức một dòng: tên phí | số tiền | đơn vị tính | nghị quyết. "
    "Số tiền ghi 8.000, miễn, hoặc chưa rõ.",
}


def _kind(row: Row) -> str:
    """Rows with the same choices."""
    return f"{row.key.level}{'+' if row.key.case_key else ''}{'' if row.first_level else '-'}"


def _lists(held: Book, rows: Sequence[Row]) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        for place, column in enumerate(Column):
            key = (FIRST_CELL + place, _kind(row))
            if (
                column not in row.columns
                or column in (Column.STEPS, Column.FEES, Column.FORM)
                or key in found
            ):
                continue
            texts = (
                text_of(row, column, token, held.choices) for token in options(row, column, held.choices)
            )
            found[key] = [text for text in dict.fromkeys(texts) if text]
    return found


# --- where to begin ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beginning:
    """The page for a new administrator: how far each thing is, and the draft that waits."""

    book: Book
    score: Score
    procedures: int
    done: dict[Lack, tuple[int, int]]
    """For each thing: rows that have it, rows that need it."""
    departments: tuple[UnitInfo, ...]
    submitted: tuple[Submitted, ...]
    templates: int


def beginning(actor: Actor, code: str, at: datetime) -> Beginning:
    """How far a department is. Raises NotAllowed and NotFound as `department`."""
    unit = department(actor, code, at)
    held = book(unit, at)
    judged = [row.completeness(held.choices) for row in held.rows.values()]
    done = {
        lack: (
            sum(lack in found.looked_at and lack not in found.lacks for found in judged),
            sum(lack in found.looked_at for found in judged),
        )
        for lack in Lack
    }
    return Beginning(
        book=held,
        score=score(judged),
        procedures=len({key.procedure_id for key in held.rows}),
        done=done,
        departments=tuple(departments(actor, at)),
        submitted=tuple(submitted(unit)),
        templates=len(templates(unit)),
    )
