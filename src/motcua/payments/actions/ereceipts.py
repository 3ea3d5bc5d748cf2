"""Giving electronic receipts to the driver, once each, and telling it of those that stand no longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from motcua.kernel import clock, outbox
from motcua.kernel.actor import Actor
from motcua.payments.actions.ereceipt_jobs import CANCEL, SEND
from motcua.payments.actions.receipts import log_receipt
from motcua.payments.adapters import ereceipts
from motcua.payments.adapters.ereceipts import EReceiptDriver
from motcua.payments.models import Receipt, ReceiptCancellation, ReceiptSending
from motcua.payments.queries.receipts import receipt_key
from motcua.payments.rules import receipt_data
from motcua.payments.rules.receipt_data import CancellationData, IdentityData
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import SendingState

Kind = TypeVar("Kind", ReceiptSending, ReceiptCancellation)
GONE = "HUY"
"""The end of the key of a cancellation."""


def send_receipt(*, actor: Actor, receipt_id: int, now: datetime) -> ReceiptSending:
    """Write the document, keep it, hand it over. Running it again sends nothing twice: what was sent is given back.

    The document is committed before it is handed over, so a driver that took it before the machine died gets the same
    bytes under the same key again. Without a driver the receipt waits (`send_waiting`).
    """
    chosen = ereceipts.driver()
    sending = _kept(ReceiptSending, receipt_id, chosen, _receipt_document, now)
    return _hand_over(actor, sending, chosen, receipt_key(sending.receipt), "sent", now)


def send_cancellation(*, actor: Actor, receipt_id: int, now: datetime) -> ReceiptCancellation | None:
    """Tell the driver that a receipt stands no longer, after the receipt itself and in the same way.

    None where the driver refused the receipt: nobody has it.
    """
    sending = send_receipt(actor=actor, receipt_id=receipt_id, now=now)
    if sending.state == SendingState.REFUSED:
        return None
    chosen = ereceipts.driver()
    kept = _kept(ReceiptCancellation, receipt_id, chosen, _cancellation_document, now)
    return _hand_over(actor, kept, chosen, f"{receipt_key(kept.receipt)}-{GONE}", "cancelled", now)


def send_waiting(*, now: datetime, limit: int = 500) -> int:
    """Ask again for every document that waits, for instance since before a driver was chosen."""
    if ereceipts.driver() is None:
        return 0
    asked = 0
    for model, job in ((ReceiptSending, SEND), (ReceiptCancellation, CANCEL)):
        waiting = model.objects.filter(state=SendingState.WAITING).order_by("pk")
        refused = Q(receipt__sending__state=SendingState.REFUSED)
        for receipt_id in list(waiting.exclude(refused).values_list("receipt_id", flat=True)[:limit]):
            key = f"{job}:{receipt_id}:{now:%Y%m%d%H}"
            outbox.enqueue(job, {"receipt_id": receipt_id}, now=now, key=key)
            asked += 1
    return asked


Write = Callable[[Receipt, EReceiptDriver | None, str], bytes]


def _receipt_document(receipt: Receipt, chosen: EReceiptDriver | None, key: str) -> bytes:
    data = receipt_data.read(receipt.content)
    return chosen.write(data, key=key) if chosen else ereceipts.to_xml(data, key=key)


def _cancellation_document(receipt: Receipt, chosen: EReceiptDriver | None, key: str) -> bytes:
    data, key = _gone(receipt), f"{key}-{GONE}"
    return chosen.write_cancellation(data, key=key) if chosen else ereceipts.cancellation_xml(data, key=key)


def _gone(receipt: Receipt) -> CancellationData:
    said = receipt_data.read(receipt.content)
    later = receipt.replaced_by.select_related("book").first()
    new = (
        IdentityData(later.book.form_symbol, later.book.series, number_text(later.number)) if later else None
    )
    return CancellationData(
        receipt=IdentityData(said.form_symbol, said.series, said.number),
        issued_at=said.issued_at,
        collector=said.collector,
        amount=said.amount,
        cancelled_at=clock.local(receipt.changed_at or receipt.issued_at).isoformat(timespec="seconds"),
        reason=receipt.reason,
        replaced_by=new,
    )


@transaction.atomic
def _kept(
    model: type[Kind], receipt_id: int, chosen: EReceiptDriver | None, write: Write, now: datetime
) -> Kind:
    receipt = Receipt.objects.select_for_update(of=("self",)).select_related("book").get(pk=receipt_id)
    there = model.objects.select_related("receipt__book").filter(receipt_id=receipt_id).first()
    name = chosen.name if chosen else ""
    if there is not None and (there.driver or not name):
        return there
    document = write(receipt, chosen, receipt_key(receipt))
    values = {"driver": name, "document": document.decode(), "digest": ereceipts.digest(document)}
    kept, _made = model.objects.update_or_create(
        receipt=receipt, defaults=values, create_defaults={**values, "created_at": now}
    )
    return kept


def _hand_over(
    actor: Actor, kept: Kind, chosen: EReceiptDriver | None, key: str, done: str, now: datetime
) -> Kind:
    if chosen is None or kept.state != SendingState.WAITING:
        return kept
    answer = chosen.send(kept.document.encode(), key=key)
    return _noted(actor, kept, answer, done, now)


@transaction.atomic
def _noted(actor: Actor, kept: Kind, answer: ereceipts.Sent, done: str, now: datetime) -> Kind:
    rows = type(kept).objects.select_for_update(of=("self",)).select_related("receipt__book")
    sending: Kind = rows.get(pk=kept.pk)
    if sending.state != SendingState.WAITING:
        return sending
    sending.state = (SendingState.SENT if answer.accepted else SendingState.REFUSED).value
    sending.reference, sending.answer, sending.sent_at = answer.reference[:120], answer.answer[:500], now
    sending.save(update_fields=["state", "reference", "answer", "sent_at"])
    said = {"driver": sending.driver, "reference": sending.reference, "digest": sending.digest}
    action = f"payments.ereceipt_{done}" if answer.accepted else "payments.ereceipt_refused"
    log_receipt(actor, action, sending.receipt, sending.receipt.book, {**said, "answer": sending.answer}, now)
    return sending
