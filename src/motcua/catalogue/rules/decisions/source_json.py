"""Decisions as JSON, in the layout of `catalogue/data/decisions.json`. Every key is used or reported."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from motcua.catalogue.errors import UnreadableSource
from motcua.catalogue.rules.decisions.cells import read_limit_cell
from motcua.catalogue.rules.decisions.head import kind_in, midnight, with_rule
from motcua.catalogue.rules.decisions.line import limit_of_change
from motcua.catalogue.rules.decisions.values import DecisionHead, DecisionLine, DecisionRead, Problem
from motcua.catalogue.rules.decisions.wording import action_of, codes_in
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import nfc

LISTS: Mapping[str, ChangeAction | None] = {
    "new": ChangeAction.NEW,
    "amended": ChangeAction.AMENDED,
    "replaced": ChangeAction.REPLACED,
    "repealed": ChangeAction.ABOLISHED,
    "other": None,
}
LIST_WORDS = {
    "new": "ban hành mới",
    "amended": "sửa đổi",
    "replaced": "thay thế",
    "repealed": "bãi bỏ",
    "other": "khác",
}
"""The lists as offices call them: a place is told as "mục sửa đổi, dòng 1"."""
_OTHER = {
    "non_territorial": ChangeAction.AMENDED,
    "internal_process": ChangeAction.PROCESS,
    "standardised": ChangeAction.AMENDED,
    "repealed": ChangeAction.ABOLISHED,
    "level_moved": ChangeAction.LEVEL_MOVED,
    "redelegated": ChangeAction.REDELEGATED,
    "combined": ChangeAction.NOTED,
    "published": ChangeAction.NOTED,
    "published (row-level action unknown)": ChangeAction.NOTED,
}
_HEAD = frozenset({"number", "date", "issuer", "kind", "title", "field", "effective", "based_on", "notes"})
_ASIDE = frozenset({"source", "confidence"})


def read_decisions_json(document: object, *, name: str = "") -> tuple[DecisionRead, ...]:
    """Every decision of a document: one alone, a list, or under "decisions". `UnreadableSource` for other shapes."""
    rows = (
        document.get("decisions") if isinstance(document, Mapping) and "decisions" in document else document
    )
    if isinstance(rows, Mapping):
        rows = [rows]
    if not isinstance(rows, list) or not any(isinstance(row, Mapping) and "number" in row for row in rows):
        raise UnreadableSource(
            msg(
                "Tệp JSON phải có danh sách “decisions”, mỗi quyết định có “number” và các danh sách thủ tục."
            ),
            field="document",
        )
    return tuple(_Reader(row, number).read() for number, row in enumerate(rows, 1))


class _Reader:
    """One decision."""

    def __init__(self, data: object, place: int) -> None:
        self._data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        number = self._data.get("number")
        self._path = number if isinstance(number, str) and number else f"quyết định thứ {place}"
        self._problems: list[Problem] = []
        self._remarks: list[Problem] = []
        if not isinstance(data, Mapping):
            self._report("", msg("Mục này không phải là một quyết định."))

    def read(self) -> DecisionRead:
        head = self._head()
        lines: list[DecisionLine] = []
        for list_name, action in LISTS.items():
            for index, row in enumerate(self._list(list_name), 1):
                lines.extend(
                    self._lines(row, f"mục {LIST_WORDS[list_name]}, dòng {index}", action, len(lines))
                )
        for key in self._data:
            if key not in _HEAD | _ASIDE and key not in LISTS:
                self._report(
                    _field(str(key)),
                    msg("Không hiểu trường “%(key)s”. Hãy bỏ hoặc sửa tên trường.", key=str(key)),
                )
        return DecisionRead(head, tuple(lines), tuple(self._problems), tuple(self._remarks))

    def _head(self) -> DecisionHead:
        title, notes = self._text("title"), self._data.get("notes") or ()
        signed = self._day(_field("date"), self._data.get("date"))
        head = DecisionHead(
            number=re.sub(r"\s", "", self._text("number")),
            signed_on=signed,
            issuer=self._text("issuer"),
            kind=self._kind(title),
            title=title,
            field=self._text("field"),
            based_on=self._text("based_on"),
            notes=tuple(nfc(note) for note in notes if isinstance(note, str))
            if isinstance(notes, list)
            else (),
        )
        if not head.number:
            self._report(_field("number"), msg("Thiếu số quyết định."))
        return self._effect(head)

    def _kind(self, title: str) -> ChangeKind | None:
        value = self._text("kind")
        known = next((kind for kind in ChangeKind if kind.value == value), None)
        if value and known is None:
            self._report(_field("kind"), msg("Không biết loại “%(kind)s”.", kind=value[:40]))
        return known or kind_in(title)

    def _effect(self, head: DecisionHead) -> DecisionHead:
        stated = self._data.get("effective")
        if stated is None:
            return head
        if not isinstance(stated, Mapping):
            self._report(_field("effective"), msg("Hiệu lực phải gồm “date”, “to”, “rule” hoặc “basis”."))
            return head
        rule = nfc(str(stated.get("rule") or stated.get("basis") or ""))
        head = with_rule(head, rule) if rule else head
        first, last = (
            self._day(_field("effective.date"), stated.get("date")),
            self._day(_field("effective.to"), stated.get("to")),
        )
        values: dict[str, Any] = {}
        if first is not None:
            values["effective_at"] = midnight(first)
        if last is not None:
            values["effective_to"] = midnight(last + timedelta(days=1))
        return replace(head, **values)

    def _lines(
        self, row: object, place: str, action: ChangeAction | None, before: int
    ) -> Sequence[DecisionLine]:
        if not isinstance(row, Mapping):
            self._report(place, msg("Mục này không phải là một dòng thủ tục."))
            return ()
        if action is ChangeAction.REPLACED and ("old" in row or "new" in row):
            return self._replaced(row, place, before)
        code, name = self._code(row.get("code"), _field("code", place)), nfc(str(row.get("name") or ""))
        if not code and not name:
            self._report(
                place, msg("Dòng không có mã và không có tên thủ tục. Hãy ghi ít nhất một trong hai.")
            )
            return ()
        values: dict[str, object] = {}
        if action is None:
            action = self._other(str(row.get("action") or ""), place, values)
        self._values(row, place, values)
        raw = {str(key): str(value) for key, value in row.items() if value is not None}
        return [DecisionLine(before + 1, self._at(place)[:120], code, name, action, values=values, raw=raw)]

    def _other(self, text: str, place: str, values: dict[str, object]) -> ChangeAction:
        if text == "non_territorial":
            values["boundary_free"] = True
        found = _OTHER.get(text) or action_of(text)
        if found is None:
            self._report(_field("action", place), msg("Không hiểu hành động “%(words)s”.", words=text[:60]))
        return found or ChangeAction.NOTED

    def _values(self, row: Mapping[str, Any], place: str, values: dict[str, object]) -> None:
        if row.get("replaced_by"):
            found = tuple(codes_in(str(row["replaced_by"])))
            if found:
                values["replaced_by"] = found
            else:
                self._report(_field("replaced_by", place), msg("Không có mã nào đọc được."))
        if row.get("change"):
            values["change"] = nfc(str(row["change"]))
            limit = limit_of_change(str(row["change"]))
            if limit is not None:
                values["limit"] = limit
        if row.get("limit"):
            read = read_limit_cell(str(row["limit"]), lambda m: self._report(_field("limit", place), m))
            if read is not None and read.limit is not None:
                values["limit"] = read.limit
        for key in row:
            if key not in {"code", "name", "action", "replaced_by", "change", "limit"}:
                self._report(
                    _field(key, place),
                    msg("Không hiểu trường “%(key)s”. Hãy bỏ hoặc sửa tên trường.", key=key),
                )

    def _replaced(self, row: Mapping[str, Any], place: str, before: int) -> Sequence[DecisionLine]:
        """Old and new as codes, as names, or as both: "1.115476 (đính chính …)"; several new codes: several lines."""
        old, new = nfc(str(row.get("old") or "")), nfc(str(row.get("new") or ""))
        if not new:
            self._report(_field("new", place), msg("Không ghi thủ tục mới thay thế."))
            return ()
        old_codes, new_codes = codes_in(old), codes_in(new)
        values: dict[str, object] = {"old_name": old} if old and not old_codes else {}
        named = re.search(r"\(([^)]+)\)", new) if new_codes else None
        name = named[1] if named else "" if new_codes else new
        raw = {key: str(row[key]) for key in ("old", "new") if row.get(key)}
        return [
            DecisionLine(
                position=before + number,
                cell=self._at(place)[:120],
                code=code,
                name=name,
                action=ChangeAction.REPLACED,
                old_code=old_codes[0] if old_codes else "",
                values=values,
                raw=raw,
            )
            for number, code in enumerate(new_codes or [""], 1)
        ]

    def _code(self, value: object, place: str) -> str:
        if value is None or value == "":
            return ""
        found = codes_in(value) if isinstance(value, str) else []
        if len(found) != 1:
            self._report(
                place,
                msg(
                    "Mã “%(code)s” không đúng dạng 1.234567. Hãy sửa mã, hoặc để trống nếu chưa có.",
                    code=str(value)[:40],
                ),
            )
            return ""
        return found[0]

    def _day(self, place: str, value: object) -> date | None:
        """A whole day; a month, a year or "?" stays open and is remarked upon, anything else is a problem."""
        if value is None or value == "":
            return None
        text = str(value)
        try:
            return date.fromisoformat(text)
        except ValueError:
            partial = re.fullmatch(r"(?:\d{4}(?:-\d{2})?)?\??", text)
            where = self._remarks if partial else self._problems
            where.append(
                Problem(
                    self._at(place),
                    msg("Ngày “%(day)s” chưa đủ ngày, tháng, năm; cần bổ sung.", day=text[:40]),
                )
            )
            return None

    def _list(self, name: str) -> list[object]:
        value = self._data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self._report(_field(name), msg("Giá trị phải là danh sách."))
            return []
        return value

    def _text(self, key: str) -> str:
        value = self._data.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._report(_field(key), msg("Giá trị phải là chữ."))
            return ""
        return nfc(value)

    def _at(self, place: str) -> str:
        return f"{self._path}, {place}" if place else self._path

    def _report(self, place: str, message: Message) -> None:
        self._problems.append(Problem(self._at(place), message))


def _field(name: str, place: str = "") -> str:
    """A field by the name the file gives it, with the line it stands in."""
    return f"{place}, trường “{name}”" if place else f"trường “{name}”"
