"""What a collecting unit and its bank account may look like, and a spreadsheet of them read. Pure.

Every wrong cell of a spreadsheet is named, all at once; a file with one wrong cell is not used at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from motcua.kernel.days import read_day
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc

TAX_CODE = re.compile(r"\d{10}(-\d{3})?")
NUMBER = re.compile(r"[0-9A-Za-z]{1,19}")
PARTNER = re.compile(r"[0-9A-Za-z._\-]{1,64}")
YES, NO = frozenset({"co", "x", "1", "yes", "true"}), frozenset({"", "khong", "0", "no", "false"})
COLUMNS: Mapping[str, str] = {
    "ma don vi": "unit",
    "don vi": "unit",
    "ten tren bien lai": "name",
    "ten don vi thu": "name",
    "ma so thue": "tax_code",
    "dia chi": "address",
    "may the": "takes_card",
    "nhan the": "takes_card",
    "ma doi tac": "platform_partner",
    "ngan hang": "bank",
    "so tai khoan": "number",
    "chu tai khoan": "holder",
    "tu ngay": "starts_on",
    "ngay dang ky": "registered_on",
}
HEADINGS = (
    "Mã đơn vị",
    "Tên trên biên lai",
    "Mã số thuế",
    "Địa chỉ",
    "Máy thẻ",
    "Mã đối tác",
    "Ngân hàng",
    "Số tài khoản",
    "Chủ tài khoản",
    "Từ ngày",
    "Ngày đăng ký",
)


class Table(Protocol):
    """What is read of a table of `documents.rules.tables`."""

    @property
    def rows(self) -> Sequence[Sequence[str]]: ...

    def cell_name(self, row: int, col: int) -> str: ...


@dataclass(frozen=True, slots=True)
class CollectorData:
    """What stands on receipts and which ways to pay are opened."""

    name: str
    tax_code: str = ""
    address: str = ""
    takes_card: bool = False
    platform_partner: str = ""


@dataclass(frozen=True, slots=True)
class AccountData:
    """A bank account of a unit. `registered_on`: since when it is registered at the National Portal."""

    bank_bin: str
    number: str
    holder: str
    starts_on: date
    ends_on: date | None = None
    registered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of a spreadsheet: its code or name, its data, perhaps an account."""

    unit: str
    collector: CollectorData
    account: AccountData | None
    where: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A wrong cell."""

    where: str
    text: Message

    def render(self) -> str:
        return f"{self.where}: {self.text.render()}" if self.where else self.text.render()


def tidy(data: CollectorData) -> CollectorData:
    """The same in one spelling."""
    return CollectorData(
        name=nfc(data.name)[:255],
        tax_code=re.sub(r"[\s.]", "", data.tax_code),
        address=nfc(data.address)[:255],
        takes_card=data.takes_card,
        platform_partner=data.platform_partner.strip(),
    )


def tidy_account(data: AccountData) -> AccountData:
    """The same in one spelling: numbers without what people write between figures."""
    return AccountData(
        bank_bin=data.bank_bin.strip(),
        number=re.sub(r"(?<=\w)[\s.\-]+(?=\w)", "", data.number.strip()),
        holder=nfc(data.holder)[:160],
        starts_on=data.starts_on,
        ends_on=data.ends_on,
        registered_on=data.registered_on,
    )


def wrong_collector(data: CollectorData) -> tuple[str, Message] | None:
    """The field at fault with a sentence; None when all is well."""
    if not data.name:
        return "name", msg("Nhập tên đơn vị thu như sẽ in trên biên lai.")
    if data.tax_code and not TAX_CODE.fullmatch(data.tax_code):
        return "tax_code", msg("Mã số thuế gồm 10 chữ số, đơn vị phụ thuộc thêm gạch ngang và 3 chữ số.")
    if data.platform_partner and not PARTNER.fullmatch(data.platform_partner):
        return "platform_partner", msg("Mã đối tác chỉ gồm chữ không dấu, số, dấu chấm và gạch.")
    return None


def wrong_account(data: AccountData, receives: Mapping[str, bool]) -> tuple[str, Message] | None:
    """The field at fault with a sentence; `receives` says of each known bank whether VietQR reaches it."""
    if data.bank_bin not in receives:
        return "bank_bin", msg("Chọn ngân hàng trong danh sách.")
    if not receives[data.bank_bin]:
        return "bank_bin", msg("Ngân hàng này chưa nhận chuyển khoản bằng mã VietQR. Chọn ngân hàng khác.")
    if not NUMBER.fullmatch(data.number):
        return "number", msg("Số tài khoản gồm 1 đến 19 chữ số hoặc chữ cái không dấu.")
    if not data.holder:
        return "holder", msg("Nhập tên chủ tài khoản như ngân hàng ghi.")
    if data.ends_on is not None and data.ends_on < data.starts_on:
        return "ends_on", msg("Ngày cuối dùng phải từ ngày bắt đầu trở đi.")
    return None


def overlapping(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two periods share a day; an open end lasts for ever."""
    return (first[1] is None or second[0] <= first[1]) and (second[1] is None or first[0] <= second[1])


def read_rows(
    tables: Sequence[Table], *, banks: Mapping[str, str], receives: Mapping[str, bool]
) -> tuple[list[Row], list[Problem]]:
    """Rows of every table that has the columns. `banks`: folded short names, names and numbers to numbers."""
    rows: list[Row] = []
    problems: list[Problem] = []
    found = False
    for table in tables:
        start, columns = _heading(table)
        if columns:
            found = True
            for number in range(start + 1, len(table.rows)):
                row = _Reading(table, number, columns)
                if any(row.cells.values()):
                    read = _read(row, banks, receives)
                    problems += row.problems
                    rows += [read] if read and not row.problems else []
    if not found:
        problems.append(Problem("", msg("Không thấy dòng tiêu đề có các cột Mã đơn vị, Tên trên biên lai.")))
    elif not rows and not problems:
        problems.append(Problem("", msg("Danh sách chưa có dòng nào.")))
    return rows, problems


class _Reading:
    """One row under reading: its cells by column, and how to name them."""

    def __init__(self, table: Table, number: int, columns: Mapping[str, int]) -> None:
        cells = table.rows[number]
        self.cells = {
            name: nfc(cells[place]) if place < len(cells) else "" for name, place in columns.items()
        }
        self.name: Callable[[str], str] = lambda column: table.cell_name(
            number, columns.get(column, columns["unit"])
        )
        self.problems: list[Problem] = []

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def wrong(self, column: str, text: Message) -> None:
        self.problems.append(Problem(self.name(column), text))

    def day(self, column: str) -> date | None:
        text = self.get(column)
        day = read_day(text.split(" ")[0], short_year=True)
        if text and day is None:
            self.wrong(column, msg("Không đọc được ngày “%(value)s”; viết 01/7/2025.", value=text[:40]))
        return day


def _heading(table: Table) -> tuple[int, dict[str, int]]:
    for number, cells in enumerate(table.rows[:30]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            name = COLUMNS.get(fold(cell).strip(" *:()"))
            if name:
                columns.setdefault(name, place)
        if {"unit", "name"} <= columns.keys():
            return number, columns
    return 0, {}


def _read(row: _Reading, banks: Mapping[str, str], receives: Mapping[str, bool]) -> Row | None:
    if not row.get("unit"):
        row.wrong("unit", msg("Nhập mã đơn vị."))
    card = fold(row.get("takes_card"))
    if card not in YES | NO:
        row.wrong("takes_card", msg("Máy thẻ ghi “có” hoặc để trống."))
    collector = tidy(
        CollectorData(
            row.get("name"), row.get("tax_code"), row.get("address"), card in YES, row.get("platform_partner")
        )
    )
    wrong = wrong_collector(collector)
    if wrong is not None:
        row.wrong(*wrong)
    return Row(row.get("unit"), collector, _account(row, banks, receives), row.name("unit"))


def _account(row: _Reading, banks: Mapping[str, str], receives: Mapping[str, bool]) -> AccountData | None:
    if not any(row.get(column) for column in ("bank", "number", "holder")):
        return None
    starts_on, registered_on = row.day("starts_on"), row.day("registered_on")
    if starts_on is None:
        if not row.get("starts_on"):
            row.wrong("starts_on", msg("Nhập ngày bắt đầu dùng tài khoản."))
        return None
    account = tidy_account(
        AccountData(
            banks.get(fold(row.get("bank")), ""),
            row.get("number"),
            row.get("holder"),
            starts_on,
            registered_on=registered_on,
        )
    )
    wrong = wrong_account(account, receives)
    if wrong is not None:
        row.wrong("bank" if wrong[0] == "bank_bin" else wrong[0], wrong[1])
    return account
