"""Calendars for tests: the holidays of 2025 and 2026 as the province loads them, and a few odd weeks.

Sessions are 07:30-11:30 and 13:30-17:30 (8 hours), Monday to Friday, unless a calendar says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from motcua.kernel.clock import VN
from motcua.organisation.rules.working_time import DayException, DayKind, Session, WorkCalendar, merge

MORNING = Session(time(7, 30), time(11, 30))
AFTERNOON = Session(time(13, 30), time(17, 30))
DAY = (MORNING, AFTERNOON)
WEEK: Mapping[int, tuple[Session, ...]] = dict.fromkeys(range(5), DAY)

NATIONAL_DAY_2025 = "Công văn 8726/VPCP-KGVX"
TET_2026 = "Thông báo 9441/TB-BNV"
CULTURE_DAY = "Nghị quyết 28/2026/QH16"
LABOUR_CODE = "Điều 112 Bộ luật Lao động"


def off(name: str, decision: str = LABOUR_CODE, paired: date | None = None) -> DayException:
    """A day off."""
    return DayException(DayKind.OFF, name, decision, paired_day=paired)


def worked(name: str, decision: str, paired: date) -> DayException:
    """A day worked in exchange for `paired`."""
    return DayException(DayKind.WORKED, name, decision, paired_day=paired)


HOLIDAYS: Mapping[date, DayException] = {
    date(2025, 5, 2): off("nghỉ hoán đổi", NATIONAL_DAY_2025, date(2025, 4, 26)),
    date(2025, 4, 26): worked("làm bù", NATIONAL_DAY_2025, date(2025, 5, 2)),
    date(2025, 9, 1): off("nghỉ lễ Quốc khánh", NATIONAL_DAY_2025),
    date(2025, 9, 2): off("nghỉ lễ Quốc khánh", NATIONAL_DAY_2025),
    date(2026, 1, 1): off("nghỉ Tết Dương lịch"),
    date(2026, 1, 2): off("nghỉ hoán đổi", "", date(2026, 1, 10)),
    date(2026, 1, 10): worked("làm bù", "", date(2026, 1, 2)),
    **{date(2026, 2, day): off("nghỉ Tết Bính Ngọ", TET_2026) for day in range(16, 21)},
    date(2026, 4, 27): off("nghỉ bù Giỗ Tổ Hùng Vương"),
    date(2026, 4, 30): off("nghỉ ngày Chiến thắng"),
    date(2026, 5, 1): off("nghỉ Quốc tế Lao động"),
    date(2026, 8, 31): off("nghỉ hoán đổi dịp Quốc khánh", "", date(2026, 8, 22)),
    date(2026, 8, 22): worked("làm bù dịp Quốc khánh", "", date(2026, 8, 31)),
    date(2026, 9, 1): off("nghỉ lễ Quốc khánh"),
    date(2026, 9, 2): off("nghỉ lễ Quốc khánh"),
    date(2026, 11, 24): off("nghỉ Ngày Văn hóa Việt Nam", CULTURE_DAY),
}

PROVINCE = WorkCalendar(WEEK, HOLIDAYS)
PLAIN = WorkCalendar(WEEK)
# A centre that also receives on Saturday morning.
SATURDAY_MORNING = merge(PROVINCE, WorkCalendar({5: (MORNING,)}))
# 07:00-11:30 and 13:30-17:00, as Thanh Hóa's centre works.
EARLY = WorkCalendar(
    dict.fromkeys(range(5), (Session(time(7), time(11, 30)), Session(time(13, 30), time(17)))), HOLIDAYS
)
NEVER = WorkCalendar({})


def vn(text: str) -> datetime:
    """An instant in Viet Nam from "2026-11-23 09:00" (or with seconds)."""
    return datetime.fromisoformat(text).replace(tzinfo=VN)
