"""Pictures of dossiers: what undoing puts back, and the fingerprint that tells whether something happened since."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from motcua.dossiers.models import Attachment, ClockEvent, Dossier, DossierPaper, Result, Supplement
from motcua.workflow import actions as workflow
from motcua.workflow.queries import Run, Task

FIELDS = (
    "procedure_version_id", "case_key", "case_name", "limit", "level", "competent_agency_id", "status", "due_at",
    "original_due_at", "legal_due_at", "appointments", "paused_since", "pause_reason", "extended", "closed_at",
    "updated_at",
)  # fmt: skip
_MOMENTS = frozenset({"due_at", "original_due_at", "legal_due_at", "paused_since", "closed_at", "updated_at"})


def image_of(dossier: Dossier, tasks: Sequence[Task]) -> dict[str, Any]:
    """JSON-ready: the fields a change may write, the run and its open tasks, as they are now."""
    image: dict[str, Any] = {"dossier": {name: _plain(getattr(dossier, name)) for name in FIELDS}}
    if dossier.run is not None:
        image["run"] = workflow.image_of(run=dossier.run, tasks=tasks)
    return image


def put_back(dossier: Dossier, image: Mapping[str, Any]) -> None:
    """Write the fields of an image onto the row, and its run and tasks (two statements and one a task)."""
    for name, value in image["dossier"].items():
        setattr(dossier, name, parse_datetime(value) if name in _MOMENTS and value else value)
    dossier.save(update_fields=[name.removesuffix("_id") for name in FIELDS])
    if "run" in image and dossier.run_id is not None:
        workflow.restore_run(run_id=dossier.run_id, image=image["run"])


def fingerprints(dossiers: Sequence[Dossier]) -> dict[int, str]:
    """What each dossier is like now, by its number: equal while nothing happened to it (eight statements).

    Every act leaves a trace here; reading and printing do not.
    """
    ids = [dossier.pk for dossier in dossiers]
    by_run = {dossier.run_id: dossier.pk for dossier in dossiers if dossier.run_id is not None}
    parts: dict[int, list[object]] = defaultdict(list)
    for row in Dossier.objects.filter(pk__in=ids).values("pk", *FIELDS):
        parts[row.pop("pk")].append({name: _plain(value) for name, value in row.items()})
    for run in Run.objects.filter(pk__in=by_run).order_by("pk"):
        parts[by_run[run.pk]].append([run.process_version_id, run.status, _plain(run.ended_at)])
    for task in Task.objects.filter(run_id__in=by_run).order_by("pk"):
        parts[by_run[task.run_id]].append(
            [
                task.pk,
                task.status,
                task.step_key,
                task.unit_id,
                task.assignee_id,
                _plain(task.claimed_at),
                task.outcome,
            ]
        )
    for model in (ClockEvent, Supplement, Attachment, Result):
        for dossier_id, pk in (
            model.objects.filter(dossier_id__in=ids).order_by("pk").values_list("dossier_id", "pk")
        ):
            parts[dossier_id].append([model.__name__, pk])
    for dossier_id, pk, state in (
        DossierPaper.objects.filter(dossier_id__in=ids)
        .order_by("pk")
        .values_list("dossier_id", "pk", "state")
    ):
        parts[dossier_id].append(["paper", pk, state])
    return {dossier_id: _digest(found) for dossier_id, found in parts.items()}


def _digest(parts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(value: object) -> object:
    """Moments in one spelling, whatever zone the database gave them in."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value
