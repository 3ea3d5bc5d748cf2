"""No row of an annex disappears without a word, whatever its cells begin with."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.catalogue.rules.decisions import DecisionRead, read_decision
from motcua.documents.tests.offices import Rows, workbook
from motcua.kernel.text import fold, nfc

TITLES = ("STT", "Mã TTHC", "Tên thủ tục hành chính", "Thời hạn giải quyết", "Phí, lệ phí", "Ghi chú")
OPENING = st.sampled_from(
    [
        "Thủ tục",
        "Thủ tục hành chính",
        "Tên thủ tục",
        "TTHC",
        "Mã số",
        "Cấp",
        "Quyết định",
        "Phí",
        "Lĩnh vực",
        "",
    ]
)
WORDS = st.lists(
    st.sampled_from(["đăng ký", "bảo vệ môi trường", "mới", "bổ sung", "cấp lại", "quặng đuôi", "thay thế"]),
    max_size=3,
).map(" ".join)
NAMES = st.builds(lambda opening, words: nfc(f"{opening} {words}".strip()), OPENING, WORDS)
CODES = st.sampled_from(["", "1.014199", "Mã số sẽ cấp sau", "Mã TTHC", "Chưa có mã", "Số hồ sơ"])
OTHERS = st.sampled_from(["", "Thời hạn 05 ngày làm việc", "Phí: 50.000 đồng", "Căn cứ Luật A", "Ghi chú"])


def annex(rows: Rows) -> DecisionRead:
    """What is read of a workbook of one sheet."""
    (read,) = read_decision(workbook(("Phụ lục", rows)), name="phu-luc.xlsx")
    return read


def told(read: DecisionRead, name: str, row: int) -> bool:
    """Whether a row is a line, part of one, or named among what was reported."""
    words = fold(name)
    lines = (fold(f"{line.name} {line.values}") for line in read.lines)
    spoken = [*read.problems, *read.remarks]
    return any(words in line for line in lines) or any(
        f"{row}" in one.cell or words[:100] in fold(one.message.source()) for one in spoken
    )


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(CODES, NAMES, OTHERS, OTHERS, OTHERS), min_size=1, max_size=4),
    counted=st.booleans(),
)
def test_every_row_is_a_line_or_is_reported(
    rows: list[tuple[str, str, str, str, str]], counted: bool
) -> None:
    shown = [
        (str(number) if counted else "", code, f"{name} số hiệu {number}" if name else "", *more)
        for number, (code, name, *more) in enumerate(rows, 1)
    ]
    read = annex((TITLES, *shown))
    for number, row in enumerate(shown, 2):
        assert not any(row) or not row[2] or told(read, row[2], number), (row, read)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("Mã số sẽ cấp sau", "Thủ tục cấp giấy phép môi trường"),
        ("Mã TTHC chưa có", "Thủ tục hành chính về đăng ký nuôi con nuôi"),
        ("Mã TTHC", "Thủ tục mới"),
        ("Số hồ sơ", "Tên thủ tục hành chính"),
    ],
)
def test_a_numbered_row_is_a_procedure_whatever_it_begins_with(code: str, name: str) -> None:
    rows = (TITLES, ("1", code, name, "05 ngày làm việc", "", ""), ("2", "1.014199", "Cấp phép", "", "", ""))
    read = annex(rows)
    assert [line.name for line in read.lines] == [name, "Cấp phép"]


def test_a_row_without_a_number_is_a_procedure_when_its_name_says_more_than_a_title() -> None:
    rows = (TITLES[1:], ("Mã số sẽ cấp sau", "Thủ tục cấp giấy phép môi trường", "05 ngày làm việc", "", ""))
    read = annex(rows)
    assert [line.name for line in read.lines] == ["Thủ tục cấp giấy phép môi trường"]


def test_titles_in_the_middle_of_a_table_are_told() -> None:
    rows = (
        ("STT", "Mã TTHC", "Tên TTHC"),
        ("1", "1.014199", "Cấp phép"),
        ("STT", "Tên TTHC bị bãi bỏ", "Mã TTHC"),
        ("1", "Cấp lại", "1.014200"),
    )
    read = annex(rows)
    assert [line.code for line in read.lines] == ["1.014199", "1.014200"]
    assert any("tiêu đề cột của phần sau" in one.message.source() for one in read.remarks)
