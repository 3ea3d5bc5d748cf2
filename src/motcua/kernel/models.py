"""The kernel's tables, gathered for Django from the parts they belong to."""

from motcua.kernel.accounts.models import User
from motcua.kernel.audit.models import AuditEntry, AuditSeal
from motcua.kernel.idempotency import IdempotencyKey
from motcua.kernel.outbox.models import Job
from motcua.kernel.ratelimit import RateWindow

__all__ = ["AuditEntry", "AuditSeal", "IdempotencyKey", "Job", "RateWindow", "User"]
