"""What is asked to be done with electronic receipts once a transaction is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from motcua.kernel import outbox
from motcua.payments.models import Receipt

SEND = "payments.send_ereceipt"
"""The job that gives an electronic receipt to its driver."""
CANCEL = "payments.cancel_ereceipt"
"""The job that tells it that one stands no longer."""


def tell_written(receipt: Receipt, now: datetime) -> None:
    """An electronic receipt was written."""
    outbox.enqueue(SEND, {"receipt_id": receipt.pk}, now=now, key=f"{SEND}:{receipt.pk}")


def tell_void(receipts: Iterable[Receipt], now: datetime) -> None:
    """Receipts stand no longer: the electronic ones among them (of books loaded with them) are told of."""
    for receipt in receipts:
        if receipt.book.copies == 0:
            outbox.enqueue(CANCEL, {"receipt_id": receipt.pk}, now=now, key=f"{CANCEL}:{receipt.pk}")
