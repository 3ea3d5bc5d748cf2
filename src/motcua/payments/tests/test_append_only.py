"""After all migrations the database itself refuses to change what was booked and what stands on a receipt."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from motcua.payments.models import Entry, Payment, Posting, Receipt
from motcua.payments.tests.counter import make_counter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def booked() -> None:
    counter = make_counter()
    counter.pay(counter.bill())


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Entry, "note"),
        (Posting, "account"),
        (Payment, "amount"),
        (Receipt, "amount"),
        (Receipt, "payer_name"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_was_booked_never_changes(model: type, field: str) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        model.objects.update(**{field: F("pk")})  # type: ignore[attr-defined]  # any of the four
