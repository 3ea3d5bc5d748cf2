"""Printing receipts: every print is counted and in the log, and each after the first says that it is one.

The number stands from the moment the money was taken. A printer that fails costs a reprint, never a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.documents import queries as documents
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.payments.actions.receipts import log_receipt
from motcua.payments.models import Receipt
from motcua.payments.permissions import require_print
from motcua.payments.queries.receipts import find_receipt, printable_receipts
from motcua.payments.rules import receipt_data
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import ReceiptState

LAYOUTS = {"a5": "receipt_a5", "a4": "receipt_a4", "k80": "receipt_k80"}
"""Paper: A5, two copies on an A4 page to be cut, an 80 mm roll."""
STANDING = {
    ReceiptState.VOID: "Biên lai đã xóa bỏ",
    ReceiptState.REPLACED: "Biên lai đã bị thay thế",
    ReceiptState.ADJUSTED: "Biên lai đã được điều chỉnh",
    ReceiptState.LOST: "Biên lai đã báo mất",
}


@dataclass(frozen=True, slots=True)
class ReceiptPdf:
    """What goes to the printer."""

    content: bytes
    filename: str


@transaction.atomic
def receipt_pdf(*, receipt_id: int, layout: str, actor: Actor, now: datetime, reason: str = "") -> ReceiptPdf:
    """Print one receipt in all its copies, counted. Raises `NotFound`, `NotAllowed`, `Invalid` for the layout."""
    template = _template(layout)
    receipt = find_receipt(actor, receipt_id)
    sheet = count_print(actor=actor, receipt_id=receipt_id, now=now, reason=reason)
    return ReceiptPdf(documents.render_receipts([sheet], template), _filename(receipt))


def receipt_preview(*, receipt_id: int, layout: str, actor: Actor) -> ReceiptPdf:
    """How a receipt looks, marked as a preview and not counted; for whoever may read it."""
    template = _template(layout)
    receipt = find_receipt(actor, receipt_id)
    return ReceiptPdf(
        documents.render_receipts([_sheet(receipt, 0, preview=True)], template), _filename(receipt)
    )


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
    return _sheet(receipt, printed - 1)


def _sheet(receipt: Receipt, reprint: int, *, preview: bool = False) -> dict[str, Any]:
    """The stored structure with what became of the receipt since, as the templates draw it."""
    data = receipt_data.read(receipt.content)
    return {
        **data.to_json(),
        "issued_at": clock.local(data.at).isoformat(timespec="minutes"),
        "relation": receipt_data.relation_words(data.relation) if data.relation else "",
        "payer_sign": "",
        "reprint": reprint,
        "preview": "1" if preview else "",
        "standing": STANDING.get(ReceiptState(receipt.state), ""),
        "standing_note": _note(receipt),
    }


def _note(receipt: Receipt) -> str:
    if receipt.state == ReceiptState.ISSUED or receipt.changed_at is None:
        return ""
    later: Sequence[Receipt] = [*receipt.replaced_by.all(), *receipt.adjusted_by.all()]
    said = [f"Ngày {clock.local(receipt.changed_at):%d/%m/%Y}. Lý do: {receipt.reason}"]
    said += [f"Biên lai thay thế hoặc điều chỉnh: số {number_text(one.number)}" for one in later]
    return ". ".join(said) + "."


def _template(layout: str) -> str:
    if layout not in LAYOUTS:
        raise Invalid(msg("Chọn khổ giấy A5, A4 hoặc cuộn 80 mm."), field="layout")
    return LAYOUTS[layout]


def _filename(receipt: Receipt) -> str:
    return f"bien-lai-{receipt.book.series}-{number_text(receipt.number)}.pdf"
