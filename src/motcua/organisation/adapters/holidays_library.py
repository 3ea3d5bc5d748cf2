"""The `holidays` library, used only to propose a year's days; deadlines never read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import holidays

from motcua.organisation.rules.working_time import WorkCalendar
from motcua.organisation.types import DayKind, DayReason

SWAPPED = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class ProposedDay:
    """A day the library knows, in our words."""

    day: date
    kind: str
    reason: str
    name: str
    paired_day: date | None
    source: str


def proposed_days(year: int, calendar: WorkCalendar) -> list[ProposedDay]:
    """The year's holidays, days in lieu, swapped days and the Saturdays worked for them, by day.

    Days on which the unit does not work anyway are left out.
    """
    found = holidays.country_holidays("VN", years=year, language="vi")
    source = f"thư viện holidays {version('holidays')}"
    days: list[ProposedDay] = []
    for day, name in sorted(found.items()):
        swap = SWAPPED.search(name)
        if swap:
            worked = date(int(swap[3]), int(swap[2]), int(swap[1]))
            days.append(ProposedDay(day, DayKind.OFF, DayReason.SWAP, "Nghỉ hoán đổi", worked, source))
            days.append(ProposedDay(worked, DayKind.WORKED, DayReason.COMPENSATORY, "Làm bù", day, source))
        elif calendar.weekly.get(day.weekday()):
            reason = DayReason.IN_LIEU if "nghỉ bù" in name else DayReason.HOLIDAY
            days.append(ProposedDay(day, DayKind.OFF, reason, name, None, source))
    return sorted(days, key=lambda proposed: proposed.day)
