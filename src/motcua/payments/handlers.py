"""What the books do later: booking the certain lines of a bank statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.kernel import outbox
from motcua.kernel.actor import Actor
from motcua.payments.actions.settling import settle_automatic
from motcua.payments.actions.statements import SETTLE


@outbox.job(SETTLE)
def settle_statement(payload: dict[str, Any], now: datetime) -> dict[str, int]:
    """Book what needs nobody; running twice books nothing twice."""
    actor = Actor.system(f"Khớp sao kê ({payload['by']})", "job")
    return settle_automatic(actor=actor, account_id=int(payload["account_id"]), now=now)
