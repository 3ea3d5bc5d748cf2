"""Turning a move of the engine into rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.kernel import rows
from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg
from motcua.workflow.errors import refused
from motcua.workflow.models import Run, Task
from motcua.workflow.rules.definition import ProcessDefinition, Step
from motcua.workflow.rules.due import planned_minutes, step_due
from motcua.workflow.rules.engine import Entry, Move, Open, Refusal
from motcua.workflow.types import CalendarOf, Performer, Resolve, RunStatus, StepResult, TaskStatus


@dataclass(frozen=True, slots=True)
class Opening:
    """What it takes to open tasks of a run at one moment. Times are counted from `clock_from`."""

    definition: ProcessDefinition
    resolve: Resolve
    calendar_of: CalendarOf
    now: datetime
    clock_from: datetime
    run_due_at: datetime | None

    def tasks(self, run_id: int, entries: Iterable[Entry], *, before: Task | None = None) -> list[Task]:
        """Unsaved tasks for the entries; a shared time begun by `before` goes on."""
        return [
            self.task(run_id, entry, performer, before=before)
            for entry in entries
            for performer in performers(self.resolve(entry.step))
        ]

    def task(self, run_id: int, entry: Entry, performer: Performer, *, before: Task | None = None) -> Task:
        step = entry.step
        group_due = (
            before.due_at if before and step.shared_group and before.group == step.shared_group else None
        )
        return Task(
            run_id=run_id,
            step_key=step.key,
            name=step.name,
            kind=step.kind.value,
            unit_id=performer.unit_id,
            role=performer.role,
            assignee_id=performer.assignee_id,
            opened_at=self.now,
            due_at=step_due(
                self.definition,
                step,
                self.clock_from,
                self.calendar_of(performer.unit_id),
                self.run_due_at,
                group_due=group_due,
            ),
            minutes=planned_minutes(self.definition, step),
            run_due_at=self.run_due_at,
            visit=entry.visit,
            group=step.shared_group or "",
            position=self.definition.steps.index(step),
        )


def performers(found: Performer | tuple[Performer, ...]) -> tuple[Performer, ...]:
    many = found if isinstance(found, tuple) else (found,)
    if not many:
        raise Conflict(msg("Bước tiếp theo chưa có đơn vị nào thực hiện."), code="no_performer")
    return many


def as_open(tasks: Iterable[Task]) -> tuple[Open, ...]:
    return tuple(Open(task.pk, task.step_key, task.visit, task.asked_from_id) for task in tasks)


def allowed(move: Move | Refusal) -> Move:
    """The move, or the refusal raised."""
    if isinstance(move, Refusal):
        raise refused(move)
    return move


_CLOSING = ("status", "outcome", "note", "completed_at", "completed_by_id", "acted_for_id")


def close(
    task: Task, *, outcome: str, note: str, user_id: int | None, acted_for: int | None, now: datetime
) -> None:
    """One UPDATE; whoever is second gets a Conflict."""
    task.status, task.outcome, task.note = TaskStatus.DONE, outcome, note
    task.completed_at, task.completed_by_id, task.acted_for_id = now, user_id, acted_for
    if not rows.update(task, _CLOSING, where={"status": TaskStatus.OPEN.value}):
        raise Conflict(msg("Việc này đã được người khác xử lý hoặc không còn mở."), code="task_not_open")


def cancel(refs: Sequence[int], now: datetime) -> None:
    if refs:
        open_rows = Task.objects.filter(pk__in=refs, status=TaskStatus.OPEN)
        open_rows.update(status=TaskStatus.CANCELLED, completed_at=now)


def carry_out(move: Move, opening: Opening, task: Task, left: Step) -> StepResult:
    """Save what the engine decided after `task` was closed."""
    cancel(move.cancel, opening.now)
    opened = opening.tasks(task.run_id, move.open, before=task)
    rows.insert_all(opened)
    _end(move, task.run_id, opening.now)
    return StepResult(
        left=left,
        opened=opened,
        entered=tuple(entry.step for entry in move.open),
        finished=move.finished,
        at_return=move.at_return,
        returned=move.returned,
        waiting_at=move.waiting_at,
        cancelled=move.cancel,
    )


def _end(move: Move, run_id: int, now: datetime) -> None:
    """A run is touched only when its result is returned and when nothing is left to do."""
    changes: dict[str, object] = {}
    if move.returned:
        changes = {"status": RunStatus.RETURNED, "returned_at": now}
    if move.finished:
        changes = {**changes, "status": RunStatus.FINISHED, "ended_at": now}
    if changes:
        Run.objects.filter(pk=run_id).update(**changes)
