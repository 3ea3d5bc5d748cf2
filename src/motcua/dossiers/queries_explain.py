"""Why a date: the deadline of a dossier that need not exist, told even before a database does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import DatabaseError

from motcua.catalogue import queries as catalogue
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import Level, ProcedureDefinition, VersionInfo
from motcua.dossiers.actions import timing
from motcua.dossiers.rules import deadline
from motcua.dossiers.rules.appointments import with_appointments
from motcua.dossiers.rules.case_choice import choose_case
from motcua.dossiers.rules.deadline import ClockEvent, Deadline, EventKind, PauseMode
from motcua.kernel.errors import Invalid, NotFound, Refused
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.rules.working_time import WorkCalendar
from motcua.organisation.types import UnitKind
from motcua.workflow import queries as workflow
from motcua.workflow.rules.definition import ProcessDefinition

PROVINCIAL = frozenset({UnitKind.PROVINCE, UnitKind.DEPARTMENT})


@dataclass(frozen=True, slots=True)
class Standstill:
    """A time the clock stood; `until` None while it lasts."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A deadline with what it was worked out from. `stored` False: from the data carried with the product."""

    procedure: str
    name: str
    case_key: str
    case_name: str
    limit: TimeLimit
    deadline: Deadline
    stored: bool


def explain_deadline(
    *,
    procedure: str,
    received_at: datetime,
    case: str = "",
    unit: str = "",
    pauses: Sequence[Standstill] = (),
    mode: PauseMode | None = None,
) -> Explanation:
    """The deadline of a dossier of this procedure received at that instant, by the calendar of the unit.

    `case` is a key or words; `unit` a code, the province's calendar without one; `mode` says how pauses count
    (None: as set up). Raises `NotFound` for unknown codes and `Invalid` with the cases there are.
    """
    for pause in pauses:
        if pause.since < received_at:
            raise Invalid(
                msg("Khoảng dừng “%(reason)s” bắt đầu trước lúc tiếp nhận.", reason=pause.reason),
                field="pause",
            )
    stored = _has_data()
    version = _version(procedure, received_at) if stored else None
    definition = catalogue.definition(version.id) if version else catalogue.carried_definition(procedure)
    calendar = _calendar(unit, stored=stored)
    case_key = _case(definition, case)
    chosen = definition.case(case_key)
    process = _process(version, case_key, unit, received_at) if version else None
    announced = chosen.appointments if chosen else ()
    limit = with_appointments(definition.limit_for(case_key), announced, process) or TimeLimit.none()
    policy = timing.policy() if mode is None else replace(timing.policy(), pause_mode=mode)
    found = deadline.compute(limit, received_at, calendar, _events(pauses, policy.pause_mode), policy)
    return Explanation(
        procedure=definition.display_code,
        name=definition.name,
        case_key=case_key,
        case_name=chosen.name if chosen else "",
        limit=limit,
        deadline=found,
        stored=stored,
    )


def _has_data() -> bool:
    """Whether there is a database with a province in it."""
    try:
        return bool(organisation.units())
    except DatabaseError:
        return False


def _version(code: str, at: datetime) -> VersionInfo:
    """The version in force at that instant, else the newest."""
    try:
        return catalogue.current_version(code, at)
    except NotFound:
        return catalogue.versions_of(code)[-1]


def _process(version: VersionInfo, case_key: str, unit: str, at: datetime) -> ProcessDefinition | None:
    """The process that may divide the limit into appointments: of the unit's own level if it has one."""
    in_commune = bool(unit) and organisation.unit_by_code(unit).kind not in PROVINCIAL
    for level in sorted(version.levels, key=lambda level: (level is Level.COMMUNE) is not in_commune):
        try:
            process_id = catalogue.process_for(version.procedure_id, case_key, level.value, at=at)
            return workflow.process(process_id)
        except Refused:
            continue
    return None


def _calendar(unit: str, *, stored: bool) -> WorkCalendar:
    if not stored:
        return organisation.carried_calendar(unit) if unit else organisation.carried_calendar()
    return organisation.calendar_for(
        (organisation.unit_by_code(unit) if unit else organisation.province()).id
    )


def _case(definition: ProcedureDefinition, wanted: str) -> str:
    cases = [(case.key, case.name) for case in definition.cases]
    if not wanted.strip():
        usual = definition.limit_for().text().source()
        if any(definition.limit_for(key).text().source() != usual for key, _ in cases):
            raise Invalid(
                msg("Thời hạn của thủ tục này theo trường hợp. Chọn một: %(cases)s.", cases=_listed(cases)),
                field="case",
            )
        return ""
    found = choose_case(wanted, cases)
    if found is not None:
        return found
    if not cases:
        raise Invalid(msg("Thủ tục này không chia trường hợp: bỏ --case."), field="case")
    raise Invalid(
        msg("Không rõ trường hợp “%(case)s”. Chọn một: %(cases)s.", case=wanted, cases=_listed(cases)),
        field="case",
    )


def _listed(cases: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{key} ({name})" for key, name in cases)


def _events(pauses: Sequence[Standstill], mode: PauseMode) -> list[ClockEvent]:
    found = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        found.append(ClockEvent(EventKind.PAUSE, pause.since, pause.reason, mode=mode))
        if pause.until is not None:
            found.append(ClockEvent(EventKind.RESUME, pause.until, pause.reason))
    return found
