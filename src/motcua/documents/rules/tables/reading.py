"""The doors: a file's bytes to tables. What cannot be read is refused with what it is and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.documents.rules.tables.delimited import read_delimited
from motcua.documents.rules.tables.kinds import kind_of
from motcua.documents.rules.tables.limits import LIMITS, Budget, TableLimits, refuse
from motcua.documents.rules.tables.sheets import read_workbook
from motcua.documents.rules.tables.table import Block, Table
from motcua.documents.rules.tables.word import read_word

FORMULAS_NAMED = 12


def read_tables(
    data: bytes, *, name: str, keep_formulas: bool = False, limits: TableLimits = LIMITS
) -> tuple[Table, ...]:
    """The tables of an .xlsx, .docx, .csv or .tsv, in order; `TableRefused` when there is none.

    Formula cells are refused, all named at once; with `keep_formulas` they stay in `Table.formulas` so that
    the caller can report them with the other problems of the file.
    """
    tables = tuple(block for block in read_blocks(data, name=name, limits=limits) if isinstance(block, Table))
    if not tables:
        refuse(
            "no_table",
            "Tệp “%(name)s” không có bảng nào đọc được. Hãy kiểm tra đã chọn đúng tệp có phụ lục dạng bảng.",
            name=name,
        )
    if not keep_formulas:
        refuse_formulas(tables)
    return tables


def read_blocks(data: bytes, *, name: str, limits: TableLimits = LIMITS) -> tuple[Block, ...]:
    """Paragraphs (Word only) and tables in the order of the document, formulas kept."""
    budget = Budget(name, limits)
    kind = kind_of(data, name=name, limits=limits)
    if kind == "docx":
        return tuple(read_word(data, budget))
    return tuple(read_workbook(data, budget) if kind == "xlsx" else read_delimited(data, budget))


def refuse_formulas(tables: Sequence[Table]) -> None:
    """Refuse when a cell holds a formula: nobody knows which value it showed when it was signed."""
    cells = [table.cell_name(row, col) for table in tables for row, col in table.formulas]
    if cells:
        more = len(cells) - FORMULAS_NAMED
        listed = ", ".join(cells[:FORMULAS_NAMED]) + (f", … (+{more})" if more > 0 else "")
        refuse(
            "formulas",
            "Có công thức ở các ô: %(cells)s. Hãy chép các ô đó rồi dán giá trị (Paste Special > Values) "
            "thay công thức.",
            cells=listed,
        )
