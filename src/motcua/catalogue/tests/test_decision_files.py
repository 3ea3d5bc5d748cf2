"""Decisions read from Word, Excel, CSV and JSON in Bắc Ninh's layouts; every problem is named by its cell."""

from __future__ import annotations

import json
import time
from datetime import date, datetime
from typing import Any

import pytest

from motcua.catalogue.errors import UnreadableSource
from motcua.catalogue.rules.decisions import (
    DecisionHead,
    DecisionLine,
    DecisionRead,
    read_decision,
    read_decisions_json,
    values_from_dict,
    values_to_dict,
    write_decision_workbook,
)
from motcua.catalogue.snapshot import DATA
from motcua.catalogue.tests.decision_files import (
    SECOND,
    TITLES,
    key,
    listed,
    merged_annex,
    printed,
    work_permits,
)
from motcua.catalogue.types import Level, OnlineLevel, Territory
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.documents.errors import TableRefused
from motcua.documents.tests.offices import Rows, document, workbook
from motcua.kernel.clock import VN
from motcua.kernel.text import fold

NEW, AMENDED, REPLACED, ABOLISHED = (
    ChangeAction.NEW,
    ChangeAction.AMENDED,
    ChangeAction.REPLACED,
    ChangeAction.ABOLISHED,
)
SHORT = ("STT", "Mã TTHC", "Tên TTHC", "Thời hạn giải quyết")
TITLE = "Công bố danh mục thủ tục hành chính sửa đổi, bổ sung lĩnh vực đấu thầu"


def carried() -> tuple[DecisionRead, ...]:
    return read_decisions_json(json.loads((DATA / "decisions.json").read_text(encoding="utf-8")))


CARRIED = carried()


def read(data: bytes, name: str = "phu-luc.xlsx") -> DecisionRead:
    (found,) = read_decision(data, name=name)
    return found


def sheet(*rows: tuple[object, ...], title: str = "Phụ lục I") -> DecisionRead:
    return read(workbook((title, rows)))


def problems(found: DecisionRead) -> list[tuple[str, str]]:
    return [(problem.cell, problem.message.source()) for problem in found.problems]


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=VN)


def test_the_carried_decisions_are_all_read() -> None:
    assert len(CARRIED) == 45
    assert sum(len(found.lines) for found in CARRIED) == 398
    assert [problem for found in CARRIED for problem in found.problems] == []
    assert all(found.head.number and found.head.issuer and found.head.kind for found in CARRIED)


@pytest.mark.parametrize("found", CARRIED, ids=lambda found: found.head.number)
def test_a_decision_printed_in_word_or_excel_gives_the_same_lines(found: DecisionRead) -> None:
    for again in (read(printed(found), "a.docx"), read(listed(found))):
        assert again.problems == ()
        assert [key(line) for line in again.lines] == [key(line) for line in found.lines]


@pytest.mark.parametrize("found", CARRIED, ids=lambda found: found.head.number)
def test_a_printed_head_gives_the_same_head(found: DecisionRead) -> None:
    head, again = found.head, read(printed(found), "a.docx").head
    assert (again.number, again.signed_on) == (head.number, head.signed_on)
    assert fold(again.issuer).replace("ubnd", "uy ban nhan dan") == fold(head.issuer).replace(
        "ubnd", "uy ban nhan dan"
    )
    assert fold(again.title) == fold(head.title)


@pytest.mark.parametrize("found", CARRIED, ids=lambda found: found.head.number)
def test_the_template_filled_from_a_decision_reads_back_as_it(found: DecisionRead) -> None:
    again = read(write_decision_workbook(found.head, found.lines))
    assert again.problems == ()
    assert [key(line) for line in again.lines] == [key(line) for line in found.lines]
    assert (again.head.number, again.head.kind, again.head.title) == (
        found.head.number,
        found.head.kind,
        found.head.title,
    )
    assert (again.head.effective_at, again.head.effective_to) == (
        found.head.effective_at,
        found.head.effective_to,
    )
    assert (again.head.effective_rule, again.head.notes) == (found.head.effective_rule, found.head.notes)


def test_an_empty_template_has_no_line_and_asks_for_its_head() -> None:
    found = read(write_decision_workbook())
    assert (found.lines, found.problems) == ((), ())
    assert found.head.missing == ("number", "signed_on", "issuer", "kind", "title", "effective_at")


@pytest.mark.parametrize("found", CARRIED, ids=lambda found: found.head.number)
def test_values_of_lines_survive_json(found: DecisionRead) -> None:
    for line in found.lines:
        assert values_from_dict(json.loads(json.dumps(values_to_dict(line.values)))) == line.values


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


def test_a_head_sheet_without_a_number_still_gives_its_other_parts() -> None:
    labelled = [("Số quyết định", ""), ("Ngày ký", "22/11/2025"), ("Cơ quan ban hành", "UBND tỉnh Bắc Ninh")]
    head = read(workbook(("Quyết định", labelled), ("Phụ lục", [SHORT]))).head
    assert (head.number, head.signed_on, head.issuer) == ("", date(2025, 11, 22), "UBND tỉnh Bắc Ninh")


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


def test_the_code_column_of_ministries_is_known() -> None:
    found = sheet(
        ("STT", "Số hồ sơ TTHC", "Tên TTHC", "Tên VBQPPL quy định việc bãi bỏ"), (1, "1.000001", "A", "TT 1")
    )
    assert [(line.code, line.action) for line in found.lines] == [("1.000001", ABOLISHED)]


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


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("Điều 2. Quyết định này có hiệu lực kể từ ngày ký.", midnight(2025, 11, 22), None),
        ("Điều 2. Quyết định này có hiệu lực thi hành từ ngày 01/12/2025.", midnight(2025, 12, 1), None),
        (
            "Điều 2. Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2025 đến hết ngày 31 tháng 12 năm 2026.",
            midnight(2025, 7, 1),
            midnight(2027, 1, 1),
        ),
        (
            "Điều 2. Thủ tục hành chính có hiệu lực theo Quyết định số 3740/QĐ-BTC ngày 05/11/2025.",
            None,
            None,
        ),
        ("Điều 2. Quyết định này có hiệu lực kể từ ngày 20/11/20225.", None, None),
        ("Căn cứ Luật có hiệu lực từ ngày 01/7/2025;", None, None),
    ],
)
def test_the_effective_day_is_read_or_asked_for(
    sentence: str, first: datetime | None, last: datetime | None
) -> None:
    letterhead = [("ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "Bắc Ninh, ngày 22 tháng 11 năm 2025")]
    head = read(document(letterhead, "QUYẾT ĐỊNH", TITLE, sentence, [SHORT]), "a.docx").head
    assert (head.effective_at, head.effective_to) == (first, last)
    assert ("effective_at" in head.missing) == (first is None)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Công bố danh mục TTHC bị bãi bỏ", ChangeKind.PUBLISH),
        ("Công bố danh mục và quy trình nội bộ TTHC sửa đổi", ChangeKind.PUBLISH),
        ("Công bố danh mục TTHC nội bộ sửa đổi", ChangeKind.PUBLISH_INTERNAL),
        ("Phê duyệt 05 quy trình nội bộ lĩnh vực đầu tư", ChangeKind.INTERNAL_PROCESS),
        (
            "Phê duyệt danh mục TTHC thực hiện không phụ thuộc vào địa giới hành chính",
            ChangeKind.NON_TERRITORIAL,
        ),
        ("Thông báo đổi mã TTHC đất đai", ChangeKind.RENUMBER),
        ("Kế hoạch năm", None),
    ],
)
def test_the_title_says_what_kind_of_decision_it_is(title: str, kind: ChangeKind | None) -> None:
    assert read(document("QUYẾT ĐỊNH", f"Về việc {title}", [SHORT]), "a.docx").head.kind is kind


def test_parts_that_are_not_there_are_missing_not_guessed() -> None:
    head = read(
        document([("UBND", "ngày    tháng 11 năm 2025"), ("Số:       /QĐ-UBND", "")], [SHORT]), "a.docx"
    ).head
    assert (head.number, head.signed_on, head.effective_at) == ("", None, None)


@pytest.mark.parametrize(
    "document_",
    [42, [], {}, {"decisions": []}, {"decisions": {}}, {"rows": []}],
)
def test_json_of_another_shape_is_refused(document_: object) -> None:
    with pytest.raises(UnreadableSource):
        read_decisions_json(document_)


def test_broken_json_lines_are_all_named_by_path() -> None:
    bad = {
        "number": "1/QĐ-UBND",
        "date": "32/13/2025",
        "kind": "poem",
        "new": [{"code": "1.00001", "name": "x"}, {"name": ""}, "text"],
        "other": [{"code": "1.000001", "action": "sing"}],
        "replaced": [{"old": "1.000002", "new": ""}],
        "surprise": 1,
    }
    (found,) = read_decisions_json([bad])
    places = [problem.cell.removeprefix("decisions[0] 1/QĐ-UBND.") for problem in found.problems]
    assert places == [
        "date",
        "kind",
        "new[0].code",
        "new[1]",
        "new[2]",
        "replaced[0].new",
        "other[0].action",
        "surprise",
    ]


def test_json_that_is_not_json_and_files_that_are_no_tables_are_refused() -> None:
    with pytest.raises(UnreadableSource):
        read_decision(b'{"decisions": [', name="a.json")
    with pytest.raises(TableRefused):
        read_decision(b"%PDF-1.7", name="a.xlsx")


def test_fifteen_hundred_lines_are_read_in_a_few_seconds() -> None:
    rows: list[tuple[object, ...]] = [("DANH MỤC TTHC SỬA ĐỔI, BỔ SUNG",), SHORT]
    rows += [(n, f"1.{n:06d}", f"Cấp giấy phép số {n}", "05 ngày làm việc") for n in range(1, 1_501)]
    data = workbook(("Phụ lục", rows))
    began = time.perf_counter()
    found = read(data)
    assert (len(found.lines), found.problems) == (1_500, ())
    assert time.perf_counter() - began < 10


def test_a_line_keeps_a_short_cell_name() -> None:
    long = "T" * 31
    found = sheet(("DANH MỤC TTHC MỚI BAN HÀNH",), SHORT, (1, "1.000001", "Một", ""), title=long)
    line: DecisionLine = found.lines[0]
    assert line.cell == f"{long}!B3" and isinstance(found.head, DecisionHead)
