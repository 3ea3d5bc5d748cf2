"""The parts of an expectation as a person reads and types them: a line each. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from motcua.catalogue.rules.time_limits import StartRule, TimeLimit
from motcua.kernel.messages import Message, msg

TEXT, LINES, PAIRS, MONEY, NUMBER = "text", "lines", "pairs", "money", "number"
SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "refused": TEXT,
        "level": TEXT,
        "deciding": TEXT,
        "returning": TEXT,
        "terms": TEXT,
        "due": PAIRS,
        "papers": LINES,
        "fees": MONEY,
        "fee_total": NUMBER,
        "fees_unknown": LINES,
        "letters": PAIRS,
        "form": TEXT,
        "route": LINES,
        "stuck": TEXT,
    }
)
"""How each part of `Expected` is written."""
_PAIR = re.compile(r"\s*(?P<name>[^=]+?)\s*=\s*(?P<value>.*?)\s*")


def as_text(part: str, value: Any) -> str:
    """A part as text: pairs as "name = value", a line for each."""
    shape = SHAPES[part]
    if shape == TEXT:
        return str(value)
    if shape == NUMBER:
        return str(value or 0)
    if shape == LINES:
        return "\n".join(str(line) for line in value)
    return "\n".join(f"{name} = {said}" for name, said in value)


def read_text(part: str, text: str) -> Any | Message:
    """The inverse of `as_text`, or the sentence that says which line cannot be read and how to write it."""
    shape = SHAPES[part]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if shape == TEXT:
        return " ".join(lines)
    if shape == NUMBER:
        return _amount(lines[0] if lines else "0", 1)
    if shape == LINES:
        return tuple(lines)
    found: list[tuple[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        pair = _PAIR.fullmatch(line)
        if pair is None:
            return msg(
                "Dòng %(number)s “%(line)s” phải có dạng “tên = giá trị”.", number=number, line=line[:60]
            )
        value: Any = pair["value"]
        if shape == MONEY:
            value = _amount(value, number)
            if isinstance(value, Message):
                return value
        found.append((pair["name"], value))
    return tuple(found)


def _amount(text: str, number: int) -> int | Message:
    """Whole đồng; dots between thousands are allowed."""
    plain = text.replace(".", "").replace(" ", "").removesuffix("đ").removesuffix("đồng")
    if plain.isascii() and plain.isdigit() and len(plain) <= 12:
        return int(plain)
    return msg(
        "Dòng %(number)s: “%(typed)s” không phải số tiền, hãy ghi số đồng nguyên như 8000.",
        number=number,
        typed=text[:40],
    )


def terms(limit: TimeLimit | None) -> str:
    """The limit in words, with its cut-off, the law's own limit where the province promised less, an unusual start."""
    if limit is None:
        return ""
    legal = limit.legal_text()
    parts = (limit.text(), limit.cutoff.text(), legal)
    said = [part.source() for part in parts if part and part.source()]
    if limit.starts is not StartRule.ON_COMPLETE:
        said.append(limit.starts.value)
    return "; ".join(said)
