"""The configuration grid of a department: every row with what is in force and what the draft changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import translation

from motcua.catalogue import permissions
from motcua.catalogue.models import ChangeSet
from motcua.catalogue.queries.contents import definitions
from motcua.catalogue.rules.competence import HERE, NOT_HERE, Rule, Subject, rule_for
from motcua.catalogue.rules.grid.cells import (
    FUNCTION,
    MARK,
    ORIGINAL,
    UNITS,
    CellEdit,
    Choices,
    Row,
    live_fees,
    live_steps,
)
from motcua.catalogue.rules.grid.columns import Column, RowKey, columns_of
from motcua.catalogue.rules.grid.composing import SLIP, edits_from_json
from motcua.catalogue.rules.search import Entry
from motcua.catalogue.snapshot import Binding, Snapshot, current
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeKind, ChangeState, SettingKey
from motcua.documents import queries as documents
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed, NotFound
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role, UnitFunction, UnitInfo, UnitKind
from motcua.workflow import queries as workflow
from motcua.workflow.rules.definition import ProcessDefinition

SLIP_FORM = "01"
DECIDING_KINDS = (UnitKind.PROVINCE, UnitKind.DEPARTMENT, UnitKind.VERTICAL, UnitKind.EXTERNAL)


@dataclass(frozen=True, slots=True)
class Draft:
    """The open draft of a department; `revision` rises with every edit."""

    id: int
    number: str
    title: str
    revision: int
    drafted_by: str
    drafted_at: datetime
    edits: Mapping[RowKey, Mapping[Column, CellEdit]]

    @property
    def cell_count(self) -> int:
        return sum(len(cells) for cells in self.edits.values())


@dataclass(frozen=True, slots=True)
class Book:
    """Everything of a department: rows in the order of the list, what cells may name, the draft."""

    department: UnitInfo
    rows: Mapping[RowKey, Row]
    versions: Mapping[int, int]
    """Procedure id to the id of the version in force."""
    choices: Choices
    draft: Draft | None


# --- whose ------------------------------------------------------------------------------------------------


def departments(actor: Actor, at: datetime) -> list[UnitInfo]:
    """The agencies whose fields this person configures, by code; those without a procedure are left out."""
    found = {_department_of(current(), entry).id for entry in _standing(at)}
    return [
        unit
        for unit in organisation.agencies()
        if unit.id in found and permissions.may_configure(actor, unit)
    ]


def department(actor: Actor, code: str, at: datetime) -> UnitInfo:
    """The department asked for, else the person's own, else the one with most procedures.

    NotAllowed for who configures none, NotFound for another's.
    """
    mine = departments(actor, at)
    if not mine:
        raise NotAllowed(
            msg(
                "Cấu hình thủ tục là việc của người phụ trách công nghệ thông tin của sở, ngành "
                "và người kiểm soát thủ tục của tỉnh."
            )
        )
    if not code:
        own = [unit for unit in mine if unit.id in actor.agency_ids]
        return own[0] if own else _fullest(mine, at)
    for unit in mine:
        if unit.code == code:
            return unit
    raise NotFound(msg("Không có đơn vị %(code)s trong phạm vi bạn cấu hình.", code=code[:24]))


def _fullest(mine: list[UnitInfo], at: datetime) -> UnitInfo:
    snapshot = current()
    counts = Counter(_department_of(snapshot, entry).id for entry in _standing(at))
    return max(mine, key=lambda unit: counts[unit.id])


def configured_by(procedure_id: int, at: datetime) -> UnitInfo | None:
    """The department that configures a procedure; None when it is not in force."""
    for entry in reversed(current().by_procedure.get(procedure_id, [])):
        if entry.stands_at(at):
            return _department_of(current(), entry)
    return None


def _department_of(snapshot: Snapshot, entry: Entry) -> UnitInfo:
    ministry = snapshot.subjects[entry.version_id].ministry
    return organisation.department_for_field(entry.field, ministry=ministry).unit


def _standing(at: datetime) -> Iterable[Entry]:
    return (entry for entry in current().entries.values() if entry.stands_at(at))


# --- the rows ---------------------------------------------------------------------------------------------


def book(unit: UnitInfo, at: datetime, *, only: Collection[int] | None = None) -> Book:
    """The grid of a department, perhaps only of some procedures: six statements, however many rows."""
    snapshot = current()
    entries = [
        entry
        for entry in _standing(at)
        if (only is None or entry.procedure_id in only) and _department_of(snapshot, entry).id == unit.id
    ]
    entries.sort(key=lambda e: (e.field, e.name, e.code, e.version_id))
    contents = definitions([entry.version_id for entry in entries])
    draft = open_draft(unit)
    choices, own = _choices(snapshot, entries, draft, at)
    rows: dict[RowKey, Row] = {}
    for entry in entries:
        maker = _Maker(snapshot, entry, contents[entry.version_id], choices, own, unit, draft, at)
        for row in maker.rows():
            rows[row.key] = row
    versions = {entry.procedure_id: entry.version_id for entry in entries}
    return Book(unit, rows, versions, choices, draft)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the rows of one procedure."""

    snapshot: Snapshot
    entry: Entry
    content: ProcedureDefinition
    choices: Choices
    real: Mapping[int, bool]
    unit: UnitInfo
    draft: Draft | None
    at: datetime

    def rows(self) -> list[Row]:
        found: list[Row] = []
        subject = self.snapshot.subjects[self.entry.version_id]
        levels = [level for level in HERE if self._listed(subject, level)]
        for level in levels:
            main = self._row(RowKey(self.entry.procedure_id, level), subject, level == levels[0], None)
            found.append(main)
            for case in self.content.cases:
                key = RowKey(self.entry.procedure_id, level, case.key)
                other = self.content.limit_for(case.key).phases != self.content.limit_for().phases
                if (case.changes_limit and other) or self._binding(key) or self._edits(key):
                    found.append(self._row(key, subject, level == levels[0], main))
        return found

    def _listed(self, subject: Subject, level: str) -> bool:
        """Levels the province receives for, and those that only a rule of this very procedure takes out."""
        if level not in subject.levels:
            return False
        rule = self._rule(subject, level)
        return rule.reception != NOT_HERE or rule.procedure_id is not None

    def _rule(self, subject: Subject, level: str) -> Rule:
        return rule_for(self.snapshot.era(self.at).rules.about(subject), subject, level)

    def _binding(self, key: RowKey) -> Binding | None:
        """The process of the row's own, for everybody."""
        for binding in self.snapshot.bindings.get((key.procedure_id, key.level), ()):
            if binding.case_key == key.case_key and binding.agency_id is None and binding.stands_at(self.at):
                return binding
        return None

    def _edits(self, key: RowKey) -> Mapping[Column, CellEdit]:
        return self.draft.edits.get(key, {}) if self.draft is not None else {}

    def _row(self, key: RowKey, subject: Subject, first: bool, main: Row | None) -> Row:
        binding, edits = self._binding(key), self._edits(key)
        columns = columns_of(key, first_level=first)
        generic = main.process(self.choices) if main is not None else self._generic(key.level)
        rule = self._rule(subject, key.level)
        live = {
            Column.PROCESS: str(binding.process_version_id) if binding else "",
            Column.RECEIVING: self._receiving(key, rule, first),
            Column.DECIDING: _deciding(rule),
            Column.RETURNING: self._setting(key, SettingKey.RETURNING, "at", ORIGINAL),
            Column.FORM: self._setting(key, SettingKey.FORM, "form", ""),
            Column.LETTERS: self._setting(key, SettingKey.LETTERS, SLIP, SLIP),
            Column.FEES: live_fees(self.content) if Column.FEES in columns else "",
        }
        row = Row(
            key=key,
            code=self.entry.code,
            name=self.entry.name,
            field=self.entry.field,
            case_name=case.name if (case := self.content.case(key.case_key)) else "",
            limit=self.content.limit_for(key.case_key),
            definition=self.content,
            first_level=first,
            live={column: live[column] for column in columns if column in live},
            generic=generic,
            default_department=self.unit.full_name,
            deciding_known=key.level != HERE[1] or self._department_known(),
            own_is_real=self.real.get(binding.process_version_id, True) if binding else True,
            inherited_own=main is not None and _own(main),
            draft={column: edit for column, edit in edits.items() if column in columns},
        )
        steps = live_steps(row.base_process(self.choices), self.choices)
        return replace(row, live={**row.live, Column.STEPS: steps})

    def _department_known(self) -> bool:
        ministry = self.snapshot.subjects[self.entry.version_id].ministry
        return not organisation.department_for_field(self.entry.field, ministry=ministry).is_gap

    def _generic(self, level: str) -> ProcessDefinition | None:
        for binding in self.snapshot.bindings.get((None, level), ()):
            if not binding.stands_at(self.at):
                continue
            return self.choices.definitions.get(str(binding.process_version_id))
        return None

    def _receiving(self, key: RowKey, rule: Rule, first: bool) -> str:
        units = self._value(key, SettingKey.RECEIVING) if first else None
        return UNITS + ",".join(units["units"]) if units else rule.reception

    def _value(self, key: RowKey, setting: SettingKey) -> Mapping[str, Any] | None:
        """What is set for everybody in exactly this case."""
        for found in self.snapshot.settings.get((key.procedure_id, setting.value), ()):
            if found.case_key == key.case_key and found.agency_id is None and found.stands_at(self.at):
                return found.value
        return None

    def _setting(self, key: RowKey, setting: SettingKey, part: str, default: str) -> str:
        value = self._value(key, setting)
        return str(value.get(part, "")) if value else "" if key.case_key else default


def _own(row: Row) -> bool:
    return Column.STEPS in row.draft or (
        bool(row.token(Column.PROCESS)) and (Column.PROCESS in row.draft or row.own_is_real)
    )


def _deciding(rule: Rule) -> str:
    if rule.deciding_function:
        return FUNCTION + rule.deciding_function
    return "" if rule.deciding_unit_id is None else organisation.unit(rule.deciding_unit_id).code


# --- what cells may name ----------------------------------------------------------------------------------


def _choices(
    snapshot: Snapshot, entries: Iterable[Entry], draft: Draft | None, at: datetime
) -> tuple[Choices, dict[int, bool]]:
    """The choices, and which bound versions count as the procedure's own real process."""
    real: dict[int, bool] = {}
    for entry in entries:
        for level in HERE:
            for binding in snapshot.bindings.get((entry.procedure_id, level), ()):
                if binding.stands_at(at):
                    real[binding.process_version_id] = binding.is_real
    generic = [b.process_version_id for level in HERE for b in snapshot.bindings.get((None, level), ())]
    latest = {version.pk: version for version in workflow.latest_versions()}
    drafted = [
        int(edit.after)
        for cells in (draft.edits.values() if draft else ())
        for column, edit in cells.items()
        if column is Column.PROCESS and edit.after.isdigit()
    ]
    ids = {*latest, *real, *generic, *drafted}
    found = workflow.definitions(ids)
    titles = {
        pk: f"{definition.title}{MARK}{definition.key}#{latest[pk].number if pk in latest else ''}".rstrip(
            "#"
        )
        for pk, definition in sorted(found.items(), key=lambda item: (item[1].title, item[1].key))
    }
    with translation.override("vi"):
        roles = {role.value: str(role.label) for role in Role}
        functions = {function.value: str(function.label) for function in (UnitFunction.POLICE,)}
    choices = Choices(
        processes={str(pk): text for pk, text in titles.items()},
        definitions={str(pk): definition for pk, definition in found.items()},
        reception_units={unit.code: unit_text(unit) for unit in organisation.reception_points()},
        deciding_units={
            unit.code: unit_text(unit)
            for unit in organisation.agencies(kinds=DECIDING_KINDS)
            if unit.area_id is None
        },
        letters={kind.kind: _letter_text(kind.kind) for kind in documents.letter_kinds_of_form(SLIP_FORM)},
        roles=roles,
        functions=functions,
    )
    return choices, real


def unit_text(unit: UnitInfo) -> str:
    """ "STP · Sở Tư pháp": how a cell names a unit."""
    return f"{unit.code}{MARK}{unit.full_name or unit.name}"


SLIP_NAMES = {
    "reception_slip": "Mẫu số 01 (Thông tư 03/2025)",
    "reception_slip_table": "Mẫu có bảng giấy tờ (Thông tư 01/2018)",
    "reception_slip_certification": "Mẫu cho chứng thực",
}


def _letter_text(kind: str) -> str:
    """Kinds that print the same form have the same title; they are told apart by what they look like."""
    return SLIP_NAMES.get(kind) or f"{documents.letter_kind(kind).title}{MARK}{kind}"


# --- the draft --------------------------------------------------------------------------------------------


def open_draft(unit: UnitInfo) -> Draft | None:
    """The draft in which a department's edits collect: not submitted yet, so without an effective instant."""
    found = (
        ChangeSet.objects.filter(
            kind=ChangeKind.CONFIGURATION.value,
            state=ChangeState.DRAFT.value,
            department_id=unit.id,
            effective_at__isnull=True,
        )
        .order_by("-pk")
        .first()
    )
    if found is None:
        return None
    edits: dict[RowKey, Mapping[Column, CellEdit]] = {}
    for procedure_id, raw in found.lines.values_list("procedure_id", "raw"):
        if procedure_id is not None:
            edits.update(edits_from_json(procedure_id, raw.get("cells", ())))
    return Draft(
        found.pk, found.number, found.title, found.revision, found.drafted_by_name, found.drafted_at, edits
    )


@dataclass(frozen=True, slots=True)
class Submitted:
    """A configuration that waits for a second person, or was published lately."""

    id: int
    number: str
    title: str
    state: str
    effective_at: datetime | None
    drafted_by: str


def submitted(unit: UnitInfo, *, limit: int = 5) -> list[Submitted]:
    """The newest configurations of a department that left the grid."""
    rows = ChangeSet.objects.filter(
        kind=ChangeKind.CONFIGURATION.value, department_id=unit.id, effective_at__isnull=False
    ).order_by("-pk")[:limit]
    return [Submitted(r.pk, r.number, r.title, r.state, r.effective_at, r.drafted_by_name) for r in rows]
