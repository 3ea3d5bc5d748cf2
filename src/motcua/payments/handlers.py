"""What the books do by the clock and after an act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.kernel.actor import Actor
from motcua.kernel.outbox import every
from motcua.payments import actions


@every(minutes=12 * 60, name="payments.propose_books")
def propose_books(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    """In December, next year's books; the rest of the year this finds nothing to do."""
    made = actions.propose_next_books(actor=Actor.system("Đề xuất quyển biên lai"), now=now)
    return {"proposed": len(made)}
