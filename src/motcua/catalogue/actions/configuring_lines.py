"""The lines of a configuration: written whole from the changed cells, one line for each procedure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from motcua.catalogue.models import ChangeLine, ChangeSet
from motcua.catalogue.queries.configuring import Book
from motcua.catalogue.rules.grid.cells import Row, text_of
from motcua.catalogue.rules.grid.columns import TITLES, RowKey
from motcua.catalogue.rules.grid.composing import compose, edits_to_json
from motcua.catalogue.types_changes import ChangeAction

MATCHED_BY = "configuration"


def write_lines(
    change_set: ChangeSet,
    held: Book,
    rows: Mapping[RowKey, Row],
    procedure_ids: Collection[int],
    *,
    editor_id: int | None,
) -> None:
    """Renew, add or remove the lines of these procedures: four statements, however many lines."""
    known = {
        line.procedure_id: line for line in change_set.lines.filter(procedure_id__in=list(procedure_ids))
    }
    last = change_set.lines.order_by("-position").values_list("position", flat=True).first() or 0
    of_procedure: dict[int, list[Row]] = {pk: [] for pk in sorted(procedure_ids)}
    for key, row in rows.items():
        if key.procedure_id in of_procedure and row.draft:
            of_procedure[key.procedure_id].append(row)
    added: list[ChangeLine] = []
    renewed: list[ChangeLine] = []
    emptied: list[int] = []
    for procedure_id, changed in of_procedure.items():
        line = known.get(procedure_id)
        if not changed:
            emptied.extend([line.pk] if line is not None else [])
            continue
        if line is None:
            last += 1
            line = ChangeLine(
                change_set=change_set, position=last, procedure_id=procedure_id, matched_by=MATCHED_BY
            )
            added.append(line)
        else:
            renewed.append(line)
        _fill(line, held, changed, change_set, editor_id)
    if emptied:
        ChangeLine.objects.filter(pk__in=emptied).delete()
    if added:
        ChangeLine.objects.bulk_create(added, batch_size=200)
    if renewed:
        ChangeLine.objects.bulk_update(renewed, FIELDS_TO_RENEW, batch_size=100)


FIELDS_TO_RENEW = ["action", "before_version", "content", "settings", "diff", "raw", "code", "name"]


def _fill(
    line: ChangeLine, held: Book, rows: Sequence[Row], change_set: ChangeSet, editor_id: int | None
) -> None:
    name = held.department.full_name or held.department.name
    made = compose(
        rows, held.choices, department=name, source=f"{change_set.title} {change_set.number}"[:255]
    )
    line.code, line.name = rows[0].code, rows[0].name
    line.action = (ChangeAction.CONFIGURED if made.content is None else ChangeAction.AMENDED).value
    line.before_version_id = held.versions[rows[0].key.procedure_id]
    line.content = None if made.content is None else made.content.to_dict()
    line.settings = made.settings.to_dict()
    line.diff = _diff(rows, held)
    line.raw = {"cells": edits_to_json(rows), "editors": _editors(line, editor_id)}


def _editors(line: ChangeLine, editor_id: int | None) -> list[int]:
    """Everybody who edited the line: none of them approves it."""
    known = {*(line.raw or {}).get("editors", ()), *([editor_id] if editor_id is not None else [])}
    return sorted(known)


def _diff(rows: Sequence[Row], held: Book) -> list[dict[str, Any]]:
    """The changed cells in words."""
    return [
        {
            "key": f"{row.key.level}.{row.key.case_key}.{column.value}".replace("..", "."),
            "label": TITLES[column].source() + (f" ({row.case_name})" if row.case_name else ""),
            "before": text_of(row, column, edit.before, held.choices),
            "after": text_of(row, column, edit.after, held.choices),
            "rose": 0,
        }
        for row in rows
        for column, edit in row.draft.items()
    ]
