"""The columns of an annex, by their titles as Bắc Ninh and the ministries print them, also in two lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from motcua.catalogue.rules.decisions.wording import codes_in
from motcua.documents.rules.tables import Table
from motcua.kernel.text import fold, nfc

_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (column, re.compile(pattern))
    for column, pattern in (
        ("position", r"^(?:stt|tt|so tt|so thu tu|thu tu)$"),
        ("replaced_by", r"^(?:bi |duoc )?thay the (?:boi|bang)|^ma (?:tthc )?thay the$"),
        ("old_code", r"^ma\b.*\b(?:cu|truoc day|(?:bi|duoc) thay the)\b|^ma (?:bi|duoc) thay"),
        ("code", r"^(?:ma|so ho so)\b(?!.*\b(?:giay|thanh phan|ket qua|linh vuc)\b)"),
        ("old_name", r"^ten\b.*\b(?:bi|duoc) thay the\b"),
        ("change", r"^noi dung (?:duoc )?(?:sua doi|thay doi|bo sung)"),
        ("action", r"^(?:hinh thuc )?thay doi$|^loai thay doi$|^hanh dong$|^tinh trang$"),
        ("reason", r"\bbai bo\b"),
        ("name", r"^(?:ten )?(?:tthc|thu tuc(?: hanh chinh)?)\b(?!.*\bso\b)|^ten$|^ten quy trinh"),
        ("field", r"^linh vuc"),
        ("level", r"^cap(?: (?:thuc hien|giai quyet|hanh chinh))?$"),
        ("reception", r"\btiep nhan\b|\bnop ho so\b|^noi tra\b"),
        ("place", r"^(?:dia diem|noi thuc hien)"),
        ("competent", r"\btham quyen\b"),
        ("authority", r"^(?:co quan|don vi)(?: (?:chu tri|thuc hien|giai quyet)| \/ ?don vi)?\b"),
        ("legal_limit", r"^thoi (?:han|gian)\b.*\b(?:theo quy dinh|luat dinh|phap luat)"),
        ("limit", r"^thoi (?:han|gian)\b"),
        ("bases", r"\bcan cu\b|\bco so phap ly\b|\bvbqppl\b|\bvan ban quy pham\b"),
        ("fees", r"\bphi\b"),
        ("decision", r"\bquyet dinh cong bo\b"),
        ("territory", r"^(?:dia ban|pham vi)\b(?!.*\bdia gioi\b)"),
        ("online_full", r"^(?:dvc(?:tt)? )?toan trinh$"),
        ("online_partial", r"^(?:dvc(?:tt)? )?mot phan$"),
        ("online", r"\bdich vu cong\b|\bdvc(?:tt)?\b|^muc do\b"),
        ("manner", r"^(?:cach thuc|hinh thuc)\b"),
        ("papers", r"^thanh phan\b"),
        ("results", r"^ket qua\b"),
        ("applicants", r"^doi tuong\b"),
        ("note", r"^ghi chu\b"),
    )
)
_TITLE_OF_NAMES = re.compile(
    r"(?:(?:ten|cac|danh muc|tthc|thu tuc|hanh chinh|noi bo|linh vuc|nhom|quy trinh|dich vu cong|cong viec|"
    r"nganh|moi|duoc|bi|de nghi|ban hanh|sua doi|bo sung|thay the|bai bo|chuan hoa|cong bo|va|hoac|theo|"
    r"quy dinh|quyet dinh|cu|hien hanh|truoc day|ma|so|cap|tinh|xa|\d+|[^\w\s]+)\b\s*|[^\w\s]\s*)+"
)
"""All that a title above names is made of; a procedure that is called "Thủ tục …" says more."""
_NUMBERED = re.compile(r"\(?(\d{1,2}|[a-zđ])\)?")


@dataclass(frozen=True, slots=True)
class Header:
    """The kind and the title of each column, "" where the title says nothing known; `after` is the first row below."""

    kinds: tuple[str, ...]
    titles: tuple[str, ...]
    after: int

    def column(self, kind: str) -> int | None:
        """Where a kind stands; None when the table has no such column."""
        return self.kinds.index(kind) if kind in self.kinds else None


def kind_of_title(title: str) -> str:
    """The kind of column a title names; "" when none is known."""
    folded = fold(re.sub(r"\s*\([^)]*\)", "", title)) or fold(title)
    return next((kind for kind, pattern in _TITLES if pattern.search(folded)), "")


def header_at(table: Table, row: int, under: Header | None = None) -> Header | None:
    """The header that begins at a row; None when the row is none.

    `under`: the header in force above. A row with a number where that one numbers its rows is a procedure, whatever
    its cells begin with ("Thủ tục …", "Mã số sẽ được cấp sau").
    """
    titles = table.rows[row]
    if under is not None and _is_numbered(titles, under):
        return None
    if codes_in(" ".join(titles)) or max((len(title) for title in titles), default=0) > 200:
        return None
    kinds = [kind_of_title(title) for title in titles]
    if any(
        kind == "name" and not _TITLE_OF_NAMES.fullmatch(fold(title))
        for kind, title in zip(kinds, titles, strict=True)
    ):
        return None
    known = {kind for kind in kinds if kind}
    if len(known) < 2 or not known & {"name", "code"} or len(set(titles) - {""}) < 2:
        return None
    below = row + 1
    while below < len(table.rows) and below <= row + 2 and _is_second_line(table, row, below):
        kinds, titles = _with_second_line(kinds, titles, table.rows[below])
        below += 1
    return Header(tuple(_without_doubles(kinds)), tuple(nfc(title) for title in titles), below)


def _is_numbered(cells: Sequence[str], under: Header) -> bool:
    position = under.column("position")
    if position is None or position >= len(cells):
        return False
    return cells[position].strip("(). ").isdigit()


def is_numbering(cells: Sequence[str]) -> bool:
    """The row "(1) (2) (3) …" or "A B 1 2 …" that some tables have below the titles."""
    filled = [cell for cell in cells if cell]
    found = [_NUMBERED.fullmatch(fold(cell)) for cell in filled]
    if len(filled) < 3 or not all(found):
        return False
    numbers = [int(m[1]) for m in found if m is not None and m[1].isdigit()]
    return (
        len(numbers) >= 2
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] == 1
    )


def repeats(header: Header, cells: Sequence[str]) -> bool:
    """Whether a row is the header printed again at the top of a page."""
    filled = [(index, fold(cell)) for index, cell in enumerate(cells) if cell]
    if len(filled) < 2 or codes_in(" ".join(cells)):
        return False
    return all(
        index < len(header.titles) and text and text in fold(header.titles[index]) for index, text in filled
    )


def _is_second_line(table: Table, row: int, below: int) -> bool:
    """Whether the next row only parts titles above it: what it says stands below a title that spans columns."""
    titles, cells = table.rows[row], table.rows[below]
    says = 0
    for col, cell in enumerate(cells):
        if not cell or (not table.is_anchor(below, col) and cell in titles):
            continue
        spanned = col < len(titles) and (_spans(table, row, col) or not titles[col])
        if not spanned or codes_in(cell) or cell.strip("(). ").isdigit():
            return False
        says += 1
    return says > 0


def _spans(table: Table, row: int, col: int) -> bool:
    """Whether the title of a column is written over several columns."""
    titles = table.rows[row]
    to_the_right = (
        col + 1 < len(titles) and titles[col + 1] == titles[col] and not table.is_anchor(row, col + 1)
    )
    to_the_left = col > 0 and titles[col - 1] == titles[col] and not table.is_anchor(row, col)
    empty_right = col + 1 < len(titles) and bool(titles[col]) and not titles[col + 1]
    return to_the_right or to_the_left or empty_right


def _with_second_line(
    kinds: Sequence[str], titles: Sequence[str], cells: Sequence[str]
) -> tuple[list[str], tuple[str, ...]]:
    """Kinds and titles after the second line: a lower title counts before the one it stands under."""
    joined_kinds: list[str] = []
    joined_titles: list[str] = []
    parent = ""
    for col in range(max(len(titles), len(cells))):
        parent = titles[col] if col < len(titles) and titles[col] else parent
        lower = cells[col] if col < len(cells) else ""
        if not lower or lower == parent:
            joined_kinds.append(kinds[col] if col < len(kinds) else "")
            joined_titles.append(titles[col] if col < len(titles) else "")
            continue
        joined_kinds.append(kind_of_title(lower) or kind_of_title(parent))
        joined_titles.append(f"{parent} – {lower}")
    return joined_kinds, tuple(joined_titles)


def _without_doubles(kinds: Sequence[str]) -> list[str]:
    """A kind counts at its first column; a second code column after a first one is what replaces it."""
    seen: set[str] = set()
    kept: list[str] = []
    for kind in kinds:
        kept.append("" if kind in seen else kind)
        seen.add(kind)
    return kept
