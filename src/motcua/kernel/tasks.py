"""The kernel's own work by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from motcua.kernel import ratelimit
from motcua.kernel.audit import seal
from motcua.kernel.idempotency import IdempotencyKey
from motcua.kernel.outbox import every
from motcua.kernel.outbox.models import Job

KEEP_JOBS = timedelta(days=30)
KEEP_KEYS = timedelta(days=30)


@every(minutes=1, name="kernel.seal_audit")
def seal_audit(_payload: dict[str, Any], now: datetime) -> None:
    seal(now=now)


@every(minutes=60, name="kernel.forget_old_rows")
def forget_old_rows(_payload: dict[str, Any], now: datetime) -> None:
    """Done jobs, spent rate windows and old idempotency keys; never audit, never dead jobs."""
    ratelimit.forget_before(now - timedelta(days=1))
    Job.objects.filter(done_at__lt=now - KEEP_JOBS).delete()
    IdempotencyKey.objects.filter(created_at__lt=now - KEEP_KEYS).delete()
