"""Work by the clock: files waiting for the scanner, content that no row speaks of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.documents import actions
from motcua.kernel.outbox import every


@every(minutes=5, name="documents.rescan_held")
def rescan_held(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    return actions.rescan_held(now=now)


@every(minutes=6 * 60, name="documents.sweep_orphans")
def sweep_orphans(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    return actions.sweep_orphans(now=now)
