"""A receipt in words, for its page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.kernel.web.words import money_words
from motcua.payments.queries import ReceiptPage
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import ReceiptState, SendingState

KINDS = {
    ReceiptState.ISSUED: "done",
    ReceiptState.VOID: "stopped",
    ReceiptState.REPLACED: "stopped",
    ReceiptState.ADJUSTED: "attention",
    ReceiptState.LOST: "danger",
}
SAID = {
    "payments.receipt_issued": gettext_lazy("Lập biên lai"),
    "payments.receipt_printed": gettext_lazy("In lần đầu"),
    "payments.receipt_reprinted": gettext_lazy("In lại"),
    "payments.receipt_voided": gettext_lazy("Xóa bỏ"),
    "payments.receipt_replaced": gettext_lazy("Thay thế"),
    "payments.receipt_adjusted": gettext_lazy("Điều chỉnh"),
    "payments.receipt_lost": gettext_lazy("Báo mất"),
}
STOPPING = ("voided", "replaced", "adjusted", "lost")
TIES = {
    "replaces": gettext_lazy("Lập thay cho"),
    "adjusts": gettext_lazy("Điều chỉnh cho"),
    "replaced_by": gettext_lazy("Được thay bằng"),
    "adjusted_by": gettext_lazy("Được điều chỉnh bằng"),
}


def state_kind(state: str) -> str:
    """The colour of a badge."""
    return KINDS[ReceiptState(state)]


def facts(page: ReceiptPage) -> list[dict[str, Any]]:
    """What stands beside the lines."""
    data, payment = page.data, page.receipt.payment
    method = payment.get_method_display() if payment else data.method_name
    tax_code = f"{_('Mã số thuế')}: {data.collector.tax_code}" if data.collector.tax_code else ""
    subject_url = f"{reverse('desk:search')}?q={data.subject}" if data.subject else ""
    found: list[dict[str, Any]] = [
        {"label": _("Người nộp"), "value": data.payer.name},
        {"label": _("Số định danh hoặc mã số thuế"), "value": data.payer.id_number},
        {"label": _("Địa chỉ"), "value": data.payer.address},
        {"label": _("Hồ sơ"), "value": data.subject, "url": subject_url, "hint": data.procedure_name},
        {"label": _("Hình thức nộp"), "value": method},
        {"label": _("Đơn vị thu"), "value": data.collector.name, "hint": tax_code},
        {"label": _("Người thu tiền"), "value": data.officer},
        {"label": _("Số lần in"), "value": page.receipt.printed},
    ]
    if page.sending is not None:
        state = SendingState(page.sending.state).label
        found.append({"label": _("Biên lai điện tử"), "value": state, "hint": page.sending.reference})
    if page.cancellation is not None:
        state = SendingState(page.cancellation.state).label
        found.append({"label": _("Báo hủy biên lai"), "value": state, "hint": page.cancellation.reference})
    return found


def links(page: ReceiptPage) -> list[dict[str, str]]:
    """Receipts this one is tied to."""
    return [
        {
            "label": str(TIES[kind]),
            "text": f"{tied.book.series} {number_text(tied.number)}",
            "url": reverse("payments:receipt", args=[tied.pk]),
        }
        for kind, tied in page.links
    ]


def history(page: ReceiptPage) -> list[dict[str, Any]]:
    """What befell it, oldest first."""
    return [
        {
            "title": str(SAID.get(entry.action, entry.action)),
            "badge": _("lần %(n)s") % {"n": entry.data["time"] - 1} if entry.data.get("time", 1) > 1 else "",
            "who": entry.actor_name,
            "at": entry.at,
            "text": _text(entry.data),
            "kind": "stopped" if entry.action.endswith(STOPPING) else "done",
        }
        for entry in page.history
    ]


def _text(data: dict[str, Any]) -> str:
    said = [str(data["reason"])] if data.get("reason") else []
    if data.get("new"):
        said.append(_("số mới %(number)s") % {"number": data["new"]})
    if "amount" in data:
        said.append(money_words(int(data["amount"])))
    return "; ".join(said)
