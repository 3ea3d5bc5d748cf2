"""Background work for those who look after it: what failed, what waits, and which dates a calendar moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from motcua.desk.rules.job_words import job_label
from motcua.kernel.messages import Message
from motcua.kernel.outbox import queries as outbox
from motcua.kernel.outbox.queries import JobInfo, Waiting
from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit

RECOMPUTE = "dossiers.recompute_deadlines"
STALLED = timedelta(minutes=5)
SHOWN = 200


@dataclass(frozen=True, slots=True)
class JobRow:
    job: JobInfo
    label: Message | str


@dataclass(frozen=True, slots=True)
class Move:
    """One due date that moved; a side is None where there was no date."""

    code: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Recount:
    """What a change of calendar did. `moves` are the first 200 of `moved`."""

    at: datetime
    unit: str
    reason: str
    looked_at: int
    moved: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class JobsPage:
    dead: tuple[JobRow, ...]
    next_before: int | None
    struggling: tuple[JobRow, ...]
    waiting: Waiting
    is_stalled: bool
    recounts: tuple[Recount, ...]


def jobs_page(now: datetime, *, before: int | None = None, size: int = 20) -> JobsPage:
    """The page of jobs (4 statements)."""
    dead = outbox.dead_jobs(before=before, limit=size + 1)
    waiting = outbox.waiting(now)
    return JobsPage(
        dead=tuple(_row(job) for job in dead[:size]),
        next_before=dead[size - 1].id if len(dead) > size else None,
        struggling=tuple(_row(job) for job in outbox.struggling_jobs()),
        waiting=waiting,
        is_stalled=waiting.oldest is not None and now - waiting.oldest > STALLED,
        recounts=tuple(_recount(job) for job in outbox.finished(RECOMPUTE, limit=10)),
    )


def _row(job: JobInfo) -> JobRow:
    return JobRow(job, job_label(job.name))


def _recount(job: JobInfo) -> Recount:
    moved = job.result.get("moved") or []
    assert job.done_at is not None
    return Recount(
        at=job.done_at,
        unit=_unit_name(job),
        reason=str(job.payload.get("reason", "")),
        looked_at=int(job.result.get("looked_at", 0)),
        moved=len(moved),
        moves=tuple(
            Move(str(move["code"]), _moment(move.get("before")), _moment(move.get("after")))
            for move in moved[:SHOWN]
        ),
    )


def _unit_name(job: JobInfo) -> str:
    try:
        return organisation.unit(int(job.payload.get("unit_id", 0))).full_name
    except UnknownUnit:
        return ""


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
