"""Days as people type them: day first, whatever stands between."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.days import EARLIEST, LATEST, read_day, read_month

DAYS = st.dates(date(EARLIEST, 1, 1), date(LATEST, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/11/2026", date(2026, 11, 25)),
        ("5/1/2026", date(2026, 1, 5)),
        ("05-01-2026", date(2026, 1, 5)),
        ("5.1.2026", date(2026, 1, 5)),
        ("5 1 2026", date(2026, 1, 5)),
        (" 25 / 11 / 2026 ", date(2026, 11, 25)),
        ("25112026", date(2026, 11, 25)),
        ("2026-11-25", date(2026, 11, 25)),
        ("03/04/2026", date(2026, 4, 3)),
        ("29/02/2024", date(2024, 2, 29)),
        ("", None),
        ("hôm qua", None),
        ("11/25/2026", None),
        ("31/02/2026", None),
        ("29/02/2026", None),
        ("00/01/2026", None),
        ("2511202", None),
        ("251120260", None),
        ("25/11", None),
        ("25/11/26", None),
        ("25/11/0026", None),
        ("25/11/9999", None),
        ("25/11/20266", None),
        ("1/2/3/4", None),
        ("٢٥/١١/٢٠٢٦", None),
        ("25//2026", None),
        ("-25/11/2026", None),
        ("25/11/2026 10:00", None),
    ],
)
def test_a_day_is_read_or_it_is_none(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "year"), [("25/11/26", 2026), ("25/11/68", 2068), ("25/11/69", 1969), ("25-11-99", 1999)]
)
def test_a_year_of_two_figures_is_taken_only_where_it_is_no_guess(text: str, year: int) -> None:
    assert read_day(text, short_year=True) == date(year, 11, 25)
    assert read_day(text) is None


@given(DAYS, st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"]))
def test_every_day_comes_back_from_every_way_to_write_it(day: date, pattern: str) -> None:
    assert read_day(day.strftime(pattern)) == day


@given(st.text(max_size=30))
def test_no_text_is_more_than_a_day_or_none(text: str) -> None:
    read_day(text, short_year=True)
    read_month(text)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("11/2026", date(2026, 11, 1)),
        ("1-2026", date(2026, 1, 1)),
        ("112026", date(2026, 11, 1)),
        ("2026-11", date(2026, 11, 1)),
        ("13/2026", None),
        ("11/26", None),
        ("tháng 11", None),
        ("", None),
    ],
)
def test_a_month_is_read_or_it_is_none(text: str, month: date | None) -> None:
    assert read_month(text) == month
