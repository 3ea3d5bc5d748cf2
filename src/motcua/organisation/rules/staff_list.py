"""A staff list as offices keep it: rows of a spreadsheet to people, posts and what is to be done. Pure.

Every wrong cell is named, all at once; a list with one wrong cell is not used at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc
from motcua.organisation.rules.succession import Problem
from motcua.organisation.rules.succession_file import Table, day_of

COLUMNS: Mapping[str, str] = {
    "ho va ten": "full_name",
    "ho ten": "full_name",
    "ten dang nhap": "username",
    "tai khoan": "username",
    "e-mail": "email",
    "email": "email",
    "thu dien tu": "email",
    "so dinh danh": "id_number",
    "so cccd": "id_number",
    "nam sinh": "birth_year",
    "dien thoai": "phone",
    "so dien thoai": "phone",
    "don vi": "unit",
    "phong": "division",
    "phong, bo phan": "division",
    "chuc vu": "title",
    "chuc danh": "title",
    "vai tro": "role",
    "tu ngay": "starts_on",
    "den ngay": "ends_on",
    "thao tac": "act",
}
HEADINGS = (
    "Họ và tên",
    "Tên đăng nhập",
    "E-mail",
    "Số định danh",
    "Năm sinh",
    "Điện thoại",
    "Đơn vị",
    "Phòng",
    "Chức vụ",
    "Vai trò",
    "Từ ngày",
    "Đến ngày",
    "Thao tác",
)
NEEDED = {"full_name": "Họ và tên", "unit": "Đơn vị", "role": "Vai trò", "starts_on": "Từ ngày"}
USERNAME = re.compile(r"[a-z0-9][a-z0-9.@_-]{2,63}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ID_NUMBER = re.compile(r"\d{9}|\d{12}")


class Act(StrEnum):
    """What a row asks for. ADD is what an empty cell means: this person holds this post."""

    ADD = "add"
    MOVE = "move"
    CLOSE = "close"
    LOCK = "lock"


ACTS: Mapping[str, Act] = {
    "": Act.ADD,
    "them": Act.ADD,
    "them moi": Act.ADD,
    "bo sung": Act.ADD,
    "chuyen": Act.MOVE,
    "dieu dong": Act.MOVE,
    "ket thuc": Act.CLOSE,
    "thoi giu": Act.CLOSE,
    "khoa": Act.LOCK,
    "nghi": Act.LOCK,
    "nghi viec": Act.LOCK,
    "nghi huu": Act.LOCK,
}


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A standing unit as a list may name it; `names` are folded."""

    code: str
    agency: str
    names: frozenset[str]
    function: str = ""

    @property
    def is_agency(self) -> bool:
        return self.code == self.agency


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One row that can be used. `unit` is a code, days are days, `where` is the cell of the name."""

    full_name: str
    username: str
    unit: str
    role: str
    title: str
    starts_on: date | None
    ends_on: date | None
    act: Act
    where: str
    email: str = ""
    id_number: str = ""
    birth_year: int | None = None
    phone: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {
            "starts_on": self.starts_on.isoformat() if self.starts_on else "",
            "ends_on": self.ends_on.isoformat() if self.ends_on else "",
            "act": self.act.value,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> StaffRow:
        days = {
            name: date.fromisoformat(data[name]) if data[name] else None for name in ("starts_on", "ends_on")
        }
        return cls(**{**data, **days, "act": Act(data["act"])})


@dataclass(slots=True)
class _Row:
    """One row under reading: its cells by column name, and how to name them."""

    cells: Mapping[str, str]
    name: Callable[[str], str]
    problems: list[Problem] = field(default_factory=list)

    def get(self, column: str) -> str:
        return nfc(self.cells.get(column, ""))

    def wrong(self, column: str, text: Message) -> None:
        self.problems.append(Problem(self.name(column), text))

    def day(self, column: str) -> date | None:
        text = self.get(column)
        found = day_of(text) if text else None
        if text and found is None:
            self.wrong(column, msg("Không đọc được ngày “%(value)s”; viết 01/7/2025.", value=text[:40]))
        return found


def read_staff_list(
    tables: Sequence[Table], *, units: Sequence[UnitChoice], roles: Mapping[str, str]
) -> tuple[list[StaffRow], list[Problem]]:
    """Rows of the first tables that have the columns; `roles` maps folded labels and values to values."""
    rows: list[StaffRow] = []
    problems: list[Problem] = []
    found = False
    for table in tables:
        start, columns = _heading(table)
        if not columns:
            continue
        found = True
        missing = [label for name, label in NEEDED.items() if name not in columns]
        if not {"username", "email"} & columns.keys():
            missing.append("Tên đăng nhập")
        if missing:
            problems.append(
                Problem(table.cell_name(start, 0), msg("Thiếu cột %(names)s.", names=", ".join(missing)))
            )
            continue
        for number in range(start + 1, len(table.rows)):
            row = _row_of(table, number, columns)
            if any(row.cells.values()):
                read = _read_row(row, units, roles)
                problems += row.problems
                if read is not None:
                    rows.append(read)
    if not found:
        problems.append(Problem("", msg("Không thấy dòng tiêu đề có các cột Họ và tên, Đơn vị, Vai trò.")))
    elif not rows and not problems:
        problems.append(Problem("", msg("Danh sách chưa có dòng nào.")))
    problems += _doubles(rows)
    return rows, problems


def _heading(table: Table) -> tuple[int, dict[str, int]]:
    """The first row that names at least the person and the unit, and where each column stands."""
    for number, cells in enumerate(table.rows[:30]):
        words = [fold(str(cell or "")).strip(" *:()") for cell in cells]
        columns: dict[str, int] = {}
        for place, word in enumerate(words):
            name = COLUMNS.get(word)
            if name:
                columns.setdefault(name, place)
        if {"full_name", "unit"} <= columns.keys():
            return number, columns
    return 0, {}


def _row_of(table: Table, number: int, columns: Mapping[str, int]) -> _Row:
    cells = table.rows[number]
    values = {
        name: str(cells[place] if place < len(cells) and cells[place] is not None else "").strip()
        for name, place in columns.items()
    }
    first = columns["full_name"]
    return _Row(values, lambda column: table.cell_name(number, columns.get(column, first)))


def _read_row(row: _Row, units: Sequence[UnitChoice], roles: Mapping[str, str]) -> StaffRow | None:
    act = ACTS.get(fold(row.get("act")))
    if act is None:
        row.wrong(
            "act",
            msg(
                "Thao tác “%(value)s” không có; để trống hoặc ghi chuyển, kết thúc, khóa.",
                value=row.get("act"),
            ),
        )
        act = Act.ADD
    if not row.get("full_name"):
        row.wrong("full_name", msg("Nhập họ và tên."))
    username = _username(row)
    unit = None if act is Act.LOCK and not row.get("unit") else _unit(row, units)
    role = "" if act is Act.LOCK and not row.get("role") else _role(row, roles)
    starts_on, ends_on = row.day("starts_on"), row.day("ends_on")
    if act in {Act.ADD, Act.MOVE} and starts_on is None and not _said(row, "starts_on"):
        row.wrong("starts_on", msg("Nhập ngày bắt đầu."))
    if act in {Act.CLOSE, Act.LOCK} and ends_on is None and not _said(row, "ends_on"):
        row.wrong("ends_on", msg("Nhập ngày cuối giữ vị trí."))
    if starts_on and ends_on and ends_on < starts_on:
        row.wrong("ends_on", msg("Đến ngày phải từ ngày bắt đầu trở đi."))
    email, id_number, year = row.get("email").lower(), row.get("id_number"), row.get("birth_year")
    if email and not EMAIL.fullmatch(email):
        row.wrong("email", msg("E-mail “%(value)s” không đúng dạng.", value=email[:60]))
    if id_number and not ID_NUMBER.fullmatch(id_number):
        row.wrong("id_number", msg("Số định danh gồm 12 chữ số (hoặc 9 chữ số của chứng minh cũ)."))
    if year and not re.fullmatch(r"(19[3-9]|20[01])\d", year):
        row.wrong("birth_year", msg("Năm sinh “%(value)s” không đúng.", value=year[:20]))
    if row.problems:
        return None
    return StaffRow(
        full_name=row.get("full_name")[:160],
        username=username,
        unit=unit or "",
        role=role,
        title=row.get("title")[:160],
        starts_on=starts_on,
        ends_on=ends_on,
        act=act,
        where=row.name("full_name"),
        email=email,
        id_number=id_number,
        birth_year=int(year) if year else None,
        phone=re.sub(r"[\s.]", "", row.get("phone"))[:20],
    )


def _said(row: _Row, column: str) -> bool:
    return bool(row.get(column))


def _username(row: _Row) -> str:
    """The account: the user name, else the e-mail, which is a user name too."""
    column = "username" if row.get("username") else "email"
    name = row.get(column).lower()
    if not name:
        row.wrong("username", msg("Nhập tên đăng nhập hoặc e-mail."))
    elif not USERNAME.fullmatch(name):
        row.wrong(
            column,
            msg("Tên đăng nhập “%(name)s” chỉ gồm chữ không dấu, số, dấu chấm, gạch và @.", name=name[:64]),
        )
    return name


def _unit(row: _Row, units: Sequence[UnitChoice]) -> str | None:
    named = row.get("unit")
    if not named:
        row.wrong("unit", msg("Nhập đơn vị."))
        return None
    agencies = _matching(named, [unit for unit in units if unit.is_agency]) or _matching(named, units)
    if len(agencies) != 1:
        _wrong_unit(row, "unit", named, agencies)
        return None
    division = row.get("division")
    if not division:
        return agencies[0].code
    inside = [unit for unit in units if unit.agency == agencies[0].agency and not unit.is_agency]
    found = _matching(division, inside) or [unit for unit in inside if unit.function == division.lower()]
    if len(found) != 1:
        _wrong_unit(row, "division", division, found)
        return None
    return found[0].code


def _matching(named: str, units: Sequence[UnitChoice]) -> list[UnitChoice]:
    by_code = [unit for unit in units if unit.code.lower() == named.lower()]
    folded = fold(named)
    return by_code or [unit for unit in units if folded in unit.names]


def _wrong_unit(row: _Row, column: str, named: str, found: Sequence[UnitChoice]) -> None:
    if found:
        codes = ", ".join(unit.code for unit in found[:4])
        row.wrong(
            column, msg("“%(name)s” có ở nhiều nơi (%(codes)s); ghi mã đơn vị.", name=named[:60], codes=codes)
        )
    elif column == "unit":
        row.wrong(column, msg("Không có đơn vị “%(name)s”; ghi tên đầy đủ hoặc mã.", name=named[:60]))
    else:
        row.wrong(
            column, msg("Đơn vị này không có phòng “%(name)s”; ghi tên đầy đủ hoặc mã.", name=named[:60])
        )


def _role(row: _Row, roles: Mapping[str, str]) -> str:
    named = fold(row.get("role"))
    if not named:
        row.wrong("role", msg("Nhập vai trò."))
        return ""
    if named not in roles:
        row.wrong(
            "role",
            msg("Không có vai trò “%(name)s”; chọn trong trang Danh mục của mẫu.", name=row.get("role")[:60]),
        )
        return ""
    return roles[named]


def _doubles(rows: Sequence[StaffRow]) -> list[Problem]:
    """The same post of the same account twice, or one account with two names."""
    found: list[Problem] = []
    posts: dict[tuple[str, str, str, Act], StaffRow] = {}
    names: dict[str, StaffRow] = {}
    for row in rows:
        key = (row.username, row.unit, row.role, row.act)
        if key in posts:
            text = msg("Trùng với dòng ở %(where)s.", where=posts[key].where)
            found.append(Problem(row.where, text))
        known = names.setdefault(row.username, row)
        if fold(known.full_name) != fold(row.full_name):
            text = msg(
                "Tài khoản %(username)s mang hai tên: %(one)s và %(other)s.",
                username=row.username,
                one=known.full_name,
                other=row.full_name,
            )
            found.append(Problem(row.where, text))
        posts.setdefault(key, row)
    return found
