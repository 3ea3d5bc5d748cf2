"""Open tasks and runs of units that were succeeded: part of the succession's act, on rows it has locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from motcua.workflow.models import Run, Task
from motcua.workflow.types import TaskStatus

CHUNK = 500


@transaction.atomic(savepoint=False)
def hand_over_tasks(*, tasks: Mapping[tuple[int, bool], Collection[int]]) -> int:
    """Give open tasks to the units that take over, by (unit, whether the assignee keeps them): one UPDATE for each
    500 of a target. Returns how many tasks changed.
    """
    count = 0
    for (unit_id, keeps), ids in tasks.items():
        values: dict[str, object] = (
            {"unit_id": unit_id} if keeps else {"unit_id": unit_id, "assignee_id": None}
        )
        for some in _chunks(ids):
            count += Task.objects.filter(pk__in=some, status=TaskStatus.OPEN).update(**values)
    return count


@transaction.atomic(savepoint=False)
def hand_over_runs(*, runs: Mapping[int, Collection[int]]) -> int:
    """Give runs to the agencies that take over, by agency. Returns how many changed."""
    count = 0
    for agency_id, ids in runs.items():
        for some in _chunks(ids):
            count += Run.objects.filter(pk__in=some).update(agency_id=agency_id)
    return count


@transaction.atomic(savepoint=False)
def put_tasks_back(*, tasks: Mapping[tuple[int, int | None], Collection[int]]) -> int:
    """Undo `hand_over_tasks`: tasks by (unit, assignee) as they were."""
    count = 0
    for (unit_id, assignee_id), ids in tasks.items():
        for some in _chunks(ids):
            count += Task.objects.filter(pk__in=some).update(unit_id=unit_id, assignee_id=assignee_id)
    return count


def _chunks(ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]
