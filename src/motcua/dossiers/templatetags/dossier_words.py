"""Words and badges of dossiers in templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from motcua.dossiers.rules import log_words
from motcua.dossiers.types import PaperState, Status
from motcua.kernel.audit.queries import Entry
from motcua.kernel.templatetags.motcua import status_badge

register = template.Library()

KINDS = {
    Status.SUBMITTED: "neutral",
    Status.RECEIVED: "progress",
    Status.REFUSED: "stopped",
    Status.PROCESSING: "progress",
    Status.AWAITING_SUPPLEMENT: "waiting",
    Status.AWAITING_PAYMENT: "waiting",
    Status.WITHDRAWN: "stopped",
    Status.STOPPED: "stopped",
    Status.COMPLETED: "done",
    Status.RETURNED: "done",
}


@register.simple_tag
def dossier_status(status: str) -> SafeString:
    """`{% dossier_status row.status %}`: the legal status in words with its colour and icon."""
    found = Status(status)
    return status_badge(found.label, KINDS[found])


@register.filter
def paper_state(state: PaperState) -> str:
    """How the counter found a paper, in words."""
    return {
        PaperState.RECEIVED: _("Đã nhận"),
        PaperState.MISSING: _("Còn thiếu"),
        PaperState.PRESENTED: _("Đã xuất trình"),
        PaperState.NOT_NEEDED: _("Không cần"),
    }[state]


@register.filter
def file_size(size: int) -> str:
    """Bytes as people read them: `640 kB`, `2,4 MB`."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} kB"
    return f"{size / 1024 / 1024:.1f} MB".replace(".", ",")


@register.filter
def audit_words(action: str) -> str:
    """An action of the audit log in words; its name where it has none."""
    return str(log_words.label_of(action))


@register.filter
def audit_said(entry: Entry) -> str:
    """What an entry of the log says beside its action: `Bước: Thẩm định hồ sơ · Lý do: …`."""
    return " · ".join(f"{label}: {value}" for label, value in log_words.details(entry.data))
