"""Words and badges of dossiers in templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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
    words = {
        "dossiers.read": _("Xem hồ sơ"),
        "dossiers.received": _("Tiếp nhận hồ sơ"),
        "dossiers.reception_refused": _("Từ chối tiếp nhận"),
        "dossiers.step_completed": _("Hoàn thành bước"),
        "dossiers.step_taken_back": _("Rút lại bước"),
        "dossiers.task_claimed": _("Nhận việc"),
        "dossiers.task_reassigned": _("Phân công lại"),
        "dossiers.consultation_requested": _("Lấy ý kiến"),
        "dossiers.consultation_answered": _("Trả lời ý kiến"),
        "dossiers.supplement_requested": _("Yêu cầu bổ sung"),
        "dossiers.supplement_registered": _("Ghi nhận bổ sung"),
        "dossiers.case_changed": _("Đổi trường hợp"),
        "dossiers.deadline_extended": _("Xin lỗi và hẹn lại"),
        "dossiers.deadline_moved": _("Hạn đổi do lịch làm việc đổi"),
        "dossiers.stopped": _("Dừng giải quyết"),
        "dossiers.result_recorded": _("Ghi kết quả"),
        "dossiers.result_handed_over": _("Trả kết quả"),
        "dossiers.file_attached": _("Thêm tệp"),
        "dossiers.file_read": _("Mở tệp"),
        "dossiers.letter_printed": _("Mở văn bản"),
    }
    return str(words.get(action, action))


@register.filter
def audit_said(entry: Entry) -> str:
    """What an entry of the log says beside its action: `Bước: Thẩm định hồ sơ · Lý do: …`."""
    labels = {
        "step": _("Bước"),
        "to": _("Đến"),
        "from": _("Từ"),
        "letter": _("Văn bản"),
        "reason": _("Lý do"),
        "note": _("Ghi chú"),
        "name": _("Tên"),
        "number": _("Số"),
        "units": _("Đơn vị"),
        "unit": _("Đơn vị"),
        "question": _("Nội dung hỏi"),
        "case": _("Trường hợp"),
        "kind": _("Loại"),
    }
    parts = [
        (labels[key], value) for key, value in entry.data.items() if key in labels and value not in ("", None)
    ]
    return " · ".join(f"{label}: {_plain(value)}" for label, value in parts)


def _plain(value: object) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
