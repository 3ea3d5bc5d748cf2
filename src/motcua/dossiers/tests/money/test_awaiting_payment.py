"""Processing that waits for money: status 6, a clock that stands, and that goes on when it is paid."""

from __future__ import annotations

import pytest

from motcua.catalogue.queries.fees import Answers
from motcua.dossiers import actions
from motcua.dossiers.actions import timing
from motcua.dossiers.actions.awaiting import resume_when_paid
from motcua.dossiers.models import ClockEvent, Dossier
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import Province, Staff, at
from motcua.dossiers.tests.money import APPRAISAL, CHARGE, costly, pay
from motcua.dossiers.types import Status
from motcua.kernel.errors import Conflict, Invalid, NotAllowed
from motcua.kernel.outbox import worker
from motcua.payments import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(staff: Staff) -> Dossier:
    return factories.receive(staff.counter, costly(APPRAISAL, payment_pause=True))


def wait(staff: Staff, dossier: Dossier, note: str = "", day: int = 17) -> Dossier:
    return actions.await_payment(actor=staff.specialist, code=dossier.code, note=note, now=at(day))


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def test_the_clock_stands_while_the_fee_is_awaited_and_goes_on_when_it_is_paid(
    staff: Staff, dossier: Dossier
) -> None:
    due = dossier.due_at
    waiting = wait(staff, dossier)
    assert (waiting.state, waiting.state.national_code) == (Status.AWAITING_PAYMENT, 6)
    assert waiting.paused_since == at(17)
    pay(staff, queries.bills_of(dossier.code)[0], now=at(19))
    found = again(dossier)
    assert (found.state, found.paused_since) == (Status.PROCESSING, None)
    assert due == at(23)
    assert found.due_at == at(25)
    assert [event.kind for event in ClockEvent.objects.all()] == ["pause", "resume"]


def test_the_explanation_tells_what_was_awaited(staff: Staff, dossier: Dossier) -> None:
    wait(staff, dossier)
    pay(staff, queries.bills_of(dossier.code)[0], now=at(19))
    told = " ".join(line.text for line in timing.deadline_of(again(dossier)).explanation)
    assert "Chờ nộp phí, lệ phí 500.000 đồng" in told
    assert "không tính 960 phút làm việc (2 ngày)" in told


def test_told_twice_that_it_was_paid_it_goes_on_once(staff: Staff, dossier: Dossier) -> None:
    wait(staff, dossier)
    pay(staff, queries.bills_of(dossier.code)[0], now=at(19))
    assert not resume_when_paid(code=dossier.code, at=at(19), now=at(20))
    assert ClockEvent.objects.count() == 2


def test_a_part_of_the_money_does_not_let_it_go_on(staff: Staff, dossier: Dossier) -> None:
    wait(staff, dossier)
    pay(staff, queries.bills_of(dossier.code)[0], amount=1_000, now=at(18))
    assert again(dossier).state is Status.AWAITING_PAYMENT


def test_an_exemption_shown_while_it_waits_lets_it_go_on(staff: Staff) -> None:
    procedure = costly(APPRAISAL, payment_pause=True, exemptions=("Người thuộc hộ nghèo",))
    dossier = factories.receive(staff.counter, procedure)
    wait(staff, dossier)
    actions.assess_fees(
        actor=staff.counter,
        code=dossier.code,
        answers=Answers(exempt=("ho-ngheo",)),
        reason="Hộ nghèo",
        now=at(18),
    )
    worker.drain(at(18))
    assert again(dossier).state is Status.PROCESSING


def test_a_procedure_that_does_not_wait_is_not_made_to(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    with pytest.raises(Conflict, match="không dừng thời hạn"):
        wait(staff, dossier)


def test_money_of_the_tax_office_is_awaited_by_its_notice(staff: Staff, dossier: Dossier) -> None:
    pay(staff, queries.bills_of(dossier.code)[0])
    with pytest.raises(Invalid) as refused:
        wait(staff, dossier)
    assert refused.value.field == "note"
    waiting = wait(staff, dossier, "Thông báo thuế số 12/TB-CT")
    assert waiting.pause_reason == "Chờ thực hiện nghĩa vụ tài chính: Thông báo thuế số 12/TB-CT"
    actions.payment_done(actor=staff.specialist, code=dossier.code, note="Giấy nộp tiền 55", now=at(20))
    assert again(dossier).state is Status.PROCESSING


def test_what_is_owed_here_is_not_written_down_as_paid(staff: Staff, dossier: Dossier) -> None:
    wait(staff, dossier)
    with pytest.raises(Conflict):
        actions.payment_done(actor=staff.specialist, code=dossier.code, note="Đã nộp", now=at(18))


def test_the_cashiers_of_other_wards_have_no_say(place: Province, staff: Staff, dossier: Dossier) -> None:
    inspector = factories.make_officer("inspector", place.committee_office)
    with pytest.raises(NotAllowed):
        actions.await_payment(actor=inspector, code=dossier.code, note="", now=at(17))
