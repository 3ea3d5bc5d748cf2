"""A transfer that came while no book was open gets its receipt as soon as there is one."""

from __future__ import annotations

import pytest

from motcua.organisation.tests import factories
from motcua.payments import actions, queries
from motcua.payments.models import Receipt
from motcua.payments.tests.counter import NOW, make_counter

pytestmark = pytest.mark.django_db


def test_a_transfer_waits_for_a_book_and_then_gets_one_receipt() -> None:
    counter = make_counter(books=False)
    bill, wrong = counter.bill("b1"), counter.bill("b2")
    counter.pay(bill, method="transfer")
    mistake = counter.pay(wrong, method="transfer")
    actions.unbook_transfer(actor=counter.cashier, payment_id=mistake.payment.pk, reason="Nhầm", now=NOW)
    assert actions.issue_waiting(now=NOW) == 0
    ward_id = counter.leader.grants[0].unit_id
    actions.open_book(
        actor=factories.SYSTEM, unit_id=ward_id, form_symbol="01BLP2-001", series="AA-25T", now=NOW
    )
    assert [actions.issue_waiting(now=NOW) for _time in range(2)] == [1, 0]
    assert [(receipt.bill, receipt.amount) for receipt in Receipt.objects.all()] == [(bill, 13_000)]
    assert queries.check_ledger().ok
