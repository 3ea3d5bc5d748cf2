"""What is recorded or set going from the desk. Reading the log is itself written to the log."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.desk import permissions, queries, queries_log
from motcua.desk.queries import Found
from motcua.desk.queries_log import LogPage, LogRow
from motcua.documents import actions as documents
from motcua.kernel import audit, ratelimit
from motcua.kernel.actor import Actor
from motcua.kernel.audit import actions as audit_actions
from motcua.kernel.audit.queries import LogFilters
from motcua.kernel.outbox import actions as outbox_actions

EXPORTS_AN_HOUR, HOUR = 5, 3600


@transaction.atomic
def search(*, actor: Actor, text: str, now: datetime) -> Found:
    """Search, and keep who searched for what: names and numbers of people are looked up here."""
    found = queries.search(actor, text, now)
    said = {"words": text[:120], "found": len(found.dossiers)}
    audit.record(actor, "desk.searched", subject_type="search", subject="", data=said, at=now)
    return found


@transaction.atomic
def read_log(*, actor: Actor, filters: LogFilters, before: int | None, now: datetime) -> LogPage:
    """A page of the log; `NotAllowed` for those whom it does not concern."""
    permissions.require_log(actor)
    page = queries_log.log_page(actor, filters, before=before)
    audit.record(actor, "desk.log_read", subject_type="audit", subject="log", data=_said(filters), at=now)
    return page


@transaction.atomic
def export_log(*, actor: Actor, filters: LogFilters, now: datetime) -> list[LogRow]:
    """Up to 10,000 entries to take away; `TooMany` beyond five exports an hour (a refused one is not counted)."""
    permissions.require_log(actor)
    ratelimit.check(f"log-export:{actor.user_id}", limit=EXPORTS_AN_HOUR, seconds=HOUR, now=now)
    rows = list(queries_log.log_rows(actor, filters))
    said = {**_said(filters), "rows": len(rows)}
    audit.record(actor, "desk.log_exported", subject_type="audit", subject="log", data=said, at=now)
    return rows


@transaction.atomic
def verify_log(*, actor: Actor, now: datetime) -> None:
    """Have the log proved whole by a worker."""
    permissions.require_log(actor)
    audit_actions.request_verification(actor=actor, now=now)


@transaction.atomic
def retry_job(*, actor: Actor, job_id: int, now: datetime) -> None:
    """Let a job that was given up run again. `NotAllowed`, `NotFound`, `Conflict`."""
    permissions.require_jobs(actor)
    outbox_actions.retry_job(actor=actor, job_id=job_id, now=now)


@transaction.atomic
def retry_signing(*, actor: Actor, signing_id: int, now: datetime) -> None:
    """Try to sign a letter now. `NotAllowed`, `NotFound`, `Conflict`."""
    permissions.require_signing(actor)
    documents.retry_signing(actor=actor, signing_id=signing_id, now=now)


def _said(filters: LogFilters) -> dict[str, object]:
    asked: dict[str, object] = {
        "dossier": filters.dossier,
        "person": filters.person,
        "action": list(filters.actions)[:3],
        "since": filters.since,
        "until": filters.until,
    }
    return {key: value for key, value in asked.items() if value}
