"""Giving electronic receipts to the driver, once each, whatever fails in between."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.kernel import outbox
from motcua.kernel.actor import Actor
from motcua.payments.actions.receipts import SEND, log_receipt
from motcua.payments.adapters import ereceipts
from motcua.payments.adapters.ereceipts import EReceiptDriver
from motcua.payments.models import Receipt, ReceiptSending
from motcua.payments.queries.receipts import receipt_key
from motcua.payments.rules import receipt_data
from motcua.payments.types import SendingState


def send_receipt(*, actor: Actor, receipt_id: int, now: datetime) -> ReceiptSending:
    """Write the document, keep it, hand it over. Running it again sends nothing twice: what was sent is given back.

    The document is committed before it is handed over, so a driver that took it before the machine died gets the same
    bytes under the same key again. Without a driver the receipt waits (`send_waiting`).
    """
    chosen = ereceipts.driver()
    sending = _kept(receipt_id, chosen, now)
    if chosen is None or sending.state != SendingState.WAITING:
        return sending
    answer = chosen.send(sending.document.encode(), key=receipt_key(sending.receipt))
    return _noted(actor, sending.pk, answer, now)


def send_waiting(*, now: datetime, limit: int = 500) -> int:
    """Ask again for every receipt that waits, for instance since before a driver was chosen."""
    if ereceipts.driver() is None:
        return 0
    waiting = ReceiptSending.objects.filter(state=SendingState.WAITING).order_by("pk")
    ids = list(waiting.values_list("receipt_id", flat=True)[:limit])
    for receipt_id in ids:
        outbox.enqueue(SEND, {"receipt_id": receipt_id}, now=now, key=f"{SEND}:{receipt_id}:{now:%Y%m%d%H}")
    return len(ids)


@transaction.atomic
def _kept(receipt_id: int, chosen: EReceiptDriver | None, now: datetime) -> ReceiptSending:
    receipt = Receipt.objects.select_for_update(of=("self",)).select_related("book").get(pk=receipt_id)
    sending = ReceiptSending.objects.select_related("receipt__book").filter(receipt_id=receipt_id).first()
    name = chosen.name if chosen else ""
    if sending is not None and (sending.driver or not name):
        return sending
    data, key = receipt_data.read(receipt.content), receipt_key(receipt)
    document = chosen.write(data, key=key) if chosen else ereceipts.to_xml(data, key=key)
    values = {"driver": name, "document": document.decode(), "digest": ereceipts.digest(document)}
    sending, _made = ReceiptSending.objects.update_or_create(
        receipt=receipt, defaults=values, create_defaults={**values, "created_at": now}
    )
    return sending


@transaction.atomic
def _noted(actor: Actor, sending_id: int, answer: ereceipts.Sent, now: datetime) -> ReceiptSending:
    sending = (
        ReceiptSending.objects.select_for_update(of=("self",))
        .select_related("receipt__book")
        .get(pk=sending_id)
    )
    if sending.state != SendingState.WAITING:
        return sending
    sending.state = (SendingState.SENT if answer.accepted else SendingState.REFUSED).value
    sending.reference, sending.answer, sending.sent_at = answer.reference[:120], answer.answer[:500], now
    sending.save(update_fields=["state", "reference", "answer", "sent_at"])
    said = {"driver": sending.driver, "reference": sending.reference, "digest": sending.digest}
    action = "payments.ereceipt_sent" if answer.accepted else "payments.ereceipt_refused"
    log_receipt(actor, action, sending.receipt, sending.receipt.book, {**said, "answer": sending.answer}, now)
    return sending
