"""The work calendar of the carried data, for those who ask before a database exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Any

from motcua.kernel.messages import msg
from motcua.organisation import carried
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.rules.working_time import DayException, DayKind, Session, WorkCalendar, merge
from motcua.organisation.types import DayReason

PROVINCE = "24"
_POLICE = "commune_police"


def carried_calendar(code: str = PROVINCE) -> WorkCalendar:
    """The calendar a unit has after loading, with what it inherits; raises `UnknownUnit` (404)."""
    found = WorkCalendar(weekly={})
    for above in _chain(code.strip()):
        found = merge(found, _own(above))
    return found


def _chain(code: str) -> list[str]:
    """The unit and those above it, the province first; the police of a commune under their common name."""
    parents = _parents()
    if code not in parents:
        raise UnknownUnit(msg("Không có đơn vị mang mã %(code)s.", code=code[:40]))
    chain = [code]
    while (above := parents[chain[-1]]) is not None:
        chain.append(above)
    return chain[::-1]


@cache
def _parents() -> Mapping[str, str | None]:
    """Code of each carried unit and of the one above it."""
    data = carried.read("units.json")
    found: dict[str, str | None] = {_POLICE: PROVINCE}
    for agency in data["agencies"]:
        found[agency["code"]] = agency["parent"]
        found |= {division["code"]: agency["code"] for division in agency["divisions"]}
    for commune in data["communes"]:
        found[commune["code"]] = PROVINCE
        for division in data["commune_divisions"]["divisions"]:
            if commune["type"] in division["applies_to"]:
                found[f"{commune['code']}.{division['suffix']}"] = commune["code"]
        found[f"{commune['code']}.{data['commune_police']['code_suffix']}"] = _POLICE
    return found


@cache
def _own(code: str) -> WorkCalendar:
    data = carried.read("calendar.json")
    weekly: dict[int, tuple[Session, ...]] = {}
    for group in data["sessions"]:
        if code in group["units"]:
            sessions = tuple(
                Session(time.fromisoformat(opens), time.fromisoformat(closes))
                for opens, closes in group["sessions"]
            )
            weekly |= dict.fromkeys(group["weekdays"], sessions)
    days = [day for group in data["days"] if group["unit"] == code for day in group["days"]]
    return WorkCalendar(
        weekly=weekly, exceptions={date.fromisoformat(day["day"]): _exception(day) for day in days}
    )


def _exception(day: Mapping[str, Any]) -> DayException:
    paired = day.get("paired_day")
    in_lieu = day["reason"] == DayReason.IN_LIEU
    return DayException(
        kind=DayKind(day["kind"]),
        name=day["name"],
        decision=day["decision"],
        paired_day=date.fromisoformat(paired) if paired and not in_lieu else None,
    )
