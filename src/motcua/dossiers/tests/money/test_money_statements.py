"""What a fee adds to a reception, and what a payment costs, in statements."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.queries.fees import Answers
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, Staff
from motcua.dossiers.tests.money import COPIES, costly
from motcua.payments import actions as payments
from motcua.payments import queries

pytestmark = pytest.mark.django_db


def sent(act: Callable[[], object]) -> list[str]:
    """The statements of an act, without the frame of its transaction."""
    with CaptureQueriesContext(connection) as caught:
        act()
    frame = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [query["sql"] for query in caught.captured_queries if not query["sql"].startswith(frame)]


def received(staff: Staff, procedure: ProcedureVersion, answers: Answers) -> list[str]:
    """The statements of a second reception: the first also fills what a process keeps."""
    factories.receive(staff.counter, procedure, fees=answers)
    return sent(lambda: factories.receive(staff.counter, procedure, fees=answers))


def test_a_fee_that_is_not_known_yet_adds_no_statement_to_a_reception(staff: Staff) -> None:
    taken = received(staff, costly(COPIES), Answers())
    assert not Dossier.objects.latest("pk").fees["complete"]
    assert len(taken) <= 10, "\n".join(taken)


def test_the_bill_of_a_fee_adds_ten_statements_to_a_reception(staff: Staff) -> None:
    free = received(staff, factories.make_procedure(), Answers())
    costs = received(staff, costly(), Answers(quantities={"copies": 2}))
    assert len(costs) - len(free) <= 10, "\n".join(costs)


def test_a_payment_with_its_receipt_costs_fourteen_statements(staff: Staff) -> None:
    bills = []
    for _number in range(2):
        dossier = factories.receive(staff.counter, costly(), fees=Answers(quantities={"copies": 2}))
        bills += queries.bills_of(dossier.code)

    def pay(number: int) -> payments.PaymentDone:
        bill = bills[number]
        return payments.take_payment(
            actor=staff.counter,
            bill_id=bill.pk,
            method="cash",
            amount=bill.total,
            key=f"p{number}",
            now=MONDAY,
        )

    assert pay(0).receipts
    taken = sent(lambda: pay(1))
    assert len(taken) <= 14, "\n".join(taken)
