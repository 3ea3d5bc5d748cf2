"""What the organisation does by itself: a succession that was loaded in good time happens on its day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.kernel import outbox
from motcua.kernel.actor import Actor
from motcua.organisation import actions


@outbox.job(actions.CARRY_OUT)
def carry_out(payload: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Carry out a planned succession; one that is done or was undone meanwhile is left alone."""
    report = actions.carry_out_succession(
        actor=Actor.system("Kế thừa đơn vị"), succession_id=int(payload["succession_id"]), now=now
    )
    return {"state": report.state, "totals": report.totals}
