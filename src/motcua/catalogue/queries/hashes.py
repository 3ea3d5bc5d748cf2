"""Hashes: of what a change-set would publish, and of the state of the whole catalogue."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from motcua.catalogue.models import (
    ChangeLine,
    ChangeSet,
    CompetenceRule,
    ProcedureCode,
    ProcedureSetting,
    ProcedureVersion,
    ProcessBinding,
)


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
