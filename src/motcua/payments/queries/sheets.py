"""Receipts as they are drawn: the stored structure with what became of the receipt since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from motcua.documents import queries as documents
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.payments.models import Receipt
from motcua.payments.queries.receipts import find_receipt
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


def receipt_preview(*, receipt_id: int, layout: str, actor: Actor) -> ReceiptPdf:
    """How a receipt looks, marked as a preview and not counted; for whoever may read it."""
    template = template_of(layout)
    receipt = find_receipt(actor, receipt_id)
    sheet = sheet_of(receipt, 0, preview=True)
    return ReceiptPdf(documents.render_receipts([sheet], template), filename_of(receipt))


def sheet_of(receipt: Receipt, reprint: int, *, preview: bool = False) -> dict[str, Any]:
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


def template_of(layout: str) -> str:
    """The template of a layout; raises `Invalid`."""
    if layout not in LAYOUTS:
        raise Invalid(msg("Chọn khổ giấy A5, A4 hoặc cuộn 80 mm."), field="layout")
    return LAYOUTS[layout]


def filename_of(receipt: Receipt) -> str:
    """What a browser saves a print as."""
    return f"bien-lai-{receipt.book.series}-{number_text(receipt.number)}.pdf"
