"""Reading the log. Who may read it is the caller's to decide."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


def entries_about(subject_type: str, subject: str, *, limit: int = 200) -> list[Entry]:
    """The latest entries about one thing, newest first (one statement)."""
    rows = AuditEntry.objects.filter(subject_type=subject_type, subject=subject).order_by("-pk")[:limit]
    return [
        Entry(row.at, row.actor_id, row.actor_name, row.via, row.ip, row.action, json.loads(row.data))
        for row in rows
    ]
