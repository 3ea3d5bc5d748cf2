"""What a rehearsal finds, gathered so that each thing to do is told once. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from motcua.kernel.messages import Message, msg

SAMPLE = 5
"""Procedures named in one failure; more are counted."""


class FailureKind(StrEnum):
    """What would not work, in the order people should deal with it."""

    NOBODY = "nobody"
    NOWHERE = "nowhere"
    NO_PROCESS = "no_process"
    STUCK = "stuck"
    ACT = "act"
    LETTER = "letter"
    FORM = "form"
    SILENT = "silent"
    GOLDEN = "golden"
    DISAGREES = "disagrees"
    NOT_READY = "not_ready"
    UNTRIED = "untried"


KIND_WORDS: Mapping[FailureKind, tuple[Message, Message]] = {
    FailureKind.NOBODY: (
        msg("Chưa có người giữ vai trò"),
        msg("Mở vị trí công tác hoặc lập ủy quyền cho vai trò này ở đơn vị."),
    ),
    FailureKind.NOWHERE: (
        msg("Không nơi nào tiếp nhận được"),
        msg("Xem lại quy tắc tiếp nhận và thẩm quyền của thủ tục."),
    ),
    FailureKind.NO_PROCESS: (
        msg("Chưa có quy trình nội bộ"),
        msg("Gắn quy trình cho thủ tục ở cấp và trường hợp này."),
    ),
    FailureKind.STUCK: (
        msg("Quy trình đi vào ngõ cụt"),
        msg("Sửa quy trình: mỗi nhánh phải tới bước trả kết quả."),
    ),
    FailureKind.ACT: (
        msg("Hồ sơ diễn tập bị chặn giữa đường"),
        msg("Đọc câu báo bên dưới, sửa cấu hình rồi diễn tập lại."),
    ),
    FailureKind.LETTER: (
        msg("Văn bản không in được"),
        msg("Chọn lại loại văn bản hoặc sửa mẫu văn bản."),
    ),
    FailureKind.FORM: (
        msg("Mẫu đơn không tồn tại"),
        msg("Chọn một mẫu đơn có trong giấy tờ của thủ tục."),
    ),
    FailureKind.SILENT: (
        msg("Thay đổi mà quyết định không nói"),
        msg("So lại dòng này với quyết định; sửa nội dung hoặc bổ sung vào phần khác biệt."),
    ),
    FailureKind.GOLDEN: (
        msg("Khác với hồ sơ mẫu đã xác nhận"),
        msg("Sửa cấu hình, hoặc sửa hồ sơ mẫu nếu hồ sơ mẫu sai."),
    ),
    FailureKind.DISAGREES: (
        msg("Hồ sơ thật đi khác dự tính"),
        msg("Báo cho người phát triển: dự tính và hồ sơ thật phải như nhau."),
    ),
    FailureKind.NOT_READY: (
        msg("Gói chưa áp dụng được"),
        msg("Sửa các dòng còn vướng của gói rồi diễn tập lại."),
    ),
    FailureKind.UNTRIED: (
        msg("Chưa diễn tập được"),
        msg("Xem ngày hiệu lực và cấp giải quyết của dòng: phải có hồ sơ thử được thì mới công bố."),
    ),
}


@dataclass(frozen=True, slots=True)
class Where:
    """What a failure is about."""

    procedure_id: int | None = None
    line_id: int | None = None
    unit_id: int | None = None
    case_key: str = ""
    role: str = ""


@dataclass(slots=True)
class Failure:
    """One thing to do, and how many trials fail for want of it. `codes` are the first procedures it hits."""

    kind: FailureKind
    message: Message
    where: Where
    count: int = 0
    codes: list[str] = field(default_factory=list)
    golden: list[tuple[int, str, str]] = field(default_factory=list)
    """(id of the golden dossier, part of it, what was found instead)."""


@dataclass(slots=True)
class Findings:
    """All failures, each once by kind, place and sentence."""

    by_key: dict[tuple[object, ...], Failure] = field(default_factory=dict)

    def add(
        self, kind: FailureKind, message: Message, where: Where, *, code: str = "", count: int = 1
    ) -> Failure:
        """Count a failure. Desks and letters fail for all procedures alike: they are told once for all."""
        if kind in (FailureKind.NOBODY, FailureKind.LETTER):
            where = Where(unit_id=where.unit_id, role=where.role)
        key = (kind, where, message.source())
        found = self.by_key.setdefault(key, Failure(kind, message, where))
        found.count += count
        if code and code not in found.codes and len(found.codes) < SAMPLE:
            found.codes.append(code)
        return found

    @property
    def all(self) -> list[Failure]:
        """In the order of `FailureKind`, those that hit most first."""
        order = {kind: place for place, kind in enumerate(FailureKind)}
        return sorted(self.by_key.values(), key=lambda f: (order[f.kind], -f.count))
