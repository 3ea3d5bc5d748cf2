"""Acts on open tasks besides completing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg
from motcua.workflow.actions.opening import Opening, allowed, as_open, cancel, carry_out, close
from motcua.workflow.models import Task
from motcua.workflow.rules import engine
from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.rules.due import step_due
from motcua.workflow.types import CalendarOf, Performer, Resolve, StepResult, TaskStatus


@transaction.atomic(savepoint=False)
def claim_task(*, task: Task, user_id: int, now: datetime) -> None:
    """Take an open task on oneself: one UPDATE. Raises Conflict when somebody else has it."""
    free = Q(assignee=None) | Q(assignee=user_id)
    changed = Task.objects.filter(free, pk=task.pk, status=TaskStatus.OPEN).update(
        assignee=user_id, claimed_at=task.claimed_at or now
    )
    if not changed:
        raise Conflict(msg("Việc này đã có người nhận hoặc không còn mở."), code="task_taken")
    task.assignee_id, task.claimed_at = user_id, task.claimed_at or now


@transaction.atomic(savepoint=False)
def reassign_task(*, task: Task, performer: Performer) -> None:
    """Give an open task to another person, role or unit (also another agency). The due time stays."""
    changed = Task.objects.filter(pk=task.pk, status=TaskStatus.OPEN).update(
        unit=performer.unit_id, role=performer.role, assignee=performer.assignee_id, claimed_at=None
    )
    if not changed:
        raise Conflict(msg("Việc này không còn mở nên không giao lại được."), code="task_not_open")
    task.unit_id, task.role, task.assignee_id = performer.unit_id, performer.role, performer.assignee_id
    task.claimed_at = None


@transaction.atomic(savepoint=False)
def send_back(
    *,
    task: Task,
    open_tasks: Sequence[Task],
    definition: ProcessDefinition,
    to_step: str,
    user_id: int | None,
    acted_for: int | None,
    note: str,
    resolve: Resolve,
    calendar_of: CalendarOf,
    now: datetime,
    run_due_at: datetime | None,
) -> StepResult:
    """Send the run back to an earlier step, with a reason; whatever came after that step is cancelled.

    Raises Invalid (not an earlier step, no reason) and Conflict.
    """
    move = allowed(engine.send_back(definition, as_open(open_tasks), task.pk, to_step, note=note))
    close(task, outcome="send_back", note=note, user_id=user_id, acted_for=acted_for, now=now)
    opening = Opening(definition, resolve, calendar_of, now, now, run_due_at)
    return carry_out(move, opening, task, definition.by_key[task.step_key])


@transaction.atomic(savepoint=False)
def take_back(
    *,
    previous: Task,
    open_tasks: Sequence[Task],
    definition: ProcessDefinition,
    user_id: int,
    now: datetime,
) -> Task:
    """Undo one's own forward while nobody has begun the next task: cancels it and opens a new visit.

    `previous` is the caller's own done task. The new task keeps its performer and due time. Raises Conflict.
    """
    if previous.status != TaskStatus.DONE or previous.completed_by_id != user_id:
        raise Conflict(msg("Chỉ rút lại được việc chính mình vừa chuyển đi."), code="not_own")
    done = engine.Open(previous.pk, previous.step_key, previous.visit)
    move = allowed(engine.take_back(definition, as_open(open_tasks), done, previous.outcome))
    undone = set(move.cancel)
    if any(t.pk in undone and (t.claimed_at or t.asked_from_id) for t in open_tasks):
        raise Conflict(msg("Người nhận đã bắt đầu xử lý, không rút lại được."), code="already_begun")
    cancel(move.cancel, now)
    task = Task(
        run_id=previous.run_id,
        step_key=previous.step_key,
        name=previous.name,
        kind=previous.kind,
        unit_id=previous.unit_id,
        role=previous.role,
        assignee_id=user_id,
        claimed_at=now,
        opened_at=now,
        due_at=previous.due_at,
        minutes=previous.minutes,
        run_due_at=previous.run_due_at,
        visit=move.open[0].visit,
        group=previous.group,
        position=previous.position,
    )
    task.save(force_insert=True)
    return task


@transaction.atomic(savepoint=False)
def shift_open_tasks(
    *,
    open_tasks: Sequence[Task],
    definition: ProcessDefinition,
    calendar_of: CalendarOf,
    run_due_at: datetime | None,
    paused_at: datetime | None = None,
    resumed_at: datetime | None = None,
    restart: bool = False,
) -> None:
    """New due times after a pause, an extension or a calendar change: one UPDATE.

    A pause (`paused_at`, `resumed_at`) gives each task the working time it had left; `restart` gives it
    its full time from `resumed_at`. Tasks without time of their own follow the run.
    """
    for task in open_tasks:
        follows = task.due_at == task.run_due_at or task.due_at is None
        calendar = calendar_of(task.unit_id)
        step = definition.step(task.step_key)
        if restart and resumed_at and step and task.asked_from_id is None:
            task.due_at = step_due(definition, step, resumed_at, calendar, run_due_at)
        elif follows:
            task.due_at = run_due_at
        elif paused_at and resumed_at and task.due_at:
            left = max(0, calendar.working_minutes_between(paused_at, task.due_at))
            task.due_at = calendar.add_working_minutes(resumed_at, left)
        task.run_due_at = run_due_at
    if open_tasks:
        Task.objects.bulk_update(open_tasks, ["due_at", "run_due_at"])
