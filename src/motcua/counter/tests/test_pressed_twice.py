"""Two presses in the same moment: one dossier, and the second hears of the first."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from motcua.counter import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="threads need a database that locks rows"),
]


def test_the_second_of_two_presses_gets_the_answer_of_the_first() -> None:
    officer = f.make_officer("one_stop_officer", f.make_province().commune.centre)
    reception = f.reception_of(officer, f.make_procedure(), idempotency_key="mot-phieu")
    held, answers = threading.Event(), list[actions.Saved]()

    def press_first() -> None:
        with transaction.atomic():
            answers.append(actions.receive(actor=officer, reception=reception, now=f.MONDAY))
            held.set()
            threading.Event().wait(0.5)
        connection.close()

    def press_again() -> None:
        held.wait(10)
        answers.append(actions.receive(actor=officer, reception=reception, now=f.MONDAY))
        connection.close()

    threads = [threading.Thread(target=press_first), threading.Thread(target=press_again)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.repeated for answer in answers] == [False, True]
    assert answers[0].code == answers[1].code == Dossier.objects.get().code
