"""What makes a procedure ready in a unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.support.rules.readiness import (
    Aspect,
    Facts,
    Grade,
    Mark,
    electronic_days,
    grade,
    is_late,
    marks,
    paying,
    share,
    worst,
)

READY = Facts(
    in_force=True,
    limits_unknown=0,
    fee_lines=1,
    fees_unknown=0,
    has_form=True,
    form_known=True,
    letters_unknown=0,
    process_is_real=True,
    electronic_due=date(2025, 12, 3),
    rehearsed=True,
)


def test_a_procedure_with_everything_is_ready_in_every_aspect() -> None:
    assert set(marks(READY).values()) == {Mark.READY}


@pytest.mark.parametrize(
    ("changed", "aspect", "mark"),
    [
        ({"in_force": False}, Aspect.PUBLISHED, Mark.BLOCKED),
        ({"limits_unknown": 1}, Aspect.LIMIT, Mark.DOUBT),
        ({"fee_lines": 0}, Aspect.FEES, Mark.NOT_NEEDED),
        ({"fees_unknown": 1}, Aspect.FEES, Mark.DOUBT),
        ({"has_form": False, "form_known": False}, Aspect.FORM, Mark.NOT_NEEDED),
        ({"form_known": False}, Aspect.FORM, Mark.DOUBT),
        ({"letters_unknown": 1}, Aspect.LETTERS, Mark.BLOCKED),
        ({"process_is_real": False}, Aspect.PROCESS, Mark.DOUBT),
        ({"process_is_real": None}, Aspect.PROCESS, Mark.BLOCKED),
        ({"process_is_real": False}, Aspect.ELECTRONIC, Mark.DOUBT),
        ({"electronic_due": None}, Aspect.ELECTRONIC, Mark.NOT_NEEDED),
        ({"rehearsed": None}, Aspect.REHEARSAL, Mark.DOUBT),
        ({"rehearsed": False}, Aspect.REHEARSAL, Mark.BLOCKED),
    ],
)
def test_what_is_missing_is_marked_where_it_is_missing(
    changed: dict[str, Any], aspect: Aspect, mark: Mark
) -> None:
    assert marks(replace(READY, **changed))[aspect] is mark


@pytest.mark.parametrize(
    ("real", "today", "late"),
    [
        (False, date(2025, 12, 3), False),
        (False, date(2025, 12, 4), True),
        (None, date(2025, 12, 4), True),
        (True, date(2025, 12, 4), False),
    ],
)
def test_an_electronic_process_is_late_from_the_day_after_its_day(
    real: bool | None, today: date, late: bool
) -> None:
    assert is_late(replace(READY, process_is_real=real), today) is late


@pytest.mark.parametrize(
    ("notes", "days"),
    [
        (["quy trình điện tử phải xong trong 05 ngày làm việc"], 5),
        (["mã ghi kèm hậu tố .H05", "quy trình điện tử trong 03 ngày làm việc"], 3),
        (["trả kết quả trong 10 ngày làm việc"], 5),
        ([], 5),
    ],
)
def test_the_decision_says_how_many_days_there_are(notes: list[str], days: int) -> None:
    assert electronic_days(notes) == days


@pytest.mark.parametrize(
    ("total", "blocked", "expected"),
    [
        (0, 0, Grade.DONE),
        (400, 0, Grade.DONE),
        (400, 40, Grade.NEARLY),
        (400, 41, Grade.FAR),
        (400, 400, Grade.NOTHING),
    ],
)
def test_a_unit_is_graded_by_what_it_cannot_receive(total: int, blocked: int, expected: Grade) -> None:
    assert grade(total, blocked) is expected


@given(st.integers(1, 5000), st.integers(0, 5000))
def test_only_a_unit_without_anything_blocked_shows_a_hundred_per_cent(total: int, blocked: int) -> None:
    blocked = min(blocked, total)
    assert (share(total, blocked) == 100) == (blocked == 0)


def test_the_worst_mark_counts() -> None:
    assert worst([Mark.READY, Mark.BLOCKED, Mark.DOUBT]) is Mark.BLOCKED
    assert worst([]) is Mark.NOT_NEEDED


@pytest.mark.parametrize(
    ("fee_lines", "offered", "mark"),
    [(0, False, Mark.NOT_NEEDED), (1, False, Mark.DOUBT), (1, True, Mark.READY)],
)
def test_only_a_procedure_with_a_fee_asks_how_it_is_paid(fee_lines: int, offered: bool, mark: Mark) -> None:
    assert paying(replace(READY, fee_lines=fee_lines), offered=offered) is mark
