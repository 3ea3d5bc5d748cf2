"""When a step should be done, next to when the whole run should be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest

from motcua.organisation.tests.calendars import PROVINCE, vn
from motcua.workflow.rules.definition import (
    ProcessDefinition,
    SharedTime,
    Span,
    Step,
    StepKind,
    TimeUnit,
    UnitRef,
    Where,
)
from motcua.workflow.rules.due import step_due

DAY = Span(Fraction(1), TimeUnit.WORKING_DAY)
STEP = Step("b2", "Thẩm tra", StepKind.WORK, "specialist", UnitRef(Where.AGENCY), time=DAY)
MORNING = vn("2026-11-16 09:00")


def due(step: Step, run_due_at: datetime | None, start: datetime = MORNING) -> datetime | None:
    shared = (SharedTime("chung", "dùng chung", DAY),)
    definition = ProcessDefinition("k", "t", "xa", (step,), shared=shared)
    return step_due(definition, step, start, PROVINCE, run_due_at)


@pytest.mark.parametrize("step", [STEP, replace(STEP, time=None, shared_group="chung")])
def test_a_step_never_ends_after_the_run(step: Step) -> None:
    assert due(step, vn("2026-11-16 17:30")) == vn("2026-11-16 17:30")
    assert due(step, vn("2026-11-18 17:30")) == vn("2026-11-17 09:00")


def test_a_step_opened_late_has_its_own_time_again() -> None:
    assert due(STEP, vn("2026-11-13 17:30")) == vn("2026-11-17 09:00")


def test_a_step_after_the_return_or_out_of_the_limit_is_not_bound_by_it() -> None:
    for step in (replace(STEP, kind=StepKind.AFTER), replace(STEP, counted=False)):
        assert due(step, vn("2026-11-16 17:30")) == vn("2026-11-17 09:00")


def test_a_step_without_time_is_due_with_the_run() -> None:
    assert due(replace(STEP, time=None), vn("2026-11-20 17:30")) == vn("2026-11-20 17:30")
