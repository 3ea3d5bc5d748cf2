"""What a line configures beside the legal content: processes, competence, settings; old ones close, new ones open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from motcua.catalogue.actions.periods import AT_ONCE, in_parts
from motcua.catalogue.errors import NotReady
from motcua.catalogue.models import (
    ChangeLine,
    ChangeSet,
    CompetenceRule,
    ProcedureSetting,
    ProcessBinding,
)
from motcua.catalogue.types_changes import LineSettings
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.workflow import queries as workflow

TABLES: dict[str, type[Model]] = {
    "binding": ProcessBinding,
    "rule": CompetenceRule,
    "setting": ProcedureSetting,
}
Key = tuple[Any, ...]
Row = ProcessBinding | CompetenceRule | ProcedureSetting


@dataclass(slots=True)
class Configured:
    """Rows that were closed, by table, each with the end it had."""

    closed: dict[str, dict[str, str | None]] = field(default_factory=lambda: defaultdict(dict))


def configure(
    settings: Sequence[tuple[ChangeLine, LineSettings]],
    heirs: Sequence[tuple[ChangeLine, int, int]],
    change_set: ChangeSet,
) -> Configured:
    """Open what the lines choose from the effective instant, and close what stood in its place.

    `heirs` are (line, procedure, replaced procedure): what the line does not choose and the procedure does not have
    yet, it takes over from the one it replaces; the first one counts.
    """
    done = Configured()
    wanted: dict[str, dict[Key, Row | None]] = {name: _inherited(name, heirs, change_set) for name in TABLES}
    for line, chosen in settings:
        for name, key, row in _chosen(line, chosen, change_set):
            wanted[name][key] = row
    for name, rows in wanted.items():
        _replace(name, rows, change_set, done)
    return done


def _inherited(
    name: str, heirs: Sequence[tuple[ChangeLine, int, int]], change_set: ChangeSet
) -> dict[Key, Row | None]:
    by_old: dict[int, list[tuple[ChangeLine, int]]] = defaultdict(list)
    for line, heir, old in heirs:
        by_old[old].append((line, heir))
    own = {_key(row) for row in _standing(name, sorted({heir for _, heir, _ in heirs}), change_set)}
    wanted: dict[Key, Row | None] = {}
    for row in _standing(name, sorted(by_old), change_set):
        for line, heir in by_old[row.procedure_id or 0]:
            copy = _copy(row, change_set, line)
            copy.procedure_id = heir
            if _key(copy) not in own:
                wanted.setdefault(_key(copy), copy)
    return wanted


def _chosen(
    line: ChangeLine, chosen: LineSettings, change_set: ChangeSet
) -> Iterable[tuple[str, Key, Row | None]]:
    assert line.procedure_id is not None  # the checks found the procedure, or the plan made it
    span: dict[str, Any] = {
        "valid_from": change_set.effective_at,
        "valid_to": change_set.effective_to,
        "change_line": line,
    }
    for process in chosen.processes:
        binding = ProcessBinding(
            procedure_id=line.procedure_id,
            case_key=process.case_key,
            level=process.level,
            agency_id=_unit(process.agency),
            process_version_id=process.process_version_id,
            process_key=workflow.process(process.process_version_id).key,
            **span,
        )
        yield "binding", _key(binding), binding
    for choice in chosen.rules:
        rule = CompetenceRule(
            procedure_id=line.procedure_id,
            level=choice.level,
            reception=choice.reception,
            deciding_unit_id=_unit(choice.deciding_unit),
            deciding_function=choice.deciding_function,
            source=(choice.source or change_set.number)[:255],
            **span,
        )
        yield "rule", _key(rule), rule
    for item in chosen.settings:
        setting = ProcedureSetting(
            procedure_id=line.procedure_id,
            agency_id=_unit(item.agency),
            case_key=item.case_key,
            key=item.key.value,
            value=None if item.value is None else dict(item.value),
            **span,
        )
        yield "setting", _key(setting), setting if item.value is not None else None


def _key(row: Row) -> Key:
    if isinstance(row, ProcessBinding):
        return (row.procedure_id, row.level, row.case_key, row.agency_id)
    if isinstance(row, CompetenceRule):
        return (row.procedure_id, row.level)
    return (row.procedure_id, row.key, row.case_key, row.agency_id)


def _unit(code: str) -> int | None:
    return organisation.unit_by_code(code).id if code else None


def _standing(name: str, procedure_ids: Sequence[int], change_set: ChangeSet) -> list[Row]:
    """Rows of these procedures that stand at the effective instant or begin later."""
    found: list[Row] = []
    for part in in_parts(procedure_ids):
        rows: Any = TABLES[name]._default_manager.filter(procedure_id__in=part)
        found += rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=change_set.effective_at))
    return found


def _replace(name: str, wanted: dict[Key, Row | None], change_set: ChangeSet, done: Configured) -> None:
    if not wanted:
        return
    start, until = change_set.effective_at, change_set.effective_to
    assert start is not None
    new = [row for row in wanted.values() if row is not None]
    closing: list[Row] = []
    for row in _standing(name, sorted({key[0] for key in wanted if key[0] is not None}), change_set):
        if _key(row) not in wanted:
            continue
        if row.valid_from >= start:
            raise NotReady(
                msg("Thủ tục %(code)s đã có cấu hình từ cùng ngày hoặc muộn hơn.", code=str(row.procedure)),
                reasons=(),
            )
        done.closed[name][str(row.pk)] = row.valid_to.isoformat() if row.valid_to else None
        closing.append(row)
        if until is not None and (row.valid_to is None or row.valid_to > until):
            back = _copy(row, change_set, _line_of(wanted, row, change_set))
            back.valid_from, back.valid_to = until, row.valid_to
            new.append(back)
    table: Any = TABLES[name]
    for part in in_parts([row.pk for row in closing]):
        table._default_manager.filter(pk__in=part).update(valid_to=start)
    table._default_manager.bulk_create(new, batch_size=AT_ONCE)


def _line_of(wanted: dict[Key, Row | None], row: Row, change_set: ChangeSet) -> ChangeLine:
    chosen = wanted[_key(row)]
    if chosen is not None and chosen.change_line is not None:
        return chosen.change_line
    assert row.procedure_id is not None  # rows are replaced for a procedure
    return ChangeLine.objects.filter(change_set=change_set, procedure_id=row.procedure_id).earliest(
        "position"
    )


def _copy(row: Row, change_set: ChangeSet, line: ChangeLine) -> Row:
    values = {
        column.attname: getattr(row, column.attname)
        for column in row._meta.concrete_fields
        if not column.primary_key and column.attname not in ("valid_from", "valid_to", "change_line_id")
    }
    assert change_set.effective_at is not None
    return type(row)(
        **values, valid_from=change_set.effective_at, valid_to=change_set.effective_to, change_line=line
    )


def open_again(closed: dict[str, dict[str, str | None]]) -> None:
    """Give closed rows the ends they had (in few statements)."""
    for name, ends in closed.items():
        table: Any = TABLES[name]
        by_end: dict[str | None, list[int]] = defaultdict(list)
        for pk, end in ends.items():
            by_end[end].append(int(pk))
        for end, ids in by_end.items():
            for part in in_parts(ids):
                table._default_manager.filter(pk__in=part).update(
                    valid_to=datetime.fromisoformat(end) if end else None
                )


def take_away(change_set: ChangeSet) -> None:
    """Remove what the lines of a change-set opened."""
    for table in TABLES.values():
        table._default_manager.filter(change_line__change_set=change_set).delete()
