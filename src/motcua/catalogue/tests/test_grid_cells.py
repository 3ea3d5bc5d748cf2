"""Cells of the configuration grid: what is typed, what is kept, what is refused and how."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.grid.cells import parse, text_of
from motcua.catalogue.rules.grid.columns import Column, RowKey, columns_of
from motcua.catalogue.rules.grid.fees import fees_text, read_fees
from motcua.catalogue.rules.grid.steps import own_copy, read_steps, steps_text, summary
from motcua.catalogue.tests.grid_rows import (
    CHOICES,
    FEES,
    ROLES,
    STEPS,
    definition,
    process,
    row,
    shared_process,
)
from motcua.catalogue.types import FeeLine
from motcua.kernel.messages import Message
from motcua.workflow.rules.definition import ProcessDefinition

CASE = RowKey(7, "tinh", "gap")


def said(found: object) -> str:
    assert isinstance(found, Message), found
    return found.source()


# --- steps ------------------------------------------------------------------------------------------------


def test_steps_are_one_line_each() -> None:
    assert steps_text(process(), ROLES) == STEPS


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2 ngày làm việc", "2 ngày làm việc"),
        ("2 ngày", "2 ngày làm việc"),
        ("2", "2 ngày làm việc"),
        ("1,5 ngày", "1,5 ngày làm việc"),
        ("1.5 ngày", "1,5 ngày làm việc"),
        ("1/3 ngày", "1/3 ngày làm việc"),
        ("4 giờ", "4 giờ làm việc"),
        ("4h", "4 giờ làm việc"),
        ("3 NGÀY LỊCH", "3 ngày lịch"),
        ("—", "—"),
        ("", "—"),
    ],
)
def test_a_time_is_understood_as_people_write_it(typed: str, kept: str) -> None:
    changed = STEPS.replace("| 3 ngày làm việc", f"| {typed}")
    found = read_steps(changed, process(), ROLES)
    assert isinstance(found, ProcessDefinition)
    assert steps_text(found, ROLES).splitlines()[1].endswith(f"| {kept}")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("| 3 ngày làm việc", "| ba ngày", "Dòng 2: không hiểu thời gian “ba ngày”"),
        ("| 3 ngày làm việc", "| 3 tuần", "Dòng 2: không hiểu thời gian “3 tuần”"),
        ("| 3 ngày làm việc", "| 1/0 ngày", "Dòng 2: không hiểu thời gian"),
        ("| 3 ngày làm việc", "| 9999 ngày", "Dòng 2: thời gian “9999 ngày” quá lớn"),
        ("| Chuyên viên |", "| Ông Năm |", "Dòng 2: không có vai “Ông Năm”"),
        ("| Chuyên viên |", "|", "Dòng 2 phải có ba phần"),
        ("Thẩm định / dự thảo", "Thẩm tra", "Dòng 2 phải là bước “Thẩm định / dự thảo”"),
        ("\n3. Trả kết quả | Cán bộ tiếp nhận hồ sơ | 0,5 ngày làm việc", "", "có 3 bước mà ô có 2 dòng"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(before: str, after: str, sentence: str) -> None:
    assert before in STEPS
    assert sentence in said(read_steps(STEPS.replace(before, after), process(), ROLES))


def test_another_role_is_taken_whatever_its_case_and_accents() -> None:
    found = read_steps(STEPS.replace("Chuyên viên", "lanh dao co quan"), process(), ROLES)
    assert isinstance(found, ProcessDefinition)
    assert found.steps[1].role == "leader"


def test_a_shared_time_changes_for_all_its_steps_when_one_line_says_another() -> None:
    shared = shared_process()
    text = steps_text(shared, ROLES)
    assert text.count("chung 1 ngày làm việc") == 2
    found = read_steps(text.replace("chung 1 ngày làm việc", "chung 2 ngày làm việc", 1), shared, ROLES)
    assert isinstance(found, ProcessDefinition)
    assert steps_text(found, ROLES).count("chung 2 ngày làm việc") == 2
    assert summary(found, row().limit).source() == "3 bước · 2,5 ngày làm việc / 5 ngày làm việc"


def test_two_different_shared_times_are_refused() -> None:
    shared = shared_process()
    first, second, last = steps_text(shared, ROLES).splitlines()
    text = "\n".join([first.replace("1 ngày", "2 ngày"), second.replace("1 ngày", "3 ngày"), last])
    assert "dùng một thời gian" in said(read_steps(text, shared, ROLES))


def test_steps_longer_than_the_limit_are_refused_with_the_sum() -> None:
    text = STEPS.replace("3 ngày làm việc", "9 ngày làm việc")
    sentence = said(parse(row(), Column.STEPS, text, CHOICES))
    assert "Các bước cộng lại 10 ngày làm việc, quá thời hạn 5 ngày làm việc" in sentence
    assert "hãy bớt 5 ngày làm việc" in sentence


def test_the_limit_of_the_case_counts() -> None:
    assert "quá thời hạn 2 ngày làm việc" in said(
        parse(row(CASE), Column.STEPS, STEPS.replace("| 3", "| 2"), CHOICES)
    )


def test_a_process_longer_than_the_limit_is_refused_with_the_sum() -> None:
    assert "cộng lại 11 ngày làm việc" in said(parse(row(), Column.PROCESS, CHOICES.processes["3"], CHOICES))


def test_a_process_of_another_level_is_not_on_the_list() -> None:
    assert "Không có “Quy trình qt-xa" in said(parse(row(), Column.PROCESS, CHOICES.processes["4"], CHOICES))


def test_a_changed_process_becomes_one_of_the_procedure_alone() -> None:
    own = own_copy(
        process(), code="9.000007", department="Sở Tư pháp", field="Hộ tịch", case_key="gap", level="tinh"
    )
    assert own.key.startswith("qt-01@9.000007.tinh.gap.")
    assert (own.procedure_codes, own.issuer) == (("9.000007",), "Sở Tư pháp")
    again = own_copy(
        own, code="9.000007", department="Sở Tư pháp", field="Hộ tịch", case_key="gap", level="tinh"
    )
    assert again == own


def test_long_keys_stay_apart_and_within_the_column() -> None:
    long = replace(process(), key="k" * 120)
    keys = {
        own_copy(long, code="9.000007", department="S", field="F", case_key=case, level="tinh").key
        for case in ("x" * 60 + "1", "x" * 60 + "2")
    }
    assert len(keys) == 2
    assert all(len(key) <= 120 for key in keys)


# --- fees -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("10.000", 10_000),
        ("10000", 10_000),
        ("10.000 đồng", 10_000),
        ("1 250 000", 1_250_000),
        ("miễn", 0),
        ("0", 0),
    ],
)
def test_an_amount_is_understood_as_people_write_it(typed: str, amount: int) -> None:
    found = read_fees(FEES.replace("8.000", typed), definition().fees)
    assert not isinstance(found, Message)
    assert found[0].amount == amount
    assert found[1] == definition().fees[1]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("8.000", "tám nghìn", "Dòng 1: không hiểu số tiền “tám nghìn”"),
        ("8.000", "800", "Dòng 1: 800 đồng nhỏ hơn 1.000 đồng"),
        ("8.000", "99.000.000.000", "Dòng 1: số tiền"),
        ("| NQ 01/2025", "", "Dòng 1 phải có bốn phần"),
        ("chưa rõ | hồ sơ |", "50.000 | hồ sơ |", "Dòng 2: ghi nghị quyết"),
    ],
)
def test_a_fee_line_that_cannot_be_is_named(before: str, after: str, sentence: str) -> None:
    assert before in FEES
    assert sentence in said(read_fees(FEES.replace(before, after), definition().fees))


def test_an_amount_in_doubt_counts_again_once_somebody_has_set_it() -> None:
    held = replace(definition().fees[0], applies=False, hold_reason="lệch")
    text = fees_text([held])
    assert "(chờ duyệt)" in text
    assert read_fees(text, [held]) == (held,)
    found = read_fees("Lệ phí cấp giấy | 9.000 | bản | NQ 02/2026", [held])
    assert not isinstance(found, Message)
    assert (found[0].applies, found[0].hold_reason, found[0].key) == (True, "", "a")


texts = st.text(st.sampled_from("Lệ phí cấp bản sao 0123 (quá hạn)/-,."), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
fee_lines = st.lists(
    st.builds(
        FeeLine,
        key=st.uuids().map(str),
        kind=st.sampled_from(["phi", "le_phi"]),
        name=texts.filter(bool),
        amount=st.none() | st.integers(1_000, 10_000_000) | st.just(0),
        per=texts,
        set_by=texts,
        condition=texts,
        applies=st.booleans(),
    ),
    max_size=6,
)


@given(fee_lines)
def test_fees_written_and_read_again_are_the_same_fees(fees: list[FeeLine]) -> None:
    assert read_fees(fees_text(fees), fees) == tuple(fees)


# --- choices ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "typed", "token"),
    [
        (Column.PROCESS, "Quy trình qt-02 · qt-02#1", "2"),
        (Column.PROCESS, "2", "2"),
        (Column.RECEIVING, "Chỉ Trung tâm tỉnh", "provincial_centre"),
        (Column.RECEIVING, "chi trung tam tinh", "provincial_centre"),
        (Column.RECEIVING, "09187.TT", "units:09187.TT"),
        (Column.RECEIVING, "09187.TT · Trung tâm phường Kinh Bắc; TTPVHCC", "units:09187.TT,TTPVHCC"),
        (Column.DECIDING, "STC · Sở Tài chính", "STC"),
        (Column.DECIDING, "", ""),
        (Column.RETURNING, "Nơi giải quyết", "deciding"),
        (Column.RETURNING, "TTPVHCC", "TTPVHCC"),
        (Column.LETTERS, "Mẫu có bảng", "reception_slip_table"),
        (Column.FORM, " TP/HT-2020 ", "TP/HT-2020"),
        (Column.FORM, "", ""),
    ],
)
def test_a_choice_is_taken_by_token_code_or_name(column: Column, typed: str, token: str) -> None:
    assert parse(row(), column, typed, CHOICES) == token


@pytest.mark.parametrize(
    ("column", "typed", "sentence"),
    [
        (Column.PROCESS, "Quy trình lạ", "Không có “Quy trình lạ” trong danh sách"),
        (Column.PROCESS, "", "không bỏ trống được"),
        (Column.RECEIVING, "", "Ghi nơi tiếp nhận"),
        (Column.RECEIVING, "09187.TT; 99999", "Không có “99999”"),
        (Column.DECIDING, "XYZ", "Không có “XYZ”"),
        (Column.RETURNING, "", "Không có “—”"),
        (Column.LETTERS, "=1+1", "Không có “=1+1”"),
        (Column.FORM, "x" * 65, "dài quá 64 chữ"),
        (Column.FORM, "<b>", "có dấu lạ"),
    ],
)
def test_what_is_not_on_the_list_is_refused_with_what_to_do(
    column: Column, typed: str, sentence: str
) -> None:
    assert sentence in said(parse(row(), column, typed, CHOICES))


def test_a_case_has_the_cells_that_may_differ_and_says_where_it_does_not() -> None:
    assert Column.FEES not in columns_of(CASE, first_level=True)
    assert text_of(row(CASE), Column.RETURNING, "", CHOICES) == "Như dòng chính"
    assert parse(row(CASE), Column.RETURNING, "Như dòng chính", CHOICES) == ""


@pytest.mark.parametrize("column", list(Column))
def test_what_is_shown_is_read_back_as_the_same(column: Column) -> None:
    for known in (row(), row(CASE, process_token="")):
        if column in known.columns:
            token = known.token(column)
            assert parse(known, column, text_of(known, column, token, CHOICES), CHOICES) == token


@given(st.integers(1, 10**9), st.sampled_from(["xa", "tinh"]), st.text("abc-.9", max_size=12))
def test_a_row_key_survives_forms_and_files(number: int, level: str, case: str) -> None:
    key = RowKey(number, level, case)
    assert RowKey.read(key.text) == key


@pytest.mark.parametrize("text", ["", "x", "1", "1.", "1.xa", "-1.xa.", "٣.xa.", "1..", "9" * 17 + ".xa."])
def test_what_is_no_row_key_is_none(text: str) -> None:
    assert RowKey.read(text) is None
