"""Reading the outbox: what waits, what failed for good, what a job left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min

from motcua.kernel.outbox.models import Job


@dataclass(frozen=True, slots=True)
class JobInfo:
    """One job. `error` is the traceback of its last failure, `reason` the last line of it."""

    id: int
    name: str
    payload: Mapping[str, Any]
    created_at: datetime
    attempts: int
    run_at: datetime
    done_at: datetime | None
    dead_at: datetime | None
    error: str
    result: Mapping[str, Any]

    @property
    def is_over(self) -> bool:
        """Done, or given up."""
        return self.done_at is not None or self.dead_at is not None

    @property
    def reason(self) -> str:
        lines = [line for line in self.error.strip().splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many jobs are due and not done, and since when the oldest of them has been."""

    count: int
    oldest: datetime | None


def dead_jobs(*, before: int | None = None, limit: int = 50) -> list[JobInfo]:
    """Jobs that were given up, newest first (one statement), those older than the job `before`."""
    rows = Job.objects.filter(dead_at__isnull=False).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_info(row) for row in rows[:limit]]


def dead_count(*, cap: int) -> int:
    """How many jobs were given up, no further than one past the cap."""
    return Job.objects.filter(dead_at__isnull=False)[: cap + 1].count()


def struggling_jobs(*, limit: int = 20) -> list[JobInfo]:
    """Jobs that failed and will be tried again (one statement)."""
    rows = Job.objects.filter(done_at__isnull=True, dead_at__isnull=True, attempts__gt=0).exclude(error="")
    return [_info(row) for row in rows.order_by("run_at", "pk")[:limit]]


def waiting(now: datetime) -> Waiting:
    """Jobs that should have run by now (one statement): many, or old ones, mean that no worker runs."""
    due = Job.objects.filter(done_at__isnull=True, dead_at__isnull=True, run_at__lte=now)
    found = due.aggregate(count=Count("pk"), oldest=Min("run_at"))
    return Waiting(found["count"], found["oldest"])


def finished(name: str, *, limit: int = 20) -> list[JobInfo]:
    """Runs of a job that left something behind, newest first (one statement)."""
    rows = Job.objects.filter(name=name, done_at__isnull=False, result__isnull=False).order_by("-pk")
    return [_info(row) for row in rows[:limit]]


def newest(name: str, *, key_prefix: str) -> JobInfo | None:
    """The job of this name and kind of key that was asked for last (one statement)."""
    row = Job.objects.filter(name=name, key__startswith=key_prefix).order_by("-pk").first()
    return _info(row) if row else None


def _info(row: Job) -> JobInfo:
    return JobInfo(
        id=row.pk,
        name=row.name,
        payload=row.payload or {},
        created_at=row.created_at,
        attempts=row.attempts,
        run_at=row.run_at,
        done_at=row.done_at,
        dead_at=row.dead_at,
        error=row.error,
        result=row.result or {},
    )
