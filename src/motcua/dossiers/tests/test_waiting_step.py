"""A step of the process that waits for our own money goes on by itself when it came, and never by hand before."""

from __future__ import annotations

import pytest

from motcua.catalogue.queries.fees import Answers
from motcua.catalogue.types import FeeLine
from motcua.dossiers import actions
from motcua.dossiers.models import ClockEvent, Dossier
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import Staff, at, open_task
from motcua.dossiers.tests.money import APPRAISAL, collecting, pay, waiting_for
from motcua.dossiers.types import Status
from motcua.kernel.errors import Conflict
from motcua.kernel.outbox import worker
from motcua.payments import actions as payments
from motcua.payments import queries
from motcua.payments.models import Payment
from motcua.workflow.models import Task
from motcua.workflow.rules.definition import (
    Wait,
    WaitReason,
)

pytestmark = pytest.mark.django_db
OWN, TAX = "đã nộp lệ phí", "thông tin hoàn thành nghĩa vụ tài chính"


@pytest.fixture
def staff() -> Staff:
    place = factories.make_province()
    collecting(place.commune)
    return factories.make_staff(place.commune)


def received(staff: Staff, text: str = OWN, *lines: FeeLine, last: bool = False) -> Dossier:
    definition = factories.procedure_definition(fees=lines or (APPRAISAL,))
    return factories.receive(
        staff.counter, factories.make_procedure(definition, process=waiting_for(text, last=last))
    )


def submit(staff: Staff, dossier: Dossier) -> Dossier:
    """The appraisal is done: the step that waits is open."""
    actions.complete_step(
        actor=staff.specialist,
        code=dossier.code,
        task_id=open_task(dossier, "xu-ly").pk,
        outcome="trinh",
        now=at(17),
    )
    worker.drain(at(17))
    return again(dossier)


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def by_hand(staff: Staff, dossier: Dossier) -> None:
    actions.complete_step(
        actor=staff.specialist,
        code=dossier.code,
        task_id=open_task(dossier, "cho-nop").pk,
        outcome="xong",
        now=at(18),
    )


def test_the_step_ends_when_the_money_came(staff: Staff) -> None:
    dossier = submit(staff, received(staff))
    assert (dossier.state, open_task(dossier).step_key) == (Status.AWAITING_PAYMENT, "cho-nop")
    pay(staff, queries.bills_of(dossier.code)[0], method="transfer", now=at(19))
    found = again(dossier)
    assert (found.state, found.paused_since, open_task(found).step_key) == (Status.PROCESSING, None, "duyet")
    assert [(event.kind, event.at) for event in ClockEvent.objects.all()] == [
        ("pause", at(17)),
        ("resume", at(19)),
    ]
    ended = Task.objects.get(step_key="cho-nop")
    assert (ended.completed_by_id, ended.note) == (None, "Đã nộp đủ phí, lệ phí 500.000 đồng")


def test_nobody_ends_it_by_hand_while_the_money_is_owed(staff: Staff) -> None:
    dossier = submit(staff, received(staff))
    with pytest.raises(Conflict, match="tự đi tiếp"):
        by_hand(staff, dossier)
    with pytest.raises(Conflict, match="tự đi tiếp"):
        actions.payment_done(actor=staff.specialist, code=dossier.code, note="Giấy nộp tiền", now=at(18))


def test_a_part_of_the_money_does_not_end_it(staff: Staff) -> None:
    dossier = submit(staff, received(staff))
    pay(staff, queries.bills_of(dossier.code)[0], amount=1_000, now=at(18))
    assert open_task(again(dossier)).step_key == "cho-nop"


def test_paid_before_it_came_to_the_step_it_goes_through(staff: Staff) -> None:
    dossier = received(staff)
    pay(staff, queries.bills_of(dossier.code)[0])
    found = submit(staff, dossier)
    assert (found.state, open_task(found).step_key) == (Status.PROCESSING, "duyet")


def test_an_exemption_shown_at_the_step_ends_it(staff: Staff) -> None:
    procedure = factories.make_procedure(
        factories.procedure_definition(fees=(APPRAISAL,), exemptions=("Người thuộc hộ nghèo",)),
        process=waiting_for(OWN),
    )
    dossier = submit(staff, factories.receive(staff.counter, procedure))
    actions.assess_fees(
        actor=staff.counter,
        code=dossier.code,
        answers=Answers(exempt=("ho-ngheo",)),
        reason="Hộ nghèo",
        now=at(18),
    )
    worker.drain(at(18))
    assert open_task(again(dossier)).step_key == "duyet"


def test_money_that_others_ask_for_is_not_paid_by_ours(staff: Staff) -> None:
    dossier = submit(staff, received(staff, TAX))
    pay(staff, queries.bills_of(dossier.code)[0], now=at(18))
    assert open_task(again(dossier)).step_key == "cho-nop"
    by_hand(staff, dossier)
    assert open_task(again(dossier)).step_key == "duyet"


def test_where_nothing_was_asked_for_here_a_person_ends_it(staff: Staff) -> None:
    unknown = FeeLine("hdnd", "le_phi", "Lệ phí theo nghị quyết", None, "hồ sơ")
    dossier = submit(staff, received(staff, OWN, unknown))
    assert open_task(dossier).step_key == "cho-nop"
    by_hand(staff, dossier)
    assert open_task(again(dossier)).step_key == "duyet"


def test_without_its_result_it_does_not_go_to_the_return_desk_by_itself(staff: Staff) -> None:
    dossier = submit(staff, received(staff, last=True))
    pay(staff, queries.bills_of(dossier.code)[0], now=at(18))
    found = again(dossier)
    assert (found.state, open_task(found).step_key) == (Status.AWAITING_PAYMENT, "cho-nop")
    actions.complete_step(
        actor=staff.specialist,
        code=dossier.code,
        task_id=open_task(found).pk,
        outcome="xong",
        result=factories.result(),
        now=at(19),
    )
    assert again(dossier).state is Status.COMPLETED


def test_taken_back_after_the_step_it_waits_where_it_is(staff: Staff) -> None:
    dossier = submit(staff, received(staff))
    pay(staff, queries.bills_of(dossier.code)[0], method="transfer", now=at(18))
    payments.unbook_transfer(
        actor=staff.counter, payment_id=Payment.objects.get().pk, reason="Ngân hàng trả lại", now=at(19)
    )
    worker.drain(at(19))
    found = again(dossier)
    assert (found.state, open_task(found).step_key) == (Status.AWAITING_PAYMENT, "duyet")
    pay(staff, queries.bills_of(dossier.code)[0], amount=500_000, now=at(20))
    found = again(dossier)
    assert (found.state, found.paused_since, open_task(found).step_key) == (Status.PROCESSING, None, "duyet")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("đã nộp lệ phí", True),
        ("nộp phí thẩm định", True),
        ("chứng từ nộp tiền", False),
        ("thông tin hoàn thành nghĩa vụ tài chính", False),
        ("nộp thuế tại cơ quan thuế", False),
    ],
)
def test_the_words_say_whose_money_is_awaited(text: str, own: bool) -> None:
    assert Wait(WaitReason.PAYMENT, text).for_own_bills is own
    assert not Wait(WaitReason.POSTING, text).for_own_bills
