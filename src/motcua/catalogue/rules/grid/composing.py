"""From the changed cells of a procedure to what a line of a change-set says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from motcua.catalogue.rules.competence import ANY_CENTRE
from motcua.catalogue.rules.grid.cells import FUNCTION, ORIGINAL, UNITS, CellEdit, Choices, Row
from motcua.catalogue.rules.grid.columns import Column, RowKey
from motcua.catalogue.rules.grid.fees import read_fees
from motcua.catalogue.rules.grid.steps import own_copy
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import (
    LineSettings,
    NewProcess,
    ProcessChoice,
    RuleChoice,
    SettingChoice,
    SettingKey,
)
from motcua.kernel.messages import Message

SLIP = "reception_slip"


@dataclass(frozen=True, slots=True)
class Composed:
    """What a line says: settings, with processes to be published along, and a whole new content if fees change."""

    settings: LineSettings
    content: ProcedureDefinition | None


def compose(rows: Iterable[Row], choices: Choices, *, department: str, source: str) -> Composed:
    """The line of one procedure from its rows with changed cells."""
    chosen: list[ProcessChoice] = []
    made: list[NewProcess] = []
    rules: list[RuleChoice] = []
    settings: list[SettingChoice] = []
    content: ProcedureDefinition | None = None
    for row in rows:
        new = _new_process(row, choices, department)
        if new is not None:
            made.append(new)
        elif Column.PROCESS in row.draft:
            token = row.token(Column.PROCESS)
            chosen.append(ProcessChoice(int(token), row.key.level, row.key.case_key))
        if row.draft.keys() & {Column.RECEIVING, Column.DECIDING}:
            rules.extend(_rule(row, source))
        settings.extend(_settings(row))
        content = _content(row) or content
    return Composed(LineSettings(tuple(chosen), tuple(rules), tuple(settings), tuple(made)), content)


def _new_process(row: Row, choices: Choices, department: str) -> NewProcess | None:
    process = row.process(choices)
    if Column.STEPS not in row.draft or process is None:
        return None
    own = own_copy(
        process,
        code=row.code or str(row.key.procedure_id),
        department=department,
        field=row.field,
        case_key=row.key.case_key,
        level=row.key.level,
    )
    return NewProcess(row.key.level, row.key.case_key, own.to_dict())


def _rule(row: Row, source: str) -> Sequence[RuleChoice]:
    """The whole rule of the level: who receives and who decides belong together."""
    receiving, deciding = row.token(Column.RECEIVING), row.token(Column.DECIDING)
    before = row.live.get(Column.RECEIVING, ANY_CENTRE), row.live.get(Column.DECIDING, "")
    reception = ANY_CENTRE if receiving.startswith(UNITS) else receiving or ANY_CENTRE
    rule_before = ANY_CENTRE if before[0].startswith(UNITS) else before[0]
    if (reception, deciding) == (rule_before, before[1]):
        return ()  # only the list of units changed, which is a setting
    function = deciding.removeprefix(FUNCTION) if deciding.startswith(FUNCTION) else ""
    return (
        RuleChoice(
            level=row.key.level,
            reception=reception,
            deciding_unit="" if function else deciding,
            deciding_function=function,
            source=source,
        ),
    )


def _settings(row: Row) -> list[SettingChoice]:
    found: list[SettingChoice] = []
    case = row.key.case_key
    for column, edit in row.draft.items():
        match column:
            case Column.FORM:
                value: dict[str, Any] | None = {"form": edit.after} if edit.after else None
                found.append(SettingChoice(SettingKey.FORM, value, case))
            case Column.LETTERS:
                usual = edit.after == ("" if case else SLIP)
                found.append(SettingChoice(SettingKey.LETTERS, None if usual else {SLIP: edit.after}, case))
            case Column.RETURNING:
                usual = edit.after == ("" if case else ORIGINAL)
                found.append(SettingChoice(SettingKey.RETURNING, None if usual else {"at": edit.after}, case))
            case Column.RECEIVING if UNITS in (edit.after[: len(UNITS)], edit.before[: len(UNITS)]):
                units = edit.after.removeprefix(UNITS).split(",") if edit.after.startswith(UNITS) else None
                value = None if units is None else {"units": units}
                found.append(SettingChoice(SettingKey.RECEIVING, value, case))
    return found


def _content(row: Row) -> ProcedureDefinition | None:
    edit = row.draft.get(Column.FEES)
    if edit is None:
        return None
    fees = read_fees(edit.after, row.definition.fees)
    return None if isinstance(fees, Message) else replace(row.definition, fees=fees)


# --- the cells as a line keeps them --------------------------------------------------------------------------


def edits_to_json(rows: Iterable[Row]) -> list[dict[str, str]]:
    """Every changed cell, for `ChangeLine.raw["cells"]`; `edits_from_json` is the inverse."""
    return [
        {
            "level": row.key.level,
            "case_key": row.key.case_key,
            "column": column.value,
            "before": edit.before,
            "after": edit.after,
        }
        for row in rows
        for column, edit in row.draft.items()
    ]


def edits_from_json(
    procedure_id: int, data: Iterable[Mapping[str, str]]
) -> dict[RowKey, dict[Column, CellEdit]]:
    """By row; cells of a column that no longer exists are left out."""
    found: dict[RowKey, dict[Column, CellEdit]] = {}
    for cell in data:
        if cell.get("column") not in set(Column):
            continue
        key = RowKey(procedure_id, cell["level"], cell.get("case_key", ""))
        found.setdefault(key, {})[Column(cell["column"])] = CellEdit(cell["before"], cell["after"])
    return found
