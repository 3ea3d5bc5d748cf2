"""Times and kinds in Vietnamese words."""

from __future__ import annotations

from fractions import Fraction

from motcua.kernel.messages import Message, msg
from motcua.workflow.rules.definition import Span, StepKind, TimeUnit
from motcua.workflow.rules.walk import Totals

KINDS: dict[StepKind, Message] = {
    StepKind.RECEPTION: msg("Tiếp nhận"),
    StepKind.WORK: msg("Xử lý"),
    StepKind.APPROVAL: msg("Phê duyệt"),
    StepKind.CLERK: msg("Văn thư"),
    StepKind.CONSULT: msg("Lấy ý kiến"),
    StepKind.WAIT: msg("Chờ"),
    StepKind.RETURN: msg("Trả kết quả"),
    StepKind.AFTER: msg("Sau khi trả kết quả"),
}

# The choices of steps that the product names itself where a source table names none (source_flow.py).
# Definitions keep them as Vietnamese text; the reader's language is chosen on the way out.
OUTCOMES: tuple[Message, ...] = (
    msg("Chuyển bước sau"),
    msg("Chuyển xử lý"),
    msg("Đồng ý, ký"),
    msg("Đã có ý kiến"),
    msg("Đã hết chờ"),
    msg("Đã trả kết quả"),
    msg("Đã xong"),
    msg("Trả lại để sửa"),
    msg("Gửi thông báo bổ sung"),
    msg("Từ chối, trả lời bằng văn bản"),
    msg("Không đủ điều kiện: trả hồ sơ kèm thông báo"),
)


def outcome_text(label: str) -> str:
    """The name of a choice in the reader's language; a name of the source's own stays as it is."""
    return msg(label).render()


def amount_text(amount: Fraction) -> str:
    """An exact amount with a decimal comma; a plain fraction where no short decimal exists.

    >>> amount_text(Fraction(7, 4))
    '1,75'
    """
    if 1000 % amount.denominator:
        return f"{amount.numerator}/{amount.denominator}"
    whole, rest = divmod(amount.numerator * 1000 // amount.denominator, 1000)
    decimals = f"{rest:03d}".rstrip("0")
    return f"{whole},{decimals}" if decimals else str(whole)


def span_text(span: Span) -> Message:
    amount = amount_text(span.amount)
    if span.unit is TimeUnit.WORKING_DAY:
        return msg("%(amount)s ngày làm việc", amount=amount)
    if span.unit is TimeUnit.CALENDAR_DAY:
        return msg("%(amount)s ngày", amount=amount)
    return msg("%(amount)s giờ làm việc", amount=amount)


def totals_text(totals: Totals) -> Message:
    parts = [span_text(Span(amount, unit)) for unit, amount in totals.used.items()]
    if not parts:
        return msg("không có thời gian")
    text = parts[0]
    for part in parts[1:]:
        text = msg("%(first)s và %(second)s", first=text, second=part)
    return text
