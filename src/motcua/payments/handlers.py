"""Work by the clock: payments online whose outcome nobody told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.kernel.outbox import every
from motcua.payments import actions


@every(minutes=1, name="payments.ask_platform")
def ask_platform(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    """Ask the platform again."""
    return actions.ask_platform(now=now)
