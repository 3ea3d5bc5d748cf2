"""Decisions read from Word, Excel and CSV in Bắc Ninh's layouts; every problem is named by its cell."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

import pytest

from motcua.catalogue.rules.decisions import (
    DecisionHead,
    DecisionLine,
    DecisionRead,
    read_decision,
    values_from_dict,
    values_to_dict,
)
from motcua.catalogue.tests.decision_files import (
    SECOND,
    TITLES,
    merged_annex,
    work_permits,
)
from motcua.catalogue.types import Level, OnlineLevel
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.documents.tests.offices import Rows, document, workbook
from motcua.kernel.clock import VN

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


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=VN)


def test_the_printed_decision_of_work_permits_is_understood() -> None:
    found = read(work_permits(), "1513.docx")
    assert found.problems == ()
    head = found.head
    assert (head.number, head.signed_on) == ("1513/QĐ-UBND", date(2025, 11, 22))
    assert head.issuer == "Chủ tịch Ủy ban nhân dân tỉnh Bắc Ninh"
    assert (head.kind, head.field) == (ChangeKind.PUBLISH, "Việc làm")
    assert head.effective_at == midnight(2025, 11, 20)
    assert head.based_on == "886/QĐ-BNV ngày 11/08/2025"
    first, second, third = found.lines
    assert (first.code, first.cell, first.action) == ("1.014199", "Bảng 2, dòng 4, cột 2", NEW)
    assert first.values["levels"] == (Level.PROVINCE,)
    assert first.values["authority"] == "Ban Quản lý các khu công nghiệp"
    assert first.values["online"] is OnlineLevel.FULL
    assert first.raw["Địa điểm (Cơ quan) thực hiện – Cơ quan thực hiện"] == "Ban Quản lý các khu công nghiệp"
    assert second.values["authority"] == first.values["authority"]  # "nt"
    assert (third.code, third.name) == ("", "Gia hạn giấy phép lao động")
    assert [case.name for case in third.values["cases"]] == ["Hồ sơ giấy", "Hồ sơ điện tử"]  # type: ignore[attr-defined]  # cases
    for line in found.lines:
        assert values_from_dict(values_to_dict(line.values)) == line.values


def test_group_rows_set_action_level_and_field_for_the_rows_below() -> None:
    found = sheet(
        ("PHỤ LỤC",),
        ("DANH MỤC THỦ TỤC HÀNH CHÍNH MỚI BAN HÀNH; SỬA ĐỔI, BỔ SUNG; BỊ BÃI BỎ",),
        SHORT,
        ("A. DANH MỤC TTHC MỚI BAN HÀNH",),
        ("I", "CẤP TỈNH"),
        ("1", "Lĩnh vực đấu thầu"),
        (1, "1.000001", "Một", "5 ngày"),
        ("II", "CẤP XÃ"),
        (1, "1.000002", "Hai", "5 ngày"),
        ("B. DANH MỤC TTHC BỊ BÃI BỎ",),
        (1, "1.000003", "Ba", ""),
    )
    assert found.problems == ()
    one, two, three = found.lines
    assert (one.action, one.values["levels"], one.values["field"]) == (NEW, (Level.PROVINCE,), "Đấu thầu")
    assert (two.action, two.values["levels"]) == (NEW, (Level.COMMUNE,))
    assert "field" not in two.values
    assert (three.action, dict(three.values)) == (ABOLISHED, {})


def test_levels_outside_and_actions_inside_are_nested_as_the_document_nests_them() -> None:
    found = sheet(
        SHORT,
        ("I. CẤP TỈNH",),
        ("A. TTHC MỚI BAN HÀNH",),
        (1, "1.000001", "Một", ""),
        ("B. TTHC SỬA ĐỔI, BỔ SUNG",),
        (1, "1.000002", "Hai", ""),
        ("II. CẤP XÃ",),
        ("A. TTHC MỚI BAN HÀNH",),
        (1, "1.000003", "Ba", ""),
    )
    said = [(line.action, line.values["levels"]) for line in found.lines]
    assert said == [(NEW, (Level.PROVINCE,)), (AMENDED, (Level.PROVINCE,)), (NEW, (Level.COMMUNE,))]


def test_headings_between_word_tables_say_what_happens() -> None:
    rows: Rows = (SHORT, ("1", "1.000001", "Thủ tục", "5 ngày"))
    found = read(
        document(
            "A. DANH MỤC TTHC MỚI BAN HÀNH",
            rows,
            "B. DANH MỤC TTHC ĐƯỢC SỬA ĐỔI, BỔ SUNG",
            rows,
            "C. DANH MỤC TTHC ĐƯỢC THAY THẾ",
            rows,
            "D. DANH MỤC TTHC BỊ BÃI BỎ",
            rows,
        ),
        "a.docx",
    )
    assert [line.action for line in found.lines] == [NEW, AMENDED, REPLACED, ABOLISHED]
    assert [line.cell for line in found.lines][3] == "Bảng 4, dòng 2, cột 2"


def test_every_sheet_is_an_annex_of_its_own_and_its_name_may_say_what_it_lists() -> None:
    def row(code: str) -> list[tuple[object, ...]]:
        return [SHORT, ("CẤP TỈNH",), (1, code, "Tên", "")]

    data = workbook(
        ("Mới ban hành", row("1.000001")),
        ("Bãi bỏ", [SHORT, (1, "1.000002", "Tên", "")]),
        ("Phụ lục III", [("TTHC SỬA ĐỔI, BỔ SUNG",), SHORT, (1, "1.000003", "Tên", "")]),
    )
    lines = read(data).lines
    assert [line.action for line in lines] == [NEW, ABOLISHED, AMENDED]
    assert [line.values.get("levels") for line in lines] == [(Level.PROVINCE,), None, None]


def test_a_sentence_of_the_body_is_no_heading() -> None:
    found = read(
        document(
            "Điều 1. Công bố danh mục thủ tục hành chính bị bãi bỏ lĩnh vực đất đai.",
            "DANH MỤC THỦ TỤC HÀNH CHÍNH MỚI BAN HÀNH",
            [SHORT, ("1", "1.000001", "Sửa đổi, bổ sung giấy phép", "5 ngày")],
        ),
        "a.docx",
    )
    assert [line.action for line in found.lines] == [NEW]


def test_headers_printed_on_every_page_and_numbered_columns_are_no_lines() -> None:
    def merge(made: Any) -> None:
        merged_annex(made.tables[0], group_rows=())

    filled = ("1", "1.000001", "Một", "", "", "", "5 ngày", "Không", "Luật A")
    numbers = ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)")
    repeated = tuple(cell or "" for cell in TITLES)
    found = read(
        document(
            "DANH MỤC TTHC MỚI BAN HÀNH",
            [TITLES, SECOND, numbers, filled, repeated, ("2", "1.000002", *filled[2:])],
            change=merge,
        ),
        "a.docx",
    )
    assert (len(found.lines), found.problems) == (2, ())


def test_rows_that_go_on_and_cells_merged_downwards_are_one_line() -> None:
    def merge(book: Any) -> None:
        for column in "ABC":
            book["T"].merge_cells(f"{column}3:{column}4")

    rows = [
        SHORT,
        (1, "1.000001", "Cấp giấy phép", "05 ngày làm việc"),
        (2, "1.000002", "Hai", "Trường hợp thường: 05 ngày"),
        (None, None, None, "Trường hợp khẩn: 02 ngày"),
        (3, "1.000003", "Chứng nhận cơ sở", "5 ngày"),
        (None, None, "đủ điều kiện", None),
    ]
    found = read(workbook(("T", rows), change=merge))
    assert [line.name for line in found.lines] == ["Cấp giấy phép", "Hai", "Chứng nhận cơ sở đủ điều kiện"]
    assert len(found.lines[1].values["cases"]) == 2  # type: ignore[arg-type]  # cases


def test_a_table_that_goes_on_in_another_table_keeps_its_columns() -> None:
    found = read(
        document(
            "DANH MỤC TTHC MỚI BAN HÀNH",
            [SHORT, ("1", "1.000001", "Một", "5 ngày")],
            "",
            [("2", "1.000002", "Hai", "5 ngày"), ("3", "1.000003", "Ba", "6 ngày")],
        ),
        "a.docx",
    )
    assert [line.code for line in found.lines] == ["1.000001", "1.000002", "1.000003"]


@pytest.mark.parametrize(
    ("cell", "old", "code"),
    [
        ("1.009645.H05", "", "1.009645"),
        ("1.000236.000.00.00.H42", "", "1.000236"),
        ("1,009645", "", "1.009645"),
        ("1.012796 -> 1.115446", "1.012796", "1.115446"),
        ("1.012796 → 1.115446", "1.012796", "1.115446"),
        ("1.012796 đổi thành 1.115446", "1.012796", "1.115446"),
        ("1.115446\n(mã cũ: 1.012796)", "1.012796", "1.115446"),
        ("1.115446 (thay thế cho 1.012796)", "1.012796", "1.115446"),
        ("chưa có mã", "", ""),
        ("-", "", ""),
        (1.004873, "", "1.004873"),
    ],
)
def test_codes_are_read_however_they_are_written(cell: object, old: str, code: str) -> None:
    found = sheet(("DANH MỤC TTHC SỬA ĐỔI, BỔ SUNG",), SHORT, (1, cell, "Tên", ""))
    assert found.problems == ()
    assert (found.lines[0].old_code, found.lines[0].code) == (old, code)


def test_old_and_new_codes_in_two_columns() -> None:
    found = sheet(("STT", "Mã TTHC cũ", "Mã TTHC mới", "Tên TTHC"), (1, "1.012796", "1.115446", "Đính chính"))
    assert [(line.action, line.old_code, line.code) for line in found.lines] == [
        (REPLACED, "1.012796", "1.115446")
    ]


def test_abolished_ones_keep_reason_and_successor() -> None:
    found = sheet(
        ("STT", "Mã TTHC", "Tên TTHC", "Căn cứ hoặc lý do bãi bỏ", "Ghi chú"),
        (1, "2.002481", "Chuyển trường", "Thông tư 12/2026/TT-BGDĐT", "thay bằng 2.002854"),
    )
    (line,) = found.lines
    assert line.action is ABOLISHED
    assert line.values["replaced_by"] == ("2.002854",)
    assert line.values["reason"] == "Thông tư 12/2026/TT-BGDĐT"


def test_every_broken_row_is_reported_by_cell() -> None:
    found = sheet(
        ("DANH MỤC TTHC SỬA ĐỔI, BỔ SUNG",),
        ("STT", "Mã TTHC", "Tên TTHC", "Thời hạn giải quyết", "Phí, lệ phí", "Cấp thực hiện"),
        (1, 1.00487, "Một", "5 ngày", "Không", "Cấp tỉnh"),
        (2, "1.O00002", "Hai", "khoảng một tuần", "700 đồng", "Cấp xã"),
        (3, "1.000003 1.000004", "Ba", "1.500 ngày", "vài chục nghìn", "cấp phường"),
        (4, "", "", "5 ngày", "", ""),
        (5, "1.000005", "Năm", "=A1", "=B1", ""),
        ("CẤP HUYỆN",),
        (6, "1.000006", "Sáu", "900 ngày", "5.000 đồng", ""),
    )
    assert [cell.removeprefix("Phụ lục I!") for cell, _ in problems(found)] == [
        *("D7", "E7"),
        "B3",
        *("B4", "D4", "E4"),
        *("B5", "F5", "D5", "E5"),
        "C6",
        "8",
        "D9",
    ]
    says = dict(problems(found))
    assert "thiếu chữ số" in says["Phụ lục I!B3"] and "Văn bản" in says["Phụ lục I!B3"]
    assert "không đúng dạng" in says["Phụ lục I!B4"]
    assert "Không hiểu thời hạn" in says["Phụ lục I!D4"]
    assert "nhỏ hơn 1.000 đồng" in says["Phụ lục I!E4"]
    assert "2 mã" in says["Phụ lục I!B5"]
    assert "Không hiểu cấp" in says["Phụ lục I!F5"]
    assert "không có mã và không có tên" in says["Phụ lục I!C6"]
    assert "công thức" in says["Phụ lục I!D7"] and "dán giá trị" in says["Phụ lục I!E7"]
    assert "Không còn cấp huyện" in says["Phụ lục I!8"]
    assert "không hợp lý" in says["Phụ lục I!D9"]


def test_as_above_with_nothing_above_is_reported() -> None:
    found = sheet(("DANH MỤC TTHC MỚI BAN HÀNH",), SHORT, (1, "1.000001", "Một", "nt"))
    assert [cell for cell, _ in problems(found)] == ["Phụ lục I!D3"]


def test_a_table_of_procedures_without_titles_is_reported_and_others_are_left_alone() -> None:
    found = read(document([("1", "1.000001", "Một")], [("Nơi nhận", "CHỦ TỊCH")]), "a.docx")
    assert [cell for cell, _ in problems(found)] == ["Bảng 1, dòng 1, cột 2"]
    nothing = read(document([("Kính gửi", "Sở Nội vụ")]), "a.docx")
    assert "Không nhận ra bảng" in problems(nothing)[0][1]


def test_a_line_whose_action_nobody_states_is_only_noted() -> None:
    found = sheet(SHORT, (1, "1.000001", "Một", "5 ngày"))
    assert (found.lines[0].action, found.problems) == (ChangeAction.NOTED, ())
    assert [remark.cell for remark in found.remarks] == ["Phụ lục I!C2"]


def test_fifteen_hundred_lines_are_read_in_a_few_seconds() -> None:
    rows: list[tuple[object, ...]] = [("DANH MỤC TTHC SỬA ĐỔI, BỔ SUNG",), SHORT]
    rows += [(n, f"1.{n:06d}", f"Cấp giấy phép số {n}", "05 ngày làm việc") for n in range(1, 1_501)]
    data = workbook(("Phụ lục", rows))
    began = time.process_time()
    found = read(data)
    assert (len(found.lines), found.problems) == (1_500, ())
    assert time.process_time() - began < 10


def test_a_line_keeps_a_short_cell_name() -> None:
    long = "T" * 31
    found = sheet(("DANH MỤC TTHC MỚI BAN HÀNH",), SHORT, (1, "1.000001", "Một", ""), title=long)
    line: DecisionLine = found.lines[0]
    assert line.cell == f"{long}!B3" and isinstance(found.head, DecisionHead)
