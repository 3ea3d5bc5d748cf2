"""Rehearsing a configuration before people depend on it: tried in every unit, along every branch, then taken back."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from motcua.catalogue import actions as catalogue_actions
from motcua.catalogue.actions.rehearsals import (
    FailureRow,
    GoldenRow,
    RehearsalRow,
    store_golden,
    store_rehearsal,
)
from motcua.catalogue.errors import NotReady
from motcua.catalogue.permissions import require_rehearse
from motcua.catalogue.queries import changes, configured, rehearsals
from motcua.catalogue.queries.configured import Configured
from motcua.catalogue.queries.rehearsals import GoldenInfo, RehearsedLine
from motcua.catalogue.types_changes import ChangeState
from motcua.catalogue.types_drafts import ChangeSetInfo
from motcua.dossiers.actions.rehearse_check import Check, Tried
from motcua.dossiers.actions.rehearse_real import RealRuns
from motcua.dossiers.actions.rehearse_walk import People
from motcua.dossiers.actions.timing import policy
from motcua.dossiers.adapters.golden_configuration import configuration_of, own_agencies
from motcua.dossiers.adapters.golden_world import ProvinceWorld, Shapes, classes_of, shapes_on
from motcua.dossiers.rules.golden_making import Golden, generate
from motcua.dossiers.rules.rehearsal import Failure, FailureKind, Findings, Where
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.apart import apart
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.rules.working_time import NoWorkingTime
from motcua.organisation.types import UnitInfo

Progress = Callable[[str, int, int], None]
"""Told (phase, done, of) while a rehearsal runs."""
LONG_AGO = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RehearsalReport:
    """What a rehearsal found. `trials` by class of units, `real` of them walked by the real acts."""

    id: int
    digest: str
    seconds: float
    procedures: int
    units: int
    trials: int
    real: int
    failures: tuple[Failure, ...]

    @property
    def green(self) -> bool:
        return not self.failures

    @property
    def failed(self) -> int:
        return sum(failure.count for failure in self.failures)


def rehearse(
    *,
    actor: Actor,
    now: datetime,
    change_set_id: int | None = None,
    procedure: str = "",
    unit: str = "",
    progress: Progress | None = None,
) -> RehearsalReport:
    """Rehearse a change-set as if it were published, or the catalogue as it stands; store what was found.

    `procedure` (a code) and `unit` (a code) narrow it; a narrowed rehearsal does not open the gate. Nothing but the
    rehearsal itself is left behind. Raises `NotFound`, `Invalid` (no effective day), `Conflict` (no longer a draft).
    """
    require_rehearse(actor)
    begun = time.monotonic()
    tell = progress or _silent
    task = _task(change_set_id, procedure, unit, now)
    before = _before(actor, task, tell, now) if task.head else {}
    with apart(), _staged(task, now) as refused:
        run = _Run(task, before, tell)
        if refused is None:
            run.go()
        else:
            run.findings.add(FailureKind.NOT_READY, refused.message, Where())
    return _store(actor, run, time.monotonic() - begun, now)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be rehearsed, as seen at `at`, an instant of working time after it takes effect."""

    head: ChangeSetInfo | None
    lines: tuple[RehearsedLine, ...]
    digest: str
    at: datetime
    shapes: Shapes
    scope: str
    only: frozenset[int] | None

    @property
    def change_set_id(self) -> int | None:
        return self.head.id if self.head else None


def _task(change_set_id: int | None, procedure: str, unit: str, now: datetime) -> _Task:
    head = changes.change_set(change_set_id) if change_set_id is not None else None
    if head is not None and head.effective_at is None:
        raise Invalid(
            msg("Gói %(number)s chưa có ngày hiệu lực nên chưa diễn tập được.", number=head.number),
            field="effective_at",
        )
    if head is not None and head.state not in (ChangeState.DRAFT, ChangeState.APPROVED):
        raise Conflict(msg("Gói %(number)s không còn chờ công bố nên không diễn tập.", number=head.number))
    effective = head.effective_at if head and head.effective_at else now
    at = _working_moment(max(effective, now))
    lines = tuple(rehearsals.rehearsed_lines(head.id)) if head else ()
    only: frozenset[int] | None = None
    if procedure:
        lines = tuple(line for line in lines if line.code == procedure)
        if head and not lines:
            raise NotFound(
                msg("Gói %(number)s không có thủ tục %(code)s.", number=head.number, code=procedure),
                field="procedure",
            )
        only = frozenset() if head else frozenset(configured.procedures_of_code(procedure))
        if only is not None and not only and not head:
            raise NotFound(msg("Không có thủ tục %(code)s.", code=procedure[:64]), field="procedure")
    shapes = shapes_on(clock.today(at))
    if unit:
        shapes = shapes.only(_points_of(organisation.unit_by_code(unit)))
    return _Task(
        head=head,
        lines=lines,
        digest=changes.digest_of(head.id) if head else "",
        at=at,
        shapes=shapes,
        scope=" ".join(part for part in (procedure, unit) if part),
        only=only,
    )


def _points_of(unit: UnitInfo) -> frozenset[str]:
    """Where dossiers for this unit are received: itself, its centre, the points within its commune."""
    home = unit.area_id or unit.agency_id
    points = [point for point in organisation.reception_points() if home in (point.agency_id, point.area_id)]
    codes = {point.code for point in points if unit.is_agency or point.id == unit.id}
    return frozenset(codes or {organisation.centre_of(unit.agency_id).code})


def _working_moment(at: datetime) -> datetime:
    """The middle of the first working morning at or after an instant."""
    calendar = organisation.calendar_for(organisation.province().id)
    try:
        opening = calendar.opening(calendar.working_day_from(clock.today(at)))
    except NoWorkingTime:
        opening = None
    begun = at if opening is None or opening <= at else opening
    return begun + LONG_AGO


def _before(actor: Actor, task: _Task, tell: Progress, now: datetime) -> Mapping[int, Sequence[GoldenInfo]]:
    """The golden dossiers of the versions before, made and frozen now where nobody has made them."""
    wanted = {line.before_version_id: line for line in task.lines if line.before_version_id}
    known = dict(rehearsals.golden_of_versions([pk for pk in wanted if pk is not None]))
    missing = [line for pk, line in wanted.items() if pk not in known]
    if not missing:
        return known
    world = ProvinceWorld(policy())
    ids = {line.procedure_id for line in missing if line.procedure_id is not None}
    for number, found in enumerate(configured.configured(now, ids)):
        tell("before", number, len(ids))
        if found.version_id not in wanted:
            continue
        golden = generate(
            configuration_of(found),
            classes_of(task.shapes, own=own_agencies(found)),
            clock.today(task.at),
            world,
        )
        rows = as_rows(golden)
        store_golden(
            actor=actor, rows=rows, now=now, procedure_id=found.procedure_id, version_id=found.version_id
        )
    return rehearsals.golden_of_versions([pk for pk in wanted if pk is not None])


@contextmanager
def _staged(task: _Task, now: datetime) -> Iterator[NotReady | None]:
    """Within, the catalogue is as if the change-set were published; afterwards as if nothing had been."""
    with ExitStack() as stack:
        refused: NotReady | None = None
        if task.change_set_id is not None:
            staged = catalogue_actions.as_if_published(change_set_id=task.change_set_id, now=now)
            try:
                stack.enter_context(staged)
            except NotReady as refusal:
                refused = refusal
        yield refused


class _Run:
    """One rehearsal while it goes on."""

    def __init__(self, task: _Task, before: Mapping[int, Sequence[GoldenInfo]], tell: Progress) -> None:
        self.task, self.before, self.tell = task, before, tell
        self.findings = Findings()
        self.check = Check(
            world=ProvinceWorld(policy()),
            shapes=task.shapes,
            people=People.on(clock.today(task.at)),
            first_day=clock.today(task.at),
            findings=self.findings,
            kind=task.head.kind if task.head else None,
        )
        self.procedures = 0
        self.golden: dict[int, list[GoldenRow]] = {}
        self.content = hashlib.sha256()
        self.real = RealRuns(self.check, at=task.at)

    @property
    def digest(self) -> str:
        """What fixes the content that was rehearsed."""
        return self.task.digest or self.content.hexdigest()

    def go(self) -> None:
        """Check every configuration, then walk."""
        for tried in self._tried():
            self.procedures += 1
            self.real.plan(tried)
            if tried.line is not None:
                self.golden[tried.line.id] = as_rows(tried.golden)
        self.real.walk(lambda done, of: self.tell("real", done, of))

    def _tried(self) -> Iterator[Tried]:
        lines = self._lines()
        ids = None if self.task.head is None and self.task.only is None else self._ids(lines)
        stored = self._stored(lines)
        total = configured.how_many(self.task.at, ids)
        for number, found in enumerate(configured.configured(self.task.at, ids)):
            self.tell("check", number, total)
            self._fix(found)
            line = lines.get(found.procedure_id)
            tried = self.check(
                found,
                line=line,
                before=self.before.get(line.before_version_id or 0, ()) if line else (),
                own=stored.get(line.id if line else found.version_id, ()),
                keep=line is not None,
            )
            if tried is not None:
                yield tried

    def _ids(self, lines: Mapping[int, RehearsedLine]) -> set[int]:
        return set(lines) if self.task.head is not None else set(self.task.only or ())

    def _lines(self) -> dict[int, RehearsedLine]:
        """Lines by procedure, as staging has left them: a new procedure has its id by now."""
        if self.task.change_set_id is None:
            return {}
        wanted = {line.id for line in self.task.lines}
        staged = rehearsals.rehearsed_lines(self.task.change_set_id)
        own = {line.id: line.procedure_id for line in self.task.lines}
        found = {}
        for line in staged:
            procedure_id = line.procedure_id or rehearsals.procedure_of_version(line.made_version_id)
            if line.id in wanted and procedure_id is not None:
                found[procedure_id] = line if own[line.id] else rehearsals.of_new_procedure(line)
        return found

    def _stored(self, lines: Mapping[int, RehearsedLine]) -> Mapping[int, Sequence[GoldenInfo]]:
        if self.task.head is not None:
            return rehearsals.golden_of_lines([line.id for line in lines.values()])
        return rehearsals.golden_of_versions(None)

    def _fix(self, found: Configured) -> None:
        parts = (found.version_id, found.bindings, found.settings, len(found.rules))
        self.content.update(repr(parts).encode())


def as_rows(golden: Iterable[Golden]) -> list[GoldenRow]:
    """JSON-ready, as they are stored."""
    return [GoldenRow(one.key, one.title, one.given.to_dict(), one.expected.to_dict()) for one in golden]


@transaction.atomic
def _store(actor: Actor, run: _Run, seconds: float, now: datetime) -> RehearsalReport:
    """What is kept of a rehearsal: its figures, its failures, and the golden dossiers of the lines."""
    failures = run.findings.all
    for line_id, rows in run.golden.items():
        own = next(line for line in run.task.lines if line.id == line_id)
        store_golden(actor=actor, rows=rows, now=now, procedure_id=own.procedure_id, line_id=line_id)
    trials = run.check.trials + run.real.real
    stored = store_rehearsal(
        actor=actor,
        row=RehearsalRow(
            change_set_id=run.task.change_set_id,
            digest=run.digest,
            seconds=round(seconds, 2),
            procedures=run.procedures,
            units=len(run.check.units),
            trials=trials,
            failures=[*(_row(failure) for failure in failures), _tried(run)],
            scope=run.task.scope,
        ),
        now=now,
    )
    return RehearsalReport(
        id=stored,
        digest=run.digest,
        seconds=round(seconds, 2),
        procedures=run.procedures,
        units=len(run.check.units),
        trials=trials,
        real=run.real.real,
        failures=tuple(failures),
    )


def _row(failure: Failure) -> FailureRow:
    where = failure.where
    return FailureRow(
        kind=failure.kind.value,
        message=failure.message,
        procedure_id=where.procedure_id,
        line_id=where.line_id,
        unit_id=where.unit_id,
        case_key=where.case_key,
        params={"role": where.role, "codes": failure.codes, "golden": failure.golden},
        count=failure.count,
    )


def _tried(run: _Run) -> FailureRow:
    """No failure but what was tried, for the page."""
    classes = [list(units) for units in run.task.shapes.members]
    said = {
        "real": run.real.real,
        "by_class": run.check.trials,
        "classes": [{"unit": units[0], "units": len(units)} for units in classes],
        "walks": run.real.walks,
    }
    return FailureRow(kind=rehearsals.TRIALS, message=msg("Đã thử"), params=said, count=0)


def _silent(_phase: str, _done: int, _of: int) -> None:
    """Nobody listens."""
