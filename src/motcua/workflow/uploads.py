"""What was pasted or uploaded to begin a process: which table, which diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from motcua.documents.rules.tables import Table, pasted_table, read_blocks, refuse_formulas
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.workflow.rules.pasted_rows import DITTO, lines_of

PARAGRAPHS_ABOVE = 8
DIAGRAMS = (".bpmn", ".bpmn20.xml", ".xml")
_AS_ABOVE = "〃"
assert _AS_ABOVE in DITTO


@dataclass(frozen=True, slots=True)
class Found:
    """The chosen table, the paragraphs above it, and how many tables of processes the file has."""

    table: Table
    before: tuple[str, ...]
    count: int


def is_diagram(name: str) -> bool:
    return name.lower().endswith(DIAGRAMS)


def table_in(data: bytes, *, name: str, number: int = 1) -> Found:
    """The `number`-th table of a file that has the headings of a process. Raises TableRefused, Invalid."""
    blocks = read_blocks(data, name=name)
    found: list[tuple[Table, tuple[str, ...]]] = []
    above: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            above = [*above, block][-PARAGRAPHS_ABOVE:]
            continue
        if lines_of(block.rows, block.merged) is not None:
            found.append((block, tuple(above)))
            above = []
    if not found:
        message = msg(
            "Tệp “%(name)s” không có bảng quy trình nào: không thấy cột nội dung, người làm, thời gian.",
            name=name,
        )
        raise Invalid(message, field="file", code="no_process_table")
    if number > len(found):
        message = msg("Tệp chỉ có %(count)s bảng quy trình.", count=len(found))
        raise Invalid(message, field="number", code="no_such_table")
    table, before = found[number - 1]
    refuse_formulas([table])
    return Found(table, before, len(found))


def table_pasted(text: str) -> Found:
    """The table in a pasted text; lines without cells before it are the paragraphs above. Raises TableRefused."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if "\t" in line or line.count("|") > 1 or "<" in line), 0)
    before = tuple(line.strip() for line in lines[:start] if line.strip())[-PARAGRAPHS_ABOVE:]
    return Found(pasted_table("\n".join(lines[start:])), before, 1)


def as_text(table: Table, before: Sequence[str] = ()) -> str:
    """The table as it is pasted, so that what could not be read is put right on the page. Merged cells are marked."""
    rows = []
    for row, cells in enumerate(table.rows):
        shown = []
        for col, cell in enumerate(cells):
            below = (row, col) in table.merged and table.cell(row - 1, col) == cell
            beside = (row, col) in table.merged and col > 0 and cells[col - 1] == cell
            text = _AS_ABOVE if below and not beside else "" if beside else cell
            shown.append(f'"{text.replace(chr(34), chr(34) * 2)}"' if "\n" in text or '"' in text else text)
        rows.append("\t".join(shown))
    return "\n".join([*(line for line in before if line), *rows])
