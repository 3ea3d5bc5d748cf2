"""Named mappings of columns: those that come with the product, and those people save."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from motcua.documents.rules.tables import Table
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold
from motcua.payments.rules.statements.cells import INWARD, OUTWARD

DATA = Path(__file__).resolve().parents[2] / "data" / "bank_layouts.json"
LOOKED_AT = 80
FIELDS: Mapping[str, Message] = {
    "date": msg("Ngày giao dịch"),
    "time": msg("Giờ"),
    "number": msg("Số giao dịch của ngân hàng"),
    "credit": msg("Số tiền ghi có"),
    "debit": msg("Số tiền ghi nợ"),
    "amount": msg("Số tiền (một cột)"),
    "direction": msg("Cột dấu hoặc Nợ/Có"),
    "text": msg("Nội dung"),
    "payer": msg("Tên người chuyển"),
    "payer_account": msg("Tài khoản người chuyển"),
}
"""What a column may be, in the order people choose."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which heading stands over what. `doubt` says what about it is not confirmed by any source."""

    key: str
    name: str
    columns: Mapping[str, Sequence[str]]
    bank_bin: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the headings of a table are, and the column of each field found."""

    row: int
    places: Mapping[str, int]

    @property
    def usable(self) -> bool:
        return "date" in self.places and ("credit" in self.places or "amount" in self.places)


def mapping_problems(columns: Mapping[str, str]) -> dict[str, Message]:
    """What is wrong with headings people chose for fields, by field: none for a day or an amount, or one for two."""
    wrong: dict[str, Message] = {}
    if not columns.get("date"):
        wrong["date"] = msg("Chọn cột ghi ngày giao dịch.")
    if not (columns.get("credit") or columns.get("amount")):
        wrong["credit"] = msg("Chọn cột số tiền ghi có, hoặc chọn cột số tiền chung ở dưới.")
    taken: dict[str, str] = {}
    for field, heading in columns.items():
        if heading in taken:
            other = FIELDS[taken[heading]].render()
            wrong[field] = msg("Cột “%(heading)s” đã chọn cho “%(other)s”.", heading=heading, other=other)
        elif heading:
            taken[heading] = field
    return wrong


@cache
def carried_layouts() -> tuple[Layout, ...]:
    """The layouts of the data file, the most general last."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    return tuple(
        Layout(one["key"], one["name"], one["columns"], one["bank_bin"], one["doubt"])
        for one in data["layouts"]
    )


def layout_for(bank_bin: str) -> tuple[Layout, ...]:
    """The layouts to try for an account, its own bank's first, the general one last."""
    known = carried_layouts()
    return (*(one for one in known if one.bank_bin == bank_bin), known[-1])


def find_heading(table: Table, layout: Layout) -> Heading:
    """The row that holds the most headings of the layout; `usable` only with a date and an amount."""
    best = Heading(0, {})
    for row in range(min(len(table.rows), LOOKED_AT)):
        places = _places(table.rows[row], layout)
        found = Heading(row, places)
        if (found.usable, len(places)) > (best.usable, len(best.places)):
            best = found
    return best


def _places(cells: Sequence[str], layout: Layout) -> dict[str, int]:
    """Field -> column. Names of a field count in their order; a column stands for one field only."""
    said = [_variants(cell) for cell in cells]
    places: dict[str, int] = {}
    for field, names in layout.columns.items():
        for name in names:
            wanted = plain(name)
            column = next(
                (at for at, variants in enumerate(said) if wanted in variants and at not in places.values()),
                None,
            )
            if column is not None:
                places[field] = column
                break
    return places


def plain(text: str) -> str:
    """A heading as it is compared: folded, marks as spaces; signs alone stay themselves."""
    folded = fold(text)
    return " ".join(re.sub(r"[^0-9a-z]+", " ", folded).split()) or folded


def _variants(cell: str) -> frozenset[str]:
    """The heading whole, and each of its parts: "Ghi có/ Credit", two lines, words in brackets.

    "Nợ/Có" is neither of its parts: such a column says which way the money went.
    """
    parts = {plain(part) for part in re.split(r"[/\n()|]+", cell)} - {""}
    if parts & INWARD and parts & OUTWARD:
        parts = set()
    return frozenset(parts | ({plain(cell)} - {""}))
