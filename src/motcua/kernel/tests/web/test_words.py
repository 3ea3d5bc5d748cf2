from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from motcua.kernel.web import words

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday 10:00 in Viet Nam


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (date(2026, 11, 25), "25/11/2026"),
        (datetime(2026, 11, 25, 16, 59, tzinfo=UTC), "25/11/2026"),
        (datetime(2026, 11, 25, 17, 0, tzinfo=UTC), "26/11/2026"),  # midnight in Viet Nam
    ],
)
def test_dates_are_those_of_the_vietnamese_calendar(value: date | None, said: str) -> None:
    assert words.date_words(value) == said


def test_a_moment_is_told_on_the_vietnamese_clock() -> None:
    assert words.datetime_words(datetime(2026, 11, 25, 7, 5, tzinfo=UTC)) == "25/11/2026 14:05"
    assert words.datetime_words(None) == ""


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 23), "Thứ Hai, 23/11/2026"),
        (date(2026, 11, 25), "Thứ Tư, 25/11/2026"),
        (date(2026, 11, 29), "Chủ nhật, 29/11/2026"),
        (None, ""),
    ],
)
def test_a_date_is_told_with_its_weekday(day: date | None, said: str) -> None:
    with translation.override("vi"):
        assert words.weekday_words(day) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [(None, ""), (0, "0\u00a0đồng"), (8000, "8.000\u00a0đồng"), (1_250_000, "1.250.000\u00a0đồng")],
)
def test_money_is_grouped_the_vietnamese_way(amount: int | None, said: str) -> None:
    assert words.money_words(amount) == said


@pytest.mark.parametrize(
    ("count", "cap", "said"), [(0, 500, "0"), (500, 500, "500"), (501, 500, "500+"), (100, 99, "99+")]
)
def test_counts_stop_at_the_cap(count: int, cap: int, said: str) -> None:
    assert words.capped_words(count, cap) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3, "3"),
        (30, "30"),
        (100, "100"),
        (Fraction(1, 4), "0,25"),
        (Decimal("1.50"), "1,5"),
        (Fraction(1, 3), "0,33"),
    ],
)
def test_quantities_have_a_decimal_comma(value: words.Quantity, said: str) -> None:
    assert words.quantity_words(value) == said


@pytest.mark.parametrize(
    ("due_in", "known", "kind", "said"),
    [
        (None, {}, "none", "Chưa có hạn"),
        (timedelta(hours=-1), {}, "overdue", "Quá hạn từ 23/11/2026"),
        (timedelta(days=-5), {"days": -3}, "overdue", "Quá hạn 3 ngày làm việc"),
        (timedelta(days=-1), {"days": Fraction(-1, 4), "hours": -2}, "overdue", "Quá hạn 2 giờ làm việc"),
        (timedelta(hours=6), {}, "today", "Hôm nay 16:00"),
        (timedelta(hours=6), {"hours": 6}, "today", "Hôm nay 16:00"),
        (timedelta(days=1), {}, "soon", "Ngày mai 10:00"),
        (timedelta(days=3), {"days": 1}, "soon", "Còn 1 ngày làm việc"),
        (timedelta(days=9), {}, "ok", "Hạn 02/12/2026"),
        (timedelta(days=9), {"days": Decimal("6.5")}, "ok", "Còn 6,5 ngày làm việc"),
        (timedelta(days=-9), {"paused": True}, "paused", "Tạm dừng tính hạn"),
        (timedelta(days=1), {"done_at": NOW}, "done", "Xong đúng hạn"),
        (timedelta(days=-1), {"done_at": NOW}, "done-late", "Xong, trễ hạn"),
    ],
)
def test_time_left_is_told_in_words(
    due_in: timedelta | None, known: dict[str, object], kind: str, said: str
) -> None:
    due_at = None if due_in is None else NOW + due_in
    with translation.override("vi"):
        left = words.time_left(due_at, NOW, **known)  # type: ignore[arg-type]  # table of keyword arguments
    assert (left.kind, left.text) == (kind, said)
    assert left.icon


def test_days_are_never_counted_on_the_wall_clock() -> None:
    for days in range(-40, 40):
        left = words.time_left(NOW + timedelta(days=days), NOW)
        assert "ngày làm việc" not in left.text
