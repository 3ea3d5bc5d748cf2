"""What a rehearsal stands on here, as hashes: units and working time. Names, addresses and people do not count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date

from motcua.organisation.models import CalendarDay, Unit, WorkSession


def ground(day: date) -> Mapping[str, str]:
    """Hashes of the units and of the calendars from a day on (three statements, always from the rows)."""
    units = Unit.objects.order_by("pk").values_list(
        "pk", "code", "kind", "function", "parent_id", "agency_id", "area_id", "former_province",
        "is_reception_point", "starts_on", "ends_on",
    )  # fmt: skip
    sessions = WorkSession.objects.order_by("unit_id", "weekday", "opens").values_list(
        "unit_id", "weekday", "opens", "closes"
    )
    days = CalendarDay.objects.filter(proposed=False, day__gte=day).order_by("unit_id", "day")
    special = days.values_list("unit_id", "day", "kind", "paired_day", "sessions")
    return {"units": _hash(units), "calendars": _hash([*sessions, *special])}


def _hash(rows: Iterable[object]) -> str:
    hashed = hashlib.sha256()
    for row in rows:
        hashed.update(json.dumps(row, default=str, sort_keys=True).encode())
    return hashed.hexdigest()
