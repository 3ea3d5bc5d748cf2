"""A payment that is taken back after it was counted on: the dossier owes again, waits again, and people are told."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from motcua.dossiers import actions, queries_money
from motcua.dossiers.models import ClockEvent, Dossier, RefundProposal, TakenBack
from motcua.dossiers.queries_page import dossier_page
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, Province, Staff, at
from motcua.dossiers.tests.money import APPRAISAL, CHARGE, costly, pay, sums
from motcua.dossiers.types import HandOverData, Status
from motcua.kernel.accounts.models import User
from motcua.kernel.errors import Conflict
from motcua.kernel.outbox import worker
from motcua.payments import actions as payments
from motcua.payments import queries
from motcua.payments.actions.reversing import unbook_platform
from motcua.payments.models import Payment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def bounce(staff: Staff, dossier: Dossier, now: datetime) -> None:
    """The transfer of the dossier did not stay: taken back, and what follows happens."""
    payment = Payment.objects.filter(bill__subject=dossier.code).latest("pk")
    payments.unbook_transfer(actor=staff.counter, payment_id=payment.pk, reason="Ngân hàng trả lại", now=now)
    worker.drain(now)


@pytest.fixture
def waited(staff: Staff) -> Dossier:
    """Waited from Tuesday for its fee, paid on Thursday, and goes on."""
    dossier = factories.receive(staff.counter, costly(APPRAISAL, payment_pause=True))
    actions.await_payment(actor=staff.specialist, code=dossier.code, note="", now=at(17))
    pay(staff, queries.bills_of(dossier.code)[0], method="transfer", now=at(19))
    assert again(dossier).state is Status.PROCESSING
    return dossier


def test_a_transfer_that_bounced_lets_the_dossier_wait_again(staff: Staff, waited: Dossier) -> None:
    bounce(staff, waited, at(20))
    found = again(waited)
    assert (found.state, found.paused_since) == (Status.AWAITING_PAYMENT, at(20))
    assert "Ngân hàng trả lại" in found.pause_reason and "500.000" in found.pause_reason
    with pytest.raises(Conflict):
        actions.complete_step(
            actor=staff.specialist,
            code=found.code,
            task_id=factories.open_task(found).pk,
            outcome="trinh",
            now=at(20),
        )


def test_paid_once_more_it_goes_on_and_both_waits_moved_the_date(staff: Staff, waited: Dossier) -> None:
    bounce(staff, waited, at(20))
    pay(staff, queries.bills_of(waited.code)[0], method="transfer", amount=500_000, now=at(23))
    found = again(waited)
    assert (found.state, found.paused_since) == (Status.PROCESSING, None)
    assert found.due_at == at(26), "two working days, then one more"
    assert [event.kind for event in ClockEvent.objects.all()] == ["pause", "resume", "pause", "resume"]
    assert TakenBack.objects.get().closed_at is not None


def test_told_twice_it_waits_once(staff: Staff, waited: Dossier) -> None:
    bounce(staff, waited, at(20))
    made = TakenBack.objects.get()
    actions.payment_taken_back(
        code=waited.code,
        bill_id=made.bill_id,
        payment_id=made.payment_id,
        amount=made.amount,
        reason="x",
        at=at(20),
        now=at(20),
    )
    assert (TakenBack.objects.count(), ClockEvent.objects.count()) == (1, 3)


def test_corrected_before_anybody_heard_of_it_nothing_stands_still(staff: Staff, waited: Dossier) -> None:
    payment = Payment.objects.get()
    payments.unbook_transfer(actor=staff.counter, payment_id=payment.pk, reason="Nhầm", now=at(20))
    pay(staff, queries.bills_of(waited.code)[0], method="transfer", amount=500_000, now=at(20))
    assert again(waited).state is Status.PROCESSING
    assert (ClockEvent.objects.count(), TakenBack.objects.count()) == (2, 0)


def test_a_procedure_that_does_not_wait_goes_on_and_its_people_are_told(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0], method="transfer")
    bounce(staff, dossier, at(17))
    assert again(dossier).state is Status.RECEIVED
    page = dossier_page(staff.specialist, dossier.code, now=at(17, 9))
    assert page.money is not None and page.money.taken_back_owed == 5_000
    assert [one.code for one in queries_money.taken_back(staff.counter)] == [dossier.code]
    pay(staff, queries.bills_of(dossier.code)[0], amount=5_000, now=at(17))
    assert queries_money.taken_back(staff.counter) == []


@pytest.mark.parametrize("handed_over", [False, True])
def test_with_its_result_there_the_people_in_charge_are_told(
    staff: Staff, waited: Dossier, handed_over: bool
) -> None:
    factories.advance(waited, staff, until="tra", now=at(19, 10))
    if handed_over:
        actions.hand_over_result(
            actor=staff.counter, code=waited.code, data=HandOverData(name="Nguyễn Thị Đào"), now=at(20, 10)
        )
    status = again(waited).state
    bounce(staff, waited, at(20, 11))
    assert again(waited).state is status
    for actor in (staff.counter, staff.leader):
        assert [one.code for one in queries_money.taken_back(actor)] == [waited.code]
    page = dossier_page(staff.counter, waited.code, now=at(20, 12))
    told = [str(entry.title) for entry in page.timeline]
    assert "Hủy khoản thu 500.000 đồng" in told


def test_it_waits_once_the_papers_it_also_waits_for_are_there(staff: Staff, waited: Dossier) -> None:
    actions.request_supplement(
        actor=staff.specialist,
        code=waited.code,
        items=[actions.SupplementItem("Tờ khai")],
        reason="Thiếu",
        now=at(19, 9),
    )
    bounce(staff, waited, at(20))
    assert again(waited).state is Status.AWAITING_SUPPLEMENT
    actions.register_supplement(actor=staff.counter, code=waited.code, note="Đã đủ", now=at(23))
    assert again(waited).state is Status.AWAITING_PAYMENT


def test_after_a_withdrawal_nothing_is_asked_again_and_less_goes_back(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0], amount=7_000, method="transfer")
    actions.stop_dossier(
        actor=staff.counter, code=dossier.code, reason="Rút", requested_by_applicant=True, now=at(17)
    )
    worker.drain(at(17))
    assert {(p.cause, p.amount) for p in RefundProposal.objects.filter(outcome="open")} == {
        ("withdrawn", 5_000),
        ("too_much", 2_000),
    }
    bounce(staff, dossier, at(18))
    assert sums(dossier.code) == [(5_000, "cancelled")]
    assert not RefundProposal.objects.filter(outcome="open").exists()
    assert not TakenBack.objects.exists()


def test_money_that_never_came_is_taken_out_of_a_bill_that_was_cancelled(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0], amount=2_000, method="transfer")
    actions.stop_dossier(
        actor=staff.counter, code=dossier.code, reason="Rút", requested_by_applicant=True, now=at(17)
    )
    worker.drain(at(17))
    bounce(staff, dossier, at(18))
    assert sums(dossier.code) == [(5_000, "cancelled")]
    assert queries.standing(dossier.code).paid == 0
    assert not RefundProposal.objects.filter(outcome="open").exists()


def test_what_the_platform_told_wrongly_is_owed_again(staff: Staff, place: Province) -> None:
    dossier = factories.receive(staff.counter, costly(APPRAISAL, payment_pause=True))
    actions.await_payment(actor=staff.specialist, code=dossier.code, note="", now=at(17))
    pay(staff, queries.bills_of(dossier.code)[0], method="platform", now=at(18))
    assert again(dossier).state is Status.PROCESSING
    payment = Payment.objects.get()
    unbook_platform(actor=factories.SYSTEM, payment_id=payment.pk, reason="Tiền không về", now=at(19))
    worker.drain(at(19))
    assert again(dossier).state is Status.AWAITING_PAYMENT


def test_those_of_other_wards_hear_nothing(place: Province, staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0], method="transfer")
    bounce(staff, dossier, MONDAY)
    stranger = factories.make_officer("one_stop_officer", place.committee_office)
    assert queries_money.taken_back(stranger) == []


def test_the_page_says_it_before_anything_else(staff: Staff, client: Client) -> None:
    dossier = factories.receive(staff.counter, costly(CHARGE))
    pay(staff, queries.bills_of(dossier.code)[0], method="transfer")
    bounce(staff, dossier, MONDAY)
    client.force_login(User.objects.get(full_name=staff.counter.name))
    page = client.get(f"/ho-so/{dossier.code}/").content.decode()
    assert "Một khoản thu đã bị hủy" in page
    listed = client.get("/ho-so/hoan-phi/?muc=huy").content.decode()
    assert dossier.code in listed
