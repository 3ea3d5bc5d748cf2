"""The kernel's own work by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from motcua.kernel import clock, ratelimit
from motcua.kernel.audit import seal, verify
from motcua.kernel.audit.actions import VERIFY
from motcua.kernel.audit.verify import as_json
from motcua.kernel.idempotency import IdempotencyKey
from motcua.kernel.outbox import enqueue, every, job
from motcua.kernel.outbox.models import Job

KEEP_JOBS = timedelta(days=30)
KEEP_KEYS = timedelta(days=30)
# Walking the whole log takes a while: not in working hours, and not while backups usually run.
VERIFY_HOUR = 1


@every(minutes=1, name="kernel.seal_audit")
def seal_audit(_payload: dict[str, Any], now: datetime) -> None:
    seal(now=now)


@every(minutes=60, name="kernel.ask_to_verify_audit")
def ask_to_verify_audit(_payload: dict[str, Any], now: datetime) -> None:
    """Once a night; the key lets one job through for each Vietnamese day."""
    if clock.local(now).hour == VERIFY_HOUR:
        enqueue(VERIFY, {}, now=now, key=f"{VERIFY}@{clock.today(now):%Y-%m-%d}")


@job(VERIFY)
def verify_audit(_payload: dict[str, Any], _now: datetime) -> dict[str, object]:
    """Prove the log whole and leave the result on the job, where the page of the log reads it."""
    return as_json(verify())


@every(minutes=60, name="kernel.forget_old_rows")
def forget_old_rows(_payload: dict[str, Any], now: datetime) -> None:
    """Done jobs, spent rate windows and old idempotency keys; never audit, never dead jobs."""
    ratelimit.forget_before(now - timedelta(days=1))
    Job.objects.filter(done_at__lt=now - KEEP_JOBS).delete()
    IdempotencyKey.objects.filter(created_at__lt=now - KEEP_KEYS).delete()
