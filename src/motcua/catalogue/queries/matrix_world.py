"""From the pictures to what the matrix of competence is worked out from, at one instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from motcua.catalogue.queries.versions import process_for, setting
from motcua.catalogue.rules.competence import HERE
from motcua.catalogue.rules.matrix import MatrixUnit, ProcessTraits, Topic, World
from motcua.catalogue.rules.search import Entry
from motcua.catalogue.snapshot import Binding, Setting, Snapshot
from motcua.catalogue.types_changes import SettingKey
from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role, UnitKind
from motcua.workflow import queries as workflow
from motcua.workflow.rules.definition import ProcessDefinition, StepKind, Where

DIVIDED = frozenset({Role.SPECIALIST.value, Role.DEPT_HEAD.value})
"""Roles that sit in a division of the agency, not in its leadership, office or centre."""
COLUMNS = (UnitKind.COMMUNE, UnitKind.DEPARTMENT, UnitKind.VERTICAL, UnitKind.PROVINCE)
NEED_DIVISIONS = frozenset({UnitKind.COMMUNE, UnitKind.DEPARTMENT})


def all_topics(snapshot: Snapshot, at: datetime) -> Iterator[tuple[Entry, list[Topic]]]:
    """Every version that stands at an instant with its topics."""
    for entry in snapshot.entries.values():
        if entry.stands_at(at):
            yield entry, topics_of(snapshot, entry, at)


def topics_of(snapshot: Snapshot, entry: Entry, at: datetime) -> list[Topic]:
    """The procedure as a whole, then each case for which something else is set."""
    own: list[Setting | Binding] = [
        found
        for key in (SettingKey.RECEIVING, SettingKey.RETURNING)
        for found in snapshot.settings.get((entry.procedure_id, key.value), ())
    ]
    own += [found for level in HERE for found in snapshot.bindings.get((entry.procedure_id, level), ())]
    standing = [found for found in own if found.stands_at(at)]
    named = frozenset(
        column for found in standing if found.agency_id is not None for column in _columns_of(found.agency_id)
    ) | frozenset(_received_at(snapshot, entry.procedure_id, at))
    subject = snapshot.subjects[entry.version_id]
    cases = dict.fromkeys(["", *(found.case_key for found in standing)])
    return [Topic(subject, entry.version_id, entry.code, entry.name, case, named) for case in cases]


def _columns_of(agency_id: int) -> tuple[int, ...]:
    """The columns in which an agency can decide: its own, and that of the commune it serves."""
    unit = organisation.units().get(agency_id)
    return tuple(
        found for found in (agency_id, unit.area_id if unit is not None else None) if found is not None
    )


def _received_at(snapshot: Snapshot, procedure_id: int, at: datetime) -> Iterator[int]:
    """The agencies that a RECEIVING setting names, so that their cells are worked out one by one."""
    settings = snapshot.settings.get((procedure_id, SettingKey.RECEIVING.value), ())
    named = {
        str(code) for one in settings if one.stands_at(at) for code in (one.value or {}).get("units", ())
    }
    if named:
        yield from (unit.agency_id for unit in organisation.units().values() if unit.code in named)


def world_of(snapshot: Snapshot, at: datetime, procedure_ids: Iterable[int] | None = None) -> World:
    """The world of an instant; with `procedure_ids` only their processes are read."""
    traits = _traits(snapshot, at, procedure_ids)
    standing = _standing(at)

    def process(procedure_id: int, case_key: str, level: str, agency_id: int | None) -> ProcessTraits | None:
        try:
            return traits.get(process_for(procedure_id, case_key, level, agency_id, at=at), ProcessTraits())
        except Refused:
            return None

    departments: dict[tuple[str, str], int | None] = {}

    def department(subject_field: str, ministry: str) -> int | None:
        key = (subject_field, ministry)
        if key not in departments:
            departments[key] = _department(subject_field, ministry)
        return departments[key]

    era = snapshot.era(at)
    return World(
        units=tuple(columns_at(at)),
        rules_about=era.rules.about,
        department=lambda subject: department(subject.field, subject.ministry),
        process=process,
        receiving=lambda pid, agency, case: setting(
            pid, SettingKey.RECEIVING, agency_id=agency, case_key=case, at=at
        ),
        returning=lambda pid, agency, case: setting(
            pid, SettingKey.RETURNING, agency_id=agency, case_key=case, at=at
        ),
        names={unit.id: unit.full_name or unit.name for unit in organisation.units().values()},
        codes=_codes(),
        standing=standing,
        divided=frozenset(_divided(standing)),
    )


def _codes() -> dict[str, int]:
    return {unit.code: unit.id for unit in organisation.units().values()}


def _standing(at: datetime) -> frozenset[int]:
    day = clock.today(at)
    return frozenset(unit.id for unit in organisation.units().values() if unit.stands_on(day))


def columns_at(at: datetime) -> Iterator[MatrixUnit]:
    """The agencies that stand at an instant, communes and provincial agencies."""
    standing = _standing(at)
    verticals: dict[int, dict[str, int]] = defaultdict(dict)
    for unit in organisation.units().values():
        if unit.area_id is not None and unit.function and unit.id in standing:
            verticals[unit.area_id].setdefault(unit.function, unit.id)
    for unit in organisation.agencies(kinds=COLUMNS):
        if unit.id in standing and unit.area_id is None:
            yield MatrixUnit(
                id=unit.id,
                code=unit.code,
                name=unit.full_name or unit.name,
                is_commune=unit.kind == UnitKind.COMMUNE,
                former_province=unit.former_province,
                verticals=verticals.get(unit.id, {}),
            )


def _divided(standing: frozenset[int]) -> Iterator[int]:
    """Agencies that have a division to give work to; those of vertical agencies work as one."""
    having = {
        unit.agency_id
        for unit in organisation.units().values()
        if unit.kind == UnitKind.DIVISION and unit.id in standing
    }
    for unit in organisation.units().values():
        if unit.id in having or unit.kind not in NEED_DIVISIONS:
            yield unit.id


def _department(field_name: str, ministry: str) -> int | None:
    """The department of a field; None where the table does not know one or the province has no such unit."""
    try:
        found = organisation.department_for_field(field_name, ministry=ministry)
    except Refused:
        return None
    return None if found.is_gap else found.unit.id


def _traits(
    snapshot: Snapshot, at: datetime, procedure_ids: Iterable[int] | None
) -> Mapping[int, ProcessTraits]:
    """What the processes bound at an instant ask for, read in groups."""
    wanted = None if procedure_ids is None else {None, *procedure_ids}
    ids = {
        binding.process_version_id
        for (procedure_id, _level), bindings in snapshot.bindings.items()
        if wanted is None or procedure_id in wanted
        for binding in bindings
        if binding.stands_at(at)
    }
    return {pk: _traits_of(found) for pk, found in workflow.processes(ids).items()}


def _traits_of(process: ProcessDefinition) -> ProcessTraits:
    consulted = [
        step.unit_ref.name or step.performer or step.name
        for step in process.steps
        if step.kind is StepKind.CONSULT or step.unit_ref.which is Where.CONSULTED
    ]
    needs = any(
        step.unit_ref.which is Where.FIELD_DIVISION
        or (step.unit_ref.which is Where.AGENCY and step.role in DIVIDED)
        for step in process.steps
    )
    return ProcessTraits(tuple(dict.fromkeys(consulted)), needs)
