"""Tiers of a fee as they are typed, one a line: `đến 2: 2.000`, and at last `còn lại: 1.000`. Pure."""

from __future__ import annotations

import re

from motcua.catalogue.rules.fees.tariff import Tier
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, grouped

MOST_TIERS = 12
MOST_AMOUNT = 10**10
_NUMBER = r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)"
_END = r"\s*[:|=]\s*" + _NUMBER + r"\s*(?:dong|d)?\.?"
_UP_TO = re.compile(r"(?:den|toi|den het)\s+(?:\w+\s+)?" + _NUMBER + _END)
_REST = re.compile(r"(?:con lai|phan con lai|(tu|tren)\s+(?:\w+\s+)?" + _NUMBER + r"(?:\s+tro len)?)" + _END)


def read_tiers(text: str) -> tuple[Tier, ...] | Message:
    """The tiers of a text, or what is wrong with its first wrong line."""
    lines = [line for raw in text.splitlines() if (line := fold(raw))]
    if len(lines) < 2:
        return msg("Ghi ít nhất hai bậc, mỗi bậc một dòng: “đến 2: 2.000”, rồi “còn lại: 1.000”.")
    if len(lines) > MOST_TIERS:
        return msg("Biểu có nhiều nhất %(most)s bậc.", most=MOST_TIERS)
    found: list[Tier] = []
    for number, line in enumerate(lines, start=1):
        last = number == len(lines)
        tier = _tier(line, last=last)
        if tier is None:
            return (
                msg("Dòng cuối của biểu ghi mức cho phần còn lại, ví dụ “còn lại: 1.000”.")
                if last
                else msg("Dòng %(n)s của biểu ghi đến số nào và mức thu, ví dụ “đến 2: 2.000”.", n=number)
            )
        if tier.amount > MOST_AMOUNT:
            return msg("Mức thu ở dòng %(n)s của biểu quá lớn. Kiểm tra số chữ số 0.", n=number)
        if found and tier.up_to is not None and tier.up_to <= (found[-1].up_to or 0):
            return msg("Dòng %(n)s của biểu phải đến số lớn hơn dòng trước.", n=number)
        if last and _begins_elsewhere(line, found[-1].up_to or 0):
            return msg("Dòng cuối của biểu phải nối tiếp dòng trước; ghi “còn lại: 1.000” cho chắc.")
        found.append(tier)
    return tuple(found)


def typed_tiers(tiers: tuple[Tier, ...]) -> str:
    """The tiers as `read_tiers` reads them."""
    return "\n".join(
        f"còn lại: {grouped(tier.amount)}"
        if tier.up_to is None
        else f"đến {grouped(tier.up_to)}: {grouped(tier.amount)}"
        for tier in tiers
    )


def _tier(line: str, *, last: bool) -> Tier | None:
    found = (_REST if last else _UP_TO).fullmatch(line)
    if found is None:
        return None
    up_to = None if last else _whole(found[1])
    return None if up_to == 0 else Tier(up_to, _whole(found[found.re.groups]))


def _begins_elsewhere(line: str, before: int) -> bool:
    """Whether the last line names where it begins, and that is not where the tier before it ends."""
    found = _REST.fullmatch(line)
    if found is None or found[1] is None:
        return False
    return _whole(found[2]) != (before + 1 if found[1] == "tu" else before)


def _whole(text: str) -> int:
    return int(text.replace(".", "")[:15])
