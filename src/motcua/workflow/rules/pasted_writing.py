"""A process as the table a decision prints."""

from __future__ import annotations

from motcua.workflow.rules.definition import ProcessDefinition, Span, Step, TimeUnit
from motcua.workflow.rules.source_tables import RETURN_KEY
from motcua.workflow.rules.walk import table_total
from motcua.workflow.rules.words import amount_text

HEADINGS = (
    "Thứ tự",
    "Nội dung công việc",
    "Đơn vị/Người thực hiện",
    "Thời gian",
    "Sản phẩm",
    "Biểu mẫu",
    "Ghi chú",
)
SAME = "〃"
_UNITS = {TimeUnit.WORKING_DAY: "ngày làm việc", TimeUnit.CALENDAR_DAY: "ngày", TimeUnit.WORKING_HOUR: "giờ"}


def rows_of(definition: ProcessDefinition) -> tuple[tuple[str, ...], ...]:
    """Headings, one row per step, names of parts in rows of their own, the sum."""
    rows: list[tuple[str, ...]] = [HEADINGS]
    phase, group = None, None
    for step in definition.steps:
        if step.key == RETURN_KEY:
            continue
        if step.phase and step.phase != phase:
            rows.append((step.phase, "", "", "", "", "", ""))
        shown = SAME if step.shared_group and step.shared_group == group else _time(definition, step)
        rows.append(
            (
                step.key.removeprefix("b"),
                step.name,
                step.performer,
                shown,
                step.output or "",
                step.form or "",
                step.note,
            )
        )
        phase, group = step.phase or phase, step.shared_group
    total = [span_words(Span(amount, unit)) for unit, amount in table_total(definition).used.items()]
    if len(total) == 1:
        rows.append(("Tổng", "", "", total[0], "", "", ""))
    return tuple(rows)


def _time(definition: ProcessDefinition, step: Step) -> str:
    shared = definition.shared_time(step.shared_group)
    span = shared.time if shared else step.time
    text = span_words(span) if span else ""
    if step.counted:
        return text
    if "giờ hành chính" in step.note:
        return "Giờ hành chính"
    return f"{text} (không tính thời gian)" if text else "Không tính thời gian"


def span_words(span: Span) -> str:
    """An amount as tables and forms write it.

    >>> from fractions import Fraction
    >>> span_words(Span(Fraction(1, 4), TimeUnit.WORKING_DAY))
    '0,25 ngày làm việc'
    """
    return f"{amount_text(span.amount)} {_UNITS[span.unit]}"
