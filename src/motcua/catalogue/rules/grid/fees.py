"""Fee lines as lines of text, and back: `name | amount | per | resolution`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from motcua.catalogue.rules.source_fees import SMALLEST_FEE
from motcua.catalogue.types import FeeLine
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, grouped, nfc
from motcua.workflow.rules.slug import slug

UNKNOWN, FREE, HELD = "chưa rõ", "miễn", "chờ duyệt"
LARGEST_FEE = 10_000_000_000
"""Đồng; anything larger is a slip of the fingers."""
MOST_LINES = 60
_AMOUNT = re.compile(r"(\d{1,3}(?:[.\s]\d{3})+|\d{1,12})\s*(?:đồng|đ|vnđ|vnd)?", re.IGNORECASE)


def fees_text(fees: Sequence[FeeLine]) -> str:
    """The fee lines as people edit them."""
    return "\n".join(
        " | ".join((_clean(fee.name), _amount_text(fee), _clean(fee.per), _clean(fee.set_by))) for fee in fees
    )


def read_fees(text: str, before: Sequence[FeeLine]) -> tuple[FeeLine, ...] | Message:
    """The fee lines of a text, or what is wrong with which line.

    A line keeps what the text does not show (condition, channels, days) from the line of the same name. A new or
    changed amount must name the resolution that sets it (Law on fees and charges 2015, article 21).
    """
    lines = [line for line in map(nfc, text.splitlines()) if line]
    if len(lines) > MOST_LINES:
        return msg("Ô này nhận nhiều nhất %(count)s dòng phí.", count=MOST_LINES)
    left = list(before)
    found: list[FeeLine] = []
    taken = {fee.key for fee in before}
    for number, line in enumerate(lines, 1):
        fee = _read_line(line, number, left, taken)
        if isinstance(fee, Message):
            return fee
        found.append(fee)
    return tuple(found)


def _read_line(line: str, number: int, left: list[FeeLine], taken: set[str]) -> FeeLine | Message:
    parts = [nfc(part) for part in line.split("|")]
    if len(parts) != 4 or not parts[0]:
        return msg(
            "Dòng %(line)s phải có bốn phần cách nhau bằng dấu |: tên phí | số tiền | đơn vị tính | nghị quyết.",
            line=number,
        )
    name, amount_words, per, set_by = parts
    old = next((fee for fee in left if _clean(fee.name) == name), None)
    if old is not None:
        left.remove(old)
        if (amount_words, per, set_by) == (_amount_text(old), _clean(old.per), _clean(old.set_by)):
            return old
    amount = _read_amount(amount_words)
    if isinstance(amount, Message):
        return msg("Dòng %(line)s: %(problem)s", line=number, problem=amount)
    if amount is not None and not set_by and (old is None or old.amount != amount):
        return msg(
            "Dòng %(line)s: ghi nghị quyết của Hội đồng nhân dân (hoặc thông tư) đặt ra mức “%(name)s” ở phần cuối.",
            line=number,
            name=name[:80],
        )
    if old is not None:
        settled = amount is not None and HELD not in amount_words.casefold()
        return replace(
            old,
            amount=amount,
            per=per if per != _clean(old.per) else old.per,
            set_by=set_by if set_by != _clean(old.set_by) else old.set_by,
            applies=old.applies or settled,
            hold_reason="" if settled else old.hold_reason,
        )
    return FeeLine(
        key=_new_key(name, taken),
        kind="le_phi" if fold(name).startswith("le phi") else "phi",
        name=name,
        amount=amount,
        per=per,
        set_by=set_by,
    )


def _new_key(name: str, taken: set[str]) -> str:
    base = slug(name)[:40] or "phi"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    taken.add(key)
    return key


def _amount_text(fee: FeeLine) -> str:
    if fee.amount is None:
        return UNKNOWN
    text = FREE if fee.amount == 0 else grouped(fee.amount)
    return text if fee.applies else f"{text} ({HELD})"


def _read_amount(text: str) -> int | Message | None:
    plain = text.casefold().replace(f"({HELD})", "").strip()
    if plain in {"", UNKNOWN, "-", "—"}:
        return None
    if plain in {FREE, "0", "không thu", "miễn phí"}:
        return 0
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        return msg("không hiểu số tiền “%(typed)s”; ghi như 8.000, “miễn” hoặc “chưa rõ”.", typed=text[:40])
    amount = int(re.sub(r"\D", "", found.group(1)))
    if 0 < amount < SMALLEST_FEE:
        return msg("%(amount)s đồng nhỏ hơn 1.000 đồng; có phải thiếu ba số không?", amount=amount)
    if amount > LARGEST_FEE:
        return msg("số tiền “%(typed)s” quá lớn.", typed=text[:40])
    return amount


def _clean(text: str) -> str:
    return nfc(text.replace("|", "/"))
