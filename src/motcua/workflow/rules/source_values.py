"""Reading one object of a source file of processes: every key is taken or reported, every wrong kind of value is
a remark or the reason why the process cannot be read.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from motcua.kernel.messages import Message, msg
from motcua.workflow.rules import source_words as words
from motcua.workflow.rules.checks import Finding, Severity
from motcua.workflow.rules.definition import Span, TimeUnit

_LEVELS = frozenset({"xa", "tinh"})


class Unreadable(ValueError):
    """The source cannot be a process; carries the sentence."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.source())
        self.message = message


class Remarks:
    """What was noticed while reading."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def add(self, severity: Severity, code: str, step: str | None, message: Message) -> None:
        self.found.append(Finding(severity, code, step, message))


@dataclass
class Row:
    """A source object that remembers which of its keys were used."""

    data: Mapping[str, Any]
    used: set[str] = field(default_factory=set)

    def take(self, key: str, default: Any = None) -> Any:
        self.used.add(key)
        return self.data.get(key, default)

    def text(self, key: str) -> str:
        value = self.take(key)
        if value is not None and not isinstance(value, str):
            raise Unreadable(msg("“%(key)s” phải là chữ.", key=key))
        return (value or "").strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.take(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise Unreadable(msg("“%(key)s” phải là danh sách chữ.", key=key))
        return tuple(value)

    def flag(self, key: str, remarks: Remarks, step: str | None = None) -> bool:
        """True unless the source says false; anything else than true or false is reported and read as true."""
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            message = msg("“%(key)s” phải là đúng hoặc sai (true, false); hiểu là đúng.", key=key)
            remarks.add("warning", "bad_value", step, message)
        return value is not False

    def left(self) -> list[str]:
        return sorted(str(key) for key in set(self.data) - self.used)


def unit_of(value: object) -> TimeUnit:
    """A unit of time of a source. Raises Unreadable."""
    try:
        return TimeUnit(str(value))
    except ValueError:
        raise Unreadable(msg("Không hiểu đơn vị thời gian “%(unit)s”.", unit=str(value))) from None


def amount_of(value: object, unit: TimeUnit) -> Span | None:
    """A time of a source, None where it has none. Raises Unreadable."""
    exact = None if value is None else exact_or_none(value)
    if value is not None and (exact is None or exact < 0):
        raise Unreadable(msg("Không hiểu thời gian “%(time)s”.", time=str(value)))
    return None if exact is None else Span(exact, unit)


def exact_or_none(value: object) -> Fraction | None:
    """A number of the source as it was written; None for what is no number."""
    try:
        return words.exact(value)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def level_of(row: Row, remarks: Remarks) -> str:
    """Which level decides: `xa`, `tinh` or both; anything else is kept and reported, it binds to nothing."""
    level = row.text("level")
    if not level or not set(level.split("/")) <= _LEVELS:
        message = msg("Không hiểu cấp thực hiện “%(level)s”: cần “xa”, “tinh” hoặc “xa/tinh”.", level=level)
        remarks.add("warning", "unknown_level", None, message)
    return level


def limit_of(value: object, remarks: Remarks) -> Span | None:
    """The limit of a process. Raises Unreadable."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise Unreadable(msg("Không hiểu thời hạn của quy trình (“limit”)."))
    row = Row(value)
    limit = amount_of(row.take("value"), unit_of(row.take("unit")))
    for left in row.left():
        remarks.add(
            "warning", "unknown_key", None, msg("Không hiểu mục “%(key)s” của thời hạn.", key=f"limit.{left}")
        )
    return limit


def step_keys(rows: Sequence[Mapping[str, Any]], remarks: Remarks) -> list[str]:
    """Steps are named by their numbers in the table; one without a number, or with a number that was there, by the
    next free one. They are read in the order in which they stand.
    """
    keys: list[str] = []
    before: int | None = None
    for position, row in enumerate(rows, start=1):
        order = row.get("order")
        readable = isinstance(order, int | str) and not isinstance(order, bool) and str(order).strip() != ""
        key = f"b{str(order).strip()}" if readable else f"b{position}"
        if not readable:
            message = msg("Bước thứ %(n)s không có số thứ tự đọc được: đánh số theo vị trí.", n=position)
            remarks.add("warning", "order_unclear", key, message)
        elif isinstance(order, int):
            if before is not None and order != before + 1:
                message = msg("Bước mang số %(order)s đứng sau bước %(before)s.", order=order, before=before)
                remarks.add("warning", "order_differs", key, message)
            before = order
        free = (f"b{n}" for n in itertools.count(position) if f"b{n}" not in keys)
        keys.append(key if key not in keys else next(free))
    return keys


def step_unit(row: Row, key: str, remarks: Remarks) -> TimeUnit:
    """The unit of a step's time. One that is missing beside a time is read as working days, and said."""
    value = row.take("unit")
    if value is not None and value != "":
        return unit_of(value)
    if row.data.get("time") is not None:
        message = msg("Bước ghi thời gian mà không ghi đơn vị: hiểu là ngày làm việc.")
        remarks.add("warning", "unit_assumed", key, message)
    return TimeUnit.WORKING_DAY
