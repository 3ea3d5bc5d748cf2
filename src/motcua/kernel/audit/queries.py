"""Reading the log. Who may read it is the caller's to decide."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from motcua.kernel.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `data` is what was said with it."""

    at: datetime
    actor_id: int | None
    actor_name: str
    via: str
    ip: str
    action: str
    data: dict[str, Any]
    id: int = 0
    subject_type: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What narrows the log down; empty values narrow nothing. `since` is inclusive, `until` exclusive."""

    dossier: str = ""
    person: str = ""
    actions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the log somebody may read: entries about these dossiers, or by these accounts.

    Both are querysets of one column; None in their place means the whole log.
    """

    dossier_codes: QuerySet[Any, Any] | None = None
    actor_ids: QuerySet[Any, Any] | None = None


WHOLE = Scope()


def entries_about(subject_type: str, subject: str, *, limit: int = 200) -> list[Entry]:
    """The latest entries about one thing, newest first (one statement)."""
    rows = AuditEntry.objects.filter(subject_type=subject_type, subject=subject).order_by("-pk")[:limit]
    return [_entry(row) for row in rows]


def acts_on(subject_type: str, subject: str, action: str) -> list[Entry]:
    """Every entry of one action about one thing, oldest first (one statement); for things that few acts befall."""
    rows = AuditEntry.objects.filter(subject_type=subject_type, subject=subject, action=action)
    return [_entry(row) for row in rows.order_by("pk")]


def log_page(
    filters: LogFilters,
    *,
    scope: Scope = WHOLE,
    person_ids: Sequence[int] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[Entry]:
    """Entries newest first (one statement), those older than the entry `before`.

    `person_ids` are the accounts that `filters.person` stands for.
    """
    rows = _listed(filters, scope, person_ids)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_entry(row) for row in rows[:limit]]


def log_stream(
    filters: LogFilters, *, scope: Scope = WHOLE, person_ids: Sequence[int] = (), limit: int
) -> Iterator[Entry]:
    """The same for an export, in bounded memory."""
    for row in _listed(filters, scope, person_ids)[:limit].iterator(chunk_size=500):
        yield _entry(row)


def _listed(filters: LogFilters, scope: Scope, person_ids: Sequence[int]) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.order_by("-pk")
    if filters.dossier:
        rows = rows.filter(subject_type="dossier", subject__in={filters.dossier, filters.dossier.upper()})
    if filters.person:
        rows = rows.filter(Q(actor_id__in=person_ids) | Q(actor_name=filters.person))
    if filters.actions:
        rows = rows.filter(action__in=filters.actions)
    if filters.since is not None:
        rows = rows.filter(at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(at__lt=filters.until)
    allowed = Q()
    if scope.dossier_codes is not None:
        allowed |= Q(subject_type="dossier", subject__in=scope.dossier_codes)
    if scope.actor_ids is not None:
        allowed |= Q(actor_id__in=scope.actor_ids)
    return rows.filter(allowed)


def _entry(row: AuditEntry) -> Entry:
    return Entry(
        at=row.at,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        via=row.via,
        ip=row.ip,
        action=row.action,
        data=json.loads(row.data),
        id=row.pk,
        subject_type=row.subject_type,
        subject=row.subject,
    )
