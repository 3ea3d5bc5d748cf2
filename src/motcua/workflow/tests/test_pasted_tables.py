"""Tables as decisions print them, pasted or uploaded, become processes; what was guessed is told by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.workflow.rules import pasted_words as words
from motcua.workflow.rules.checks import check
from motcua.workflow.rules.definition import ProcessDefinition, Span, StepKind, TimeUnit
from motcua.workflow.rules.pasted import About, PastedProcess, read_process_table, write_process_table
from motcua.workflow.rules.walk import table_total

WORKING, CALENDAR, HOURS = TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY, TimeUnit.WORKING_HOUR


@dataclass(frozen=True)
class Grid:
    rows: tuple[tuple[str, ...], ...]
    merged: frozenset[tuple[int, int]] = frozenset()

    def cell_name(self, row: int, col: int) -> str:
        return f"{chr(65 + col)}{row + 1}"


def table(text: str, merged: frozenset[tuple[int, int]] = frozenset()) -> Grid:
    """Rows in lines, cells between bars; `/n` breaks a line inside a cell."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return Grid(
        tuple(tuple(c.strip().replace("/n", "\n") for c in line.split("|")) for line in lines), merged
    )


def read(text: str, merged: frozenset[tuple[int, int]] = frozenset(), **about: Any) -> PastedProcess:
    return read_process_table(table(text, merged), About(**about))


def steps_of(found: PastedProcess) -> ProcessDefinition:
    assert found.definition is not None, [str(r.message) for r in found.remarks]
    return found.definition


def codes(found: PastedProcess) -> set[str]:
    return {remark.code for remark in found.remarks}


BAC_NINH = """
Thứ tự công việc | Nội dung công việc cụ thể | Đơn vị/Người thực hiện | Thời gian thực hiện | Sản phẩm
1 | Kiểm tra, số hóa, tiếp nhận, chuyển hồ sơ | Công chức của Sở Tài chính tại TTPVHCC tỉnh | 0,5 ngày | Giấy tiếp nhận
2 | Phân công giải quyết | Lãnh đạo Phòng chuyên môn | 0,25 ngày | Hồ sơ được phân công
3 | Thẩm định; dự thảo văn bản xin ý kiến | Chuyên viên xử lý hồ sơ | 0.5 ngày | Văn bản lấy ý kiến
4 | Xem xét trình Lãnh đạo Sở | Lãnh đạo Phòng chuyên môn | ¼ ngày |
5 | Ký duyệt văn bản lấy ý kiến | Lãnh đạo Sở Tài chính | ½ ngày |
6 | Cho ý kiến thẩm định | Các Sở, ban, ngành được xin ý kiến | 07 ngày | Văn bản tham gia ý kiến
7 | Tổng hợp:/n- Trường hợp 1: Chưa đủ: thông báo bổ sung/n- Trường hợp 2: Đủ: báo cáo | Chuyên viên | 2 | Báo cáo
8 | Xem xét | Lãnh đạo Phòng chuyên môn | 1 |
9 | Ký | Lãnh đạo Sở Tài chính | 1 |
10 | Lấy số, đóng dấu, chuyển VP UBND tỉnh hoặc gửi thông báo bổ sung | Văn thư Sở | 0,5 | Báo cáo
11 | Xem xét, ban hành quyết định hoặc văn bản từ chối | UBND tỉnh | 3 ngày | Quyết định
12 | Số hóa kết quả; chuyển về nơi tiếp nhận ban đầu | Công chức chuyên môn và công chức tại TTPVHCC | 0,5 | Kết quả
 | Tổng | | 17 ngày |
"""


def test_a_decision_of_bac_ninh_becomes_a_process_that_adds_up() -> None:
    found = read(BAC_NINH, limit=Span(Fraction(17), CALENDAR), title="Chấp thuận chủ trương đầu tư")
    definition = steps_of(found)
    assert found.errors == ()
    assert table_total(definition).in_unit(CALENDAR) == 17
    assert [s.role for s in definition.steps] == [
        *("one_stop_officer", "dept_head", "specialist", "dept_head", "leader", "external"),
        *("specialist", "dept_head", "leader", "clerk", "leader", "one_stop_officer"),
    ]
    seven = definition.by_key["b7"]
    assert [o.label for o in seven.outcomes] == [
        "Trường hợp 1: Chưa đủ: thông báo bổ sung",
        "Trường hợp 2: Đủ: báo cáo",
    ]
    assert definition.by_key["b6"].kind is StepKind.CONSULT
    assert not [finding for finding in check(definition) if finding.severity == "error"]


def test_every_real_table_written_out_reads_back_with_the_same_steps(
    processes: dict[str, ProcessDefinition],
) -> None:
    """Order, words, time and product come back in all; what only the transcriber knew is in the list."""
    assert len(processes) == 63
    for definition in processes.values():
        about = About(
            title=definition.title, key=definition.key, level=definition.level, limit=definition.limit
        )
        found = read_process_table(Grid(write_process_table(definition)), about)
        back = steps_of(found)
        assert found.errors == (), definition.key
        assert [(s.name, s.performer, s.output) for s in back.steps if s.key != "tra-ket-qua"] == [
            (s.name, s.performer, s.output) for s in definition.steps if s.key != "tra-ket-qua"
        ], definition.key


# What a table cannot say: the transcriber's reading of who stands behind a department, and days beside working days.
ROLES_ONLY_THE_TRANSCRIBER_KNEW = {
    "Sở Tư pháp nơi cư trú",
    "Sở Tư pháp + UBND cấp xã",
    "VPĐKĐĐ",
    "Sở Xây dựng / Ban QL các KCN / UBND cấp xã",
    "UBND cấp xã",
}


def test_roles_are_read_from_the_words_of_real_tables(processes: dict[str, ProcessDefinition]) -> None:
    wrong = set()
    for definition in processes.values():
        for step in definition.steps:
            read_as = words.role_of(step.performer)
            if step.kind is not StepKind.WAIT and (read_as is None or read_as.key != step.role):
                wrong.add(step.performer)
    assert wrong <= ROLES_ONLY_THE_TRANSCRIBER_KNEW


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("0,25", "1/4", WORKING),
        ("0.25 ngày", "1/4", WORKING),
        ("½ ngày", "1/2", WORKING),
        ("1½ ngày", "3/2", WORKING),
        ("1/2 ngày", "1/2", WORKING),
        ("nửa ngày", "1/2", WORKING),
        ("02 giờ làm việc", "2", HOURS),
        ("04 giờ", "4", HOURS),
        ("30 phút", "1/2", HOURS),
        ("01 ngày (08 giờ)", "1", WORKING),
        ("Không quá 07 ngày làm việc", "7", WORKING),
        ("02 ngày kể từ ngày nhận đủ hồ sơ", "2", WORKING),
    ],
)
def test_amounts_of_time_are_read_exactly(text: str, amount: str, unit: TimeUnit) -> None:
    found = words.time_cell(text, default=WORKING)
    assert (found.span, found.left, found.counted) == (Span(Fraction(amount), unit), "", True)


@pytest.mark.parametrize("text", ["nhanh", "5 ngày; 3 ngày", "1/0 ngày", "2 tuần trăng"])
def test_what_is_no_amount_is_left_over_and_never_guessed(text: str) -> None:
    found = words.time_cell(text, default=WORKING)
    assert found.left or found.span is None


def test_office_hours_and_not_counted_keep_a_step_out_of_the_limit() -> None:
    assert words.time_cell("Không tính thời gian", default=WORKING) == words.TimeCell(counted=False)
    assert words.time_cell("Giờ hành chính", default=WORKING).office_hours
    posted = words.time_cell("15 ngày (không tính thời gian)", default=CALENDAR)
    assert posted.span == Span(Fraction(15), CALENDAR)
    assert not posted.counted


CAO_BANG = """
Thủ tục 1. Cấp giấy phép (1.001234) | | |
Thủ tục 2. Cấp lại giấy phép (1.001235.000.00.00.H14) | | |
Thời hạn giải quyết: 03 ngày làm việc | | |
Thứ tự công việc | Nội dung công việc | Đơn vị thực hiện | Thời gian thực hiện
(1) | (2) | (3) | (4)
B1 | Tiếp nhận hồ sơ | Trung tâm Phục vụ hành chính công | 0,25 ngày
B2 | Phân công | Lãnh đạo phòng | 0,25 ngày
B3 | Thẩm định | Chuyên viên | 0,5 ngày
B4 | Ký | Lãnh đạo Sở | 0,25 ngày
B5 | Đóng dấu | Văn thư Sở | 0,5 ngày
B6 | Xem xét, quyết định | Văn phòng UBND tỉnh | 1,25 ngày
B7 | Trả kết quả | Trung tâm Phục vụ hành chính công | Không tính thời gian
Tổng thời gian giải quyết | | | 03 ngày làm việc
"""


def test_one_process_for_a_group_of_procedures_names_them_all() -> None:
    found = read(CAO_BANG)
    definition = steps_of(found)
    assert definition.procedure_codes == ("1.001234", "1.001235")
    assert definition.limit == Span(Fraction(3), WORKING)
    assert definition.steps[-1].kind is StepKind.RETURN
    assert not definition.steps[-1].counted
    assert {"group", "limit_read", "title_read"} <= codes(found)
    assert not found.errors


HA_NOI = """
Tên bước | Đơn vị/người thực hiện | Nội dung | Thời hạn (giờ làm việc) | Biểu mẫu/kết quả
Bước 1: Tiếp nhận hồ sơ | Bộ phận Một cửa | Kiểm tra thành phần hồ sơ | 4 | Mẫu 01
Bước 2: Thẩm định | Chuyên viên phòng chuyên môn | Xem xét hồ sơ | 16 | Dự thảo
Bước 3: Ký | Lãnh đạo Sở | Ký duyệt | 4 | Quyết định
Bước 4: Trả kết quả | Bộ phận Một cửa | Trả cho người dân | Giờ hành chính | Quyết định
"""


def test_hours_in_the_heading_and_steps_with_names_are_read_as_hanoi_writes_them() -> None:
    definition = steps_of(read(HA_NOI))
    assert definition.steps[0].name == "Tiếp nhận hồ sơ. Kiểm tra thành phần hồ sơ"
    assert [s.time for s in definition.steps[:3]] == [Span(Fraction(n), HOURS) for n in (4, 16, 4)]
    assert definition.steps[3].note == "giờ hành chính"


def test_a_heading_repeated_on_the_next_page_is_passed_over_and_a_second_process_is_told() -> None:
    page = "Bước | Nội dung | Trách nhiệm | Thời gian\n"
    first = "1 | Tiếp nhận | Cán bộ tiếp nhận | 1\n2 | Xử lý | Chuyên viên | 1\n"
    third = "3 | Ký | Lãnh đạo Sở | 1\n"
    continued = read(page + first + page + third)
    assert len(steps_of(continued).steps) == 4
    again = read(page + first + third + page + first)
    assert len(steps_of(again).steps) == 4
    assert "second_process" in codes(again)


def test_a_merged_time_is_shared_by_its_rows() -> None:
    text = """
    TT | Nội dung công việc | Người thực hiện | Thời gian
    1 | Tiếp nhận | Cán bộ tiếp nhận | ½ ngày
    2 | Thẩm định | Công chức Tư pháp | 2 ngày
    3 | Ký | Chủ tịch UBND xã | 2 ngày
    4 | Đóng dấu | Văn thư | 〃
    5 | Trả kết quả | Cán bộ tiếp nhận | Không tính thời gian
    """
    definition = steps_of(read(text, frozenset({(3, 3)}), limit=Span(Fraction("2.5"), WORKING)))
    assert len({s.shared_group for s in definition.steps[1:4]}) == 1
    assert table_total(definition).in_unit(WORKING) == Fraction(5, 2)


def test_rows_merged_under_one_number_are_joined_or_asked_together() -> None:
    text = """
    TT | Nội dung công việc | Người thực hiện | Thời gian | Sản phẩm
    1 | Tiếp nhận | Cán bộ tiếp nhận | 0,5 | Giấy hẹn
    2 | Thẩm định | Chuyên viên | 1 | Tờ trình
      | Trường hợp không đủ thì dự thảo trả lời | | | Văn bản trả lời
    3 | Tham gia ý kiến | Sở Xây dựng được lấy ý kiến | 3 | Văn bản
    3 | Tham gia ý kiến | Công an tỉnh | 2 | Văn bản
    4 | Ký | Lãnh đạo Sở | 1 | Quyết định
    5 | Trả kết quả | Cán bộ tiếp nhận | |
    """
    found = read(text, frozenset({(5, 0)}))
    definition = steps_of(found)
    assert definition.by_key["b2"].output == "Tờ trình / Văn bản trả lời"
    assert definition.by_key["b2"].outcomes[0].to == ("b3", "b3_2")
    assert {"row_joined", "parallel", "time_empty"} <= codes(found)
    assert not [f for f in check(definition) if f.severity == "error"]


def test_a_part_of_an_organisation_heads_its_rows() -> None:
    text = """
    TT | Nội dung công việc | Người thực hiện | Thời gian
    1 | Tiếp nhận | Cán bộ tiếp nhận | 1
    UBND TỈNH | UBND TỈNH | UBND TỈNH | UBND TỈNH
    2 | Quyết định | Chủ tịch UBND tỉnh | 1
    """
    assert steps_of(read(text)).steps[1].phase == "UBND TỈNH"


def test_what_is_not_understood_is_an_error_by_row_and_column() -> None:
    text = """
    TT | Nội dung công việc | Đơn vị thực hiện | Thời gian | Sản phẩm | Màu sắc
    1 | Tiếp nhận | Cán bộ tiếp nhận | 0,5 ngày | Giấy hẹn | đỏ
    2 | Thẩm định | Ông Ba | lâu lắm | Dự thảo | xanh
    3 | | Chuyên viên | 1 | |
    """
    found = read(text)
    assert [(r.code, r.row, r.column, r.cell) for r in found.errors] == [
        ("time_unclear", 3, "Thời gian", "D3"),
        ("performer_unclear", 3, "Đơn vị thực hiện", "C3"),
        ("name_missing", 4, "Nội dung công việc", "B4"),
    ]
    assert "“lâu lắm”" in found.errors[0].message.source()
    assert ("unknown_column", "F1") in {(r.code, r.cell) for r in found.remarks}


def test_a_total_that_differs_is_told_with_both_numbers() -> None:
    found = read(BAC_NINH.replace("17 ngày |", "18 ngày |"), limit=Span(Fraction(17), CALENDAR))
    told = next(remark for remark in found.remarks if remark.code == "total_differs")
    assert (told.row, told.cell) == (14, "D14")
    assert "18 ngày" in told.message.source()
    assert "17 ngày" in told.message.source()


@pytest.mark.parametrize(
    "text", ["Xin chào", "A | B | C\n1 | 2 | 3", "Thứ tự | Nội dung | Đơn vị | Thời gian"]
)
def test_a_table_that_is_none_is_refused_with_what_to_do(text: str) -> None:
    found = read(text)
    assert found.definition is None
    assert found.errors[0].code in {"no_heading", "no_steps"}


def test_a_hundred_thousand_rows_are_refused_at_once() -> None:
    rows = (("TT", "Nội dung công việc", "Đơn vị", "Thời gian"), *(("1", "Việc", "Chuyên viên", "1"),) * 5000)
    found = read_process_table(Grid(rows))
    assert [remark.code for remark in found.errors] == ["too_many_steps"]


_NAMES = st.sampled_from(
    """Tiếp nhận hồ sơ|Thẩm định|Lấy ý kiến (song song)|Ký duyệt|Đóng dấu|Phân công|Xem xét (nếu có)
    |Tổng hợp; TH1 đủ: trình; TH2 thiếu: báo|Niêm yết|Quyết định hoặc từ chối|Trả kết quả""".replace(
        "\n    ", ""
    ).split("|")
)
_WHO = st.sampled_from(
    """Cán bộ tiếp nhận|Chuyên viên|Lãnh đạo phòng|Lãnh đạo Sở|Văn thư|Các Sở, ngành được lấy ý kiến
    |Cơ quan thuế|Hội đồng|UBND tỉnh|Chi nhánh VPĐKĐĐ""".replace("\n    ", "").split("|")
)
_TIMES = st.sampled_from(
    ["0,25", "½ ngày", "2 giờ", "3 ngày làm việc", "Không tính thời gian", "Giờ hành chính", "", "〃"]
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(_NAMES, _WHO, _TIMES, st.sampled_from(["", "Văn bản"])), min_size=1, max_size=12))
def test_a_process_read_from_a_table_and_written_out_reads_back_equal(
    rows: list[tuple[str, str, str, str]],
) -> None:
    heading = ("Thứ tự", "Nội dung công việc", "Đơn vị/Người thực hiện", "Thời gian", "Sản phẩm")
    body = tuple((str(n), *row) for n, row in enumerate(rows, 1))
    about = About(title="Thử", key="thu", level="tinh", limit=Span(Fraction(9), WORKING))
    once = steps_of(read_process_table(Grid((heading, *body)), about))
    again = steps_of(read_process_table(Grid(write_process_table(once)), about))
    assert again == once
    assert len([s for s in once.steps if s.key != "tra-ket-qua"]) == len(rows)


@given(st.lists(st.lists(st.text(max_size=30), max_size=7), max_size=12))
def test_no_table_makes_the_reader_fail(rows: list[list[str]]) -> None:
    heading = [["TT", "Nội dung", "Người thực hiện", "Thời gian", "Sản phẩm"]]
    for grid in (rows, heading + rows):
        found = read_process_table(Grid(tuple(tuple(row) for row in grid)))
        assert found.definition is not None or found.errors
        if found.definition is not None:
            assert replace(found.definition) == ProcessDefinition.from_dict(found.definition.to_dict())
