"""A decision from a file: its body and annexes in Word, its sheets in Excel, a CSV, or JSON.

What is wrong with the file as a whole is refused; what is wrong in its cells is reported, all of it at once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from motcua.catalogue.errors import UnreadableSource
from motcua.catalogue.rules.decisions.annex import AnnexReader
from motcua.catalogue.rules.decisions.columns import header_at
from motcua.catalogue.rules.decisions.head import read_head, read_labelled, with_labelled
from motcua.catalogue.rules.decisions.source_json import read_decisions_json
from motcua.catalogue.rules.decisions.values import DecisionHead, DecisionRead, Problem
from motcua.documents.rules.tables import LIMITS, Block, Table, TableLimits, read_blocks
from motcua.kernel.messages import msg
from motcua.kernel.text import fold

ASIDE_SHEETS = ("huong dan", "vi du", "danh muc chon")
"""Sheets of the template that explain and are not read."""


def read_decision(data: bytes, *, name: str, limits: TableLimits = LIMITS) -> tuple[DecisionRead, ...]:
    """The decisions of a file: one for .xlsx, .docx and .csv, any number for JSON.

    Raises `TableRefused` for a file that holds no table and `UnreadableSource` for JSON of another shape.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["} and len(data) <= limits.max_bytes:
        try:
            document: object = json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            if name.lower().endswith(".json"):
                raise UnreadableSource(
                    msg(
                        "Tệp “%(name)s” không phải là JSON đọc được. Hãy kiểm tra dấu ngoặc, dấu phẩy.",
                        name=name,
                    ),
                    field="file",
                ) from None
        else:
            return read_decisions_json(document, name=name)
    return (read_decision_blocks(read_blocks(data, name=name, limits=limits), name=name),)


def read_decision_blocks(blocks: Sequence[Block], *, name: str = "") -> DecisionRead:
    """The decision of paragraphs and tables, from a file or pasted."""
    kept = [block for block in blocks if isinstance(block, str) or not _aside(block)]
    labelled: dict[str, str] = {}
    texts: list[str] = []
    for block in kept:
        if isinstance(block, str):
            texts.append(block)
        elif found := read_labelled(block):
            labelled.update(found)
        else:
            texts.extend(_texts(block))
    head = with_labelled(read_head(texts), labelled)
    reader = AnnexReader(head)
    annexes = 0
    for block in kept:
        if isinstance(block, str):
            reader.paragraph(block)
        elif read_labelled(block) is None:
            annexes += reader.table(block)
    formulas = _formulas(kept)
    named = {problem.cell for problem in formulas}
    problems = [*formulas, *(problem for problem in reader.problems if problem.cell not in named)]
    if not annexes:
        problems.append(
            Problem(
                name,
                msg(
                    "Không nhận ra bảng thủ tục nào. Bảng cần dòng tiêu đề có ít nhất hai cột trong số: STT, Mã TTHC, "
                    "Tên TTHC, Thời hạn giải quyết, Phí, lệ phí, Căn cứ pháp lý."
                ),
            )
        )
    return DecisionRead(_settled(head, reader), tuple(reader.lines), tuple(problems), tuple(reader.remarks))


def _settled(head: DecisionHead, reader: AnnexReader) -> DecisionHead:
    """The field of the only group where the title names none."""
    fields = {str(line.values.get("field", "")) for line in reader.lines} - {""}
    return replace(head, field=fields.pop()) if not head.field and len(fields) == 1 else head


def _aside(table: Table) -> bool:
    return table.sheet and fold(table.name).startswith(ASIDE_SHEETS)


def _texts(table: Table) -> list[str]:
    """The words of a table that may belong to the head: a letterhead whole, an annex down to its titles."""
    found: list[str] = []
    for row, cells in enumerate(table.rows):
        if header_at(table, row):
            break
        found.extend(cell for col, cell in enumerate(cells) if cell and table.is_anchor(row, col))
    return found


def _formulas(blocks: Sequence[Block]) -> list[Problem]:
    return [
        Problem(
            block.cell_name(row, col),
            msg("Ô là công thức. Hãy chép ô rồi dán giá trị (Paste Special > Values) thay công thức."),
        )
        for block in blocks
        if isinstance(block, Table)
        for row, col in block.formulas
    ]
