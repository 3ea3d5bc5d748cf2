"""Reading change-sets, and the state of the whole catalogue as one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q

from motcua.catalogue.errors import UnknownChangeSet
from motcua.catalogue.models import (
    ChangeLine,
    ChangeSet,
    CompetenceRule,
    Procedure,
    ProcedureCode,
    ProcedureSetting,
    ProcedureVersion,
    ProcessBinding,
)
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, ChangeState, LineSettings, Policy
from motcua.catalogue.types_drafts import ChangeSetInfo, FieldChange, LineInfo, Remark
from motcua.kernel.messages import msg

OVER = (ChangeState.DISCARDED.value, ChangeState.UNDONE.value)


def change_set(id_or_number: int | str) -> ChangeSetInfo:
    """A change-set by id, or the living one by number (else the latest). Raises `UnknownChangeSet` (404)."""
    rows = ChangeSet.objects.all()
    if isinstance(id_or_number, int):
        row = rows.filter(pk=id_or_number).first()
    else:
        named = rows.filter(number=id_or_number.strip())
        row = named.exclude(state__in=OVER).first() or named.order_by("-pk").first()
    if row is None:
        raise UnknownChangeSet(msg("Không có gói thay đổi %(number)s.", number=str(id_or_number)[:64]))
    return info_of(row)


@dataclass(frozen=True, slots=True)
class ChangeSets:
    """A page of change-sets, newest first; `counts` by state."""

    rows: tuple[ChangeSetInfo, ...]
    line_counts: dict[int, int]
    total: int
    counts: dict[str, int]


def change_sets(*, state: str = "", text: str = "", offset: int = 0, limit: int = 50) -> ChangeSets:
    """Change-sets by state, number or title (three statements)."""
    counts = dict(ChangeSet.objects.values_list("state").annotate(n=Count("pk")).order_by())
    rows = ChangeSet.objects.order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text))
    page = list(rows[offset : offset + limit])
    lines = ChangeLine.objects.filter(change_set_id__in=[row.pk for row in page])
    counted = dict(lines.order_by().values_list("change_set_id").annotate(n=Count("pk")))
    total = rows.count() if text else counts.get(state, 0) if state else sum(counts.values())
    return ChangeSets(tuple(info_of(row) for row in page), counted, total, counts)


def lines(
    change_set_id: int,
    *,
    action: str = "",
    only: str = "",
    offset: int = 0,
    limit: int | None = None,
    content: bool = True,
) -> list[LineInfo]:
    """The lines in the order of the decision; `only` is "warnings", "problems" or "unmatched" (one statement).

    Without `content` the proposed contents are left unread, which is what lists need.
    """
    rows = _filtered(change_set_id, action, only)
    if not content:
        rows = rows.defer("content", "raw", "diff")
    end = None if limit is None else offset + limit
    return [line_of(row, content=content) for row in rows[offset:end]]


def line(change_set_id: int, line_id: int) -> LineInfo:
    """One line with everything; raises `UnknownChangeSet` (404)."""
    row = ChangeLine.objects.filter(pk=line_id, change_set_id=change_set_id).first()
    if row is None:
        raise UnknownChangeSet(msg("Không có dòng này trong gói thay đổi."))
    return line_of(row)


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many lines there are of each action, with warnings, with problems, without a match."""

    by_action: dict[str, int]
    warnings: int
    problems: int
    unmatched: int

    @property
    def total(self) -> int:
        return sum(self.by_action.values())


def line_counts(change_set_id: int) -> LineCounts:
    """Counts of the lines (one statement)."""
    by_action: dict[str, int] = {}
    warned = broken = unmatched = 0
    for action, warnings, problems, procedure_id in ChangeLine.objects.filter(
        change_set_id=change_set_id
    ).values_list("action", "warnings", "problems", "procedure_id"):
        by_action[action] = by_action.get(action, 0) + 1
        warned += bool(warnings)
        broken += bool(problems)
        unmatched += procedure_id is None and action not in (
            ChangeAction.NEW.value,
            ChangeAction.REPLACED.value,
            ChangeAction.NOTED.value,
        )
    return LineCounts(by_action, warned, broken, unmatched)


def position_of(change_set_id: int, line_id: int, *, action: str = "", only: str = "") -> tuple[int, int]:
    """The lines before and after one in a filtered list, 0 where there is none (two statements)."""
    rows = _filtered(change_set_id, action, only).order_by("position")
    here = ChangeLine.objects.filter(pk=line_id).values_list("position", flat=True).first() or 0
    before = rows.filter(position__lt=here).order_by("-position").values_list("pk", flat=True).first()
    after = rows.filter(position__gt=here).values_list("pk", flat=True).first()
    return before or 0, after or 0


def digest_of(change_set_id: int) -> str:
    """SHA-256 of what would be published: instants, lines, contents and settings; a rehearsal is of one digest."""
    head = ChangeSet.objects.filter(pk=change_set_id).values_list(
        "number", "kind", "effective_at", "effective_to"
    )
    rows = ChangeLine.objects.filter(change_set_id=change_set_id).order_by("position")
    return _hash(
        [
            *([str(part) for part in row] for row in head),
            *(
                list(row)
                for row in rows.values_list(
                    "position", "action", "code", "old_code", "procedure_id", "before_version_id", "content",
                    "settings", "policy", "mapping",
                )
            ),
        ]
    )  # fmt: skip


def catalogue_hash(at: datetime | None = None) -> str:
    """SHA-256 of the whole catalogue: what stands at an instant, or, without one, everything with its times.

    Equal hashes: the same procedures by the same codes with the same contents, rules of competence, processes and
    settings. Row numbers do not count, so undoing gives back the hash from before.
    """
    versions = ProcedureVersion.objects.filter(withdrawn_at__isnull=True)
    codes = ProcedureCode.objects.filter(procedure__versions__in=versions).distinct()
    if at is not None:
        versions = versions.filter(_standing(at))
        codes = ProcedureCode.objects.filter(procedure__versions__in=versions).distinct()
    ends = [] if at is not None else ["valid_to"]
    parts = {
        "versions": versions.values_list("procedure__code", "procedure_id", "id", "valid_from", *ends),
        "codes": codes.values_list("procedure_id", "code", "kind", "certain"),
        "bindings": _in_force(ProcessBinding.objects.all(), at).values_list(
            "procedure_id", "case_key", "level", "agency_id", "process_version_id", "valid_from", *ends
        ),
        "rules": _in_force(CompetenceRule.objects.all(), at).values_list(
            "procedure_id", "field_name", "ministry", "level", "reception", "deciding_unit_id",
            "deciding_function", "priority", "valid_from", *ends
        ),
        "settings": _in_force(ProcedureSetting.objects.all(), at).values_list(
            "procedure_id", "agency_id", "case_key", "key", "value", "valid_from", *ends
        ),
    }  # fmt: skip
    return _hash([name, *_sorted(rows)] for name, rows in parts.items())


def change_sets_of(procedure_ids: Iterable[int], *, after: int | None = None) -> list[ChangeSetInfo]:
    """Published change-sets with a line on one of these procedures, published after the one named (or any)."""
    rows = ChangeSet.objects.filter(
        state=ChangeState.PUBLISHED.value, lines__procedure_id__in=sorted(set(procedure_ids))
    )
    found = [info_of(row) for row in rows.distinct().order_by("published_at", "effective_at", "pk")]
    numbers = [info.id for info in found]
    return found[numbers.index(after) + 1 :] if after in numbers else found if after is None else []


def procedure_of_code(code: str) -> int | None:
    """The procedure whose own code this is (one statement)."""
    return Procedure.objects.filter(code=code).values_list("pk", flat=True).first()


def info_of(row: ChangeSet) -> ChangeSetInfo:
    return ChangeSetInfo(
        id=row.pk,
        number=row.number,
        kind=ChangeKind(row.kind),
        state=ChangeState(row.state),
        title=row.title,
        field_text=row.field_text,
        issuer=row.issuer,
        signed_on=row.signed_on,
        effective_at=row.effective_at,
        effective_to=row.effective_to,
        effective_rule=row.effective_rule,
        based_on=row.based_on,
        notes=tuple(row.notes),
        department_id=row.department_id,
        source=row.source,
        scan_id=row.scan_id,
        revision=row.revision,
        drafted_by_id=row.drafted_by_id,
        drafted_by=row.drafted_by_name,
        drafted_at=row.drafted_at,
        approved_by=row.approved_by_name,
        approved_at=row.approved_at,
        published_by=row.published_by_name,
        published_at=row.published_at,
        undone_by=row.undone_by_name,
        undone_at=row.undone_at,
        undone_reason=row.undone_reason,
    )


def line_of(row: ChangeLine, *, content: bool = True) -> LineInfo:
    return LineInfo(
        id=row.pk,
        position=row.position,
        cell=row.cell,
        code=row.code,
        old_code=row.old_code,
        name=row.name,
        action=ChangeAction(row.action),
        procedure_id=row.procedure_id,
        before_version_id=row.before_version_id,
        made_version_id=row.made_version_id,
        matched_by=row.matched_by,
        policy=Policy(row.policy),
        warnings=_remarks(row.warnings),
        problems=_remarks(row.problems),
        diff=tuple(FieldChange(**part) for part in row.diff) if content else (),
        settings=LineSettings.from_dict(row.settings),
        content=ProcedureDefinition.from_dict(row.content) if content and row.content else None,
        mapping=row.mapping,
        raw=row.raw if content else {},
    )


def _filtered(change_set_id: int, action: str, only: str) -> Any:
    rows = ChangeLine.objects.filter(change_set_id=change_set_id).order_by("position")
    if action:
        rows = rows.filter(action=action)
    if only == "warnings":
        rows = rows.exclude(warnings=[])
    elif only == "problems":
        rows = rows.exclude(problems=[])
    elif only == "unmatched":
        rows = rows.filter(procedure__isnull=True).exclude(
            action__in=[ChangeAction.NEW.value, ChangeAction.REPLACED.value, ChangeAction.NOTED.value]
        )
    return rows


def _remarks(stored: Sequence[dict[str, Any]]) -> tuple[Remark, ...]:
    return tuple(Remark.from_dict(part) for part in stored)


def _standing(at: datetime) -> Q:
    return Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))


def _in_force(rows: Any, at: datetime | None) -> Any:
    """Rows in force at an instant; without one, every row that ever stands."""
    if at is not None:
        return rows.filter(_standing(at))
    return rows.exclude(valid_to__lte=F("valid_from"))


def _hash(parts: Iterable[object]) -> str:
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(json.dumps(part, ensure_ascii=False, sort_keys=True, default=_plain).encode())
        hashed.update(b"\n")
    return hashed.hexdigest()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _sorted(rows: Iterable[Sequence[object]]) -> list[str]:
    return sorted(json.dumps(list(row), sort_keys=True, default=_plain) for row in rows)
