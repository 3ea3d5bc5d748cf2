"""What the pages of drafts show of a process: sum against the limit, findings by step, drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from motcua.workflow.rules.checks import Finding
from motcua.workflow.rules.definition import ProcessDefinition, Span
from motcua.workflow.rules.difference import Difference
from motcua.workflow.rules.draft_checks import TO_ACKNOWLEDGE
from motcua.workflow.rules.drawing import draw
from motcua.workflow.rules.walk import Totals, table_total, walk
from motcua.workflow.rules.words import span_text, totals_text

SEVERITY = {"error": "danger", "warning": "warning", "info": "info"}
_CHANGES = {"added": "done", "removed": "danger", "changed": "attention", "moved": "neutral"}


def sum_of(definition: ProcessDefinition, findings: Sequence[Finding]) -> dict[str, Any]:
    """The running sum against the limit, in words and as a bar of a hundred."""
    broken = any(finding.severity == "error" and finding.code != "sum_exceeds_limit" for finding in findings)
    total = table_total(definition) if broken else walk(definition, loops=0).longest
    limit = definition.limit
    amount = total.in_unit(limit.unit) if limit else None
    shown: dict[str, Any] = {
        "sum": totals_text(total).render(),
        "limit": span_text(limit).render() if limit else "",
        "kind": "none",
        "text": _comparison(total, limit, amount),
    }
    if limit is not None and amount is not None:
        over = amount > limit.amount
        shown |= {
            "kind": "over" if over else "equal" if amount == limit.amount else "below",
            "max": 1000,
            "value": min(1000, int(amount / limit.amount * 1000)) if limit.amount else 0,
        }
    return shown


def _comparison(total: Totals, limit: Span | None, amount: Fraction | None) -> str:
    if limit is None:
        return _("Chưa ghi thời hạn giải quyết.")
    if amount is None:
        return _("Không so được: ngày và ngày làm việc không đổi ra nhau.")
    gap = abs(amount - limit.amount)
    if not gap:
        return _("Vừa đúng thời hạn.")
    words = {"gap": span_text(Span(gap, limit.unit)).render()}
    return _("Vượt thời hạn %(gap)s.") % words if amount > limit.amount else _("Còn dư %(gap)s.") % words


def findings_of(definition: ProcessDefinition, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Each finding with its step's number, errors first."""
    numbers = {step.key: n for n, step in enumerate(definition.steps, 1)}
    empty = [
        numbers[f.step_key] for f in findings if f.code == "role_without_holder" and f.step_key in numbers
    ]
    if len(empty) > 1:
        findings = [finding for finding in findings if finding.code != "role_without_holder"]
    shown = [
        {
            "kind": SEVERITY[finding.severity],
            "text": finding.message.render(),
            "key": finding.step_key or "",
            "number": numbers.get(finding.step_key or "", 0),
        }
        for finding in findings
    ]
    if len(empty) > 1:
        text = _("Hôm nay chưa ai giữ vai thực hiện các bước %(steps)s.") % {
            "steps": ", ".join(map(str, empty))
        }
        shown.append({"kind": "warning", "text": text, "key": "", "number": 0})
    return shown


def by_step(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """The sentences of each step."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        if finding.step_key:
            empty = finding.code == "role_without_holder"
            text = _("Hôm nay chưa ai giữ vai này ở nơi thực hiện.") if empty else finding.message.render()
            found.setdefault(finding.step_key, []).append(text)
    return found


def to_acknowledge(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """The warnings that whoever submits takes on."""
    return [{"code": f.code, "text": f.message.render()} for f in findings if f.code in TO_ACKNOWLEDGE]


def drawing_of(definition: ProcessDefinition) -> str:
    """The drawing; an empty text where there is nothing to draw yet."""
    known = {step.key for step in definition.steps}
    whole = all(t in known for step in definition.steps for o in step.outcomes for t in o.to)
    if not definition.steps or not whole:
        return ""
    return mark_safe(draw(definition))  # noqa: S308 - every text in it is escaped by the drawing


def difference_of(found: Difference) -> dict[str, Any]:
    """A comparison in words."""
    labels = {"added": _("Thêm"), "removed": _("Bỏ"), "changed": _("Sửa"), "moved": _("Đổi chỗ")}
    return {
        "is_empty": found.is_empty,
        "head": [{"label": p.label.render(), "old": p.old, "new": p.new} for p in found.head],
        "steps": [
            {
                "label": labels[change.kind],
                "kind": _CHANGES[change.kind],
                "name": change.name,
                "old": change.old_number,
                "new": change.new_number,
                "parts": [{"label": p.label.render(), "old": p.old, "new": p.new} for p in change.parts],
            }
            for change in found.steps
        ],
    }


def remarks_of(remarks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What reading the source told, worst first."""
    order = {"error": 0, "warning": 1, "info": 2}
    ranked = sorted(remarks, key=lambda remark: order.get(str(remark.get("severity")), 3))
    return [
        {
            "kind": SEVERITY.get(str(remark.get("severity")), "info"),
            "where": remark.get("cell")
            or (_("dòng %(n)s") % {"n": remark["row"]} if remark.get("row") else ""),
            "text": remark.get("message", ""),
        }
        for remark in ranked
    ]
