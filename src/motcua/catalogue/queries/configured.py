"""Procedures with everything that is configured for them, in bulk, as they stand at an instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from motcua.catalogue.models import (
    CompetenceRule,
    ProcedureCode,
    ProcedureSetting,
    ProcedureVersion,
    ProcessBinding,
)
from motcua.catalogue.rules.competence import Rule
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import SettingKey

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Bound:
    """A process bound at a level; `procedure_id` None: for every procedure that has none of its own."""

    procedure_id: int | None
    level: str
    case_key: str
    agency_id: int | None
    process_version_id: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A form, letters or places set for a procedure."""

    key: SettingKey
    value: Mapping[str, Any]
    case_key: str
    agency_id: int | None


@dataclass(frozen=True, slots=True)
class Configured:
    """One procedure as it stands at an instant, with everything that is configured for it."""

    procedure_id: int
    version_id: int
    number: int
    definition: ProcedureDefinition
    rules: tuple[Rule, ...]
    bindings: tuple[Bound, ...]
    settings: tuple[Setting, ...]


def configured(at: datetime, procedure_ids: Collection[int] | None = None) -> Iterator[Configured]:
    """Procedures that stand at an instant, by id, all or those named: four statements and one per 500 of them.

    Reads rows, not the picture in memory, so that it also tells what a transaction has staged.
    """
    standing = _standing(at)
    rules = _rules(standing, procedure_ids)
    bindings = _bindings(standing, procedure_ids)
    settings = _settings(standing, procedure_ids)
    versions = ProcedureVersion.objects.filter(standing, withdrawn_at__isnull=True)
    if procedure_ids is not None:
        versions = versions.filter(procedure_id__in=procedure_ids)
    rows = versions.order_by("procedure_id", "-number").values_list(
        "procedure_id", "pk", "number", "definition"
    )
    last = None
    for procedure_id, version_id, number, content in rows.iterator(chunk_size=CHUNK):
        if procedure_id == last:
            continue
        last = procedure_id
        yield Configured(
            procedure_id=procedure_id,
            version_id=version_id,
            number=number,
            definition=ProcedureDefinition.from_dict(content),
            rules=(*rules[None], *rules[procedure_id]),
            bindings=(*bindings[procedure_id], *bindings[None]),
            settings=tuple(settings[procedure_id]),
        )


def how_many(at: datetime, procedure_ids: Collection[int] | None = None) -> int:
    """How many versions `configured` goes through (one statement)."""
    if procedure_ids is not None:
        return len(procedure_ids)
    return ProcedureVersion.objects.filter(_standing(at), withdrawn_at__isnull=True).count()


def _standing(at: datetime) -> Q:
    return Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))


def _of(procedure_ids: Collection[int] | None) -> Q:
    if procedure_ids is None:
        return Q()
    return Q(procedure_id__in=procedure_ids) | Q(procedure__isnull=True)


def _rules(standing: Q, procedure_ids: Collection[int] | None) -> Mapping[int | None, list[Rule]]:
    found: dict[int | None, list[Rule]] = defaultdict(list)
    for row in CompetenceRule.objects.filter(standing, _of(procedure_ids)).order_by("pk"):
        found[row.procedure_id].append(
            Rule(
                procedure_id=row.procedure_id,
                field_name=row.field_name,
                ministry=row.ministry,
                level=row.level,
                reception=row.reception,
                deciding_unit_id=row.deciding_unit_id,
                deciding_function=row.deciding_function,
                priority=row.priority,
                source=row.source,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
        )
    return found


def _bindings(standing: Q, procedure_ids: Collection[int] | None) -> Mapping[int | None, list[Bound]]:
    found: dict[int | None, list[Bound]] = defaultdict(list)
    rows = ProcessBinding.objects.filter(standing, _of(procedure_ids)).order_by("pk")
    for bound in rows.values_list("procedure_id", "level", "case_key", "agency_id", "process_version_id"):
        found[bound[0]].append(Bound(*bound))
    return found


def _settings(standing: Q, procedure_ids: Collection[int] | None) -> Mapping[int | None, list[Setting]]:
    found: dict[int | None, list[Setting]] = defaultdict(list)
    rows = ProcedureSetting.objects.filter(standing, _of(procedure_ids)).order_by("pk")
    for procedure_id, key, value, case_key, agency_id in rows.values_list(
        "procedure_id", "key", "value", "case_key", "agency_id"
    ):
        if value is not None:
            found[procedure_id].append(Setting(SettingKey(key), value, case_key, agency_id))
    return found


def procedures_of_code(code: str) -> list[int]:
    """Ids of the procedures of a code, their own, of their newest version, or a former one (two statements)."""
    own = ProcedureVersion.objects.filter(withdrawn_at__isnull=True, code=code).values_list("procedure_id")
    found = {pk for (pk,) in own.distinct()}
    if not found:
        found = set(ProcedureCode.objects.filter(code=code).values_list("procedure_id", flat=True))
    return sorted(found)
