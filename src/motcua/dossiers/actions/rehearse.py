"""Rehearsing a configuration before people depend on it: tried in every unit, along every branch, then taken back."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.catalogue.actions.rehearsals import (
    FailureRow,
    GoldenRow,
    RehearsalRow,
    store_golden,
    store_rehearsal,
)
from motcua.catalogue.permissions import require_rehearse
from motcua.catalogue.queries import configured, rehearsals
from motcua.catalogue.queries.configured import Configured
from motcua.catalogue.queries.ground import with_desks
from motcua.catalogue.queries.rehearsals import GoldenInfo, RehearsedLine
from motcua.dossiers.actions.rehearse_check import Check, Tried
from motcua.dossiers.actions.rehearse_real import RealRuns
from motcua.dossiers.actions.rehearse_task import Stage, Task, staged, task_of
from motcua.dossiers.actions.rehearse_walk import People
from motcua.dossiers.actions.timing import policy
from motcua.dossiers.adapters.golden_configuration import configuration_of, own_agencies
from motcua.dossiers.adapters.golden_world import ProvinceWorld, classes_of
from motcua.dossiers.rules.golden_making import Golden, generate
from motcua.dossiers.rules.rehearsal import Failure, FailureKind, Findings, Where
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.apart import apart
from motcua.kernel.messages import msg

Progress = Callable[[str, int, int], None]
"""Told (phase, done, of) while a rehearsal runs."""
PASSED_TOLD = 50
"""Codes kept of those that passed for one reason; more are counted."""


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
    passed: Mapping[str, Sequence[str]]
    """Procedures that passed without a trial, by the reason."""

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
    task = task_of(change_set_id, procedure, unit, now)
    before = _before(actor, task, tell, now) if task.head else {}
    with apart(), staged(task, now) as stage:
        run = _Run(task, before, tell, stage)
        run.go()
    return _store(actor, run, time.monotonic() - begun, now)


def _before(actor: Actor, task: Task, tell: Progress, now: datetime) -> Mapping[int, Sequence[GoldenInfo]]:
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


class _Run:
    """One rehearsal while it goes on."""

    def __init__(
        self, task: Task, before: Mapping[int, Sequence[GoldenInfo]], tell: Progress, stage: Stage
    ) -> None:
        self.task, self.before, self.tell, self.stage = task, before, tell, stage
        self.findings = Findings()
        self.check = Check(
            world=ProvinceWorld(policy()),
            shapes=task.shapes,
            people=People.on(task.day),
            first_day=task.day,
            findings=self.findings,
            kind=task.head.kind if task.head else None,
            narrowed=task.narrowed,
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
        """Check every configuration, then walk; what could not be tried is told."""
        if self.stage.refused is not None:
            self.findings.add(FailureKind.NOT_READY, self.stage.refused.message, Where())
            return
        for tried in self._tried():
            self.procedures += 1
            self.real.plan(tried)
            if tried.line is not None:
                self.golden[tried.line.id] = as_rows(tried.golden)
        self.real.walk(lambda done, of: self.tell("real", done, of))
        self.check.account_for(self.task.lines)

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
        return {
            self.stage.procedures[line.id]: line
            for line in self.task.lines
            if line.id in self.stage.procedures
        }

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
            ground=with_desks(run.stage.ground, run.check.needed & run.check.people.held.keys()),
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
        passed=run.check.passed,
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
        "passed": [
            {"why": why, "codes": codes[:PASSED_TOLD], "n": len(codes)} for why, codes in _passed(run)
        ],
    }
    return FailureRow(kind=rehearsals.TRIALS, message=msg("Đã thử"), params=said, count=0)


def _passed(run: _Run) -> Iterable[tuple[str, list[str]]]:
    """Why configurations passed without a trial, with the procedures, those of most first."""
    return sorted(run.check.passed.items(), key=lambda item: -len(item[1]))


def _silent(_phase: str, _done: int, _of: int) -> None:
    """Nobody listens."""
