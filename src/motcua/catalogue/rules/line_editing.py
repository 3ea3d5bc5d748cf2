"""The parts of a procedure that people edit by hand on a line of a change-set, as plain text, and back. Pure.

What a form does not show (cases, channels, aliases …) stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from motcua.catalogue.rules.time_limits import LimitUnit, TimeLimit, amount_text
from motcua.catalogue.types import FeeLine, Level, Paper, ProcedureDefinition, ProcedureResult
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import fold, grouped

_MONEY = re.compile(r"^[\d.\s]+$")


@dataclass(frozen=True, slots=True)
class ContentText:
    """A content as people edit it: lists one a line, a fee as `name | amount | per`."""

    name: str
    short_name: str
    field: str
    levels: tuple[str, ...]
    authority: str = ""
    limit_amount: str = ""
    limit_unit: str = ""
    papers: str = ""
    fees: str = ""
    results: str = ""
    conditions: str = ""
    legal_bases: str = ""


def text_of(content: ProcedureDefinition) -> ContentText:
    """A content for the form."""
    amount, unit = _plain_limit(content.limit)
    return ContentText(
        name=content.name,
        short_name=content.short_name,
        field=content.field,
        levels=tuple(level.value for level in content.levels),
        authority=content.authority,
        limit_amount=amount,
        limit_unit=unit,
        papers="\n".join(paper.name for paper in content.papers),
        fees="\n".join(_fee_text(fee) for fee in content.fees),
        results="\n".join(result.name for result in content.results),
        conditions="\n".join(content.conditions),
        legal_bases="\n".join(content.legal_bases),
    )


def content_from(text: ContentText, before: ProcedureDefinition | None, code: str) -> ProcedureDefinition:
    """The content a person typed over one that was there. Raises `Invalid` naming the field."""
    if not text.name.strip():
        raise Invalid(msg("Chưa nhập tên thủ tục."), field="name")
    if not text.levels:
        raise Invalid(msg("Chọn ít nhất một cấp thực hiện."), field="levels")
    base = before or ProcedureDefinition(name="", short_name="", field="", levels=())
    shown = text_of(base)
    changed = replace(
        base,
        name=text.name.strip(),
        short_name=text.short_name.strip() or text.name.strip(),
        field=text.field.strip(),
        levels=tuple(Level(level) for level in text.levels),
        authority=text.authority.strip(),
        conditions=_lines(text.conditions),
        legal_bases=_lines(text.legal_bases),
        code=base.code or code or None,
    )
    if (text.limit_amount.strip(), text.limit_unit) != (shown.limit_amount, shown.limit_unit):
        changed = replace(changed, limit=_limit(text.limit_amount, text.limit_unit))
    if _lines(text.papers) != _lines(shown.papers):
        changed = replace(changed, papers=_papers(_lines(text.papers), base.papers), papers_known=True)
    if _lines(text.fees) != _lines(shown.fees):
        changed = replace(changed, fees=_fees(_lines(text.fees), base.fees))
    if _lines(text.results) != _lines(shown.results):
        known = {result.name: result for result in base.results}
        names = _lines(text.results)
        changed = replace(changed, results=tuple(known.get(n, ProcedureResult(n)) for n in names))
    return changed


def _plain_limit(limit: TimeLimit | None) -> tuple[str, str]:
    """Amount and unit where the limit is one plain stretch; empty where it is more than a form can show."""
    if limit is None or not limit.has_due_date:
        return "", ""
    phases = limit.effective_phases()
    if len(phases) != 1:
        return "", ""
    return amount_text(phases[0].amount), phases[0].unit.value


def _limit(amount: str, unit: str) -> TimeLimit | None:
    if not amount.strip():
        return None
    try:
        value = Fraction(amount.strip().replace(",", "."))
        if value <= 0:
            raise ValueError(amount)
        return TimeLimit.of(value, LimitUnit(unit))
    except (ValueError, ZeroDivisionError):
        raise Invalid(
            msg("Thời hạn phải là số lớn hơn 0 và có đơn vị, ví dụ 5 ngày làm việc."), field="limit_amount"
        ) from None


def _papers(names: Sequence[str], before: Sequence[Paper]) -> tuple[Paper, ...]:
    known = {paper.name: paper for paper in before}
    keys = {paper.key for paper in before}
    made: list[Paper] = []
    for name in names:
        if name in known:
            made.append(known[name])
            continue
        stem = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:40] or "giay-to"
        key, number = stem, 2
        while key in keys:
            key, number = f"{stem}-{number}", number + 1
        keys.add(key)
        made.append(Paper(key, name, originals=1, copies=0, kind="submit", required="always"))
    return tuple(made)


def _fee_text(fee: FeeLine) -> str:
    amount = "" if fee.amount is None else grouped(fee.amount)
    return " | ".join((fee.name, amount, fee.per))


def _fees(lines: Sequence[str], before: Sequence[FeeLine]) -> tuple[FeeLine, ...]:
    left = list(before)
    made: list[FeeLine] = []
    for number, line in enumerate(lines, 1):
        name, amount, per = ([part.strip() for part in line.split("|")] + ["", ""])[:3]
        if not name or (amount and not _MONEY.match(amount)):
            raise Invalid(
                msg(
                    "Dòng phí %(number)s phải là “tên | số tiền | đơn vị”, ví dụ Lệ phí | 50.000 | hồ sơ.",
                    number=number,
                ),
                field="fees",
            )
        value = int(re.sub(r"\D", "", amount)) if amount else None
        old = next((fee for fee in left if fee.name == name), None)
        if old is not None:
            left.remove(old)
            applies = old.applies or value != old.amount
            made.append(
                replace(
                    old,
                    amount=value,
                    per=per,
                    applies=applies,
                    hold_reason="" if applies else old.hold_reason,
                )
            )
        else:
            made.append(
                FeeLine(f"phi-{number}", "charge" if "lệ phí" in name.lower() else "fee", name, value, per)
            )
    return tuple(made)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
