"""Putting rows into the outbox."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from motcua.kernel import rows
from motcua.kernel.outbox import registry
from motcua.kernel.outbox.models import Job

EVENT = "event:"


def publish(*events: Any, now: datetime) -> None:
    """Write events in the caller's transaction (one INSERT for all of them).

    An event nobody listens to is kept as a done row: the record stays, the worker is not troubled.
    """
    rows.insert_all(
        [
            Job(
                name=EVENT + event.name,
                payload={
                    field.name: _plain(getattr(event, field.name)) for field in dataclasses.fields(event)
                },
                created_at=now,
                run_at=now,
                done_at=None if registry.listeners.get(event.name) else now,
            )
            for event in events
        ]
    )


def _plain(value: object) -> object:
    """As JSON will give it back; times as text."""
    if value is None or isinstance(value, (str, int)):
        return value
    return json.loads(json.dumps(value, default=str))


def enqueue(
    name: str,
    payload: Mapping[str, object],
    *,
    now: datetime,
    run_at: datetime | None = None,
    key: str | None = None,
) -> None:
    """Ask for a job in the caller's transaction. A `key` already asked for is not asked for again."""
    Job.objects.bulk_create(
        [Job(name=name, payload=dict(payload), key=key, created_at=now, run_at=run_at or now)],
        ignore_conflicts=key is not None,
    )
