"""Time limits as data: words, sums, extras of area, shortening, and the way to JSON and back."""

from __future__ import annotations

import json
from datetime import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.time_limits import (
    AFTER_15H,
    LAST_HOUR,
    Cutoff,
    CutoffKind,
    LimitBasis,
    LimitExtra,
    LimitPhase,
    LimitTotal,
    LimitUnit,
    StartRule,
    TimeLimit,
    amount_text,
    exact,
    sum_durations,
)

WORKING_DAY = LimitUnit.WORKING_DAY


def phase(amount: str, unit: str, **more: str) -> LimitPhase:
    return LimitPhase(exact(amount), LimitUnit(unit), **more)  # type: ignore[arg-type]  # test shorthand


# Decision 1490/QĐ-UBND Bắc Ninh item 2: 5 working days + 15 days + 5 working days.
MIXED = TimeLimit((phase("5", "working_day"), phase("15", "calendar_day"), phase("5", "working_day")))
# Decision 138/2025/QĐ-UBND Đồng Tháp Art. 30: appointments 5 + 3.
LAND = TimeLimit(
    (phase("5", "working_day"), phase("3", "working_day", waits_for="hoàn thành nghĩa vụ tài chính"))
)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (TimeLimit.of(5, "working_day"), "5 ngày làm việc"),
        (TimeLimit.of(1, "within_day"), "trong ngày"),
        (TimeLimit.of("0.25", "working_day"), "0,25 ngày làm việc"),
        (TimeLimit.of(168, "working_hour"), "168 giờ làm việc"),
        (TimeLimit.of(24, "hour"), "24 giờ làm việc"),
        (TimeLimit((LimitPhase(Fraction(24), LimitUnit.HOUR, around_the_clock=True),)), "24 giờ"),
        (TimeLimit.of(3, "month"), "3 tháng"),
        (TimeLimit.of(17, "calendar_day"), "17 ngày"),
        (MIXED, "5 ngày làm việc + 15 ngày + 5 ngày làm việc"),
        (TimeLimit.none(), "không hẹn ngày trả"),
        (TimeLimit(()), "không hẹn ngày trả"),
        (TimeLimit.of("1/3", "working_day"), "1/3 ngày làm việc"),
    ],
)
def test_a_limit_reads_in_vietnamese(limit: TimeLimit, words: str) -> None:
    assert limit.text().source() == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [("5", "5"), ("0.25", "0,25"), ("0,05", "0,05"), ("1.25", "1,25"), ("1/3", "1/3"), ("10.50", "10,5")],
)
def test_amounts_are_written_with_a_comma(amount: str, words: str) -> None:
    assert amount_text(exact(amount)) == words


def test_steps_of_a_real_process_sum_to_the_limit_exactly() -> None:
    """1490/QĐ-UBND Bắc Ninh: quarters of a day; 3857/QĐ-UBND Nghệ An: hours (acceptance case T08)."""
    quarters = ["0.25"] * 5 + ["1"] + ["0.25"] * 4 + ["1.5", "0.25"]
    assert sum_durations((amount, WORKING_DAY) for amount in quarters) == TimeLimit.of(5, WORKING_DAY).total()
    hours = [4, 4, 112, 24, 16, 8, 0]
    assert (
        sum_durations((hour, LimitUnit.WORKING_HOUR) for hour in hours)
        == TimeLimit.of(21, "working_day").total()
    )


@pytest.mark.parametrize(
    ("steps", "limit", "exceeds"),
    [
        ([("0.5", "working_day"), ("9", "working_day"), ("2", "working_day")], ("10", "working_day"), True),
        ([("1", "working_day"), ("6", "working_day"), ("2", "working_day")], ("10", "working_day"), False),
        ([("12", "calendar_day"), ("0.5", "calendar_day")], ("28", "calendar_day"), False),
        ([("12", "calendar_day")], ("10", "working_day"), None),
        ([("1", "working_day"), ("1", "calendar_day")], ("10", "working_day"), None),
    ],
)
def test_a_sum_is_compared_only_with_a_limit_of_its_kind(
    steps: list[tuple[str, str]], limit: tuple[str, str], exceeds: bool | None
) -> None:
    total = sum_durations(steps)
    answer = None if total is None else total.exceeds(TimeLimit.of(*limit).total())
    assert answer is exceeds


def test_mixed_months_and_missing_limits_have_no_total() -> None:
    assert MIXED.total() is None
    assert TimeLimit.of(1, "month").total() is None
    assert TimeLimit.none().total() is None
    assert not TimeLimit.none().has_due_date
    assert sum_durations([(0, "calendar_day"), (1, "working_day")]) == LimitTotal(
        LimitBasis.WORKING, Fraction(480)
    )


def test_a_hard_commune_adds_ten_working_days_to_the_first_phase() -> None:
    extra = LimitExtra(Fraction(10), WORKING_DAY, "xã khó khăn")
    assert LAND.with_extra(extra).text().source() == "15 ngày làm việc + 3 ngày làm việc"
    appended = TimeLimit.of(17, "calendar_day").with_extra(extra)
    assert appended.text().source() == "17 ngày + 10 ngày làm việc"


@pytest.mark.parametrize(
    ("promised", "legal", "percent"),
    [("36", "45", Fraction(20)), ("2", "3", Fraction(100, 3)), ("5", "5", Fraction(0))],
)
def test_a_shortened_limit_says_by_how_much(promised: str, legal: str, percent: Fraction) -> None:
    limit = TimeLimit((phase(promised, "working_day"),), legal_phases=(phase(legal, "working_day"),))
    assert limit.shortened_percent() == percent


def test_a_limit_not_comparable_with_the_law_has_no_percentage() -> None:
    limit = TimeLimit((phase("5", "working_day"),), legal_phases=(phase("15", "calendar_day"),))
    assert limit.shortened_percent() is None
    legal = limit.legal_text()
    assert legal is not None
    assert legal.source() == "15 ngày"


def test_cutoffs_read_in_vietnamese() -> None:
    assert AFTER_15H.text().source() == "nhận sau 15:00 thì tính từ ngày làm việc tiếp theo"
    assert "60 phút cuối" in LAST_HOUR.text().source()
    assert Cutoff().text().source() == ""


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="floats"):
        exact(0.25)  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ValueError, match="longer than nothing"):
        phase("0", "working_day")
    with pytest.raises(ValueError, match="halves"):
        phase("1/3", "month")
    with pytest.raises(ValueError, match="needs the time"):
        Cutoff(CutoffKind.AT_TIME)
    with pytest.raises(ValueError, match="positive"):
        Cutoff(CutoffKind.BEFORE_CLOSING)
    with pytest.raises(ValueError, match="fortnight"):
        LimitPhase.from_dict({"amount": "1", "unit": "fortnight"})


AMOUNTS = st.fractions(min_value=Fraction(1, 4), max_value=200, max_denominator=8)
PHASES = st.builds(
    LimitPhase,
    AMOUNTS,
    st.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY, LimitUnit.WORKING_HOUR]),
    st.text(max_size=8),
    st.sampled_from(["", "nộp tiền"]),
)
LIMITS = st.builds(
    TimeLimit,
    st.lists(PHASES, min_size=1, max_size=4).map(tuple),
    st.none() | st.lists(PHASES, min_size=1, max_size=3).map(tuple),
    st.sampled_from([Cutoff(), AFTER_15H, LAST_HOUR, Cutoff(CutoffKind.AT_TIME, at=time(16, 30))]),
    st.sampled_from(list(StartRule)),
    st.none() | st.builds(LimitExtra, AMOUNTS, st.just(WORKING_DAY), st.just("vùng khó khăn")),
)


@given(LIMITS)
def test_json_and_back_changes_nothing(limit: TimeLimit) -> None:
    assert TimeLimit.from_dict(json.loads(json.dumps(limit.to_dict()))) == limit
