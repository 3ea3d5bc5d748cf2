"""Reading one row of a source without losing anything: every key is taken or reported, every oddity is a
finding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from motcua.catalogue.types import SourceFinding
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import nfc


class RowRefused(Exception):
    """The row cannot become a procedure; the finding says why."""

    def __init__(self, finding: SourceFinding) -> None:
        super().__init__(finding.message.source())
        self.finding = finding


def storable(text: str) -> str:
    """The text without what no database keeps: zero characters and halves of broken characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def raw_text(value: object) -> str:
    """A value as it stood in the source, at most 400 characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return storable(text)[:400]


class Row:
    """A mapping from a source. `take*` consumes a key; `finish` reports the keys nobody took."""

    def __init__(self, data: Mapping[str, Any], *, code: str, name: str, path: str = "") -> None:
        self._data = data
        self._taken: set[str] = set()
        self._path = path
        self.code = storable(code)[:64]
        self.name = storable(name)
        self.findings: list[SourceFinding] = []

    def report(self, kind: str, field: str, message: Message, raw: object = "") -> None:
        """Add a finding about this row."""
        self.findings.append(
            SourceFinding(
                self.code, self._at(field), kind, message, raw_text(raw) if raw != "" else "", self.name
            )
        )

    def refuse(self, field: str, message: Message, raw: object = "") -> RowRefused:
        """The exception to raise when the row cannot be used at all."""
        return RowRefused(
            SourceFinding(self.code, self._at(field), "row_refused", message, raw_text(raw), self.name)
        )

    def has(self, key: str) -> bool:
        return key in self._data

    def take(self, key: str) -> Any:
        """The raw value, None when absent."""
        self._taken.add(key)
        return self._data.get(key)

    def text(self, key: str) -> str:
        """A tidy string; an untidy one (line breaks, double spaces) is tidied and reported."""
        value = self.take(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.report("bad_value", key, msg("Giá trị phải là chữ, nguồn ghi kiểu khác nên bỏ qua."), value)
            return ""
        tidy = nfc(storable(value))
        if tidy != value:
            self.report(
                "untidy_text",
                key,
                msg("Chữ có xuống dòng hoặc khoảng trắng thừa, đã dọn lại khi nạp."),
                value,
            )
        return tidy

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of tidy strings; other kinds of item are reported and left out."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.report(
                "bad_value", key, msg("Giá trị phải là danh sách, nguồn ghi kiểu khác nên bỏ qua."), value
            )
            return ()
        wrong = [item for item in value if not isinstance(item, str)]
        if wrong:
            self.report(
                "bad_value", key, msg("Danh sách có mục không phải là chữ, các mục đó bị bỏ qua."), wrong
            )
        return tuple(nfc(storable(item)) for item in value if isinstance(item, str))

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if value not in (None, True, False):
            self.report(
                "bad_value", key, msg("Giá trị phải là đúng hoặc sai, nguồn ghi khác nên coi là sai."), value
            )
        return value is True

    def whole(self, key: str, *, default: int | None = None) -> int | None:
        """A whole number that is not negative; anything else is reported and becomes the default."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.report(
                "bad_value", key, msg("Giá trị phải là số nguyên không âm, nguồn ghi khác nên bỏ qua."), value
            )
            return default
        return value

    def rows(self, key: str) -> list[Row]:
        """Nested rows sharing this row's findings; items that are not objects are reported."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.report(
                "bad_value", key, msg("Giá trị phải là danh sách, nguồn ghi kiểu khác nên bỏ qua."), value
            )
            return []
        found: list[Row] = []
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                found.append(self._nested(item, f"{key}[{index}]"))
            else:
                self.report("bad_value", f"{key}[{index}]", msg("Mục này không đọc được nên bỏ qua."), item)
        return found

    def row(self, key: str) -> Row | None:
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.report("bad_value", key, msg("Mục này không đọc được nên bỏ qua."), value)
            return None
        return self._nested(value, key)

    def finish(self) -> None:
        """Report every key that no rule understood; nothing is lost in silence."""
        for key in self._data:
            if key not in self._taken:
                self.report(
                    "unknown_key",
                    str(key),
                    msg("Không hiểu trường “%(key)s” của nguồn; chưa dùng đến.", key=str(key)),
                    self._data[key],
                )

    def _nested(self, data: Mapping[str, Any], key: str) -> Row:
        child = Row(data, code=self.code, name=self.name, path=self._at(key))
        child.findings = self.findings
        return child

    def _at(self, field: str) -> str:
        return f"{self._path}.{field}" if self._path else field
