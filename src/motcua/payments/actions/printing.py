"""Printing receipts: every print is counted and in the log, and each after the first says that it is one.

The number stands from the moment the money was taken. A printer that fails costs a reprint, never a number.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.documents import queries as documents
from motcua.kernel.actor import Actor
from motcua.kernel.text import nfc
from motcua.payments.actions.receipts import log_receipt
from motcua.payments.models import Receipt
from motcua.payments.permissions import require_print
from motcua.payments.queries.receipts import find_receipt, printable_receipts
from motcua.payments.queries.sheets import ReceiptPdf, filename_of, sheet_of, template_of


@transaction.atomic
def receipt_pdf(*, receipt_id: int, layout: str, actor: Actor, now: datetime, reason: str = "") -> ReceiptPdf:
    """Print one receipt in all its copies, counted. Raises `NotFound`, `NotAllowed`, `Invalid` for the layout."""
    template = template_of(layout)
    receipt = find_receipt(actor, receipt_id)
    sheet = count_print(actor=actor, receipt_id=receipt_id, now=now, reason=reason)
    return ReceiptPdf(documents.render_receipts([sheet], template), filename_of(receipt))


@transaction.atomic
def print_with_subject(
    *, subject: str, actor: Actor, now: datetime, reason: str = ""
) -> list[dict[str, Any]]:
    """The sheets of every receipt that counts for a subject, each counted as printed, for a print with its slip.

    Receipts of units where the actor may not print are left out.
    """
    return [
        count_print(actor=actor, receipt_id=receipt.pk, now=now, reason=reason)
        for receipt in printable_receipts(actor, subject)
    ]


@transaction.atomic
def count_print(*, actor: Actor, receipt_id: int, now: datetime, reason: str = "") -> dict[str, Any]:
    """Note that a receipt is printed, and give what is drawn. The first is the original, later ones say "in lại"."""
    receipt = find_receipt(actor, receipt_id)
    require_print(actor, receipt.unit_id)
    printed = Receipt.objects.select_for_update().only("printed").get(pk=receipt_id).printed + 1
    Receipt.objects.filter(pk=receipt_id).update(printed=printed)
    action = "payments.receipt_printed" if printed == 1 else "payments.receipt_reprinted"
    said = {"time": printed, **({"reason": nfc(reason)[:500]} if reason.strip() else {})}
    log_receipt(actor, action, receipt, receipt.book, said, now)
    return sheet_of(receipt, printed - 1)
