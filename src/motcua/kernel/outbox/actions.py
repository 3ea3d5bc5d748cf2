"""What people may do with jobs. Who may is the caller's to decide."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.outbox.models import Job


@transaction.atomic
def retry_job(*, actor: Actor, job_id: int, now: datetime) -> None:
    """Give a job that was given up all its tries again. `NotFound`, or `Conflict` when it is not dead any more."""
    found = Job.objects.select_for_update().filter(pk=job_id).first()
    if found is None:
        raise NotFound(msg("Không có việc nền này."))
    if found.dead_at is None:
        raise Conflict(msg("Việc này đã được cho chạy lại hoặc đã xong. Hãy tải lại trang."))
    found.dead_at, found.lease_until = None, None
    found.attempts, found.run_at = 0, now
    found.save(update_fields=["dead_at", "lease_until", "attempts", "run_at"])
    audit.record(
        actor,
        "kernel.job_retried",
        subject_type="job",
        subject=str(found.pk),
        data={"name": found.name},
        at=now,
    )
