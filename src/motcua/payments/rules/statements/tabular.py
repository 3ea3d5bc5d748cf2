"""Statements as tables: headings above, totals below, a payment a row; errors by cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from motcua.documents.rules.tables import Table
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc
from motcua.payments.rules.statements import cells
from motcua.payments.rules.statements.camt import same_account
from motcua.payments.rules.statements.cells import Unreadable
from motcua.payments.rules.statements.layouts import Heading, Layout, find_heading, plain
from motcua.payments.rules.statements.lines import LONGEST_NUMBER, BankLine, Note, StatementRead

_SUM = re.compile(
    r"(tong|cong)( cong| so| phat sinh| tien| ghi| doanh so|:|$)|total|so du|balance|luy ke|opening|closing"
    r"|du (dau|cuoi)|phat sinh trong"
)
MOST_PROBLEMS = 200
_ACCOUNT_LABEL = re.compile(r"(so )?(tai khoan|tk)\b|account (no|number)|^account\b")
_ACCOUNT_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9][0-9 .\-]{4,22}[0-9](?![0-9A-Za-z])")


@dataclass(slots=True)
class _Reading:
    table: Table
    heading: Heading
    lines: list[BankLine] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    debits: int = 0
    skipped: int = 0

    def said(self, row: int, name: str) -> str:
        at = self.heading.places.get(name)
        return "" if at is None else self.table.cell(row, at)

    def wrong(self, row: int, name: str, message: Message) -> None:
        self.problems.append(Note(self.table.cell_name(row, self.heading.places[name]), message))


OWN = 100
"""A mapping somebody saved counts before every other when all its columns are there."""


def fits(table: Table, layout: Layout) -> int:
    """How many headings of the layout the table has, 0 when there is no date or no amount, or nothing below."""
    heading = find_heading(table, layout)
    if not heading.usable or heading.row + 1 >= len(table.rows):
        return 0
    saved = layout.key.startswith("own") and len(heading.places) == len(layout.columns)
    return len(heading.places) + (OWN if saved else 0)


def read_table(table: Table, layout: Layout, *, account: str) -> StatementRead:
    """The credits of a table that fits this layout.

    Raises `Invalid` when the words above the table name another account.
    """
    heading = find_heading(table, layout)
    _refuse_other_account(table, heading, account)
    found = _Reading(table, heading)
    for row in range(heading.row + 1, len(table.rows)):
        _row(found, row)
    return StatementRead(
        layout=layout.key,
        lines=tuple(found.lines),
        problems=tuple(found.problems[:MOST_PROBLEMS]),
        debits=found.debits,
        skipped=found.skipped,
    )


def _row(found: _Reading, row: int) -> None:
    date_cell = found.said(row, "date")
    if not re.search(r"[0-9]", date_cell) and (not date_cell or _is_sum(found, row)):
        _without_date(found, row)
        return
    if plain(date_cell) == plain(found.table.cell(found.heading.row, found.heading.places["date"])):
        found.skipped += 1  # the headings again, on the next page
        return
    try:
        amount = _amount(found, row)
    except Unreadable:
        return
    if amount is None or amount == 0:
        found.skipped += 1
        return
    if amount < 0:
        found.debits += 1
        return
    try:
        at, rest = cells.moment(date_cell, found.said(row, "time"))
    except Unreadable:
        found.wrong(
            row, "date", msg("Không đọc được ngày “%(said)s”: ghi dạng 25/11/2025.", said=date_cell[:40])
        )
        return
    if _refuse_formula(found, row):
        return
    found.lines.append(
        BankLine(
            place=found.table.row_name(row),
            at=at,
            amount=amount,
            text=nfc(found.said(row, "text")),
            payer=nfc(found.said(row, "payer"))[:255],
            payer_account=nfc(found.said(row, "payer_account"))[:64],
            number=_number(found, row, rest),
        )
    )


def _without_date(found: _Reading, row: int) -> None:
    """A total, a signature, the rest of a text that runs over several rows; or a payment whose date is missing."""
    filled = {name for name in found.heading.places if found.said(row, name)}
    if filled == {"text"} and found.lines and not _is_sum(found, row):
        last = found.lines[-1]
        found.lines[-1] = replace(last, text=nfc(f"{last.text} {found.said(row, 'text')}"))
        return
    if not _is_sum(found, row) and "date" not in filled:
        try:
            amount = _amount(found, row, silent=True)
        except Unreadable:
            amount = None
        if amount:
            found.wrong(row, "date", msg("Dòng có số tiền mà không có ngày giao dịch."))
            return
    found.skipped += 1


def _is_sum(found: _Reading, row: int) -> bool:
    """A row of totals or balances: its first words say so."""
    first = next((fold(cell) for cell in found.table.rows[row] if cell and not cell[0].isdigit()), "")
    return _SUM.match(first) is not None


def _amount(found: _Reading, row: int, *, silent: bool = False) -> int | None:
    """Signed đồng, credits positive; None where nothing stands. Raises `Unreadable` after noting the cell."""
    name = "credit" if "credit" in found.heading.places else "amount"
    text = found.said(row, name)
    try:
        if name == "credit":
            credit = cells.amount(text)
            if credit:
                return credit
            debit = found.said(row, "debit")
            return -abs(cells.amount(debit)) if debit else None
        return _signed(cells.amount(text), found.said(row, "direction"))
    except Unreadable:
        if not silent:
            found.wrong(row, name, msg("Không đọc được số tiền “%(said)s”.", said=text[:40]))
        raise


def _signed(amount: int, direction: str) -> int:
    said = cells.inward(direction) if direction else None
    return amount if said is None else abs(amount) if said else -abs(amount)


def _number(found: _Reading, row: int, rest: str) -> str:
    """The bank's number: of its column, else what stands under the date."""
    at = found.heading.places.get("number")
    if at is not None:
        return nfc(found.table.cell(row, at))[:LONGEST_NUMBER]
    return rest[:LONGEST_NUMBER] if re.search(r"[0-9]", rest) else ""


def _refuse_formula(found: _Reading, row: int) -> bool:
    for name, at in found.heading.places.items():
        if (row, at) in found.table.formulas:
            found.wrong(row, name, msg("Ô có công thức: dán giá trị thay công thức rồi nhập lại."))
            return True
    return False


def _refuse_other_account(table: Table, heading: Heading, account: str) -> None:
    """What is written above the headings after "số tài khoản" must hold the number of the chosen account."""
    for row in range(heading.row):
        label = " ".join(table.rows[row])
        if not _ACCOUNT_LABEL.search(fold(label)):
            continue
        numbers = _ACCOUNT_NUMBER.findall(label)
        if any(same_account(number, account) for number in numbers):
            return
        if numbers:
            raise Invalid(
                msg(
                    "Sao kê này của tài khoản %(other)s, không phải tài khoản %(account)s đã chọn.",
                    other=numbers[0],
                    account=account,
                ),
                field="account",
            )


def headings_of(table: Table) -> tuple[int, tuple[str, ...]]:
    """The row that most looks like headings, for people who map columns: the widest one without figures."""
    best, width = 0, 0
    for row, filled in enumerate(table.rows[:80]):
        words = sum(bool(cell) and not re.search(r"[0-9]{3}", cell) for cell in filled)
        if words > width:
            best, width = row, words
    return best, table.rows[best] if table.rows else ()


def mapped(name: str, columns: Mapping[str, str], *, key: str = "own") -> Layout:
    """A mapping chosen on the screen: field -> heading."""
    return Layout(key, name, {field: (heading,) for field, heading in columns.items() if heading})
