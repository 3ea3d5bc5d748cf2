"""Starting a run, completing its tasks, stopping it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from motcua.kernel import rows
from motcua.workflow import queries
from motcua.workflow.actions.opening import Opening, allowed, as_open, carry_out, close
from motcua.workflow.errors import refused
from motcua.workflow.models import Run, Task
from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.rules.engine import Entry, Open, Refusal, complete, start
from motcua.workflow.types import CalendarOf, Resolve, RunStatus, StepResult, TaskStatus


@transaction.atomic(savepoint=False)
def start_run(
    *,
    version_id: int,
    subject: str,
    agency_id: int,
    resolve: Resolve,
    calendar_of: CalendarOf,
    now: datetime,
    starts_at: datetime,
    run_due_at: datetime | None,
    reception_done_by: int | None = None,
    reception_acted_for: int | None = None,
    reception_done: bool = False,
    begin_at: str | None = None,
) -> Run:
    """Start a process for a subject: two INSERTs (the run; its first tasks at once).

    With `reception_done_by` the reception is recorded as done by that user and the next step is open;
    `reception_done` does so where a partner system received it; without either, the reception is open. Times
    count from `starts_at`, when the legal clock starts. `begin_at` opens that step instead of the first:
    a dossier that changes to another branch of its procedure goes on where it stands (`cancel_run` ends its
    old run). Raises NotFound, Conflict.
    """
    definition = queries.process(version_id)
    opening = Opening(definition, resolve, calendar_of, now, max(now, starts_at), run_due_at)
    first = allowed(start(definition, at=begin_at)).open[0]
    run = rows.insert(
        Run(process_version_id=version_id, subject=subject, agency_id=agency_id, started_at=now)
    )
    tasks = opening.tasks(run.pk, [first])
    if reception_done or reception_done_by is not None:
        tasks = _received(opening, run.pk, first, tasks[0], reception_done_by, reception_acted_for)
    rows.insert_all(tasks)
    return run


def _received(
    opening: Opening, run_id: int, first: Entry, reception: Task, user_id: int | None, acted_for: int | None
) -> list[Task]:
    outcome = first.step.default_outcome
    key = outcome.key if outcome else ""
    move = allowed(complete(opening.definition, [Open(0, first.step.key)], 0, key))
    reception.status, reception.outcome = TaskStatus.DONE, key
    reception.assignee_id = reception.completed_by_id = user_id
    reception.completed_at = opening.now
    reception.acted_for_id = acted_for
    return [reception, *opening.tasks(run_id, move.open, before=reception)]


@transaction.atomic(savepoint=False)
def complete_task(
    *,
    task: Task,
    open_tasks: Sequence[Task],
    definition: ProcessDefinition,
    outcome: str,
    user_id: int | None,
    acted_for: int | None,
    note: str,
    resolve: Resolve,
    calendar_of: CalendarOf,
    now: datetime,
    run_due_at: datetime | None,
) -> StepResult:
    """Finish a step: one UPDATE and one INSERT in the ordinary case.

    `open_tasks` are all open tasks of the run, locked by the caller. An outcome that stays (a consultation
    beside the work) only opens tasks. Raises Conflict (somebody was first, answers missing) and Invalid
    (unknown outcome, note missing).
    """
    move = complete(definition, as_open(open_tasks), task.pk, outcome, note=note)
    if isinstance(move, Refusal):
        raise refused(move)
    left = definition.by_key[task.step_key]
    if move.close:
        close(task, outcome=outcome, note=note, user_id=user_id, acted_for=acted_for, now=now)
    opening = Opening(definition, resolve, calendar_of, now, now, run_due_at)
    result = carry_out(move, opening, task, left)
    chosen = left.outcome(outcome)
    return replace(result, effect=chosen.effect) if chosen else result


@transaction.atomic(savepoint=False)
def cancel_run(*, run_id: int, now: datetime) -> int:
    """Stop a run: its open tasks are cancelled. Gives their number."""
    count = Task.objects.filter(run_id=run_id, status=TaskStatus.OPEN).update(
        status=TaskStatus.CANCELLED, completed_at=now
    )
    Run.objects.filter(pk=run_id).exclude(status__in=(RunStatus.FINISHED, RunStatus.CANCELLED)).update(
        status=RunStatus.CANCELLED, ended_at=now
    )
    return count
