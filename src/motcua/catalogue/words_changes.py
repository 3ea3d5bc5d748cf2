"""Words people read for change-sets: actions, states, policies, and what has to happen next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motcua.catalogue.queries.changes import LineCounts, RehearsalState
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, ChangeState, Policy
from motcua.catalogue.types_drafts import ChangeSetInfo

ACTIONS = {
    ChangeAction.NEW: gettext_lazy("Ban hành mới"),
    ChangeAction.AMENDED: gettext_lazy("Sửa đổi, bổ sung"),
    ChangeAction.REPLACED: gettext_lazy("Thay thế"),
    ChangeAction.ABOLISHED: gettext_lazy("Bãi bỏ"),
    ChangeAction.LEVEL_MOVED: gettext_lazy("Chuyển cấp giải quyết"),
    ChangeAction.REDELEGATED: gettext_lazy("Phân cấp, ủy quyền lại"),
    ChangeAction.PROCESS: gettext_lazy("Quy trình nội bộ"),
    ChangeAction.CONFIGURED: gettext_lazy("Cấu hình"),
    ChangeAction.NOTED: gettext_lazy("Chỉ ghi nhận"),
}
ACTION_KINDS = {
    ChangeAction.NEW: "done",
    ChangeAction.AMENDED: "progress",
    ChangeAction.REPLACED: "progress",
    ChangeAction.ABOLISHED: "stopped",
}
KINDS = {
    ChangeKind.PUBLISH: gettext_lazy("Quyết định công bố"),
    ChangeKind.PUBLISH_INTERNAL: gettext_lazy("Công bố thủ tục nội bộ"),
    ChangeKind.INTERNAL_PROCESS: gettext_lazy("Phê duyệt quy trình nội bộ"),
    ChangeKind.NON_TERRITORIAL: gettext_lazy("Danh mục phi địa giới"),
    ChangeKind.RENUMBER: gettext_lazy("Đổi mã thủ tục"),
    ChangeKind.CONFIGURATION: gettext_lazy("Cấu hình của cơ quan"),
}
STATES = {
    ChangeState.DRAFT: gettext_lazy("Đang soạn"),
    ChangeState.APPROVED: gettext_lazy("Đã duyệt"),
    ChangeState.PUBLISHED: gettext_lazy("Đã công bố"),
    ChangeState.UNDONE: gettext_lazy("Đã hoàn tác"),
    ChangeState.DISCARDED: gettext_lazy("Đã bỏ"),
}
STATE_BADGES = {
    ChangeState.DRAFT: ("neutral", "pencil"),
    ChangeState.APPROVED: ("waiting", "hourglass"),
    ChangeState.PUBLISHED: ("done", "circle-check"),
    ChangeState.UNDONE: ("stopped", "arrow-back-up"),
    ChangeState.DISCARDED: ("stopped", "x"),
}
POLICIES = {
    Policy.FINISH: gettext_lazy("Làm tiếp theo quy định cũ"),
    Policy.CONVERT: gettext_lazy("Chuyển sang quy định mới"),
    Policy.ASK: gettext_lazy("Hỏi người nộp"),
    Policy.TRANSFER: gettext_lazy("Chuyển cơ quan giải quyết"),
    Policy.STOP: gettext_lazy("Dừng và hoàn phí"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What has to happen next with a change-set, and by whom; `kind` as of the notes (info, success, warning)."""

    text: str
    kind: str = "info"


def turn(info: ChangeSetInfo, counts: LineCounts, rehearsal: RehearsalState, now: datetime) -> Turn:
    """Whose turn it is, in one sentence."""
    if info.state is ChangeState.DRAFT:
        if counts.problems:
            return Turn(
                ngettext(
                    "Người soạn sửa %(n)s dòng còn vướng, rồi người khác duyệt.",
                    "Người soạn sửa %(n)s dòng còn vướng, rồi người khác duyệt.",
                    counts.problems,
                )
                % {"n": counts.problems},
                "warning",
            )
        if info.effective_at is None:
            return Turn(_("Người soạn ghi ngày có hiệu lực."), "warning")
        return Turn(
            _("Chờ duyệt: cán bộ kiểm soát thủ tục hoặc lãnh đạo phụ trách, không phải %(name)s.")
            % {"name": info.drafted_by}
        )
    if info.state is ChangeState.APPROVED:
        return _after_approval(rehearsal)
    if info.state is ChangeState.PUBLISHED and info.effective_at is not None and info.effective_at > now:
        return Turn(
            _("Đã công bố; tự có hiệu lực khi đến ngày. Xem trước hồ sơ đang giải quyết sẽ ra sao."),
            "success",
        )
    if info.state is ChangeState.PUBLISHED:
        return Turn(
            _("Đã công bố và đang có hiệu lực. Hồ sơ nhận trước đó: xem ở Hồ sơ đang giải quyết."), "success"
        )
    return Turn(_("Gói đã khép lại; số quyết định có thể soạn lại."))


def _after_approval(rehearsal: RehearsalState) -> Turn:
    if rehearsal is RehearsalState.NONE:
        return Turn(_("Chờ diễn tập: chạy diễn tập cho gói này, rồi cán bộ kiểm soát công bố."))
    if rehearsal is RehearsalState.STALE:
        return Turn(_("Diễn tập lại: gói hoặc nơi thực hiện đã khác lần diễn tập cuối."), "warning")
    if rehearsal is RehearsalState.RED:
        return Turn(
            _(
                "Diễn tập chưa đạt: mở kết quả, sửa từng mục đỏ rồi diễn tập lại. Thiếu người thì bổ sung tại đơn vị; "
                "sai nội dung thì trả về soạn."
            ),
            "warning",
        )
    return Turn(_("Chờ công bố: cán bộ kiểm soát thủ tục."))
