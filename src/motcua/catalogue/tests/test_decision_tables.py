"""Lists that are not decisions in print: local ones, CSV, pasted ones, and anything at all."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.decisions import (
    DecisionRead,
    read_decision,
    read_decision_blocks,
)
from motcua.catalogue.types import Level, Territory
from motcua.catalogue.types_changes import ChangeAction
from motcua.documents.rules.tables import Table, pasted_table
from motcua.documents.tests.offices import workbook

NEW, AMENDED, REPLACED, ABOLISHED = (
    ChangeAction.NEW,
    ChangeAction.AMENDED,
    ChangeAction.REPLACED,
    ChangeAction.ABOLISHED,
)
SHORT = ("STT", "Mã TTHC", "Tên TTHC", "Thời hạn giải quyết")
TITLE = "Công bố danh mục thủ tục hành chính sửa đổi, bổ sung lĩnh vực đấu thầu"


def read(data: bytes, name: str = "phu-luc.xlsx") -> DecisionRead:
    (found,) = read_decision(data, name=name)
    return found


def sheet(*rows: tuple[object, ...], title: str = "Phụ lục I") -> DecisionRead:
    return read(workbook((title, rows)))


def problems(found: DecisionRead) -> list[tuple[str, str]]:
    return [(problem.cell, problem.message.source()) for problem in found.problems]


def test_counts_and_footnotes_are_no_procedures_and_change_none() -> None:
    def merge(book: Any) -> None:
        book["T"].merge_cells("A4:D4")

    rows = [
        ("DANH MỤC TTHC MỚI BAN HÀNH",),
        SHORT,
        (1, "1.000001", "Một", "5 ngày"),
        ("(*) Thủ tục thực hiện tại Trung tâm Phục vụ hành chính công", None, None, None),
        (2, "1.000002", "Hai", "5 ngày"),
        (None, None, "Tổng cộng: 02 TTHC", None),
        ("Nơi nhận: như trên",),
    ]
    found = read(workbook(("T", rows), change=merge))
    assert [line.name for line in found.lines] == ["Một", "Hai"]
    assert (found.problems, [remark.cell for remark in found.remarks]) == ((), ["T!4", "T!6", "T!7"])


def test_the_list_of_local_procedures_says_in_which_former_province_they_apply() -> None:
    titles = (
        "STT",
        "Tên TTHC",
        "Mã TTHC",
        "Lĩnh vực",
        "Quyết định công bố",
        "VBQPPL quy định thủ tục",
        "Ghi chú",
    )
    found = sheet(
        ("DANH MỤC TTHC ĐẶC THÙ ĐƯỢC CHUẨN HÓA",),
        titles,
        (
            1,
            "Hỗ trợ chi phí hỏa táng",
            "1.006869",
            "Người có công",
            "123/QĐ-UBND",
            "NQ 05",
            "Áp dụng địa bàn Bắc Ninh cũ",
        ),
        (
            2,
            "Chấp thuận thiết kế nút giao",
            "",
            "Đường bộ",
            "",
            "QĐ 10",
            "Chỉ áp dụng tại tỉnh Bắc Giang trước sắp xếp",
        ),
        (3, "Ba", "1.000003", "Đường bộ", "", "QĐ 10", "Bắc Ninh cũ và Bắc Giang cũ"),
    )
    assert found.problems == ()
    territories = [line.values.get("territory") for line in found.lines]
    assert territories == [Territory.BAC_NINH_CU, Territory.BAC_GIANG_CU, None]
    assert found.lines[0].values["field"] == "Người có công"
    assert found.lines[0].values["legal_bases"] == ("NQ 05",)


def test_a_list_as_csv_with_two_lines_of_titles_is_read_too() -> None:
    data = (
        "STT;Mã TTHC;Tên TTHC;Địa điểm thực hiện;;Phí, lệ phí\n"
        ";;;Nơi tiếp nhận và trả kết quả;Cơ quan thực hiện;\n"
        "I;CẤP TỈNH;;;;\n1;1.000001;Một;Trung tâm Phục vụ hành chính công;Sở Nội vụ;Không\n"
    )
    found = read(data.encode(), "a.csv")
    (line,) = found.lines
    assert (found.problems, line.cell) == ((), "Bảng 1, dòng 4, cột 2")
    assert line.values["reception_places"] == "Trung tâm Phục vụ hành chính công"
    assert (line.values["authority"], line.values["levels"]) == ("Sở Nội vụ", (Level.PROVINCE,))


def test_a_pasted_annex_is_read_like_a_file() -> None:
    pasted = pasted_table(
        "<table><tr><td>TT</td><td>Mã TTHC</td><td>Tên TTHC</td></tr>"
        "<tr><td colspan=3>B. TTHC CẤP XÃ BỊ BÃI BỎ</td></tr>"
        "<tr><td>1</td><td>1.009645</td><td>Giải quyết khiếu nại</td></tr></table>"
    )
    found = read_decision_blocks((pasted,))
    (line,) = found.lines
    assert (line.action, line.code, line.values) == (ABOLISHED, "1.009645", {"levels": (Level.COMMUNE,)})


CELLS = st.sampled_from(
    [
        "",
        "STT",
        "Mã TTHC",
        "Tên TTHC",
        "Thời hạn",
        "Phí",
        "1",
        "1.000001",
        "1.00002",
        "nt",
        "CẤP XÃ",
        "CẤP HUYỆN",
        "A. TTHC MỚI BAN HÀNH",
        "Lĩnh vực đất đai",
        "05 ngày",
        "1.000001 1.000002",
        "Không",
        "Tổng số: 2",
        "x",
    ]
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8), st.booleans())
def test_any_table_is_read_and_its_problems_are_named(rows: list[list[str]], as_sheet: bool) -> None:
    table = Table("T", tuple(tuple(row) for row in rows), sheet=as_sheet)
    found = read_decision_blocks((table,), name="a.xlsx")
    assert all(problem.cell and problem.message.source() for problem in found.problems)
    assert [line.position for line in found.lines] == list(range(1, len(found.lines) + 1))
    assert all(line.code or line.old_code or line.name for line in found.lines)


def test_the_code_column_of_ministries_is_known() -> None:
    found = sheet(
        ("STT", "Số hồ sơ TTHC", "Tên TTHC", "Tên VBQPPL quy định việc bãi bỏ"), (1, "1.000001", "A", "TT 1")
    )
    assert [(line.code, line.action) for line in found.lines] == [("1.000001", ABOLISHED)]
