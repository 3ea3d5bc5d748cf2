"""What became of a dossier under way in plain words: for its timeline, the public page and the tables. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from motcua.dossiers.rules.moving import Kept, Outcome, Reason
from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg

OUTCOMES: Mapping[Outcome, Message] = {
    Outcome.FINISH: msg("Tiếp tục theo quy định lúc tiếp nhận"),
    Outcome.CONVERT: msg("Chuyển sang quy định mới"),
    Outcome.ASK: msg("Hỏi người nộp"),
    Outcome.TRANSFER: msg("Chuyển cơ quan giải quyết"),
    Outcome.STOP: msg("Dừng giải quyết, hoàn phí"),
    Outcome.LEFT: msg("Để nguyên"),
}
REASONS: Mapping[Reason, Message] = {
    Reason.BY_DECISION: msg("theo cách xử lý đã chọn cho thủ tục"),
    Reason.HAS_RESULT: msg("đã có quyết định giải quyết"),
    Reason.AWAITS_RETURN: msg("đã xong, đang chờ trả kết quả"),
    Reason.ENDED: msg("đã kết thúc"),
    Reason.NOT_CHANGED: msg("quyết định không làm thay đổi hồ sơ đã nộp"),
    Reason.NOTHING_NEW: msg("thủ tục bị bãi bỏ, không có quy định mới để chuyển sang"),
    Reason.OTHER_LEVEL: msg("cấp giải quyết đã đổi nên không chuyển đổi tại chỗ được"),
    Reason.NO_CASE: msg(
        "trường hợp của hồ sơ không còn trong quy định mới và chưa chỉ rõ trường hợp thay thế"
    ),
    Reason.NO_PROCESS: msg("quy định mới chưa có quy trình nội bộ"),
    Reason.NO_STEP: msg("bước đang làm không có chỗ trong quy trình mới và chưa chỉ rõ bước thay thế"),
    Reason.NO_UNIT: msg("chưa xác định được cơ quan có thẩm quyền mới"),
    Reason.SAME_UNIT: msg("cơ quan giải quyết không đổi"),
    Reason.LATER_THERE: msg("theo lịch của cơ quan mới thì ngày hẹn muộn hơn"),
    Reason.REFUSED: msg("hệ thống không thực hiện được"),
}
KEPT: Mapping[Kept, Message] = {
    Kept.DATE_LATER: msg("giữ ngày hẹn cũ vì ngày mới muộn hơn"),
    Kept.DATE_PAST: msg("giữ ngày hẹn cũ vì ngày mới đã qua"),
    Kept.DATE_UNKNOWN: msg("giữ ngày hẹn cũ vì không so sánh được với ngày mới"),
    Kept.DATE_PAUSED: msg("giữ thời hạn cũ vì đồng hồ của hồ sơ đang dừng"),
    Kept.FEE: msg("giữ mức phí, lệ phí cũ vì mức mới cao hơn hoặc chưa rõ"),
    Kept.PAPERS: msg("không yêu cầu thêm giấy tờ vì quyết định không quy định"),
}
CHOICES: Mapping[str, Message] = {
    "convert": msg("chuyển sang quy định mới"),
    "finish": msg("tiếp tục theo quy định lúc tiếp nhận"),
}


def line(
    outcome: Outcome,
    *,
    number: str,
    effective_at: datetime,
    kept: Iterable[Kept] = (),
    unit: str = "",
    choice: str = "",
) -> Message:
    """The one plain line: from when, by which decision, and what becomes of this dossier.

    `unit` is the agency it was transferred to, `choice` what the applicant chose, "" while nothing was chosen.
    """
    return msg(
        "Từ %(day)s thủ tục này thay đổi theo %(decision)s; %(what)s.",
        day=_day(effective_at),
        decision=named(number),
        what=_what(outcome, tuple(kept), unit, choice),
    )


def named(number: str) -> Message:
    """The decision as it is spoken of: "Quyết định 1513/QĐ-UBND"; a text that is no number stays as it is."""
    return (
        msg("Quyết định %(number)s", number=number)
        if number[:1].isdigit()
        else msg("%(number)s", number=number)
    )


def _what(outcome: Outcome, kept: tuple[Kept, ...], unit: str, choice: str) -> Message:
    if outcome is Outcome.ASK and not choice:
        return msg(
            "cơ quan giải quyết đã gửi thông báo để người nộp chọn, trong lúc chờ hồ sơ tiếp tục theo quy định "
            "lúc tiếp nhận"
        )
    if outcome is Outcome.ASK:
        chosen = msg("theo lựa chọn của người nộp, hồ sơ %(what)s", what=CHOICES[choice])
        return _with(chosen, kept) if choice == "convert" else chosen
    if outcome is Outcome.CONVERT:
        return _with(msg("hồ sơ chuyển sang quy định mới"), kept)
    if outcome is Outcome.TRANSFER:
        return msg("hồ sơ được chuyển tới cơ quan có thẩm quyền mới: %(unit)s", unit=unit)
    if outcome is Outcome.STOP:
        return msg("hồ sơ dừng giải quyết, phí và lệ phí đã nộp (nếu có) được hoàn trả")
    return msg("hồ sơ tiếp tục theo quy định lúc tiếp nhận")


def _with(what: Message, kept: tuple[Kept, ...]) -> Message:
    for part in kept:
        what = msg("%(what)s, %(kept)s", what=what, kept=KEPT[part])
    return what


def _day(moment: datetime) -> str:
    """Midnight is a day; a change within a day names its hour. Leading zeros as Decree 30/2020 writes them."""
    local = moment.astimezone(VN)
    day = f"{local:%d}/{f'{local:%m}' if local.month < 3 else local.month}/{local.year}"
    return day if (local.hour, local.minute, local.second) == (0, 0, 0) else f"{local:%H:%M} {day}"
