"""While a succession is worked out or rehearsed, counters go on receiving."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from motcua.dossiers.tests import factories as f
from motcua.dossiers.tests.test_succession import merged
from motcua.organisation.actions.succession_units import Journal, make_units

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time: nothing to race"
    ),
]


def test_a_reception_does_not_wait_for_a_succession_that_is_not_committed() -> None:
    place = f.make_province()
    counter, procedure = f.make_staff(place.commune).counter, f.make_procedure()
    begun, received = threading.Event(), threading.Event()

    def succession() -> None:
        with transaction.atomic():
            make_units(merged(), Journal())
            begun.set()
            received.wait(20)
            transaction.set_rollback(True)
        connection.close()

    thread = threading.Thread(target=succession)
    thread.start()
    begun.wait(10)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        assert f.receive(counter, procedure).code
    finally:
        received.set()
        thread.join(10)
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
