"""What a run looked like before something was done to it, and putting it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from motcua.workflow.models import Run, Task

_RUN = ("process_version_id", "status", "returned_at", "ended_at")
_TASK = (
    "step_key", "name", "kind", "unit_id", "role", "assignee_id", "status", "claimed_at", "due_at", "minutes",
    "run_due_at", "completed_at", "group", "position",
)  # fmt: skip
_MOMENTS = frozenset({"returned_at", "ended_at", "claimed_at", "due_at", "run_due_at", "completed_at"})


def image_of(*, run: Run, tasks: Iterable[Task]) -> dict[str, Any]:
    """JSON-ready: what `restore_run` needs to put the run and these tasks back as they are now."""
    return {
        "run": {name: _plain(getattr(run, name)) for name in _RUN},
        "tasks": {str(task.pk): {name: _plain(getattr(task, name)) for name in _TASK} for task in tasks},
    }


@transaction.atomic(savepoint=False)
def restore_run(*, run_id: int, image: Mapping[str, Any]) -> None:
    """Put a run and the tasks of its image back. The caller has made sure that nothing happened since."""
    Run.objects.filter(pk=run_id).update(**_values(image["run"]))
    for task_id, values in image["tasks"].items():
        Task.objects.filter(pk=int(task_id), run_id=run_id).update(**_values(values))


def _values(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: parse_datetime(value) if name in _MOMENTS and value else value for name, value in stored.items()
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
