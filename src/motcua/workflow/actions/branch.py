"""A run goes on under another version of its process, where it stands (another branch of the same procedure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from motcua.kernel import rows
from motcua.workflow import queries
from motcua.workflow.actions.opening import performers
from motcua.workflow.models import Run, Task
from motcua.workflow.rules.definition import ProcessDefinition, Step
from motcua.workflow.rules.due import planned_minutes, step_due
from motcua.workflow.rules.placing import place
from motcua.workflow.types import CalendarOf, Resolve

_WRITTEN = (
    "name",
    "kind",
    "unit",
    "role",
    "assignee",
    "claimed_at",
    "minutes",
    "due_at",
    "step_key",
    "position",
    "group",
    "run_due_at",
)


@transaction.atomic(savepoint=False)
def change_version(
    *,
    run: Run,
    open_tasks: Sequence[Task],
    version_id: int,
    calendar_of: CalendarOf,
    now: datetime,
    run_due_at: datetime | None,
    mapped: Mapping[str, str] | None = None,
    resolve: Resolve | None = None,
    hand_over: bool = False,
) -> bool:
    """Let the run go on under another process, its history kept; False when the open steps have no place there.

    A step goes where `mapped` (old key to new key) sends it; without that it has its place where the other process
    knows a step of the same kind and role, the one of the same key before any other. Open steps get the time the
    other process gives them, counted from now. With `resolve` those that change their role go to whoever performs
    them there, with `hand_over` all of them do (another agency takes over); whoever had begun one keeps it only in the
    same unit and role. One UPDATE for the run and for each open step.
    """
    definition = queries.process(version_id)
    places = [_place(definition, task, mapped) for task in open_tasks]
    if any(step is None for step in places):
        return False
    for task, step in zip(open_tasks, places, strict=True):
        assert step is not None
        if task.asked_from_id is None:
            if resolve is not None and (hand_over or step.role != task.role):
                _hand_on(task, step, resolve)
            task.name, task.kind, task.minutes = step.name, step.kind.value, planned_minutes(definition, step)
            task.due_at = step_due(definition, step, now, calendar_of(task.unit_id), run_due_at)
        task.step_key, task.position = step.key, definition.steps.index(step)
        task.group, task.run_due_at = step.shared_group or "", run_due_at
    for task in open_tasks:
        rows.update(task, _WRITTEN)
    run.process_version_id = version_id
    rows.update(run, ("process_version",))
    return True


def _place(definition: ProcessDefinition, task: Task, mapped: Mapping[str, str] | None) -> Step | None:
    return place(
        definition,
        step_key=task.step_key,
        kind=task.kind,
        role=task.role,
        is_consultation=task.asked_from_id is not None,
        mapped=mapped,
    )


def _hand_on(task: Task, step: Step, resolve: Resolve) -> None:
    performer = performers(resolve(step))[0]
    if (task.unit_id, task.role) != (performer.unit_id, performer.role):
        task.assignee_id, task.claimed_at = performer.assignee_id, None
    task.unit_id, task.role = performer.unit_id, performer.role
