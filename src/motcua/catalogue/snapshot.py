"""The picture of the catalogue that a process keeps (see `kernel.picture`): searching and pinning ask nothing."""

from __future__ import annotations

import json
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from motcua.catalogue.models import CatalogueState, CompetenceRule, ProcedureVersion, ProcessBinding
from motcua.catalogue.rules.competence import Rule, Subject, offered_levels
from motcua.catalogue.rules.search import Entry, SearchIndex, plain_code
from motcua.catalogue.types import ProcedureDefinition, Territory
from motcua.kernel.picture import Picture

DEFINITIONS_KEPT = 1_500
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Binding:
    """One open process binding."""

    case_key: str
    agency_id: int | None
    process_version_id: int
    is_real: bool


@dataclass(slots=True)
class Snapshot:
    """All versions with the columns lists need, the search index, rules and bindings."""

    stamp: str
    entries: dict[int, Entry]
    ministries: dict[int, str]
    territories: dict[int, Territory]
    rules: tuple[Rule, ...]
    bindings: dict[tuple[int | None, str], list[Binding]]
    index: SearchIndex
    by_code: dict[str, list[Entry]] = field(default_factory=dict)
    by_alias: dict[str, list[Entry]] = field(default_factory=dict)
    by_procedure: dict[int, list[Entry]] = field(default_factory=dict)
    definitions: OrderedDict[int, ProcedureDefinition] = field(default_factory=OrderedDict)


def remember(snapshot: Snapshot, version_id: int, definition: ProcedureDefinition) -> None:
    """Keep a definition in the picture, the oldest giving way."""
    snapshot.definitions[version_id] = definition
    while len(snapshot.definitions) > DEFINITIONS_KEPT:
        snapshot.definitions.popitem(last=False)


@cache
def synonyms() -> dict[str, list[str]]:
    """What people type and what the catalogue calls it."""
    raw = json.loads((DATA / "synonyms.json").read_text(encoding="utf-8"))
    return {key: value for key, value in raw.items() if not key.startswith("_")}


def _stamp() -> str:
    return CatalogueState.objects.filter(pk=1).values_list("stamp", flat=True).first() or ""


def _write_stamp(stamp: str) -> None:
    if not CatalogueState.objects.filter(pk=1).update(stamp=stamp):
        CatalogueState.objects.create(pk=1, stamp=stamp)


def _load() -> Snapshot:
    """Four statements. The stamp comes first: data newer than its stamp is only loaded once more."""
    stamp = _stamp()
    rules = _rules()
    entries: dict[int, Entry] = {}
    ministries: dict[int, str] = {}
    territories: dict[int, Territory] = {}
    rows = ProcedureVersion.objects.order_by("procedure_id", "number").values_list(
        "pk", "procedure_id", "code", "name", "short_name", "field__name", "levels", "codes", "results",
        "detailed", "online_level", "valid_from", "valid_to", "number", "digest", "ministry", "territory",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2_000):
        territory = Territory(row[16])
        subject = Subject(row[1], row[5], row[15], tuple(row[6]), territory)
        entries[row[0]] = Entry(
            version_id=row[0],
            procedure_id=row[1],
            code=row[2],
            name=row[3],
            short_name=row[4],
            field=row[5],
            levels=tuple(row[6]),
            codes=tuple(row[7].split()),
            results=tuple(row[8].splitlines()),
            detailed=row[9],
            online=row[10],
            valid_from=row[11],
            valid_to=row[12],
            number=row[13],
            digest=row[14],
            offered=offered_levels(rules, subject),
        )
        ministries[row[0]] = row[15]
        territories[row[0]] = territory
    snapshot = Snapshot(
        stamp=stamp,
        entries=entries,
        ministries=ministries,
        territories=territories,
        rules=rules,
        bindings=_bindings(),
        index=SearchIndex(entries.values(), synonyms()),
    )
    _file(snapshot)
    return snapshot


def _file(snapshot: Snapshot) -> None:
    """Versions by code, by other code and by procedure."""
    for entry in snapshot.entries.values():
        snapshot.by_procedure.setdefault(entry.procedure_id, []).append(entry)
        if entry.code:
            snapshot.by_code.setdefault(plain_code(entry.code), []).append(entry)
        for code in entry.codes:
            snapshot.by_alias.setdefault(plain_code(code), []).append(entry)


def _rules() -> tuple[Rule, ...]:
    return tuple(
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
        for row in CompetenceRule.objects.filter(valid_to__isnull=True).order_by("pk")
    )


def _bindings() -> dict[tuple[int | None, str], list[Binding]]:
    found: dict[tuple[int | None, str], list[Binding]] = defaultdict(list)
    rows = ProcessBinding.objects.filter(valid_to__isnull=True).values_list(
        "procedure_id", "level", "case_key", "agency_id", "process_version_id", "is_real"
    )
    for procedure_id, level, case_key, agency_id, version_id, is_real in rows:
        found[procedure_id, level].append(Binding(case_key, agency_id, version_id, is_real))
    return dict(found)


_picture = Picture("catalogue", load=_load, read_stamp=_stamp, write_stamp=_write_stamp)
current = _picture.current
touch = _picture.touch
forget = _picture.forget
