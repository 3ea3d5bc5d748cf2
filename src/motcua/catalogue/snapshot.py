"""The picture of the catalogue that a process keeps (see `kernel.picture`): searching and pinning ask nothing.

It holds all time: what stood, what stands, and what is already published for later. Every reader asks for an instant.
"""

from __future__ import annotations

import json
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from motcua.catalogue.models import (
    CatalogueState,
    CompetenceRule,
    FeeResolution,
    ProcedureSetting,
    ProcedureVersion,
    ProcessBinding,
)
from motcua.catalogue.rules.competence import Rule, RuleBook, Subject, offered_levels
from motcua.catalogue.rules.fees.resolutions import Resolution, ResolutionLine
from motcua.catalogue.rules.search import Entry, SearchIndex, plain_code
from motcua.catalogue.rules.validity import Eras, Period, overlaps, stands, without_overlap
from motcua.catalogue.types import Territory
from motcua.kernel.picture import Picture

ERAS_KEPT = 24
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Binding:
    """One process binding with its period."""

    case_key: str
    agency_id: int | None
    process_version_id: int
    is_real: bool
    valid_from: datetime
    valid_to: datetime | None = None

    def stands_at(self, at: datetime) -> bool:
        return stands(self.valid_from, self.valid_to, at)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a procedure with its period; `value` None: the wider setting is taken away here."""

    case_key: str
    agency_id: int | None
    value: Mapping[str, Any] | None
    valid_from: datetime
    valid_to: datetime | None = None

    def stands_at(self, at: datetime) -> bool:
        return stands(self.valid_from, self.valid_to, at)


@dataclass(slots=True)
class Era:
    """A stretch of time within which no rule of competence begins or ends."""

    rules: RuleBook
    offered: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Snapshot:
    """All versions with the columns lists need, the search index, rules, bindings, settings and resolutions, with their
    periods.

    `entries` are the versions that stand at some instant, no two of a procedure at the same one; `aside` those that
    never stand (withdrawn, or wholly covered by a later one), for dossiers and pages that name them. `clashes` are
    the pairs of versions whose stored periods overlap, as (earlier, later).
    """

    stamp: str
    entries: dict[int, Entry]
    aside: dict[int, Entry]
    clashes: list[tuple[Entry, Entry]]
    subjects: dict[int, Subject]
    rules: tuple[Rule, ...]
    bindings: dict[tuple[int | None, str], list[Binding]]
    settings: dict[tuple[int, str], list[Setting]]
    resolutions: tuple[Resolution, ...]
    index: SearchIndex
    by_code: dict[str, list[Entry]] = field(default_factory=dict)
    by_alias: dict[str, list[Entry]] = field(default_factory=dict)
    by_procedure: dict[int, list[Entry]] = field(default_factory=dict)
    _boundaries: Eras | None = None
    _eras: OrderedDict[int, Era] = field(default_factory=OrderedDict)

    def era(self, at: datetime) -> Era:
        """The rules that stand at an instant, and what they make of each version."""
        if self._boundaries is None:
            self._boundaries = Eras(m for rule in self.rules for m in (rule.valid_from, rule.valid_to))
        number = self._boundaries.number(at)
        found = self._eras.get(number)
        if found is None:
            found = Era(RuleBook(rule for rule in self.rules if rule.stands_at(at)))
            self._eras[number] = found
            while len(self._eras) > ERAS_KEPT:
                self._eras.popitem(last=False)
        return found

    def offered(self, entry: Entry, at: datetime) -> tuple[str, ...]:
        """The levels at which centres of the province receive a version at an instant."""
        return self.offered_at(at)(entry)

    def offered_at(self, at: datetime) -> Callable[[Entry], tuple[str, ...]]:
        """The same for many versions: the era is looked up once."""
        era = self.era(at)
        known = era.offered

        def offered(entry: Entry) -> tuple[str, ...]:
            levels = known.get(entry.version_id)
            if levels is None:
                subject = self.subjects[entry.version_id]
                levels = known[entry.version_id] = offered_levels(era.rules.about(subject), subject)
            return levels

        return offered

    def entry(self, version_id: int) -> Entry | None:
        """Any version, also one that never stands."""
        return self.entries.get(version_id) or self.aside.get(version_id)


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


_COLUMNS = (
    "pk", "procedure_id", "code", "name", "short_name", "field__name", "levels", "codes", "results",
    "detailed", "online_level", "valid_from", "valid_to", "number", "digest", "ministry", "territory",
    "withdrawn_at",
)  # fmt: skip


def _load() -> Snapshot:
    """Seven statements. The stamp comes first: data newer than its stamp is only loaded once more."""
    stamp = _stamp()
    subjects: dict[int, Subject] = {}
    entries: dict[int, Entry] = {}
    aside: dict[int, Entry] = {}
    clashes: list[tuple[Entry, Entry]] = []
    rows = ProcedureVersion.objects.order_by("procedure_id", "number").values_list(*_COLUMNS)
    for _procedure, versions in groupby(rows.iterator(chunk_size=2_000), key=lambda row: row[1]):
        stored: list[Entry] = []
        for row in versions:
            entry = _entry(row)
            subjects[entry.version_id] = Subject(
                entry.procedure_id, entry.field, row[15], entry.levels, Territory(row[16])
            )
            if row[17] is None:
                stored.append(entry)
            else:
                aside[entry.version_id] = entry
        standing, covered = _in_time(stored, clashes)
        entries.update((entry.version_id, entry) for entry in standing)
        aside.update((entry.version_id, entry) for entry in covered)
    snapshot = Snapshot(
        stamp=stamp,
        entries=entries,
        aside=aside,
        clashes=clashes,
        subjects=subjects,
        rules=_rules(),
        bindings=_bindings(),
        settings=_settings(),
        resolutions=_resolutions(),
        index=SearchIndex(entries.values(), synonyms()),
    )
    _file(snapshot)
    return snapshot


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(
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
    )


def _in_time(stored: list[Entry], clashes: list[tuple[Entry, Entry]]) -> tuple[list[Entry], list[Entry]]:
    """The versions of one procedure so that no instant has two, oldest first, and those that never stand."""
    if len(stored) < 2:
        return stored, []
    known = {entry.version_id: entry for entry in stored}
    periods = [_period(entry) for entry in stored]
    clashes.extend((known[one.version_id], known[other.version_id]) for one, other in overlaps(periods))
    kept = {period.version_id: period for period in without_overlap(periods)}
    standing = [
        replace(known[version_id], valid_from=period.starts, valid_to=period.ends)
        for version_id, period in kept.items()
    ]
    return standing, [entry for entry in stored if entry.version_id not in kept]


def _period(entry: Entry) -> Period:
    assert entry.valid_from is not None  # a column that is never empty
    return Period(entry.version_id, entry.number, entry.valid_from, entry.valid_to)


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
            id=row.pk,
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
        for row in CompetenceRule.objects.order_by("pk")
    )


def _bindings() -> dict[tuple[int | None, str], list[Binding]]:
    found: dict[tuple[int | None, str], list[Binding]] = defaultdict(list)
    rows: Iterable[tuple[Any, ...]] = ProcessBinding.objects.order_by("pk").values_list(
        "procedure_id", "level", "case_key", "agency_id", "process_version_id", "is_real", "valid_from",
        "valid_to",
    )  # fmt: skip
    for procedure_id, level, *rest in rows:
        found[procedure_id, level].append(Binding(*rest))
    return dict(found)


def _settings() -> dict[tuple[int, str], list[Setting]]:
    found: dict[tuple[int, str], list[Setting]] = defaultdict(list)
    rows: Iterable[tuple[Any, ...]] = ProcedureSetting.objects.order_by("pk").values_list(
        "procedure_id", "key", "case_key", "agency_id", "value", "valid_from", "valid_to"
    )
    for procedure_id, key, *rest in rows:
        found[procedure_id, key].append(Setting(*rest))
    return dict(found)


def _resolutions() -> tuple[Resolution, ...]:
    return tuple(
        Resolution(
            number=row.number,
            signed_on=row.signed_on,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            territory=Territory(row.territory),
            lines=tuple(ResolutionLine.from_dict(line) for line in row.lines),
        )
        for row in FeeResolution.objects.filter(withdrawn_at__isnull=True).order_by("pk")
    )


_picture = Picture("catalogue", load=_load, read_stamp=_stamp, write_stamp=_write_stamp)
current = _picture.current
touch = _picture.touch
forget = _picture.forget
