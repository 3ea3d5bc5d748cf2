"""The log for people: a page of it in words, and what the last verification found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.desk import permissions
from motcua.dossiers.rules import log_words
from motcua.dossiers.rules.log_words import Group
from motcua.kernel.accounts import queries as accounts
from motcua.kernel.actor import Actor
from motcua.kernel.audit import queries as audit
from motcua.kernel.audit.actions import VERIFY
from motcua.kernel.audit.queries import Entry, LogFilters
from motcua.kernel.messages import Message, msg
from motcua.kernel.outbox import queries as outbox

PAGE = 50
EXPORTED = 10_000
"""The most rows of one export; who needs more narrows the days."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """An entry in words."""

    id: int
    at: datetime
    who: Message | str
    via: Message | str
    ip: str
    action: str
    label: Message | str
    group: str
    subject_label: Message | str
    subject: str
    is_dossier: bool
    details: tuple[tuple[Message | str, Message | str], ...]


@dataclass(frozen=True, slots=True)
class LogPage:
    """`next_before` continues the list, None on its last page."""

    rows: tuple[LogRow, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class LastVerification:
    """When the log was last proved whole, and how many problems that found."""

    at: datetime
    entries: int
    problems: int
    first_problem: str


def log_page(actor: Actor, filters: LogFilters, *, before: int | None) -> LogPage:
    """A page of what this actor may read, newest first (2 statements)."""
    found = audit.log_page(
        filters,
        scope=permissions.log_scope(actor),
        person_ids=accounts.ids_named(filters.person),
        before=before,
        limit=PAGE + 1,
    )
    rows = tuple(row_of(entry) for entry in found[:PAGE])
    return LogPage(rows, rows[-1].id if len(found) > PAGE else None)


def log_rows(actor: Actor, filters: LogFilters) -> Iterator[LogRow]:
    """The same for an export."""
    stream = audit.log_stream(
        filters,
        scope=permissions.log_scope(actor),
        person_ids=accounts.ids_named(filters.person),
        limit=EXPORTED,
    )
    return (row_of(entry) for entry in stream)


def row_of(entry: Entry) -> LogRow:
    known = log_words.ACTIONS.get(entry.action)
    return LogRow(
        id=entry.id,
        at=entry.at,
        who=entry.actor_name or _nameless(entry),
        via=log_words.VIA.get(entry.via, entry.via),
        ip=entry.ip,
        action=entry.action,
        label=log_words.label_of(entry.action),
        group=known.group.value if known else Group.LOG.value,
        subject_label=log_words.SUBJECTS.get(entry.subject_type, entry.subject_type),
        subject=entry.subject,
        is_dossier=entry.subject_type == "dossier" and entry.action != "portal.look_up_refused",
        details=tuple(log_words.details(_said(entry.data))),
    )


def _said(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {"data": data}


def _nameless(entry: Entry) -> Message:
    return msg("Người không đăng nhập") if entry.via == "web" else msg("Hệ thống")


def last_verification() -> LastVerification | None:
    """The latest result that a worker left (one statement)."""
    found = outbox.finished(VERIFY, limit=1)
    if not found or found[0].done_at is None:
        return None
    result = found[0].result
    problems = result.get("problems") or []
    first = f"{problems[0].get('where')}: {problems[0].get('what')}" if problems else ""
    return LastVerification(
        at=found[0].done_at,
        entries=int(result.get("entries", 0)),
        problems=int(result.get("problem_count", 0)),
        first_problem=first,
    )
