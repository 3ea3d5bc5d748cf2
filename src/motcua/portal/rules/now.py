"""What the page says first: how the dossier stands and what the person must do, in one sentence each. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg


@dataclass(frozen=True, slots=True)
class Standing:
    """The headline (`kind` names the badge of the design system) and one plain sentence under it."""

    kind: str
    headline: Message
    sentence: Message


@dataclass(frozen=True, slots=True)
class ToDo:
    """What the person must do now. `bring` is a list of papers; `nothing` says that there is nothing to do."""

    title: Message
    text: Message
    bring: tuple[Message | str, ...] = ()
    until: date | None = None
    nothing: bool = False


def standing(status: str, *, where: str, is_late: bool, granted: bool, awaits_intake: bool) -> Standing:
    """How the dossier stands; `where` is the unit it lies at, `is_late` that its date has passed."""
    if status in _UNDER_WAY:
        return _under_way(status, where=where, is_late=is_late)
    if status == "awaiting_supplement" and awaits_intake:
        return Standing(
            "waiting", msg("Chờ bạn nộp đủ giấy tờ"), msg("Hồ sơ còn thiếu giấy tờ nên chưa được tiếp nhận.")
        )
    if status == "completed" and not granted:
        return Standing(
            "attention",
            msg("Đã có văn bản trả lời"),
            msg("Yêu cầu chưa được chấp thuận; lý do ghi trong văn bản đang chờ bạn đến nhận."),
        )
    return _FIXED[status]


_UNDER_WAY = frozenset({"received", "processing"})
_INTAKE = Standing(
    "waiting", msg("Chờ bạn nộp đủ giấy tờ"), msg("Hồ sơ còn thiếu giấy tờ nên chưa được tiếp nhận.")
)
_FIXED = {
    "submitted": Standing("neutral", msg("Đã gửi, chờ tiếp nhận"), msg("Cán bộ sẽ kiểm tra hồ sơ bạn gửi.")),
    "awaiting_supplement": Standing(
        "waiting",
        msg("Chờ bạn bổ sung giấy tờ"),
        msg("Hồ sơ tạm dừng. Thời gian chờ không tính vào thời hạn giải quyết."),
    ),
    "awaiting_payment": Standing(
        "waiting",
        msg("Chờ bạn thực hiện nghĩa vụ tài chính"),
        msg("Hồ sơ tạm dừng. Thời gian chờ không tính vào thời hạn giải quyết."),
    ),
    "completed": Standing("done", msg("Đã có kết quả"), msg("Kết quả đang chờ bạn nhận.")),
    "returned": Standing("done", msg("Đã trả kết quả"), msg("Việc giải quyết hồ sơ này đã xong.")),
    "refused": Standing(
        "stopped", msg("Không được tiếp nhận"), msg("Hồ sơ không được tiếp nhận vì các lý do dưới đây.")
    ),
    "stopped": Standing("stopped", msg("Đã dừng giải quyết"), msg("Hồ sơ này không được giải quyết tiếp.")),
    "withdrawn": Standing("stopped", msg("Đã rút hồ sơ"), msg("Hồ sơ dừng lại theo đề nghị của bạn.")),
}


def _under_way(status: str, *, where: str, is_late: bool) -> Standing:
    headline = msg("Đã tiếp nhận") if status == "received" else msg("Đang giải quyết")
    if is_late:
        return Standing(
            "danger",
            msg("Đang giải quyết, quá ngày hẹn"),
            msg("Hồ sơ đang ở %(unit)s và đã quá ngày hẹn. Chúng tôi xin lỗi bạn.", unit=where),
        )
    return Standing("progress", headline, msg("Hồ sơ đang ở %(unit)s.", unit=where))


_SLIP = msg("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
_CARD = msg("Thẻ căn cước hoặc giấy tờ tùy thân của người nhận")
_ORIGINALS = msg("Bản chính để đối chiếu, nếu khi nộp bạn chỉ đưa bản sao hoặc tệp")


def to_do(
    status: str, *, method: str, items: tuple[str, ...] = (), respond_by: date | None = None, what: str = ""
) -> ToDo | None:
    """What the person must do now; None where the dossier has ended. `what` says what is waited for."""
    if status == "awaiting_supplement":
        return ToDo(
            msg("Mang đến các giấy tờ sau"),
            msg("Nộp đủ trong một lần tại nơi tiếp nhận bên dưới."),
            items,
            respond_by,
        )
    if status == "awaiting_payment":
        text = (
            msg("Đang chờ: %(what)s. Nộp theo thông báo đã gửi cho bạn, rồi giữ chứng từ.", what=what)
            if what
            else msg("Nộp theo thông báo đã gửi cho bạn, rồi giữ chứng từ.")
        )
        return ToDo(msg("Thực hiện nghĩa vụ tài chính"), text)
    if status == "completed":
        return _collect(method)
    if status in _UNDER_WAY or status == "submitted":
        return ToDo(
            msg("Bạn chưa phải làm gì"), msg("Khi cần, cơ quan giải quyết sẽ báo cho bạn."), nothing=True
        )
    return None


def _collect(method: str) -> ToDo:
    if method == "post":
        return ToDo(
            msg("Chờ nhận kết quả qua bưu chính"),
            msg(
                "Kết quả được gửi tới địa chỉ bạn đã đăng ký. Giữ điện thoại để nhân viên bưu chính liên hệ."
            ),
        )
    if method == "online":
        return ToDo(
            msg("Nhận kết quả bản điện tử"),
            msg(
                "Bản điện tử gửi vào tài khoản Cổng dịch vụ công của bạn. Cần bản giấy thì đến nơi trả kết quả."
            ),
        )
    return ToDo(
        msg("Đến nhận kết quả"),
        msg("Người khác nhận thay phải có giấy ủy quyền."),
        (_SLIP, _CARD, _ORIGINALS),
    )


def promise_reason(limit: Message | None, received_at: datetime | None, *, restarted: bool) -> Message | None:
    """Why this date, in one line; None where there is no date to explain."""
    if limit is None or received_at is None:
        return None
    day = f"{received_at.astimezone(VN):%d/%m/%Y}"
    if restarted:
        return msg("%(limit)s, tính lại từ khi bạn bổ sung đủ giấy tờ", limit=limit)
    return msg("%(limit)s, kể từ khi tiếp nhận ngày %(day)s", limit=limit, day=day)
