"""Bank statements: CSV and XLSX by a mapping of columns, camt.053. Pure Python; `read_statement` is the door."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.documents.rules.tables import Table, read_tables
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.payments.rules.statements.camt import looks_like_xml, read_camt
from motcua.payments.rules.statements.encodings import as_utf8
from motcua.payments.rules.statements.fresh import Fresh, Stored, fresh
from motcua.payments.rules.statements.layouts import (
    FIELDS,
    Layout,
    carried_layouts,
    layout_for,
    mapping_problems,
)
from motcua.payments.rules.statements.lines import BankLine, Note, StatementRead
from motcua.payments.rules.statements.tabular import fits, headings_of, mapped, read_table

__all__ = [
    "FIELDS",
    "BankLine",
    "Fresh",
    "Layout",
    "NoLayout",
    "Note",
    "StatementRead",
    "Stored",
    "carried_layouts",
    "columns_of",
    "fresh",
    "layout_for",
    "mapped",
    "mapping_problems",
    "read_statement",
]


class NoLayout(Invalid):
    """No table of the file has the headings of any layout that was tried: let people map the columns."""

    code = "no_layout"


def read_statement(data: bytes, *, name: str, account: str, layouts: Sequence[Layout]) -> StatementRead:
    """The credits of one account. The layout that knows most of the headings counts, the first of equal ones.

    Raises `Invalid` (wrong file, another account), `NoLayout` when the columns must be mapped.
    """
    if looks_like_xml(data):
        return read_camt(data, account=account)
    tables = _tables(data, name)
    best: tuple[int, Layout, Table] | None = None
    for layout in layouts:
        for table in tables:
            found = fits(table, layout)
            if found and (best is None or found > best[0]):
                best = found, layout, table
    if best is None:
        raise NoLayout(
            msg("Không nhận ra các cột của sao kê này. Chỉ cho hệ thống cột nào là ngày, số tiền, nội dung."),
            field="layout",
        )
    return read_table(best[2], best[1], account=account)


def columns_of(data: bytes, *, name: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The headings to map, and a few rows below them to see what stands there; empty for XML."""
    if looks_like_xml(data):
        return (), ()
    table = max(_tables(data, name), key=lambda one: len(one.rows))
    row, headings = headings_of(table)
    return headings, table.rows[row + 1 : row + 4]


def _tables(data: bytes, name: str) -> tuple[Table, ...]:
    return read_tables(as_utf8(data), name=name, keep_formulas=True)
