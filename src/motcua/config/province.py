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
    loaded = catalogue.load_catalogue(actor=actor, now=now)
    imports = {
        "procedures": loaded.detailed,
        "compact procedures": loaded.compact,
        "processes": loaded.processes,
    }
    return {
        "units created": len(units.units_created),
        "days created": len(units.days_created),
        **{f"{name} created": report.created for name, report in imports.items()},
        **{f"{name} refused": report.refused for name, report in imports.items()},
        "findings in the sources": sum(len(report.findings) for report in imports.values()),
    }
