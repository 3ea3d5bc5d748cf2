"""A cashier takes money in the moment a dossier changes: nothing is asked for twice, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from motcua.catalogue.queries.fees import Answers
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, RefundProposal
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, Staff, at
from motcua.dossiers.tests.money import costly, pay, sums
from motcua.kernel.errors import Conflict
from motcua.kernel.outbox import worker
from motcua.payments import actions as payments
from motcua.payments import queries
from motcua.payments.actions.billing import lock_bill
from motcua.payments.models import Refund

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time: nothing to race"
    ),
]
TWO = Answers(quantities={"copies": 2})


def _while_somebody_waits(first: Callable[[], object], second: Callable[[], object]) -> list[Exception]:
    """`second` begins while `first` is done and not committed; what either raised."""
    done, raised = threading.Event(), list[Exception]()

    def follow() -> None:
        done.wait(10)
        try:
            second()
        except Exception as error:  # looked at by the test
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=follow)
    thread.start()
    with transaction.atomic():
        first()
        done.set()
        threading.Event().wait(0.5)
    thread.join(30)
    return raised


def _stop(staff: Staff, dossier: Dossier) -> None:
    actions.stop_dossier(
        actor=staff.counter,
        code=dossier.code,
        reason="Công dân rút hồ sơ",
        requested_by_applicant=True,
        now=at(15),
    )


def _take(staff: Staff, bill_id: int, amount: int) -> None:
    payments.take_payment(
        actor=staff.counter, bill_id=bill_id, method="cash", amount=amount, key=f"k{bill_id}", now=MONDAY
    )


def test_what_is_paid_while_it_is_worked_out_again_is_not_asked_for_twice(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    (bill,) = queries.bills_of(dossier.code)

    def again() -> None:
        actions.assess_fees(
            actor=staff.counter,
            code=dossier.code,
            answers=Answers(quantities={"copies": 3}),
            reason="Thêm một bản",
            now=at(9),
        )

    assert _while_somebody_waits(lambda: _take(staff, bill.pk, 21_000), again) == []
    assert sums(dossier.code) == [(21_000, "paid"), (8_000, "open")]


def test_what_is_paid_while_the_dossier_is_withdrawn_is_proposed_to_go_back(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    (bill,) = queries.bills_of(dossier.code)
    assert _while_somebody_waits(lambda: _take(staff, bill.pk, 21_000), lambda: _stop(staff, dossier)) == []
    assert [proposal.amount for proposal in RefundProposal.objects.all()] == [21_000]


def test_ending_a_dossier_with_two_bills_and_paying_the_second_do_not_block_each_other(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    (first,) = queries.bills_of(dossier.code)
    second = payments.open_bill(
        actor=staff.counter,
        unit_id=first.unit_id,
        budget_unit_id=first.budget_unit_id,
        subject=dossier.code,
        payer=payments.Payer("Nguyễn Thị Đào"),
        lines=[payments.BillLine("them", "phi", "Phí khác", 1_000)],
        key="them",
        now=MONDAY,
    )

    begun, raised = threading.Event(), list[Exception]()

    def pay_second() -> None:
        try:
            with transaction.atomic():
                lock_bill(second.pk)
                begun.set()
                threading.Event().wait(0.7)  # the other holds what it takes first by now
                _take(staff, second.pk, 1_000)
        except Exception as error:  # looked at below
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=pay_second)
    thread.start()
    begun.wait(10)
    _stop(staff, dossier)
    thread.join(30)
    assert raised == []
    assert sums(dossier.code) == [(21_000, "cancelled"), (1_000, "paid")]


def test_asking_for_a_refund_and_ending_the_dossier_do_not_block_each_other(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    (bill,) = queries.bills_of(dossier.code)
    pay(staff, bill)
    actions.assess_fees(
        actor=staff.counter, code=dossier.code, answers=Answers(), reason="Bớt một bản", now=at(9)
    )
    proposal = RefundProposal.objects.get()

    def ask() -> None:
        actions.ask_for_refund(
            actor=staff.counter, proposal_id=proposal.pk, method="cash", now=MONDAY + timedelta(hours=1)
        )

    raised = _while_somebody_waits(lambda: _stop(staff, dossier), ask)
    assert [getattr(error, "status", 0) for error in raised] == [409]


# --- a refund goes out while what it was asked for is taken back ------------------------------------------


def _confirmed(staff: Staff) -> tuple[Dossier, int]:
    """One copy less: 8,000 đồng are asked back and confirmed."""
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    pay(staff, queries.bills_of(dossier.code)[0])
    _count(staff, dossier, 1)
    proposal = RefundProposal.objects.get(outcome="open")
    actions.ask_for_refund(actor=staff.counter, proposal_id=proposal.pk, method="cash", now=MONDAY)
    refund = Refund.objects.get()
    payments.confirm_refund(actor=staff.leader, refund_id=refund.pk, now=MONDAY)
    return dossier, refund.pk


def _count(staff: Staff, dossier: Dossier, copies: int) -> None:
    actions.assess_fees(
        actor=staff.counter,
        code=dossier.code,
        answers=Answers(quantities={"copies": copies}),
        reason=f"Đếm lại: {copies}",
        now=MONDAY,
    )


@pytest.mark.parametrize("paid_out_first", [True, False])
def test_it_goes_out_and_is_owed_or_it_stays_and_is_not(staff: Staff, paid_out_first: bool) -> None:
    dossier, refund_id = _confirmed(staff)

    def pay_out() -> None:
        payments.pay_out_refund(actor=staff.counter, refund_id=refund_id, now=MONDAY)

    def count_up() -> None:
        _count(staff, dossier, 2)

    first, second = (pay_out, count_up) if paid_out_first else (count_up, pay_out)
    raised = _while_somebody_waits(first, second)
    if paid_out_first:
        assert not raised and sums(dossier.code) == [(21_000, "paid"), (8_000, "open")]
    else:
        assert [type(error) for error in raised] == [Conflict], "withdrawn meanwhile"
        assert sums(dossier.code) == [(21_000, "paid")]
    assert queries.check_ledger().ok


@pytest.mark.parametrize("bounced_first", [True, False])
def test_a_transfer_bounces_while_the_dossier_ends(staff: Staff, bounced_first: bool) -> None:
    dossier = factories.receive(staff.counter, costly(), fees=TWO)
    payment = pay(staff, queries.bills_of(dossier.code)[0], method="transfer").payment

    def bounce() -> None:
        payments.unbook_transfer(
            actor=staff.counter, payment_id=payment.pk, reason="Ngân hàng trả lại", now=MONDAY
        )

    def stop() -> None:
        _stop(staff, dossier)

    first, second = (bounce, stop) if bounced_first else (stop, bounce)
    assert not _while_somebody_waits(first, second)
    worker.drain(at(17))
    assert sums(dossier.code) == [(21_000, "cancelled")]
    assert not RefundProposal.objects.filter(outcome="open").exists()
    assert queries.check_ledger().ok
