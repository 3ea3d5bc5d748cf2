"""Steps that stop the clock: every way in and out of them leaves the clock as the open steps say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest

from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.rules.time_limits import LimitPhase, LimitUnit, TimeLimit
from motcua.catalogue.types import ProcedureCase
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import Staff, at, open_task
from motcua.dossiers.types import Status
from motcua.kernel.errors import Conflict
from motcua.organisation.types import Role
from motcua.workflow.rules.definition import (
    Outcome,
    ProcessDefinition,
    Step,
    StepKind,
    UnitRef,
    Wait,
    WaitReason,
    Where,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    return factories.make_staff(factories.make_province().commune)


def _process(*, beside: bool = False, last: bool = False) -> ProcessDefinition:
    """The ordinary process with a public posting after the appraisal.

    `beside` posts while the head reads on, `last` posts right before the return.
    """
    base = factories.process_definition("thu.qt-cho")
    after = "tra" if last else "ky" if beside else "duyet"
    posting = Step(
        key="niem-yet",
        name="Niêm yết công khai",
        kind=StepKind.WAIT,
        role=Role.SPECIALIST.value,
        unit_ref=UnitRef(Where.FIELD_DIVISION),
        performer="Chuyên viên",
        wait_for=Wait(WaitReason.POSTING, "Niêm yết công khai"),
        outcomes=(Outcome("het", "Hết thời gian niêm yết", (after,)),),
    )
    steps = []
    for step in base.steps:
        steps.append(step)
        if step.key == "xu-ly":
            to = ("duyet", "niem-yet") if beside else ("niem-yet",)
            steps[-1] = replace(step, outcomes=(Outcome("trinh", "Trình", to),))
            steps.append(posting)
    return replace(base, steps=tuple(steps))


def _paying(before: TimeLimit, after: TimeLimit) -> ProcedureVersion:
    """A procedure whose posting is a payment, and whose two cases have these limits."""
    steps = tuple(
        replace(step, wait_for=Wait(WaitReason.PAYMENT, "chứng từ")) if step.key == "niem-yet" else step
        for step in _process().steps
    )
    cases = (
        ProcedureCase("thuong", "Thường", limit=before, changes_limit=True),
        ProcedureCase("xac-minh", "Phải xác minh", limit=after, changes_limit=True),
    )
    return factories.make_procedure(
        factories.procedure_definition(cases=cases), process=replace(_process(), steps=steps)
    )


ONE_DATE = TimeLimit((LimitPhase(Fraction(20), LimitUnit.CALENDAR_DAY),))
TWO_DATES = TimeLimit(
    (
        LimitPhase(Fraction(3), LimitUnit.WORKING_DAY, label="Hẹn lần 1"),
        LimitPhase(Fraction(4), LimitUnit.WORKING_DAY, label="Hẹn lần 2", waits_for="nộp tiền"),
    )
)


def _receive(staff: Staff, **how: bool) -> Dossier:
    return factories.receive(staff.counter, factories.make_procedure(process=_process(**how)))


def _complete(staff: Staff, dossier: Dossier, step: str, outcome: str, when: datetime, note: str = "") -> int:
    actor = staff.head if step == "duyet" else staff.specialist
    task = open_task(dossier, step)
    actions.complete_step(
        actor=actor, code=dossier.code, task_id=task.pk, outcome=outcome, note=note, now=when
    )
    return task.pk


def test_a_forward_that_stopped_the_clock_is_not_taken_back(staff: Staff) -> None:
    dossier = _receive(staff)
    done = _complete(staff, dossier, "xu-ly", "trinh", at(17))
    with pytest.raises(Conflict):
        actions.take_back(
            actor=staff.specialist, code=dossier.code, task_id=done, reason="Nhầm", now=at(17, 10)
        )
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.paused_since == at(17)
    assert open_task(dossier).step_key == "niem-yet"


def test_the_end_of_a_wait_is_not_taken_back(staff: Staff) -> None:
    dossier = _receive(staff)
    _complete(staff, dossier, "xu-ly", "trinh", at(17))
    done = _complete(staff, dossier, "niem-yet", "het", at(18))
    with pytest.raises(Conflict):
        actions.take_back(
            actor=staff.specialist, code=dossier.code, task_id=done, reason="Nhầm", now=at(18, 10)
        )
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.paused_since, open_task(dossier).step_key) == (None, "duyet")


def test_sending_back_past_an_open_wait_starts_the_clock_again(staff: Staff) -> None:
    dossier = _receive(staff, beside=True)
    _complete(staff, dossier, "xu-ly", "trinh", at(17))
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.paused_since == at(17)
    _complete(staff, dossier, "duyet", "tra_lai", at(18), note="Thiếu căn cứ")
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.paused_since, dossier.state) == (None, Status.PROCESSING)
    assert dossier.due_at == at(24)
    _complete(staff, dossier, "xu-ly", "trinh", at(19))
    _complete(staff, dossier, "niem-yet", "het", at(20))
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.paused_since, dossier.due_at) == (None, at(25))


def test_nothing_goes_to_the_return_desk_while_papers_are_awaited(staff: Staff) -> None:
    dossier = _receive(staff, last=True)
    _complete(staff, dossier, "xu-ly", "trinh", at(17))
    actions.record_result(
        actor=staff.specialist, code=dossier.code, result=factories.result(), now=at(17, 10)
    )
    items = [actions.SupplementItem("Tờ khai")]
    actions.request_supplement(
        actor=staff.counter, code=dossier.code, items=items, reason="Thiếu", now=at(17, 11)
    )
    with pytest.raises(Conflict):
        _complete(staff, dossier, "niem-yet", "het", at(18))
    actions.register_supplement(actor=staff.counter, code=dossier.code, note="Đã đủ", now=at(18, 10))
    _complete(staff, dossier, "niem-yet", "het", at(18, 11))
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.state, dossier.paused_since) == (Status.COMPLETED, None)


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        pytest.param(ONE_DATE, TWO_DATES, at(3, month=12), id="two dates after all"),
        pytest.param(TWO_DATES, ONE_DATE, at(15, 17, 30, month=12), id="one date after all"),
    ],
)
def test_a_payment_stops_the_clock_as_the_case_of_now_says(
    staff: Staff, before: TimeLimit, after: TimeLimit, due: datetime
) -> None:
    dossier = factories.receive(staff.counter, _paying(before, after))
    actions.change_case(
        actor=staff.specialist, code=dossier.code, case_key="xac-minh", reason="Phải xác minh", now=at(17)
    )
    _complete(staff, dossier, "xu-ly", "trinh", at(18))
    _complete(staff, dossier, "niem-yet", "het", at(27))
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.state, dossier.paused_since, dossier.due_at) == (Status.PROCESSING, None, due)
