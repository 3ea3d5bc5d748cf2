"""The matrix of competence over all procedures and units: whole or not, by procedure, by unit.

Built from the pictures of the caller's transaction, so that a publication can be checked before it is committed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import TypeVar

from motcua.catalogue.errors import UnknownProcedure
from motcua.catalogue.queries.matrix_world import all_topics, columns_at, topics_of, world_of
from motcua.catalogue.rules.competence import HERE
from motcua.catalogue.rules.matrix import (
    Kind,
    MatrixUnit,
    Part,
    ProblemKind,
    Topic,
    cells,
)
from motcua.catalogue.rules.matrix_problems import Problem, holes, rule_overlaps
from motcua.catalogue.rules.search import Entry
from motcua.catalogue.rules.validity import Gap, Period, gaps
from motcua.catalogue.snapshot import Binding, Setting, Snapshot, current
from motcua.catalogue.types_changes import SettingKey
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo

Timed = TypeVar("Timed", Binding, Setting)


@dataclass(frozen=True, slots=True)
class VersionGap:
    """A time in which no version of a procedure counted although one did before and after."""

    code: str
    name: str
    procedure_id: int
    gap: Gap


@dataclass(frozen=True, slots=True)
class MatrixReport:
    """Whether every pair of procedure and unit has one decider or says "not here". `pairs` = all three kinds together.

    `gaps` are remarks: a time without a version is lawful, and must be seen.
    """

    at: datetime
    procedures: int
    units: int
    decided: int
    not_here: int
    undecided: int
    cases: int
    holes: tuple[Problem, ...]
    overlaps: tuple[Problem, ...]
    gaps: tuple[VersionGap, ...]

    @property
    def pairs(self) -> int:
        return self.procedures * self.units

    @property
    def ok(self) -> bool:
        """Nothing decides twice and nothing is forgotten."""
        return not self.holes and not self.overlaps


@dataclass(frozen=True, slots=True)
class Row:
    """One procedure (or one case of it) with what each unit does."""

    topic: Topic
    field: str
    levels: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One procedure as one unit has it."""

    topic: Topic
    field: str
    part: Part


def check(at: datetime) -> MatrixReport:
    """The whole matrix at an instant (a bounded number of statements: processes in groups, the rest from memory)."""
    snapshot = current()
    world = world_of(snapshot, at)
    counted: dict[Kind, int] = defaultdict(int)
    found_holes: list[Problem] = []
    overlaps: list[Problem] = []
    procedures = cases = 0
    for entry, topics in all_topics(snapshot, at):
        procedures += 1
        for topic in topics:
            cases += 1
            parts = cells(topic, world)
            found_holes.extend(holes(topic, parts, len(world.units)))
            if not topic.case_key:
                for part in parts:
                    counted[part.cell.kind] += len(part.units)
        overlaps.extend(rule_overlaps(topics[0], world))
        overlaps.extend(_twice(snapshot, entry, at))
    overlaps.extend(_two_general_processes(snapshot, at))
    overlaps.extend(_two_versions(snapshot))
    return MatrixReport(
        at=at,
        procedures=procedures,
        units=len(world.units),
        decided=counted[Kind.DECIDED],
        not_here=counted[Kind.NOT_HERE],
        undecided=counted[Kind.HOLE],
        cases=cases,
        holes=tuple(found_holes),
        overlaps=tuple(overlaps),
        gaps=tuple(_gaps(snapshot)),
    )


def rows_of(version_ids: Iterable[int], at: datetime) -> list[Row]:
    """The rows of some versions, in their order; a procedure whose cases differ has several."""
    snapshot = current()
    entries = [snapshot.entries[pk] for pk in version_ids]
    world = world_of(snapshot, at, {entry.procedure_id for entry in entries})
    return [
        Row(topic, entry.field, entry.levels, cells(topic, world))
        for entry in entries
        for topic in topics_of(snapshot, entry, at)
    ]


def problems_of(version_id: int, at: datetime) -> tuple[Problem, ...]:
    """What is wrong with one procedure."""
    snapshot = current()
    entry = snapshot.entries.get(version_id)
    if entry is None:
        raise UnknownProcedure(msg("Không có phiên bản thủ tục này."))
    world = world_of(snapshot, at, {entry.procedure_id})
    found: list[Problem] = []
    topics = topics_of(snapshot, entry, at)
    for topic in topics:
        found.extend(holes(topic, cells(topic, world), len(world.units)))
    return (*found, *rule_overlaps(topics[0], world), *_twice(snapshot, entry, at))


def of_unit(unit_id: int, at: datetime) -> list[UnitRow]:
    """Every procedure as one unit has it, by field and name."""
    snapshot = current()
    world = world_of(snapshot, at)
    unit = next((unit for unit in world.units if unit.id == unit_id), None)
    if unit is None:
        return []
    alone = replace(world, units=(unit,))
    found = [
        UnitRow(topics[0], entry.field, cells(topics[0], alone)[0])
        for entry, topics in all_topics(snapshot, at)
    ]
    return sorted(found, key=lambda row: (row.field, row.topic.name, row.topic.code))


def columns(at: datetime) -> list[MatrixUnit]:
    """The agencies the matrix asks about, communes first, by code."""
    return list(columns_at(at))


def _twice(snapshot: Snapshot, entry: Entry, at: datetime) -> Iterator[Problem]:
    """Two processes, or two values of a setting, for the same case and agency at once."""
    for level in HERE:
        for one, other in _pairs(snapshot.bindings.get((entry.procedure_id, level), ()), at):
            if one.process_version_id != other.process_version_id:
                yield _overlap(ProblemKind.TWO_PROCESSES, entry, one)
    for key in SettingKey:
        for first, second in _pairs(snapshot.settings.get((entry.procedure_id, key.value), ()), at):
            if first.value != second.value:
                yield _overlap(ProblemKind.TWO_SETTINGS, entry, first)


def _overlap(kind: ProblemKind, entry: Entry, one: Binding | Setting) -> Problem:
    unit = organisation.units().get(one.agency_id) if one.agency_id is not None else None
    text = (
        msg("Hai quy trình cùng có hiệu lực cho một trường hợp và một nơi giải quyết.")
        if kind is ProblemKind.TWO_PROCESSES
        else msg("Hai thiết lập cùng loại cùng có hiệu lực cho một trường hợp và một nơi giải quyết.")
    )
    return Problem(
        kind=kind,
        code=entry.code,
        name=entry.name,
        text=text,
        units=(_name(unit),) if unit is not None else (),
        everywhere=unit is None,
        case_key=one.case_key,
        procedure_id=entry.procedure_id,
    )


def _name(unit: UnitInfo) -> str:
    return unit.full_name or unit.name


def _pairs(found: Iterable[Timed], at: datetime) -> Iterator[tuple[Timed, Timed]]:
    standing = [one for one in found if one.stands_at(at)]
    for one, other in combinations(standing, 2):
        if (one.case_key, one.agency_id) == (other.case_key, other.agency_id):
            yield one, other


def _two_general_processes(snapshot: Snapshot, at: datetime) -> Iterator[Problem]:
    for level in HERE:
        for one, other in _pairs(snapshot.bindings.get((None, level), ()), at):
            if one.process_version_id != other.process_version_id:
                yield Problem(
                    ProblemKind.TWO_PROCESSES,
                    "",
                    "",
                    msg("Hai quy trình chung cùng có hiệu lực cho một cấp."),
                    everywhere=True,
                )


def _two_versions(snapshot: Snapshot) -> Iterator[Problem]:
    for earlier, later in snapshot.clashes:
        yield Problem(
            kind=ProblemKind.TWO_VERSIONS,
            code=later.code,
            name=later.name,
            text=msg(
                "Phiên bản %(one)s và %(other)s cùng có hiệu lực trong một khoảng thời gian.",
                one=earlier.number,
                other=later.number,
            ),
            everywhere=True,
            procedure_id=later.procedure_id,
        )


def _gaps(snapshot: Snapshot) -> Iterator[VersionGap]:
    for procedure_id, entries in snapshot.by_procedure.items():
        if len(entries) < 2:
            continue
        periods = [
            Period(e.version_id, e.number, e.valid_from, e.valid_to)
            for e in entries
            if e.valid_from is not None
        ]
        for gap in gaps(periods):
            yield VersionGap(entries[-1].code, entries[-1].name, procedure_id, gap)
