from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction

from motcua.organisation import queries as organisation
from tests.cast import NOW, Cast, make_cast


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Cast]:
    """The cast, built once for the module in a transaction that never commits."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW, tick=False):  # type: ignore[attr-defined]
        yield make_cast()
        transaction.set_rollback(True)
    organisation.forget()
