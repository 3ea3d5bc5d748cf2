"""The words of the board."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.support.rules.next_steps import StepKind
from motcua.support.rules.readiness import Aspect, Grade, Mark

ASPECTS = {
    Aspect.PUBLISHED: _("Công bố"),
    Aspect.LIMIT: _("Thời hạn"),
    Aspect.FEES: _("Phí, lệ phí"),
    Aspect.FORM: _("Biểu mẫu"),
    Aspect.LETTERS: _("Văn bản, phiếu"),
    Aspect.PROCESS: _("Quy trình riêng"),
    Aspect.ELECTRONIC: _("Quy trình điện tử đúng hạn"),
    Aspect.REHEARSAL: _("Diễn tập"),
    Aspect.ROLES: _("Người giữ vai trò"),
    Aspect.PAYING: _("Cách thu tiền"),
}
MARKS = {
    Mark.READY: _("Đủ"),
    Mark.DOUBT: _("Cần làm rõ"),
    Mark.BLOCKED: _("Chưa được"),
    Mark.NOT_NEEDED: _("Không cần"),
}
MARK_ICONS = {
    Mark.READY: "circle-check",
    Mark.DOUBT: "info-circle",
    Mark.BLOCKED: "alert-triangle",
    Mark.NOT_NEEDED: "minus",
}
GRADES = {
    Grade.DONE: _("Sẵn sàng"),
    Grade.NEARLY: _("Gần xong"),
    Grade.FAR: _("Còn nhiều việc"),
    Grade.NOTHING: _("Chưa nhận được hồ sơ"),
}
GRADE_ICONS = {
    Grade.DONE: "circle-check",
    Grade.NEARLY: "hourglass",
    Grade.FAR: "alert-triangle",
    Grade.NOTHING: "x",
}
STEPS = {
    StepKind.FINISH_PROCESS: _("Quy trình điện tử quá hạn"),
    StepKind.FILL_ROLE: _("Giao người giữ vai trò"),
    StepKind.MEND: _("Sửa thủ tục diễn tập không đạt"),
    StepKind.MEND_LETTER: _("Chọn lại loại văn bản"),
    StepKind.WRITE_PROCESS: _("Viết quy trình riêng"),
    StepKind.REHEARSE: _("Diễn tập"),
    StepKind.SETTLE_LIMIT: _("Làm rõ thời hạn"),
    StepKind.SETTLE_FEE: _("Làm rõ mức phí, lệ phí"),
    StepKind.SETTLE_FORM: _("Ghi mã biểu mẫu"),
    StepKind.COLLECT: _("Khai báo để thu được tiền"),
    StepKind.COLLECT_MORE: _("Thêm cách nộp tiền"),
}
