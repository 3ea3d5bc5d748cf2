"""What people may ask of the log. Who may is the caller's to decide."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from motcua.kernel import outbox
from motcua.kernel.actor import Actor
from motcua.kernel.audit.chain import record

VERIFY = "kernel.verify_audit"
# Asked for twice within this time, the log is walked once.
TOGETHER = timedelta(minutes=10)


@transaction.atomic
def request_verification(*, actor: Actor, now: datetime) -> None:
    """Have a worker prove the log whole soon; the result stays on the job (`outbox.queries.finished`)."""
    slot = int(now.timestamp() // TOGETHER.total_seconds())
    outbox.enqueue(VERIFY, {}, now=now, key=f"{VERIFY}@asked-{slot}")
    record(actor, "kernel.verification_requested", subject_type="audit", subject="log", at=now)
