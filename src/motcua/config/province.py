"""Loading everything the province is made of, in the order it depends on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.catalogue import actions as catalogue
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation


def load_province(*, now: datetime) -> dict[str, Any]:
    """Units and calendars, then procedures, then processes. Idempotent; gives what changed."""
    actor = Actor.system("Nạp dữ liệu tỉnh", via="command")
    units = organisation.load_organisation(actor=actor, now=now)
    procedures = catalogue.load_catalogue(actor=actor, now=now)
    return {"organisation": units, "catalogue": procedures}
