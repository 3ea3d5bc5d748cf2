"""The file of a succession: JSON as documented in the context's README, or a workbook with the same columns.

Everything wrong is collected, each with its cell or key, before anything is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc
from motcua.organisation.rules.succession import Kind, Line, Problem

KINDS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "sap nhap": Kind.MERGE,
    "hop nhat": Kind.MERGE,
    "sap nhap, hop nhat": Kind.MERGE,
    "chia": Kind.SPLIT,
    "tach": Kind.SPLIT,
    "chia, tach": Kind.SPLIT,
    "doi ten": Kind.RENAME,
    "giai the": Kind.ABOLISH,
    "chuyen cap": Kind.CHANGE_LEVEL,
}
UNIT_KEYS = frozenset(
    {
        "code",
        "kind",
        "name",
        "full_name",
        "short_name",
        "parent",
        "agency",
        "area",
        "function",
        "agency_code",
        "commune_type",
        "former_province",
        "place_name",
        "address",
        "phone",
        "is_reception_point",
        "letter_head",
        "former_codes",
        "source",
        "take_agency_code",
    }
)
TOP_KEYS = frozenset(
    {"about", "decision", "effective_on", "new_units", "ended_units", "renames", "lines", "people"}
)
COLUMNS: Mapping[str, str] = {
    "loai": "kind",
    "ma don vi cu": "predecessor",
    "don vi cu": "predecessor",
    "ma don vi ke thua": "successor",
    "don vi ke thua": "successor",
    "chuc nang": "function",
    "linh vuc": "field",
    "ten moi": "name",
}
DECISION: Mapping[str, str] = {
    "so quyet dinh": "number",
    "ngay quyet dinh": "date",
    "co quan ban hanh": "issuer",
    "ve viec": "title",
    "ngay hieu luc": "effective_on",
}


class Table(Protocol):
    """A sheet or table of an office file, as `documents.rules.tables` reads it."""

    @property
    def rows(self) -> Sequence[Sequence[object]]: ...

    @property
    def formulas(self) -> Sequence[tuple[int, int]]: ...

    def cell_name(self, row: int, col: int, /) -> str: ...


def formula_problems(tables: Sequence[Table]) -> list[Problem]:
    """Every formula, each a cell to mend: nobody knows what it showed when the list was agreed."""
    return [
        Problem(
            table.cell_name(row, col),
            msg("Ô là công thức. Hãy chép ô rồi dán giá trị (Paste Special > Values) thay công thức."),
        )
        for table in tables
        for row, col in table.formulas
    ]


@dataclass(frozen=True, slots=True)
class PersonMove:
    """Where one person goes although the rest of their unit goes elsewhere; `unit` empty closes the post."""

    username: str
    unit: str = ""
    role: str = ""
    title: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class SuccessionFile:
    """What a file says. `new_units` and `ended_units` keep the keys of `UNIT_KEYS`."""

    number: str
    decided_on: date
    effective_on: date
    issuer: str = ""
    title: str = ""
    new_units: tuple[Mapping[str, Any], ...] = ()
    ended_units: tuple[Mapping[str, Any], ...] = ()
    renames: tuple[Mapping[str, Any], ...] = ()
    lines: tuple[Line, ...] = ()
    people: tuple[PersonMove, ...] = ()

    @property
    def decision(self) -> str:
        return f"{self.number} ngày {self.decided_on:%d/%m/%Y}"


@dataclass(slots=True)
class Reading:
    """A file under reading: what was found wrong so far."""

    problems: list[Problem] = field(default_factory=list)

    def wrong(self, where: str, text: Message) -> None:
        self.problems.append(Problem(where, text))

    def day(self, value: object, where: str) -> date:
        found = day_of(value)
        if found is None:
            self.wrong(
                where,
                msg(
                    "Không đọc được ngày “%(value)s”; viết 2025-07-01 hoặc 01/7/2025.", value=str(value)[:40]
                ),
            )
            return date.min
        return found


def day_of(value: object) -> date | None:
    """A day as JSON, people or a workbook write it."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip().split(" ")[0]
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def from_json(data: object) -> tuple[SuccessionFile | None, list[Problem]]:
    """Read the JSON form; the file is None when something is wrong."""
    reading = Reading()
    if not isinstance(data, dict):
        reading.wrong("", msg("Tệp JSON phải là một đối tượng có decision, effective_on và lines."))
        return None, reading.problems
    for name in sorted(set(data) - TOP_KEYS):
        reading.wrong(name, msg("Không có trường %(name)s trong mẫu.", name=name))
    decision = data.get("decision")
    if not isinstance(decision, dict) or not str(decision.get("number", "")).strip():
        reading.wrong("decision.number", msg("Ghi số quyết định."))
        decision = {}
    found = SuccessionFile(
        number=nfc(str(decision.get("number", ""))),
        decided_on=reading.day(decision.get("date"), "decision.date"),
        issuer=nfc(str(decision.get("issuer", ""))),
        title=nfc(str(decision.get("title", ""))),
        effective_on=reading.day(data.get("effective_on"), "effective_on"),
        new_units=_units(reading, data, "new_units"),
        ended_units=_units(reading, data, "ended_units"),
        renames=_units(reading, data, "renames"),
        lines=tuple(
            line
            for place, row in enumerate(_rows(reading, data, "lines"))
            for line in _lines(reading, row, f"lines[{place}]")
        ),
        people=tuple(
            PersonMove(
                str(row.get("username", "")).strip().lower(),
                str(row.get("unit", "")).strip(),
                str(row.get("role", "")).strip(),
                nfc(str(row.get("title", ""))),
                f"people[{place}]",
            )
            for place, row in enumerate(_rows(reading, data, "people"))
        ),
    )
    if not found.lines:
        reading.wrong("lines", msg("Chưa có dòng kế thừa nào."))
    return (None if reading.problems else found), reading.problems


def from_tables(tables: Sequence[Table]) -> tuple[SuccessionFile | None, list[Problem]]:
    """Read the workbook form: rows of the decision (name, value), then a table with the columns of `COLUMNS`."""
    reading = Reading(formula_problems(tables))
    facts: dict[str, tuple[object, str]] = {}
    lines: list[Line] = []
    renames: list[Mapping[str, Any]] = []
    for table in tables:
        _read_table(reading, table, facts, lines, renames)
    for name, label in (
        ("number", "số quyết định"),
        ("date", "ngày quyết định"),
        ("effective_on", "ngày hiệu lực"),
    ):
        if name not in facts:
            reading.wrong("", msg("Tệp thiếu dòng %(label)s.", label=label))
    if not lines:
        reading.wrong("", msg("Không thấy bảng có các cột Loại, Mã đơn vị cũ, Mã đơn vị kế thừa."))
    if reading.problems:
        return None, reading.problems
    found = SuccessionFile(
        number=nfc(str(facts["number"][0])),
        decided_on=reading.day(*facts["date"]),
        effective_on=reading.day(*facts["effective_on"]),
        issuer=nfc(str(facts.get("issuer", ("", ""))[0])),
        title=nfc(str(facts.get("title", ("", ""))[0])),
        renames=tuple(renames),
        lines=tuple(lines),
    )
    return (None if reading.problems else found), reading.problems


def _read_table(
    reading: Reading,
    table: Table,
    facts: dict[str, tuple[object, str]],
    lines: list[Line],
    renames: list[Mapping[str, Any]],
) -> None:
    columns: dict[int, str] = {}
    for number, row in enumerate(table.rows):
        cells = ["" if cell is None else cell for cell in row]
        words = [fold(str(cell)).strip(" :*") for cell in cells]
        known = {place: COLUMNS[word] for place, word in enumerate(words) if word in COLUMNS}
        if {"kind", "predecessor", "successor"} <= set(known.values()):
            columns = known
        elif columns:
            if any(words):
                _table_line(reading, table, number, cells, columns, lines, renames)
        elif words and words[0] in DECISION:
            value = next((cell for cell in cells[1:] if str(cell).strip()), "")
            facts[DECISION[words[0]]] = (value, table.cell_name(number, 1))


def _table_line(
    reading: Reading,
    table: Table,
    number: int,
    cells: Sequence[object],
    columns: Mapping[int, str],
    lines: list[Line],
    renames: list[Mapping[str, Any]],
) -> None:
    row = {name: str(cells[place]).strip() if place < len(cells) else "" for place, name in columns.items()}
    where = table.cell_name(number, min(columns))
    lines += _lines(reading, row, where)
    if row.get("name"):
        renames.append({"code": row["predecessor"], "name": nfc(row["name"])})


def _rows(reading: Reading, data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        reading.wrong(name, msg("%(name)s phải là danh sách các đối tượng.", name=name))
        return []
    return rows


def _units(reading: Reading, data: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    rows = _rows(reading, data, name)
    seen: set[str] = set()
    for place, row in enumerate(rows):
        where = f"{name}[{place}]"
        for key in sorted(set(row) - UNIT_KEYS):
            reading.wrong(f"{where}.{key}", msg("Không có trường %(name)s trong mẫu.", name=key))
        code = str(row.get("code", "")).strip()
        if not code or len(code) > 40:
            reading.wrong(f"{where}.code", msg("Ghi mã đơn vị, không quá 40 ký tự."))
        if code in seen:
            reading.wrong(f"{where}.code", msg("Mã %(code)s có hai lần.", code=code))
        if not nfc(str(row.get("name", ""))):
            reading.wrong(f"{where}.name", msg("Ghi tên đơn vị %(code)s.", code=code))
        seen.add(code)
    return tuple(rows)


def _lines(reading: Reading, row: Mapping[str, Any], where: str) -> list[Line]:
    kind = KINDS.get(fold(str(row.get("kind", ""))))
    if kind is None:
        reading.wrong(
            where,
            msg(
                "Loại “%(kind)s” không có; chọn Sáp nhập, Chia, tách, Đổi tên, Giải thể hoặc Chuyển cấp.",
                kind=str(row.get("kind", ""))[:40],
            ),
        )
        return []
    given = row.get("fields")
    fields = [str(one) for one in given] if isinstance(given, list) else [str(row.get("field", ""))]
    fields = [part for one in fields for part in one.split(";")]
    return [
        Line(
            kind=kind,
            predecessor=str(row.get("predecessor", "")).strip(),
            successor=str(row.get("successor", "")).strip(),
            function=str(row.get("function", "") or "").strip(),
            field=nfc(one),
            where=where,
        )
        for one in dict.fromkeys(fields)
    ]
