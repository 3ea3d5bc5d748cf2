"""Finding the procedure a line means: by any code, else by a name that says the same; what is alike is proposed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.decisions import DecisionLine, Known, KnownProcedures, Match, match
from motcua.catalogue.rules.decisions.names import likeness, meaningful, words_of_name
from motcua.catalogue.types import Level
from motcua.catalogue.types_changes import ChangeAction

PROVINCE, COMMUNE = (Level.PROVINCE,), (Level.COMMUNE,)
KNOWN = (
    Known(1, "1.014199", "Cấp giấy phép lao động cho người lao động nước ngoài", PROVINCE, ("1.000105",)),
    Known(2, "1.014200", "Cấp lại giấy phép lao động cho người lao động nước ngoài", PROVINCE),
    Known(3, "1.115446", "Đính chính Giấy chứng nhận đã cấp lần đầu có sai sót", PROVINCE, ("1.012796",)),
    Known(4, "2.002407", "Giải quyết khiếu nại lần đầu", PROVINCE),
    Known(5, "2.002409", "Giải quyết khiếu nại lần đầu", COMMUNE),
    Known(6, "", "Chấp thuận thiết kế nút giao", PROVINCE),
    Known(7, "1.999999", "Thủ tục chung mã thứ nhất", PROVINCE),
    Known(8, "1.999999", "Thủ tục chung mã thứ hai", COMMUNE),
)
INDEX = KnownProcedures(KNOWN)


def found(
    code: str = "",
    name: str = "",
    *,
    action: ChangeAction = ChangeAction.AMENDED,
    old_code: str = "",
    values: dict[str, object] | None = None,
) -> Match:
    (one,) = match([DecisionLine(1, "A1", code, name, action, old_code, values or {})], INDEX)
    return one


def test_the_code_of_today_finds_its_procedure() -> None:
    one = found("1.014199", "Tên gì cũng được")
    assert one.found is not None
    assert (one.found.procedure_id, one.matched_by, one.ambiguous) == (1, "code", False)


def test_a_former_code_finds_it_and_says_so() -> None:
    one = found("1.000105")
    assert one.found is not None and (one.found.procedure_id, one.matched_by) == (1, "former_code")


def test_a_renumbered_one_is_found_by_the_old_code() -> None:
    one = found("1.777777", old_code="1.014200", action=ChangeAction.REPLACED)
    assert one.found is not None and (one.found.procedure_id, one.matched_by) == (2, "old_code")


def test_an_unknown_code_is_not_taken_by_its_name_but_the_name_is_proposed() -> None:
    one = found("1.555555", "Cấp lại giấy phép lao động cho người lao động nước ngoài")
    assert (one.found, one.matched_by) == (None, "")
    assert one.candidates[0].known.procedure_id == 2 and one.candidates[0].score == 1.0


def test_a_new_code_is_expected_to_be_unknown() -> None:
    one = found("1.555555", "Một thủ tục khác hẳn", action=ChangeAction.NEW)
    assert (one.found, one.candidates) == (None, ())


@pytest.mark.parametrize(
    ("name", "procedure"),
    [
        ("Cấp giấy phép lao động cho người lao động nước ngoài", 1),
        ("THỦ TỤC CẤP GIẤY PHÉP LAO ĐỘNG CHO NGƯỜI LAO ĐỘNG NƯỚC NGOÀI", 1),
        ("TTHC: Cấp GP lao động đối với người lao động nước ngoài", 1),
        ("Cap lai giay phep lao dong cho nguoi lao dong nuoc ngoai", 2),
        ("Đính chính GCN đã cấp lần đầu có sai sót", 3),
        ("Thủ tục chấp thuận thiết kế nút giao", 6),
    ],
)
def test_a_name_that_says_the_same_is_taken(name: str, procedure: int) -> None:
    one = found(name=name)
    assert one.found is not None and (one.found.procedure_id, one.matched_by) == (procedure, "name")


@pytest.mark.parametrize(
    "name",
    [
        "Gia hạn giấy phép lao động cho người lao động nước ngoài",
        "Cấp giấy phép lao động cho người nước ngoài",
        "Cấp giấy phép lao động …",
        "Cấp đổi giấy phép lao động cho người lao động nước ngoài",
    ],
)
def test_a_name_that_is_only_alike_is_proposed_never_taken(name: str) -> None:
    one = found(name=name)
    assert one.found is None
    assert {candidate.known.procedure_id for candidate in one.candidates} >= {1}
    assert all(0 < candidate.score <= 1 for candidate in one.candidates)


def test_the_same_name_at_two_levels_is_told_apart_by_level_or_left_to_a_person() -> None:
    unclear = found(name="Giải quyết khiếu nại lần đầu")
    assert (unclear.found, unclear.ambiguous) == (None, True)
    assert {candidate.known.procedure_id for candidate in unclear.candidates} == {4, 5}
    clear = found(name="Giải quyết khiếu nại lần đầu", values={"levels": COMMUNE})
    assert clear.found is not None and clear.found.procedure_id == 5


def test_one_code_of_two_procedures_is_told_apart_by_name() -> None:
    assert found("1.999999").ambiguous
    clear = found("1.999999", "Thủ tục chung mã thứ hai")
    assert clear.found is not None and clear.found.procedure_id == 8


def test_the_replaced_name_leads_to_the_procedure() -> None:
    one = found(
        name="Tên mới hoàn toàn",
        action=ChangeAction.REPLACED,
        values={"old_name": "Chấp thuận thiết kế nút giao"},
    )
    assert one.found is not None and one.found.procedure_id == 6


def test_nothing_alike_proposes_nothing() -> None:
    one = found(name="Nuôi cá cảnh trong bể kính")
    assert (one.found, one.candidates) == (None, ())


def test_fifteen_hundred_names_are_compared_with_a_whole_catalogue_in_seconds() -> None:
    verbs = ("Cấp", "Cấp lại", "Gia hạn", "Thu hồi", "Điều chỉnh")
    index = KnownProcedures(
        Known(n, f"1.{n:06d}", f"{verbs[n % 5]} giấy phép hoạt động ngành {n // 5} cho tổ chức, cá nhân")
        for n in range(2_600)
    )
    lines = [
        DecisionLine(
            n, "A1", "", f"{verbs[n % 5]} giấy phép hoạt động đối với ngành {n // 5}", ChangeAction.AMENDED
        )
        for n in range(1_500)
    ]
    began = time.process_time()
    matches = match(lines, index)
    assert all(
        one.candidates and one.candidates[0].known.procedure_id == one.line.position for one in matches
    )
    assert time.process_time() - began < 20


NAME = st.text(st.sampled_from("abcđêôư "), min_size=1, max_size=30)


@given(NAME, NAME)
def test_likeness_is_even_handed_and_between_nothing_and_all(one: str, other: str) -> None:
    left, right = words_of_name(one), words_of_name(other)
    assert likeness(left, right) == likeness(right, left)
    assert 0 <= likeness(left, right) <= 1
    if left:
        assert likeness(left, left) == 1
    assert meaningful(one.upper()) == meaningful(one)
