"""The log in words: what each action is called, and what was said with it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg


class Group(StrEnum):
    """What a reader of the log looks for; the values stand in addresses."""

    READING = "xem"
    DOSSIER = "ho-so"
    PUBLIC = "tra-cuu"
    ACCOUNT = "dang-nhap"
    SETTING = "cau-hinh"
    MONEY = "thu-phi"
    LOG = "nhat-ky"

    @property
    def label(self) -> Message:
        return _GROUPS[self]


_GROUPS = {
    Group.READING: msg("Ai đã xem hồ sơ"),
    Group.DOSSIER: msg("Thay đổi hồ sơ"),
    Group.PUBLIC: msg("Người dân tra cứu"),
    Group.ACCOUNT: msg("Đăng nhập"),
    Group.SETTING: msg("Tổ chức, danh mục, lịch"),
    Group.MONEY: msg("Phí, lệ phí, biên lai"),
    Group.LOG: msg("Nhật ký và hệ thống"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The group of an action and its name, which reads on after somebody's name."""

    group: Group
    label: Message


ACTIONS: Mapping[str, Words] = {
    "dossiers.read": Words(Group.READING, msg("Xem hồ sơ")),
    "dossiers.file_read": Words(Group.READING, msg("Mở tệp đính kèm")),
    "dossiers.letter_printed": Words(Group.READING, msg("Mở hoặc in văn bản")),
    "desk.searched": Words(Group.READING, msg("Tìm hồ sơ")),
    "dossiers.listed": Words(Group.READING, msg("Lấy danh sách hồ sơ")),
    "dossiers.received": Words(Group.DOSSIER, msg("Tiếp nhận hồ sơ")),
    "dossiers.reception_refused": Words(Group.DOSSIER, msg("Từ chối tiếp nhận")),
    "dossiers.step_completed": Words(Group.DOSSIER, msg("Hoàn thành bước")),
    "dossiers.step_taken_back": Words(Group.DOSSIER, msg("Rút lại bước đã chuyển")),
    "dossiers.task_claimed": Words(Group.DOSSIER, msg("Nhận việc")),
    "dossiers.task_reassigned": Words(Group.DOSSIER, msg("Phân công lại")),
    "dossiers.consultation_requested": Words(Group.DOSSIER, msg("Lấy ý kiến")),
    "dossiers.consultation_answered": Words(Group.DOSSIER, msg("Trả lời ý kiến")),
    "dossiers.consultation_withdrawn": Words(Group.DOSSIER, msg("Rút yêu cầu lấy ý kiến")),
    "dossiers.supplement_requested": Words(Group.DOSSIER, msg("Yêu cầu bổ sung")),
    "dossiers.supplement_registered": Words(Group.DOSSIER, msg("Ghi nhận bổ sung")),
    "dossiers.case_changed": Words(Group.DOSSIER, msg("Đổi trường hợp")),
    "dossiers.deadline_extended": Words(Group.DOSSIER, msg("Xin lỗi và hẹn lại")),
    "dossiers.deadline_moved": Words(Group.DOSSIER, msg("Hạn trả đổi do lịch làm việc đổi")),
    "dossiers.stopped": Words(Group.DOSSIER, msg("Dừng giải quyết")),
    "dossiers.fees_assessed": Words(Group.MONEY, msg("Tính lại phí, lệ phí")),
    "dossiers.payment_awaited": Words(Group.DOSSIER, msg("Yêu cầu nộp phí, dừng thời hạn")),
    "dossiers.payment_taken_back": Words(Group.DOSSIER, msg("Khoản thu bị hủy, còn phải nộp")),
    "dossiers.payment_done": Words(Group.DOSSIER, msg("Đã nộp, thời hạn chạy lại")),
    "dossiers.refund_considered": Words(Group.MONEY, msg("Xem xét hoàn phí")),
    "dossiers.result_recorded": Words(Group.DOSSIER, msg("Ghi kết quả")),
    "dossiers.result_handed_over": Words(Group.DOSSIER, msg("Trả kết quả")),
    "dossiers.file_attached": Words(Group.DOSSIER, msg("Thêm tệp")),
    "dossiers.letter_signing_asked": Words(Group.DOSSIER, msg("Yêu cầu ký số văn bản")),
    "dossiers.moving_started": Words(Group.SETTING, msg("Chuyển tiếp hồ sơ theo quyết định")),
    "dossiers.moving_done": Words(Group.SETTING, msg("Chuyển tiếp xong hồ sơ theo quyết định")),
    "dossiers.moving_undo_started": Words(Group.SETTING, msg("Hoàn tác chuyển tiếp hồ sơ")),
    "dossiers.moving_undone": Words(Group.SETTING, msg("Hoàn tác xong chuyển tiếp hồ sơ")),
    "dossiers.moving_exported": Words(Group.SETTING, msg("Xuất danh sách hồ sơ chuyển tiếp")),
    "dossiers.moved": Words(Group.DOSSIER, msg("Áp dụng quyết định thay đổi thủ tục")),
    "dossiers.move_undone": Words(Group.DOSSIER, msg("Hoàn tác việc áp dụng quyết định")),
    "dossiers.choice_recorded": Words(Group.DOSSIER, msg("Ghi lựa chọn của người nộp")),
    "portal.tracked": Words(Group.PUBLIC, msg("Mở trang tra cứu của hồ sơ")),
    "portal.looked_up": Words(Group.PUBLIC, msg("Tra cứu bằng mã, đúng 4 số kiểm tra")),
    "portal.look_up_refused": Words(Group.PUBLIC, msg("Tra cứu bằng mã, không khớp")),
    "kernel.signed_in": Words(Group.ACCOUNT, msg("Đăng nhập")),
    "kernel.sign_in_refused": Words(Group.ACCOUNT, msg("Đăng nhập không thành công")),
    "kernel.signed_out": Words(Group.ACCOUNT, msg("Đăng xuất")),
    "kernel.account_created": Words(Group.ACCOUNT, msg("Tạo tài khoản")),
    "kernel.account_opened": Words(Group.ACCOUNT, msg("Mở lại tài khoản")),
    "kernel.account_closed": Words(Group.ACCOUNT, msg("Khóa tài khoản")),
    "api.acted_for_officer": Words(Group.ACCOUNT, msg("Hệ thống kết nối làm thay cán bộ")),
    "organisation.loaded": Words(Group.SETTING, msg("Nạp dữ liệu tổ chức")),
    "organisation.unit_created": Words(Group.SETTING, msg("Thêm đơn vị")),
    "dossiers.unit_succeeded": Words(Group.DOSSIER, msg("Chuyển sang đơn vị kế thừa")),
    "dossiers.unit_move_undone": Words(Group.DOSSIER, msg("Hoàn tác chuyển đơn vị kế thừa")),
    "organisation.succession_planned": Words(Group.SETTING, msg("Nạp quyết định sắp xếp đơn vị")),
    "organisation.succession_withdrawn": Words(
        Group.SETTING, msg("Rút quyết định sắp xếp đơn vị chưa đến ngày")
    ),
    "organisation.units_succeeded": Words(Group.SETTING, msg("Thực hiện sắp xếp đơn vị")),
    "organisation.succession_undone": Words(Group.SETTING, msg("Hoàn tác sắp xếp đơn vị")),
    "organisation.staff_list_applied": Words(Group.SETTING, msg("Áp dụng danh sách nhân sự")),
    "organisation.staff_list_loaded": Words(Group.SETTING, msg("Nạp danh sách nhân sự")),
    "organisation.duplicate_decided": Words(Group.SETTING, msg("Quyết định về tài khoản nghi trùng")),
    "organisation.unit_changed": Words(Group.SETTING, msg("Sửa đơn vị")),
    "organisation.post_opened": Words(Group.SETTING, msg("Giao vị trí việc làm")),
    "organisation.posts_opened": Words(Group.SETTING, msg("Giao nhiều vị trí việc làm")),
    "organisation.post_closed": Words(Group.SETTING, msg("Kết thúc vị trí việc làm")),
    "organisation.delegated": Words(Group.SETTING, msg("Ủy quyền")),
    "organisation.delegation_revoked": Words(Group.SETTING, msg("Chấm dứt ủy quyền")),
    "organisation.sessions_set": Words(Group.SETTING, msg("Đặt giờ làm việc trong tuần")),
    "organisation.calendar_day_set": Words(Group.SETTING, msg("Đặt ngày nghỉ hoặc làm bù")),
    "organisation.calendar_day_removed": Words(Group.SETTING, msg("Bỏ ngày nghỉ hoặc làm bù")),
    "organisation.holidays_proposed": Words(Group.SETTING, msg("Lấy đề xuất ngày nghỉ của năm")),
    "organisation.holidays_confirmed": Words(Group.SETTING, msg("Xác nhận ngày nghỉ đề xuất")),
    "organisation.holidays_discarded": Words(Group.SETTING, msg("Bỏ ngày nghỉ đề xuất")),
    "organisation.api_client_created": Words(Group.SETTING, msg("Cấp mã kết nối cho hệ thống")),
    "organisation.api_client_closed": Words(Group.SETTING, msg("Khóa mã kết nối của hệ thống")),
    "catalogue.import_procedures": Words(Group.SETTING, msg("Nạp danh mục thủ tục")),
    "catalogue.import_processes": Words(Group.SETTING, msg("Nạp quy trình")),
    "catalogue.set_competence_rules": Words(Group.SETTING, msg("Đặt quy tắc thẩm quyền")),
    "catalogue.fee_resolution_drafted": Words(Group.SETTING, msg("Soạn nghị quyết về phí, lệ phí")),
    "catalogue.fee_resolution_approved": Words(Group.SETTING, msg("Duyệt nghị quyết về phí, lệ phí")),
    "catalogue.fee_resolution_discarded": Words(Group.SETTING, msg("Bỏ bản nháp nghị quyết về phí, lệ phí")),
    "catalogue.set_fee_resolution": Words(Group.SETTING, msg("Ghi nghị quyết về phí, lệ phí")),
    "workflow.publish_process": Words(Group.SETTING, msg("Ban hành quy trình")),
    "workflow.draft_begun": Words(Group.SETTING, msg("Bắt đầu soạn quy trình")),
    "workflow.draft_saved": Words(Group.SETTING, msg("Lưu bản nháp quy trình")),
    "workflow.draft_submitted": Words(Group.SETTING, msg("Trình duyệt quy trình")),
    "workflow.draft_returned": Words(Group.SETTING, msg("Trả lại bản nháp quy trình")),
    "workflow.draft_published": Words(Group.SETTING, msg("Duyệt bản nháp quy trình")),
    "workflow.draft_discarded": Words(Group.SETTING, msg("Bỏ bản nháp quy trình")),
    "desk.log_read": Words(Group.LOG, msg("Xem nhật ký")),
    "desk.log_exported": Words(Group.LOG, msg("Xuất nhật ký")),
    "kernel.verification_requested": Words(Group.LOG, msg("Yêu cầu kiểm tra nhật ký")),
    "kernel.job_retried": Words(Group.LOG, msg("Cho việc nền chạy lại")),
    "catalogue.draft_change_set": Words(Group.SETTING, msg("Soạn gói thay đổi")),
    "catalogue.edit_change_set": Words(Group.SETTING, msg("Sửa gói thay đổi")),
    "catalogue.attach_scan": Words(Group.SETTING, msg("Đính kèm bản quét quyết định")),
    "catalogue.approve_change_set": Words(Group.SETTING, msg("Duyệt gói thay đổi")),
    "catalogue.return_change_set": Words(Group.SETTING, msg("Trả gói thay đổi về soạn")),
    "catalogue.publish_change_set": Words(Group.SETTING, msg("Công bố gói thay đổi")),
    "catalogue.undo_change_set": Words(Group.SETTING, msg("Hoàn tác gói thay đổi")),
    "catalogue.discard_change_set": Words(Group.SETTING, msg("Bỏ gói thay đổi")),
    "catalogue.edit_configuration": Words(Group.SETTING, msg("Sửa cấu hình thủ tục")),
    "catalogue.undo_configuration_cells": Words(Group.SETTING, msg("Bỏ thay đổi của ô cấu hình")),
    "catalogue.submit_configuration": Words(Group.SETTING, msg("Trình gói cấu hình")),
    "catalogue.save_configuration_template": Words(Group.SETTING, msg("Lưu mẫu cấu hình")),
    "catalogue.delete_configuration_template": Words(Group.SETTING, msg("Xóa mẫu cấu hình")),
    "catalogue.configuration_moved": Words(
        Group.SETTING, msg("Quy tắc, quy trình và cấu hình đổi theo đơn vị kế thừa")
    ),
    "catalogue.rehearse": Words(Group.SETTING, msg("Diễn tập cấu hình")),
    "catalogue.store_golden": Words(Group.SETTING, msg("Lập hồ sơ mẫu diễn tập")),
    "catalogue.confirm_golden": Words(Group.SETTING, msg("Xác nhận hồ sơ mẫu diễn tập")),
    "config.night_dossiers": Words(Group.LOG, msg("Nhân hồ sơ cho đêm diễn tập")),
    "dossiers.rehearsal_asked": Words(Group.SETTING, msg("Yêu cầu diễn tập")),
    "payments.bill_opened": Words(Group.MONEY, msg("Ghi khoản phải nộp")),
    "payments.bill_cancelled": Words(Group.MONEY, msg("Hủy khoản phải nộp")),
    "payments.payment_taken": Words(Group.MONEY, msg("Thu tiền")),
    "payments.payment_reversed": Words(Group.MONEY, msg("Hủy lần thu")),
    "payments.refund_asked": Words(Group.MONEY, msg("Đề nghị hoàn trả")),
    "payments.refund_confirmed": Words(Group.MONEY, msg("Xác nhận hoàn trả")),
    "payments.refund_refused": Words(Group.MONEY, msg("Từ chối hoàn trả")),
    "payments.refund_withdrawn": Words(Group.MONEY, msg("Rút đề nghị hoàn trả")),
    "payments.refund_paid_out": Words(Group.MONEY, msg("Chi trả tiền hoàn")),
    "payments.count_asked": Words(Group.MONEY, msg("Đếm tiền lệch, chờ xác nhận")),
    "payments.count_confirmed": Words(Group.MONEY, msg("Xác nhận chênh lệch tiền mặt")),
    "payments.count_refused": Words(Group.MONEY, msg("Trả lại để đếm tiền lại")),
    "counter.display_paired": Words(Group.MONEY, msg("Ghép màn hình khách")),
    "counter.display_forgotten": Words(Group.MONEY, msg("Bỏ ghép màn hình khách")),
    "payments.receipt_issued": Words(Group.MONEY, msg("Lập biên lai")),
    "payments.receipt_voided": Words(Group.MONEY, msg("Xóa bỏ biên lai")),
    "payments.receipt_replaced": Words(Group.MONEY, msg("Thay thế biên lai")),
    "payments.receipt_adjusted": Words(Group.MONEY, msg("Điều chỉnh biên lai")),
    "payments.receipt_lost": Words(Group.MONEY, msg("Báo mất biên lai")),
    "payments.receipt_printed": Words(Group.MONEY, msg("In biên lai")),
    "payments.receipt_reprinted": Words(Group.MONEY, msg("In lại biên lai")),
    "payments.ereceipt_sent": Words(Group.MONEY, msg("Gửi biên lai điện tử")),
    "payments.ereceipt_cancelled": Words(Group.MONEY, msg("Báo hủy biên lai điện tử")),
    "payments.ereceipt_refused": Words(Group.MONEY, msg("Biên lai điện tử bị từ chối")),
    "payments.book_proposed": Words(Group.MONEY, msg("Đề xuất quyển biên lai năm sau")),
    "payments.book_noticed": Words(Group.MONEY, msg("Ghi thông báo phát hành biên lai")),
    "payments.book_opened": Words(Group.MONEY, msg("Mở quyển biên lai")),
    "payments.book_closed": Words(Group.MONEY, msg("Khóa quyển biên lai")),
    "payments.collector_set": Words(Group.MONEY, msg("Khai báo đơn vị thu")),
    "payments.account_added": Words(Group.MONEY, msg("Thêm tài khoản ngân hàng")),
    "payments.account_ended": Words(Group.MONEY, msg("Ngừng dùng tài khoản ngân hàng")),
    "payments.account_registered": Words(Group.MONEY, msg("Ghi đăng ký tài khoản")),
    "payments.online_begun": Words(Group.MONEY, msg("Mở thanh toán trực tuyến")),
    "payments.online_settled": Words(Group.MONEY, msg("Kết quả thanh toán trực tuyến")),
    "payments.online_resolved": Words(Group.MONEY, msg("Đối chiếu thanh toán trực tuyến")),
    "payments.online_disputed": Words(Group.MONEY, msg("Thanh toán trực tuyến cần đối chiếu")),
    "payments.remitted": Words(Group.MONEY, msg("Nộp Kho bạc")),
    "payments.statement_imported": Words(Group.MONEY, msg("Nhập sao kê ngân hàng")),
    "payments.statement_mapping_saved": Words(Group.MONEY, msg("Lưu cách đọc cột sao kê")),
    "payments.statement_line_settled": Words(Group.MONEY, msg("Khớp dòng sao kê")),
    "payments.statement_line_ignored": Words(Group.MONEY, msg("Bỏ qua dòng sao kê")),
    "payments.statement_match_undone": Words(Group.MONEY, msg("Gỡ khớp dòng sao kê")),
    "payments.day_closed": Words(Group.MONEY, msg("Chốt sổ ngày")),
    "payments.record_signing_asked": Words(Group.MONEY, msg("Yêu cầu ký số biên bản chốt sổ")),
    "documents.letter_signed": Words(Group.DOSSIER, msg("Ký số văn bản")),
    "documents.signing_stuck": Words(Group.LOG, msg("Chưa ký số được văn bản")),
    "documents.signing_asked": Words(Group.LOG, msg("Cho ký số lại văn bản")),
}

_KEYS: Mapping[str, Message] = {
    "step": msg("bước"),
    "decision": msg("quyết định"),
    "text": msg("nội dung"),
    "outcome": msg("kết quả bước"),
    "to": msg("chuyển tới"),
    "from": msg("từ"),
    "note": msg("ghi chú"),
    "reason": msg("lý do"),
    "letter": msg("văn bản số"),
    "number": msg("số"),
    "items": msg("số giấy tờ"),
    "papers": msg("số giấy tờ"),
    "stage": msg("giai đoạn"),
    "after": msg("sau"),
    "before": msg("trước"),
    "case": msg("trường hợp"),
    "due_before": msg("hạn cũ"),
    "due_after": msg("hạn mới"),
    "by_applicant": msg("theo đề nghị của người nộp"),
    "units": msg("đơn vị"),
    "days": msg("ngày"),
    "question": msg("nội dung hỏi"),
    "opinion": msg("ý kiến"),
    "agrees": msg("đồng ý"),
    "name": msg("tên"),
    "method": msg("cách trả"),
    "username": msg("tên đăng nhập"),
    "file": msg("tệp"),
    "kind": msg("loại"),
    "role": msg("vai trò"),
    "serial": msg("chứng thư số"),
    "sha256": msg("dấu kiểm"),
    "unit": msg("đơn vị"),
    "document": msg("văn bản"),
    "money_as_of_print": msg("ghi tiền theo lúc in"),
    "words": msg("từ tìm"),
    "found": msg("số tìm thấy"),
    "rows": msg("số dòng"),
    "dossier": msg("hồ sơ"),
    "person": msg("người"),
    "action": msg("việc"),
    "since": msg("từ ngày"),
    "until": msg("trước ngày"),
}
_ORDER = {key: place for place, key in enumerate(_KEYS)}
# Words of the code that stand in entries as values.
_VALUES: Mapping[str, Message] = {
    "forward": msg("chuyển tiếp"),
    "send_back": msg("trả lại"),
    "counter": msg("tại quầy"),
    "post": msg("qua bưu chính"),
    "online": msg("bản điện tử"),
    "intake": msg("khi nộp"),
    "appraisal": msg("khi thẩm định"),
    "intake_supplement": msg("bổ sung khi nộp"),
    "cashier": msg("người thu tiền"),
    "confirmer": msg("người xác nhận chênh lệch"),
    "officer": msg("cán bộ lập văn bản"),
    "head": msg("người có thẩm quyền"),
    "seal": msg("con dấu của cơ quan"),
}
_YES, _NO = msg("có"), msg("không")


def label_of(action: str) -> Message | str:
    """What an action is called; its own name where it has none yet."""
    known = ACTIONS.get(action)
    return known.label if known else action


def actions_in(group: Group) -> tuple[str, ...]:
    """Every action of a group."""
    return tuple(action for action, words in ACTIONS.items() if words.group is group)


def details(data: Mapping[str, object]) -> Iterator[tuple[Message | str, Message | str]]:
    """What was said with an entry as pairs of name and value, what matters most first; empty values left out."""
    for key in sorted(data, key=lambda name: _ORDER.get(name, len(_ORDER))):
        if data[key] not in ("", None, [], {}):
            yield _KEYS.get(key, key), _value(data[key])


def _value(value: object) -> Message | str:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, list):
        return ", ".join(str(_plain(item)) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    return _VALUES.get(str(value)) or _plain(value)


def _plain(value: object) -> str:
    """Text; a moment or a day is shown on the Vietnamese calendar."""
    text = str(value)
    if len(text) < 10 or not text[:4].isdigit() or text[4] != "-":
        return text
    try:
        if len(text) == len("2026-11-23"):
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    return f"{moment.astimezone(VN):%d/%m/%Y %H:%M}"


VIA: Mapping[str, Message] = {
    "web": msg("trang web"),
    "api": msg("hệ thống kết nối"),
    "job": msg("tự động"),
    "command": msg("dòng lệnh"),
}
SUBJECTS: Mapping[str, Message] = {
    "dossier": msg("Hồ sơ"),
    "user": msg("Tài khoản"),
    "account": msg("Tài khoản"),
    "unit": msg("Đơn vị"),
    "post": msg("Vị trí"),
    "delegation": msg("Ủy quyền"),
    "calendar": msg("Lịch"),
    "procedure": msg("Thủ tục"),
    "change_set": msg("Quyết định"),
    "process": msg("Quy trình"),
    "organisation": msg("Tổ chức"),
    "api_client": msg("Hệ thống kết nối"),
    "audit": msg("Nhật ký"),
    "job": msg("Việc nền"),
    "letter": msg("Văn bản"),
    "search": msg("Tìm kiếm"),
}
