"""Writing entries. Each database connection writes a chain of its own, so writers never wait for each other.

A connection does one transaction at a time, hence the head of its chain is known without asking the
database: one INSERT is the whole cost. Seals tie all the heads together (see `seal`). ADR 0006.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.db import connection, transaction

from motcua.kernel import rows
from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry

START = "0" * 64


@dataclass(slots=True)
class Head:
    """Where a chain stands: what is committed, and what the transaction under way has added so far.

    Each pending position keeps the commit hook it was registered with: a rollback, also of a savepoint, drops
    the hook, and that is how we learn that the entry is gone. `link` is the session with the database the chain
    was begun in: with a new one nobody knows whether a last commit arrived, so a new chain begins.
    """

    chain: str
    committed: tuple[int, str]
    link: object
    pending: list[tuple[tuple[int, str], object]] = field(default_factory=list)

    @property
    def position(self) -> tuple[int, str]:
        return self.pending[-1][0] if self.pending else self.committed


def record(
    actor: Actor,
    action: str,
    *,
    subject_type: str,
    subject: str,
    data: Mapping[str, object] | None = None,
    at: datetime,
) -> AuditEntry:
    """Append one entry: who (`actor`) did what (`action`) to which thing, in the caller's transaction.

    `data` is small and JSON-like; never passwords, tokens or whole papers.
    """
    head = _head()
    seq, previous = head.position
    entry = AuditEntry(
        chain=head.chain,
        seq=seq + 1,
        at=at,
        actor_id=actor.user_id,
        actor_name=_short(actor.name, 160),
        via=actor.via,
        ip=actor.ip,
        action=action,
        subject_type=subject_type,
        subject=subject,
        data=json.dumps(data or {}, ensure_ascii=False, sort_keys=True, default=str),
        previous=previous,
    )
    entry.digest = digest_of(entry)
    rows.insert(entry)
    _advance(head, (entry.seq, entry.digest))
    return entry


def digest_of(entry: AuditEntry) -> str:
    """The keyed hash over everything the entry says and over the digest before it."""
    said = [
        entry.chain,
        entry.seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.via,
        entry.ip,
        entry.action,
        entry.subject_type,
        entry.subject,
        entry.data,
        entry.previous,
    ]
    return keyed(json.dumps(said, ensure_ascii=False))


def keyed(text: str) -> str:
    """HMAC with the installation's audit key: without it nobody can forge a chain."""
    return hmac.new(_key(settings.AUDIT_KEY), text.encode(), hashlib.sha256).hexdigest()


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"motcua audit\0" + secret.encode()).digest()


def _head() -> Head:
    connection.ensure_connection()
    head: Head | None = getattr(connection, "motcua_audit_head", None)
    if head is None or head.link is not connection.connection:
        head = Head(chain=uuid.uuid4().hex, committed=(0, START), link=connection.connection)
        connection.motcua_audit_head = head  # type: ignore[attr-defined]  # ours, lives as long as it
    while head.pending and not _registered(head.pending[-1][1]):
        head.pending.pop()
    return head


def _registered(hook: object) -> bool:
    return any(entry[1] is hook for entry in reversed(connection.run_on_commit))


def _advance(head: Head, position: tuple[int, str]) -> None:
    if not connection.in_atomic_block:
        head.committed = position
        return

    def committed() -> None:
        head.committed = max(head.committed, position)
        head.pending.clear()

    head.pending.append((position, committed))
    transaction.on_commit(committed)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
