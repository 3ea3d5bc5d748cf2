"""What the jobs are called. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from motcua.kernel.messages import Message, msg

JOBS: Mapping[str, Message] = {
    "dossiers.rehearse": msg("Diễn tập gói thay đổi trước khi công bố"),
    "dossiers.recompute_deadlines": msg("Tính lại hạn trả khi lịch làm việc đổi"),
    "dossiers.handlers.count_again": msg("Báo các hồ sơ cần tính lại hạn"),
    "kernel.seal_audit": msg("Niêm phong nhật ký"),
    "kernel.verify_audit": msg("Kiểm tra nhật ký"),
    "kernel.ask_to_verify_audit": msg("Hẹn giờ kiểm tra nhật ký"),
    "kernel.forget_old_rows": msg("Dọn dữ liệu tạm đã cũ"),
    "documents.rescan_held": msg("Quét lại tệp đang giữ"),
    "documents.sign": msg("Ký số văn bản"),
    "documents.sign_waiting": msg("Ký lại văn bản chưa ký số được"),
    "documents.sweep_orphans": msg("Dọn tệp không dùng"),
}
_EVENT = "event:"


def job_label(name: str) -> Message | str:
    """A job in words; an event that could not be passed on says so; else its own name."""
    if name in JOBS:
        return JOBS[name]
    if name.startswith(_EVENT):
        return msg("Chuyển thông báo %(name)s", name=name.removeprefix(_EVENT))
    return name
