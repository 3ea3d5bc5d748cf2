"""The pages of the acts: their addresses, keys, words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.types import Act


@dataclass(frozen=True, slots=True)
class ActPageInfo:
    """One act's page. `moves_on`: after it the next dossier of the list opens."""

    act: Act
    slug: str
    icon: str
    submit: Promise
    done: Promise
    key: str = ""
    lead: Promise | str = ""
    moves_on: bool = False
    danger: bool = False


PAGES = (
    ActPageInfo(
        Act.COMPLETE_STEP, "hoan-thanh", "check", _("Chuyển"), _("Đã chuyển hồ sơ %(code)s."), moves_on=True
    ),
    ActPageInfo(
        Act.REQUEST_SUPPLEMENT,
        "yeu-cau-bo-sung",
        "mail-forward",
        _("Gửi yêu cầu bổ sung"),
        _("Đã yêu cầu bổ sung hồ sơ %(code)s; thời gian tạm dừng tính."),
        key="b",
        lead=_("Nêu đủ trong một lần. Mẫu số 02 được lập và thời hạn tạm dừng đến khi người dân bổ sung."),
        moves_on=True,
    ),
    ActPageInfo(
        Act.REGISTER_SUPPLEMENT,
        "ghi-nhan-bo-sung",
        "file-plus",
        _("Ghi nhận bổ sung"),
        _("Đã ghi nhận bổ sung hồ sơ %(code)s; thời hạn được tính tiếp."),
        key="g",
        lead=_("Thời hạn được tính lại từ lúc này."),
    ),
    ActPageInfo(
        Act.RECEIVE,
        "tiep-nhan",
        "file-check",
        _("Tiếp nhận"),
        _("Đã tiếp nhận hồ sơ %(code)s."),
        key="n",
        lead=_("Người dân đã bổ sung đủ: thời hạn bắt đầu tính và giấy hẹn (Mẫu số 01) được lập."),
    ),
    ActPageInfo(
        Act.CONSULT,
        "lay-y-kien",
        "messages",
        _("Gửi lấy ý kiến"),
        _("Đã gửi lấy ý kiến về hồ sơ %(code)s."),
        key="y",
        lead=_("Bước của bạn vẫn mở; hồ sơ đi tiếp được khi mọi đơn vị đã trả lời."),
    ),
    ActPageInfo(
        Act.ANSWER,
        "tra-loi-y-kien",
        "message",
        _("Gửi ý kiến"),
        _("Đã trả lời ý kiến về hồ sơ %(code)s."),
        key="t",
        moves_on=True,
    ),
    ActPageInfo(
        Act.WITHDRAW_CONSULTATION,
        "rut-lay-y-kien",
        "arrow-back-up",
        _("Rút yêu cầu lấy ý kiến"),
        _("Đã rút yêu cầu lấy ý kiến về hồ sơ %(code)s."),
        lead=_("Đơn vị được hỏi không phải trả lời nữa; bước của bạn đi tiếp được mà không chờ đơn vị ấy."),
    ),
    ActPageInfo(
        Act.REASSIGN,
        "phan-cong",
        "user-plus",
        _("Phân công"),
        _("Đã phân công lại hồ sơ %(code)s."),
        key="p",
        moves_on=True,
    ),
    ActPageInfo(
        Act.CLAIM, "nhan-viec", "user-check", _("Nhận việc"), _("Bạn đã nhận xử lý hồ sơ %(code)s."), key="n"
    ),
    ActPageInfo(
        Act.TAKE_BACK,
        "rut-lai",
        "arrow-back-up",
        _("Rút lại"),
        _("Đã rút lại hồ sơ %(code)s."),
        key="r",
        lead=_("Chỉ rút được khi người nhận chưa bắt đầu xử lý."),
    ),
    ActPageInfo(
        Act.CHANGE_CASE,
        "doi-truong-hop",
        "arrows-exchange",
        _("Đổi trường hợp"),
        _("Đã đổi trường hợp của hồ sơ %(code)s và lập giấy hẹn mới."),
        lead=_("Thời hạn tính theo trường hợp mới; giấy hẹn mới được lập cho người dân."),
    ),
    ActPageInfo(
        Act.EXTEND,
        "gia-han",
        "calendar-time",
        _("Xin lỗi và hẹn lại"),
        _("Đã lập thư xin lỗi và hẹn lại hồ sơ %(code)s."),
        key="h",
        lead=_("Mẫu số 04. Hạn cũ vẫn được giữ trong hồ sơ."),
    ),
    ActPageInfo(
        Act.RECORD_RESULT,
        "ket-qua",
        "file-check",
        _("Lưu kết quả"),
        _("Đã lưu kết quả của hồ sơ %(code)s."),
        key="q",
    ),
    ActPageInfo(
        Act.ATTACH, "them-tep", "paperclip", _("Thêm tệp"), _("Đã thêm tệp vào hồ sơ %(code)s."), key="f"
    ),
    ActPageInfo(
        Act.AWAIT_PAYMENT,
        "yeu-cau-nop-phi",
        "cash",
        _("Yêu cầu nộp, dừng thời hạn"),
        _("Hồ sơ %(code)s chờ nộp tiền; thời gian chờ không tính vào thời hạn."),
        lead=_("Thời hạn dừng từ lúc này. Khoản phải nộp ở đây được thu đủ thì hồ sơ tự đi tiếp."),
        moves_on=True,
    ),
    ActPageInfo(
        Act.PAYMENT_DONE,
        "da-nop",
        "circle-check",
        _("Ghi nhận, đi tiếp"),
        _("Hồ sơ %(code)s đi tiếp; thời hạn chạy lại."),
        lead=_("Cho nghĩa vụ tài chính nộp ở nơi khác (thuế, Kho bạc): ghi chứng từ người nộp xuất trình."),
    ),
    ActPageInfo(
        Act.ASSESS_FEES,
        "tinh-phi",
        "receipt",
        _("Tính lại"),
        _("Đã tính lại phí, lệ phí của hồ sơ %(code)s."),
        lead=_(
            "Theo mức thu của ngày tiếp nhận. Khoản chưa nộp được thay bằng khoản mới; đã nộp rồi thì chỉ thu thêm "
            "phần chênh, hoặc đề nghị hoàn."
        ),
    ),
    ActPageInfo(
        Act.STOP,
        "dung-giai-quyet",
        "ban",
        _("Dừng giải quyết"),
        _("Đã dừng giải quyết hồ sơ %(code)s."),
        lead=_("Mẫu số 05. Không làm lại được: hồ sơ kết thúc mà không có kết quả."),
        moves_on=True,
        danger=True,
    ),
)
INFO = {page.act: page for page in PAGES}
SLUGS = {page.act: page.slug for page in PAGES}


def url_of(act: Act, code: str, query: str = "") -> str:
    """The page of an act on a dossier; handing over is the counter's."""
    if act is not Act.HAND_OVER:
        return reverse(f"dossiers:{act.value}", args=[code]) + query
    try:
        return f"{reverse('counter:handover')}?q={code}"
    except NoReverseMatch:
        return reverse("dossiers:detail", args=[code]) + query
