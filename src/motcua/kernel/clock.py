"""The one place that reads the time. Only edges (views, API, commands, jobs) call `now`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VN = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The same instant on the wall clock of Viet Nam."""
    return instant.astimezone(VN)


def today(instant: datetime) -> date:
    """The Vietnamese calendar day an instant falls on."""
    return instant.astimezone(VN).date()
