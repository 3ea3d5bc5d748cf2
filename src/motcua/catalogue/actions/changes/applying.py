"""Writing a plan: everything in few statements, in the caller's transaction, with what undoing needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from motcua.catalogue.actions.changes.configuring import configure
from motcua.catalogue.actions.changes.plan import NewVersion, Plan
from motcua.catalogue.actions.periods import AT_ONCE, end_versions, open_versions, require_no_overlap
from motcua.catalogue.actions.version_rows import add_fields, code_rows, name_key, version_row
from motcua.catalogue.models import ChangeLine, ChangeSet, Field, Procedure, ProcedureCode, ProcedureVersion
from motcua.catalogue.rules.search import plain_code


@dataclass(slots=True)
class Applied:
    """What was written: ids of versions and procedures, and what has to be put back when it is undone."""

    versions: list[int] = field(default_factory=list)
    procedures: list[int] = field(default_factory=list)
    undo: dict[str, Any] = field(default_factory=dict)


def apply(
    change_set: ChangeSet, lines: Sequence[ChangeLine], plan: Plan, now: datetime, *, staged: bool = False
) -> Applied:
    """Carry the plan out. Raises `PeriodsOverlap` if the catalogue would then contradict itself.

    `staged`: it will be rolled back; the lines keep what they made in memory alone, so that nobody who edits waits.
    """
    assert change_set.effective_at is not None
    created = _procedures(plan.made)
    rows = _versions(plan.made, created, now)
    end_versions(plan.ended, at=change_set.effective_at, now=now, change_set_id=change_set.pk)
    open_versions([row for _, row in rows], now=now, change_set_id=change_set.pk)
    codes = _codes(rows)
    renumbered = _renumber(plan.renumbered)
    for item, row in rows:
        if item.line is not None:
            item.line.made_version = row
            item.line.procedure_id = row.procedure_id
    by_plan = {id(item): row for item, row in rows}
    heirs = [
        (item.line, by_plan[id(item)].procedure_id, old) for item, old in plan.heirs if item.line is not None
    ]
    settled = configure(plan.settings, heirs, change_set)
    if not staged:
        ChangeLine.objects.bulk_update(
            [item.line for item, _ in rows if item.line is not None],
            ["made_version", "procedure"],
            batch_size=AT_ONCE,
        )
    touched = {row.procedure_id for _, row in rows} | _procedures_of(plan.ended)
    require_no_overlap(touched)
    return Applied(
        versions=[row.pk for _, row in rows],
        procedures=sorted(touched),
        undo={
            "ended": {str(pk): _iso(end) for pk, end in plan.ended.items()},
            "made": [row.pk for _, row in rows],
            "made_ends": {str(row.pk): _iso(row.valid_to) for _, row in rows},
            "codes": codes,
            "renumbered": renumbered,
            "closed": settled.closed,
        },
    )


def _procedures(made: Sequence[NewVersion]) -> dict[int, int]:
    """New procedures by the position of their line."""
    new = [item for item in made if item.procedure_id is None]
    rows = [
        Procedure(
            code=item.definition.code,
            local_code=item.definition.local_code or "",
            name_key=""
            if item.definition.code
            else name_key(item.definition.local_code or item.definition.name),
            kind=item.definition.kind[:120],
        )
        for item in new
    ]
    Procedure.objects.bulk_create(rows, batch_size=AT_ONCE)
    return {item.line.position: row.pk for item, row in zip(new, rows, strict=True) if item.line is not None}


def _renumber(wanted: dict[int, str]) -> list[list[Any]]:
    """Give procedures their new codes; those they had, for undoing."""
    rows = list(Procedure.objects.filter(pk__in=wanted).order_by("pk"))
    before = [[row.pk, row.code] for row in rows]
    for row in rows:
        row.code = wanted[row.pk]
    Procedure.objects.bulk_update(rows, ["code"], batch_size=AT_ONCE)
    return before


def _versions(
    made: Sequence[NewVersion], created: dict[int, int], now: datetime
) -> list[tuple[NewVersion, ProcedureVersion]]:
    fields = dict(Field.objects.values_list("name", "pk"))
    add_fields((item.definition.field for item in made), fields)
    rows: list[tuple[NewVersion, ProcedureVersion]] = []
    for item in made:
        procedure_id = item.procedure_id
        if procedure_id is None:
            assert item.line is not None  # only lines bring new procedures
            procedure_id = created[item.line.position]
        row = version_row(
            procedure_id=procedure_id,
            number=item.number,
            definition=item.definition,
            field_id=fields[item.definition.field],
            starts=item.starts,
            ends=item.ends,
            now=now,
        )
        rows.append((item, row))
    return rows


def _codes(rows: Sequence[tuple[NewVersion, ProcedureVersion]]) -> list[list[Any]]:
    """Store the other codes of the new versions that are not stored yet; those that were, by code and procedure."""
    wanted = {
        (code.code, code.procedure_id): code
        for item, row in rows
        if item.line is not None
        for code in code_rows(row.procedure_id, item.definition)
    }
    if not wanted:
        return []
    known: set[tuple[str, int]] = set()
    plain = sorted({plain_code(code) for code, _ in wanted})
    for start in range(0, len(plain), AT_ONCE):
        held = ProcedureCode.objects.filter(plain__in=plain[start : start + AT_ONCE])
        known.update(held.values_list("code", "procedure_id"))
    added = [code for key, code in wanted.items() if key not in known]
    ProcedureCode.objects.bulk_create(added, batch_size=AT_ONCE)
    return [[code.code, code.procedure_id] for code in added]


def _procedures_of(version_ids: dict[int, datetime | None]) -> set[int]:
    found: set[int] = set()
    ids = sorted(version_ids)
    for start in range(0, len(ids), AT_ONCE):
        rows = ProcedureVersion.objects.filter(pk__in=ids[start : start + AT_ONCE])
        found.update(rows.values_list("procedure_id", flat=True))
    return found


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None
