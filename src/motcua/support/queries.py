"""The board: every procedure in every agency that decides it, what is ready and what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from motcua.catalogue import queries as catalogue
from motcua.catalogue.errors import NoProcess
from motcua.catalogue.queries import facts as catalogue_facts
from motcua.catalogue.queries import matrix
from motcua.catalogue.queries.facts import ProcedureFacts
from motcua.catalogue.queries.preparing import Preparation, preparation, preparation_stamp
from motcua.catalogue.queries.versions import process_and_kind
from motcua.catalogue.rules.matrix import Kind
from motcua.catalogue.types_changes import SettingKey
from motcua.documents.queries import letter_kinds
from motcua.dossiers.queries_roles import roles_needed
from motcua.kernel import clock
from motcua.organisation import queries as organisation
from motcua.organisation.queries import filling
from motcua.organisation.types import UnitInfo, UnitKind
from motcua.support.queries_collecting import collecting_of
from motcua.support.rules import readiness as rules
from motcua.support.rules.readiness import Aspect, Facts, Mark
from motcua.support.types import Board, Collecting, Item, UnitState

Key = tuple[object, ...]
Roles = frozenset[tuple[int, str]]

_last: tuple[Key, Board] | None = None


def board(now: datetime) -> Board:
    """The province as it stands; worked out again only when something it rests on has changed."""
    global _last  # one board a process, like the pictures it is made of
    today = clock.today(now)
    filled = filling.filled_roles(today)
    collecting = collecting_of(_agencies(today), today)
    key = (
        catalogue_facts.picture_stamp(),
        catalogue_facts.turn(now),
        filling.picture_stamp(),
        today,
        filled,
        preparation_stamp(),
        tuple(collecting.items()),
    )
    if _last is None or _last[0] != key:
        _last = (key, _make(now, today, filled, collecting))
    return _last[1]


def forget() -> None:
    """Make the next board anew (tests)."""
    global _last
    _last = None


def _make(now: datetime, today: date, filled: Roles, collecting: Mapping[int, Collecting]) -> Board:
    units = {agency.id: UnitState(agency) for agency in _agencies(today)}
    items = {item.key: item for item in _items(now, today, preparation())}
    gaps = _Gaps(filled)
    deciding = _deciding(items.values(), now)
    for key, agencies in deciding.items():
        for agency in agencies:
            _add(
                units.setdefault(agency.id, UnitState(agency)),
                items[key],
                gaps.of(items[key], agency.id),
                collecting.get(agency.id, Collecting()),
            )
    return Board(
        at=now,
        today=today,
        items=tuple(items.values()),
        units=units,
        deciding={key: frozenset(agency.id for agency in found) for key, found in deciding.items()},
        filled=filled,
        collecting=collecting,
    )


def decided_by(found: Board, agency_id: int) -> list[Item]:
    """What an agency decides, in the board's order."""
    return [item for item in found.items if agency_id in found.deciding.get(item.key, ())]


def gaps_of(found: Board, agency_id: int) -> dict[tuple[int, str], Roles]:
    """For each procedure an agency decides the roles nobody holds."""
    gaps = _Gaps(found.filled)
    return {item.key: gaps.of(item, agency_id) for item in decided_by(found, agency_id)}


def _deciding(items: Iterable[Item], now: datetime) -> dict[tuple[int, str], list[UnitInfo]]:
    """Which agencies decide each procedure at each level, from the matrix of competence."""
    known = {item.key for item in items}
    found: dict[tuple[int, str], list[UnitInfo]] = {}
    for row in matrix.rows_of(dict.fromkeys(version_id for version_id, _ in known), now):
        if row.topic.case_key:
            continue
        for part in row.parts:
            cell = part.cell
            key = (row.topic.version_id, cell.level)
            if cell.kind is not Kind.DECIDED or key not in known:
                continue
            deciders = found.setdefault(key, [])
            deciders += [
                organisation.unit(unit.id)
                for unit in part.units
                if cell.decides_here or cell.deciding_id == unit.id
            ]
    return found


def _agencies(today: date) -> list[UnitInfo]:
    """Communes and wards, then what works for the whole province."""
    wide = organisation.agencies(kinds=[UnitKind.DEPARTMENT, UnitKind.VERTICAL])
    whole = [*organisation.communes(), *(u for u in wide if u.area_id is None)]
    return [unit for unit in whole if unit.stands_on(today)]


def _items(now: datetime, today: date, prepared: Preparation) -> Iterator[Item]:
    for found in catalogue_facts.facts(now):
        due = _electronic_due(prepared, found.procedure_id)
        for level in found.levels:
            process_ids, is_real = _processes(found, level, now)
            known = Facts(
                in_force=True,
                limits_unknown=found.content.limits_unknown,
                fee_lines=found.content.fee_lines,
                fees_unknown=found.content.fees_unknown,
                has_form=found.content.has_form,
                form_known=found.content.form_known,
                letters_unknown=_letters_unknown(found, now),
                process_is_real=is_real,
                electronic_due=due,
                rehearsed=prepared.is_green(found.procedure_id),
            )
            yield Item(
                procedure_id=found.procedure_id,
                version_id=found.version_id,
                code=found.code,
                name=found.name,
                field=found.field,
                level=level,
                facts=known,
                marks=rules.marks(known),
                process_ids=process_ids,
                late=rules.is_late(known, today),
            )


def _electronic_due(prepared: Preparation, procedure_id: int) -> date | None:
    ordered = prepared.ordered.get(procedure_id)
    if ordered is None:
        return None
    calendar = organisation.calendar_for(organisation.province().id)
    return calendar.add_working_days(ordered.signed_on, rules.electronic_days(ordered.notes))


def _processes(found: ProcedureFacts, level: str, now: datetime) -> tuple[tuple[int, ...], bool | None]:
    """The processes of every case, and whether all are the procedure's own; None where a case has none."""
    ids: dict[int, bool] = {}
    try:
        for case_key in ("", *found.content.cases):
            process_id, is_real = process_and_kind(found.procedure_id, case_key, level, at=now)
            ids[process_id] = is_real
    except NoProcess:
        return tuple(ids), None
    return tuple(ids), all(ids.values())


def _letters_unknown(found: ProcedureFacts, now: datetime) -> int:
    chosen = catalogue.setting(found.procedure_id, SettingKey.LETTERS, at=now) or {}
    known = letter_kinds()
    return sum(str(kind) not in known for kind in chosen.values())


class _Gaps:
    """Which needed roles nobody holds; each process is asked once for each agency and division."""

    def __init__(self, filled: Roles) -> None:
        self.filled = filled
        self.known: dict[tuple[tuple[int, ...], int, int | None], Roles] = {}

    def of(self, item: Item, agency_id: int) -> Roles:
        division = organisation.division_for(agency_id, item.field)
        key = (item.process_ids, agency_id, division.id if division else None)
        if key not in self.known:
            needed: set[tuple[int, str]] = set()
            for process_id in item.process_ids:
                needed |= roles_needed(process_id, agency_id=agency_id, field_name=item.field)
            self.known[key] = frozenset(needed - self.filled)
        return self.known[key]


def marks_in(item: Item, missing: Roles, collecting: Collecting) -> dict[Aspect, Mark]:
    """Every mark of a procedure in one agency."""
    return {
        **item.marks,
        Aspect.ROLES: Mark.BLOCKED if missing else Mark.READY,
        Aspect.PAYING: rules.paying(item.facts, offered=collecting.offered),
    }


def _add(state: UnitState, item: Item, missing: Roles, collecting: Collecting) -> None:
    state.total += 1
    state.with_fees += item.facts.fee_lines > 0
    found = marks_in(item, missing, collecting)
    for aspect, mark in found.items():
        counts = state.by_aspect.setdefault(aspect, {})
        counts[mark] = counts.get(mark, 0) + 1
    worst = rules.worst(found.values())
    state.blocked += worst is Mark.BLOCKED
    state.doubtful += worst is Mark.DOUBT
    state.late += item.late
    for need in missing:
        state.missing[need] = state.missing.get(need, 0) + 1
