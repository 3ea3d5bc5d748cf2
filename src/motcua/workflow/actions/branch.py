"""Moving a run to another version of its process, where it stands (another branch of the same procedure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from motcua.workflow import queries
from motcua.workflow.models import Run, Task
from motcua.workflow.rules.definition import ProcessDefinition, Step
from motcua.workflow.rules.due import planned_minutes, step_due
from motcua.workflow.types import CalendarOf


@transaction.atomic(savepoint=False)
def change_version(
    *,
    run: Run,
    open_tasks: Sequence[Task],
    version_id: int,
    calendar_of: CalendarOf,
    now: datetime,
    run_due_at: datetime | None,
) -> bool:
    """Let the run go on under another process, its history kept; False when the open steps have no place there.

    A step has its place where the other process knows a step of the same kind and role: the one of the same key
    before any other. Open steps get the time the other process gives them, counted from now. Two UPDATEs.
    """
    definition = queries.process(version_id)
    places = [_place(definition, task) for task in open_tasks]
    if any(step is None for step in places):
        return False
    for task, step in zip(open_tasks, places, strict=True):
        assert step is not None
        if task.asked_from_id is None:
            task.name, task.minutes = step.name, planned_minutes(definition, step)
            task.due_at = step_due(definition, step, now, calendar_of(task.unit_id), run_due_at)
        task.step_key, task.position = step.key, definition.steps.index(step)
        task.group, task.run_due_at = step.shared_group or "", run_due_at
    Task.objects.bulk_update(
        open_tasks, ["name", "minutes", "due_at", "step_key", "position", "group", "run_due_at"]
    )
    run.process_version_id = version_id
    run.save(update_fields=["process_version"])
    return True


def _place(definition: ProcessDefinition, task: Task) -> Step | None:
    fitting = [step for step in definition.steps if (step.kind.value, step.role) == _nature(task)]
    if task.asked_from_id is not None:
        return definition.step(task.step_key)
    same = [step for step in fitting if step.key == task.step_key]
    return next(iter(same or fitting), None)


def _nature(task: Task) -> tuple[str, str]:
    return task.kind, task.role
