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
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.db import connection, transaction

from motcua.kernel.actor import Actor
from motcua.kernel.audit.models import AuditEntry

START = "0" * 64


@dataclass(slots=True)
class Head:
    """Where a chain stands; `committed` is what survives if the transaction under way is rolled back."""

    chain: str
    committed: tuple[int, str]
    pending: tuple[int, str] | None = None
    token: object | None = None


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
    seq, previous = head.pending or head.committed
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
    entry.save(force_insert=True)
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
    head: Head | None = getattr(connection, "motcua_audit_head", None)
    if head is None:
        head = Head(chain=uuid.uuid4().hex, committed=(0, START))
        connection.motcua_audit_head = head  # type: ignore[attr-defined]  # ours, lives as long as it
    elif head.pending is not None and not _still_pending(head):
        # The transaction that wrote the pending entries is gone without committing: so are they.
        head.pending = head.token = None
    return head


def _still_pending(head: Head) -> bool:
    return any(entry[1] is head.token for entry in connection.run_on_commit)


def _advance(head: Head, position: tuple[int, str]) -> None:
    if not connection.in_atomic_block:
        head.committed, head.pending, head.token = position, None, None
        return

    def committed() -> None:
        head.committed, head.pending, head.token = position, None, None

    head.pending, head.token = position, committed
    transaction.on_commit(committed)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
