"""The workbook of a decision on units: what is written into it is read back by its headings."""

from __future__ import annotations

import io

import openpyxl
import pytest

from motcua.documents.rules.tables import read_tables
from motcua.organisation.adapters.succession_template import HEADINGS, succession_template
from motcua.organisation.rules.succession import Kind, Problem
from motcua.organisation.rules.succession_file import SuccessionFile, from_tables

FACTS = ("99/NQ-HĐND", "20/11/2026", "Hội đồng nhân dân tỉnh", "Nhập hai phường", "01/12/2026")


def filled(*rows: tuple[str, ...]) -> tuple[SuccessionFile | None, list[Problem]]:
    book = openpyxl.load_workbook(io.BytesIO(succession_template([])))
    for number, value in enumerate(FACTS, start=1):
        book["Quyết định"].cell(number, 2).value = value
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            book["Kế thừa"].cell(number, place).value = value
    book.save(out := io.BytesIO())
    return from_tables(read_tables(out.getvalue(), name="mau.xlsx", keep_formulas=True))


def test_a_filled_template_is_a_succession() -> None:
    file, problems = filled(
        ("Sáp nhập", "07228", "07210"), ("Chia, tách", "07246", "07582", "", "Đất đai; Hộ tịch")
    )
    assert problems == []
    assert file is not None
    assert (file.number, file.title, len(file.lines)) == ("99/NQ-HĐND", "Nhập hai phường", 3)
    assert file.lines[0].kind is Kind.MERGE


@pytest.mark.parametrize(
    ("row", "cell"),
    [(("Nuốt", "07228", "07210"), "Kế thừa!A2"), (("Sáp nhập", "07228", "=A1"), "Kế thừa!C2")],
)
def test_a_wrong_cell_and_a_formula_are_named(row: tuple[str, ...], cell: str) -> None:
    file, problems = filled(row)
    assert file is None
    assert cell in [problem.where for problem in problems]


def test_an_empty_template_says_what_it_lacks() -> None:
    file, problems = filled()
    assert file is None and problems
    assert len(HEADINGS) == 6
