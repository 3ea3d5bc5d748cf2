"""How cells of the configuration grid look: short in the grid, whole where they are edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from motcua.catalogue import words
from motcua.catalogue.queries.configuring_pages import GridRow
from motcua.catalogue.rules.grid.cells import MARK, NOTHING, UNITS, Choices, Row, options, show, text_of
from motcua.catalogue.rules.grid.columns import TITLES, Column, mark_of
from motcua.catalogue.rules.grid.completeness import LACKS, Completeness
from motcua.catalogue.rules.grid.fees import read_fees
from motcua.catalogue.rules.grid.merging import Change, Clash, Plan, Problem
from motcua.catalogue.rules.grid.steps import over_limit, summary
from motcua.kernel.messages import Message

FREE_TEXT = frozenset({Column.STEPS, Column.FEES})
"""Cells of several lines, edited as text."""


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the grid. `before` is what is in force where the draft changes it."""

    column: str
    label: str
    there: bool
    text: str = ""
    sub: str = ""
    empty: bool = False
    changed: bool = False
    overtaken: bool = False
    before: str = ""
    wrong: bool = False
    url: str = ""

    @property
    def title(self) -> str:
        """The whole text where the cell shows less of it."""
        whole = f"{self.text} – {self.sub}" if self.sub else self.text
        return whole if len(self.text) > CLAMPED or self.sub else ""


CLAMPED = 40


def row_view(found: GridRow, choices: Choices, department: str) -> dict[str, Any]:
    """A row as the template shows it."""
    row = found.row
    return {
        "key": row.key.text,
        "code": row.code,
        "name": row.name,
        "field": row.field,
        "case": row.case_name,
        "is_case": bool(row.key.case_key),
        "level": str(words.LEVELS.get(row.key.level, row.key.level)),
        "url": edit_url(row, None, department),
        "page": reverse("catalogue:procedure", args=[row.code or str(row.key.procedure_id)]),
        "cells": [cell_view(row, column, choices, department) for column in Column],
        "percent": found.completeness.percent,
        "lacks": lack_words(found.completeness),
        "complete": found.completeness.is_complete,
        "changed": bool(row.draft),
    }


def lack_words(found: Completeness) -> list[str]:
    """What is missing, in words."""
    return [LACKS[lack].render() for lack in found.lacks]


def edit_url(row: Row, column: Column | None, department: str) -> str:
    """The page where a row, or one cell of it, is edited."""
    wanted = {"don-vi": department, "dong": row.key.text, **({"cot": column.value} if column else {})}
    return f"{reverse('catalogue_configuring:row')}?{urlencode(wanted)}"


def cell_view(row: Row, column: Column, choices: Choices, department: str) -> CellView:
    """One cell, short."""
    label = TITLES[column].render()
    if column not in row.columns:
        return CellView(column.value, label, there=False)
    token = row.token(column)
    text, sub = short(row, column, token, choices)
    edit = row.draft.get(column)
    process = row.process(choices) if column is Column.STEPS else None
    return CellView(
        column=column.value,
        label=label,
        there=True,
        text=text or NOTHING.get(column, TITLES[column]).render(),
        sub=sub,
        empty=not text,
        changed=edit is not None,
        overtaken=row.overtaken(column),
        before=_before(row, column, edit.before, choices) if edit is not None else "",
        wrong=process is not None and over_limit(process, row.limit) is not None,
        url=edit_url(row, column, department),
    )


def _before(row: Row, column: Column, token: str, choices: Choices) -> str:
    if column is Column.STEPS:
        process = row.with_draft({name: edit for name, edit in row.draft.items() if name is not column})
        return summary(process.process(choices), row.limit).render()
    return short(row, column, token, choices)[0] or NOTHING.get(column, TITLES[column]).render()


def short(row: Row, column: Column, token: str, choices: Choices) -> tuple[str, str]:
    """A token in few words, and a second line."""
    if column is Column.STEPS:
        process = row.process(choices)
        return (summary(process, row.limit).render(), "") if process is not None else ("", "")
    if column is Column.FEES:
        return _fees(row, token)
    text = words_of(row, column, token, choices)
    if column is Column.PROCESS:
        title, _mark, key = text.rpartition(MARK)
        return (title, key) if title else (text, "")
    if column is Column.RECEIVING and token.startswith(UNITS):
        codes = token.removeprefix(UNITS).split(",")
        names = [choices.reception_units.get(code, code).partition(MARK)[2] or code for code in codes]
        return (names[0], "") if len(names) == 1 else (_("%(n)s nơi") % {"n": len(names)}, "; ".join(names))
    code, mark, name = text.partition(MARK)
    return (name, code) if mark else (text, "")


def words_of(row: Row, column: Column, token: str, choices: Choices) -> str:
    """A token whole, in the reader's language."""
    found = show(row, column, token, choices)
    return found.render() if isinstance(found, Message) else found


def _fees(row: Row, token: str) -> tuple[str, str]:
    fees = read_fees(token, row.definition.fees)
    if isinstance(fees, Message) or not fees:
        return "", ""
    parts = [line.split(" | ") for line in token.splitlines()]
    first = " / ".join(part for part in parts[0][1:3] if part)
    if len(parts) == 1:
        return first, parts[0][0]
    return _("%(n)s mức phí") % {"n": len(parts)}, "; ".join(part[1] for part in parts)


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    """The lines of two texts that differ, side by side."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) == len(new):
        return [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    left = [line for line in old if line not in new]
    right = [line for line in new if line not in old]
    longest = max(len(left), len(right))
    return list(zip(left + [""] * (longest - len(left)), right + [""] * (longest - len(right)), strict=True))


def pairs(row: Row, column: Column, before: str, after: str, choices: Choices) -> list[tuple[str, str]]:
    """Before and after for people: whole for choices, the differing lines for texts."""
    if column is Column.STEPS:
        return [(_brief(old), _brief(new)) for old, new in changed_lines(before, after)]
    if column is Column.FEES:
        return changed_lines(before, after)
    nothing = NOTHING.get(column, TITLES[column]).render()
    return [
        (
            words_of(row, column, before, choices) or nothing,
            words_of(row, column, after, choices) or nothing,
        )
    ]


LONGEST_STEP_NAME = 48


def _brief(line: str) -> str:
    """A line of a step with its name cut: what changes are the role and the time."""
    name, bar, rest = line.partition(" | ")
    return f"{name[:LONGEST_STEP_NAME]}… | {rest}" if bar and len(name) > LONGEST_STEP_NAME + 4 else line


def input_view(row: Row, column: Column, choices: Choices, *, typed: str | None = None) -> dict[str, Any]:
    """What the form of a cell needs; `typed` is kept where it was refused."""
    token = row.token(column)
    shown = text_of(row, column, token, choices)
    edit = row.draft.get(column)
    value = shown if typed is None else typed
    kind = column.value if column in FREE_TEXT else "choice" if _is_choice(column) else "text"
    listed = (
        []
        if column in FREE_TEXT
        else [
            (choice, label.render() if isinstance(label, Message) else label)
            for choice, label in options(row, column, choices).items()
        ]
    )
    if kind == "choice":
        value = token if typed is None else typed
        if token not in dict(listed):
            listed.insert(0, (token, shown or NOTHING.get(column, TITLES[column]).render()))
    return {
        "column": column.value,
        "label": TITLES[column].render(),
        "kind": kind,
        "value": value,
        "lines": lines_of(row, column, value, choices),
        "options": listed,
        "seen": mark_of(shown),
        "hint": HINTS[column]() if column in HINTS else "",
        "changed": edit is not None,
        "before": pairs(row, column, edit.before, edit.after, choices) if edit is not None else [],
        "overtaken": row.overtaken(column),
        "now": words_of(row, column, row.live.get(column, ""), choices) if row.overtaken(column) else "",
    }


EMPTY_FEE_LINES = 2


def lines_of(row: Row, column: Column, text: str, choices: Choices) -> list[dict[str, Any]]:
    """The lines of a text as fields, each with what was typed; fees with room for more."""
    if column is Column.STEPS:
        found = []
        for number, parts in enumerate(_parts(text, 3), 1):
            name = parts[0].partition(". ")[2] if parts[0].startswith(f"{number}. ") else parts[0]
            roles = list(choices.roles.values())
            known = roles if parts[1] in roles else [parts[1], *roles]
            found.append({"number": number, "name": name, "role": parts[1], "roles": known, "time": parts[2]})
        return found
    if column is Column.FEES:
        filled = [*_parts(text, 4), *([[""] * 4] * EMPTY_FEE_LINES)]
        return [
            {"number": number, "name": name, "amount": amount, "per": per, "set_by": set_by}
            for number, (name, amount, per, set_by) in enumerate(filled, 1)
        ]
    return []


def _parts(text: str, width: int) -> list[list[str]]:
    """The parts of each line, filled up or joined to the width."""
    found = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split("|")]
        parts += [""] * (width - len(parts))
        found.append([*parts[: width - 1], " ".join(parts[width - 1 :]).strip()])
    return found


MOST_LINES = 200


def typed_lines(data: Mapping[str, str], column: Column) -> str | None:
    """The text of a cell whose lines came as fields of their own; None when none came."""
    names = {Column.STEPS: ("name", "role", "time"), Column.FEES: ("name", "amount", "per", "set_by")}[column]
    if f"{column.value}-1-{names[0]}" not in data:
        return None
    lines = []
    for number in range(1, MOST_LINES):
        parts = [
            data.get(f"{column.value}-{number}-{name}", "").replace("|", "/").strip()[:500] for name in names
        ]
        if f"{column.value}-{number}-{names[0]}" not in data:
            break
        if any(parts):
            start = f"{number}. " if column is Column.STEPS else ""
            lines.append(start + " | ".join(parts))
    return "\n".join(lines)


def _is_choice(column: Column) -> bool:
    return column in (Column.PROCESS, Column.DECIDING, Column.RETURNING, Column.LETTERS)


HINTS = {
    Column.STEPS: lambda: _(
        "Sửa vai và thời gian: “0,5 ngày làm việc”, “4 giờ làm việc”, hoặc “—” khi bước không có thời gian."
    ),
    Column.FEES: lambda: _(
        "Số tiền ghi 8.000, “miễn”, hoặc “chưa rõ”. Xóa tên phí để bỏ dòng. Mức mới phải kèm nghị quyết."
    ),
    Column.RECEIVING: lambda: _(
        "Chọn một cách tiếp nhận, hoặc ghi mã các nơi cách nhau bằng dấu chấm phẩy: 09187.TT; TTPVHCC."
    ),
    Column.FORM: lambda: _("Mã hoặc số hiệu biểu mẫu người dân điền; bỏ trống nếu không có."),
}


def change_views(plan: Plan, changes: tuple[Change, ...], choices: Choices) -> list[dict[str, Any]]:
    """The changes of a preview, row by row."""
    return [
        {
            **_where(plan, change),
            "pairs": pairs(plan.rows[change.key], change.column, change.before, change.after, choices),
        }
        for change in changes
    ]


def clash_views(plan: Plan, choices: Choices) -> list[dict[str, Any]]:
    """Cells that somebody else changed meanwhile, with both values."""
    return [
        {
            **_where(plan, clash),
            "name": f"{clash.key.text}|{clash.column.value}",
            "pairs": pairs(plan.rows[clash.key], clash.column, clash.now, clash.mine, choices),
        }
        for clash in plan.clashes
    ]


def problem_views(plan: Plan, problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    """Mistakes by cell."""
    found = []
    for problem in problems:
        row = plan.rows.get(problem.key) if problem.key is not None else None
        found.append(
            {
                "cell": problem.cell,
                "code": (row.code or row.name) if row is not None else "",
                "column": TITLES[problem.column].render() if problem.column else "",
                "text": problem.text[:120],
                "message": problem.message.render(),
            }
        )
    return found


def _where(plan: Plan, change: Change | Clash) -> dict[str, Any]:
    row = plan.rows[change.key]
    return {
        "cell": change.cell,
        "key": change.key.text,
        "code": row.code,
        "title": row.name,
        "case": row.case_name,
        "level": str(words.LEVELS.get(row.key.level, row.key.level)),
        "column": TITLES[change.column].render(),
    }
