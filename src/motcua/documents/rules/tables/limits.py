"""How much of everything a file of tables may have, and the one place that refuses one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NoReturn

from motcua.documents.errors import TableRefused
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLimits:
    """Rows count only where something is written. The largest real list, all codes of the national
    database with their cases, has some 8,000 rows.
    """

    max_bytes: int = 20 * MEGABYTE
    max_unpacked: int = 150 * MEGABYTE
    max_entries: int = 3_000
    max_ratio: int = 200
    """Times a part of an office file may grow when unpacked, once it is larger than `ratio_from`."""
    ratio_from: int = 4 * MEGABYTE
    max_rows: int = 20_000
    """Filled rows of all tables of a file together."""
    max_columns: int = 100
    max_cells: int = 600_000
    max_seconds: float = 30.0


LIMITS = TableLimits()


@dataclass(slots=True)
class Budget:
    """What reading one file may still cost; each `spend` refuses as soon as a limit is passed."""

    name: str
    limits: TableLimits = LIMITS
    input: str = "file"
    """The input at fault when a limit is passed: "file", or "text" for what was pasted."""
    rows: int = 0
    cells: int = 0
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.until = time.monotonic() + self.limits.max_seconds

    def spend(self, cells: int, *, where: str = "") -> None:
        """Count one filled row."""
        self.rows += 1
        self.cells += cells
        if self.rows > self.limits.max_rows:
            too_many_rows(self.name, self.limits, field=self.input)
        if cells > self.limits.max_columns:
            refuse(
                "too_many_columns",
                "Bảng “%(table)s” có quá %(limit)s cột. Hãy xóa các cột thừa bên phải rồi tải lên lại.",
                field=self.input,
                table=where or self.name,
                limit=self.limits.max_columns,
            )
        if self.cells > self.limits.max_cells:
            refuse(
                "too_big",
                "Tệp “%(name)s” có quá nhiều ô. Hãy tách thành nhiều tệp nhỏ hơn.",
                field=self.input,
                name=self.name,
            )
        self.tick()

    def tick(self) -> None:
        """Refuse when reading takes too long."""
        if time.monotonic() > self.until:
            refuse(
                "too_slow",
                "Tệp “%(name)s” mất quá nhiều thời gian để đọc. Hãy chép riêng bảng cần dùng sang tệp mới.",
                field=self.input,
                name=self.name,
            )


def too_many_rows(name: str, limits: TableLimits, *, field: str = "file") -> NoReturn:
    """Refuse for its length."""
    refuse(
        "too_many_rows",
        "Tệp “%(name)s” có hơn %(limit)s dòng có chữ, nhiều hơn mức hệ thống nhận một lần. "
        "Hãy giữ lại các dòng cần nạp hoặc tách thành nhiều tệp.",
        field=field,
        name=name,
        limit=grouped(limits.max_rows),
    )


def refuse(code: str, text: str, *, field: str = "file", **params: object) -> NoReturn:
    """Refuse the file; `text` is the Vietnamese sentence for the person who brought it."""
    raise TableRefused(msg(text, **params), code=code, field=field)
