"""Who takes over what: kinds by functions in tables, and any succession at all by Hypothesis."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.organisation.rules.succession import Kind, Line, Part, Register, Succession, check
from motcua.organisation.rules.succession_file import from_json, from_tables

FUNCTIONS = ("office", "economy", "society", "centre")
FIELDS = ("", "Hộ tịch", "Đất đai")


def agency(code: str, functions: tuple[str, ...] = FUNCTIONS) -> dict[str, Part]:
    """An agency and a part for each function."""
    parts = {code: Part(code, code, f"Xã {code}")}
    for function in functions:
        name = f"{code}.{function}"
        parts[name] = Part(
            name, code, f"{function} của {code}", function, is_reception_point=function == "centre"
        )
    return parts


OLD_AND_NEW = {**agency("A"), **agency("B"), **agency("N"), **agency("M")}


def police(code: str) -> Part:
    return Part(f"{code}.CA", f"{code}.CA", f"Công an xã {code}", "police", area=code)


@pytest.mark.parametrize("kind", [Kind.MERGE, Kind.SPLIT, Kind.ABOLISH, Kind.CHANGE_LEVEL])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_passes_to_the_part_of_the_same_function(kind: Kind, function: str) -> None:
    lines = [Line(kind, "A", "N")]
    assert check(lines, OLD_AND_NEW) == []
    whole = Succession.of(lines, OLD_AND_NEW)
    assert whole.ended == {"A", *(f"A.{each}" for each in FUNCTIONS)}
    target = whole.target_of(f"A.{function}")
    assert target is not None and target.code == f"N.{function}"


@pytest.mark.parametrize(
    ("function", "field", "expected"),
    [
        ("office", "", "N.office"),
        ("economy", "", "M.economy"),
        ("economy", "Đất đai", "B.economy"),
        ("society", "Đất đai", "N.society"),
        ("society", "hộ tịch", "M.society"),
        ("economy", "Hộ tịch", "M.economy"),
    ],
)
def test_the_most_particular_line_wins(function: str, field: str, expected: str) -> None:
    lines = [
        Line(Kind.SPLIT, "A", "N"),
        Line(Kind.SPLIT, "A", "M", function="economy"),
        Line(Kind.SPLIT, "A", "B", function="economy", field="Đất đai"),
        Line(Kind.SPLIT, "A", "M", field="Hộ tịch"),
    ]
    assert check(lines, OLD_AND_NEW) == []
    target = Succession.of(lines, OLD_AND_NEW).target_of(f"A.{function}", field)
    assert target is not None and target.code == expected


def test_a_part_may_leave_an_agency_that_stays() -> None:
    lines = [Line(Kind.SPLIT, "A", "A"), Line(Kind.SPLIT, "A", "N", function="economy")]
    whole = Succession.of(lines, OLD_AND_NEW)
    assert whole.ended == {"A.economy"}
    staying, going = whole.target_of("A.office"), whole.target_of("A.economy")
    assert staying is not None and staying.code == "A.office"
    assert going is not None and going.code == "N.economy"


def test_a_rename_ends_nothing() -> None:
    lines = [Line(Kind.RENAME, "A", "A")]
    assert check(lines, OLD_AND_NEW, renamed=["A"]) == []
    assert Succession.of(lines, OLD_AND_NEW).ended == frozenset()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([Line(Kind.MERGE, "X", "N", where="B5")], "B5: Không có đơn vị cũ mang mã X."),
        ([Line(Kind.MERGE, "A", "X", where="C5")], "C5: Không có đơn vị kế thừa mang mã X"),
        ([Line(Kind.MERGE, "A", "", where="C5")], "C5: Ghi mã đơn vị kế thừa của Xã A."),
        ([Line(Kind.RENAME, "A", "A")], "cần tên mới"),
        ([Line(Kind.ABOLISH, "A", "A")], "không thể kế thừa chính mình"),
        ([Line(Kind.MERGE, "A", "N"), Line(Kind.MERGE, "A", "M", where="B6")], "B6: A đã có dòng"),
        ([Line(Kind.MERGE, "A", "B"), Line(Kind.MERGE, "B", "N")], "cũng kết thúc"),
        ([Line(Kind.SPLIT, "A", "N", function="office")], "các việc còn lại của Xã A"),
        ([Line(Kind.SPLIT, "A", "N", function="office")], "Chức năng economy của Xã A"),
        (
            [
                Line(Kind.SPLIT, "B", "N", function="economy"),
                Line(Kind.SPLIT, "B", "B"),
                Line(Kind.MERGE, "A", "N"),
                Line(Kind.MERGE, "A", "B", function="economy", where="C8"),
            ],
            "C8: Việc economy của Xã A giao cho Xã B, nhưng đơn vị này giao việc ấy đi",
        ),
    ],
)
def test_what_is_wrong_is_named(lines: list[Line], said: str) -> None:
    assert any(said in problem.render() for problem in check(lines, OLD_AND_NEW))


def test_the_police_of_a_place_that_ends_need_a_line_of_their_own() -> None:
    parts = {**OLD_AND_NEW, "A.CA": police("A"), "N.CA": police("N")}
    (problem,) = check([Line(Kind.MERGE, "A", "N")], parts)
    assert "Công an xã A" in problem.render()
    both = [Line(Kind.MERGE, "A", "N"), Line(Kind.MERGE, "A.CA", "N.CA")]
    assert check(both, parts) == []
    target = Succession.of(both, parts).target_of("A.CA")
    assert target is not None and target.code == "N.CA"


CODES = ("A", "B", "C", "N", "M")
LINES = st.builds(
    Line,
    kind=st.sampled_from([Kind.MERGE, Kind.SPLIT, Kind.ABOLISH, Kind.CHANGE_LEVEL]),
    predecessor=st.sampled_from(CODES[:3]),
    successor=st.sampled_from(CODES),
    function=st.sampled_from(("", *FUNCTIONS)),
    field=st.sampled_from(FIELDS),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=9))
def test_every_function_of_every_ended_unit_has_exactly_one_successor_or_is_refused(
    lines: list[Line],
) -> None:
    parts: dict[str, Part] = {}
    for code in CODES:
        parts |= agency(code)
    if check(lines, parts):
        return
    whole = Succession.of(lines, parts)
    for code in whole.register.ended():
        for function in FUNCTIONS:
            for field in FIELDS:
                target = whole.target_of(f"{code}.{function}", field)
                assert target is not None
                assert not target.ended and target.function == function
                owner = whole.agency_of(code, field, function)
                assert owner is not None and not owner.ended and owner.code == target.agency


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(lines: list[Line], random: Any) -> None:
    parts = {code: part for each in CODES for code, part in agency(each).items()}
    if check(lines, parts):
        return
    shuffled = list(lines)
    random.shuffle(shuffled)
    one, other = Succession.of(lines, parts), Succession.of(shuffled, parts)
    assert one.ended == other.ended
    for code in parts:
        for field in FIELDS:
            assert one.target_of(code, field) == other.target_of(code, field)


def test_a_line_of_the_very_unit_goes_before_those_of_its_agency() -> None:
    register = Register.of([Line(Kind.MERGE, "A", "N"), Line(Kind.MERGE, "A.economy", "M.economy")])
    line = register.line_for("A", function="economy", unit="A.economy")
    assert line is not None and line.successor == "M.economy"


GOOD: dict[str, Any] = {
    "decision": {"number": "12/NQ", "date": "20/11/2026"},
    "effective_on": "2026-12-01",
    "lines": [{"kind": "Sáp nhập", "predecessor": "A", "successor": "N", "fields": ["Hộ tịch", "Đất đai"]}],
}


def test_a_json_file_is_read_with_days_and_kinds_as_people_write_them() -> None:
    file, problems = from_json(GOOD)
    assert problems == [] and file is not None
    assert (file.decided_on, file.effective_on) == (date(2026, 11, 20), date(2026, 12, 1))
    assert [(line.kind, line.field) for line in file.lines] == [
        (Kind.MERGE, "Hộ tịch"),
        (Kind.MERGE, "Đất đai"),
    ]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], ""),
        ({**GOOD, "decision": {}}, "decision.number"),
        ({**GOOD, "effective_on": "mai"}, "effective_on"),
        ({**GOOD, "lines": []}, "lines"),
        ({**GOOD, "lines": [{"kind": "nuốt", "predecessor": "A"}]}, "lines[0]"),
        ({**GOOD, "new_units": [{"code": "N"}]}, "new_units[0].name"),
        ({**GOOD, "new_units": [{"code": "N", "name": "N", "colour": "red"}]}, "new_units[0].colour"),
        ({**GOOD, "surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_json_file_is_told_by_key(data: Any, where: str) -> None:
    file, problems = from_json(data)
    assert file is None and where in {problem.where for problem in problems}


class Sheet:
    """A table as the reader of office files gives it."""

    def __init__(self, *rows: tuple[str, ...]) -> None:
        self.rows = rows
        self.formulas: tuple[tuple[int, int], ...] = ()

    def cell_name(self, row: int, col: int, /) -> str:
        return f"Sheet1!{'ABCDEFGH'[col]}{row + 1}"


def test_a_workbook_is_read_by_its_headings_and_told_by_cell() -> None:
    head = (("Số quyết định", "12/NQ"), ("Ngày quyết định", "20/11/2026"), ("Ngày hiệu lực", "01/12/2026"))
    columns = ("STT", "Loại", "Mã đơn vị cũ", "Chức năng", "Lĩnh vực", "Mã đơn vị kế thừa")
    good = ("1", "Chia, tách", "A", "economy", "Đất đai; Hộ tịch", "N")
    file, problems = from_tables([Sheet(*head, columns, good)])
    assert problems == [] and file is not None
    assert [(line.function, line.field) for line in file.lines] == [
        ("economy", "Đất đai"),
        ("economy", "Hộ tịch"),
    ]
    file, problems = from_tables([Sheet(*head, columns, good, ("2", "Nuốt", "B", "", "", "N"))])
    assert file is None and [problem.where for problem in problems] == ["Sheet1!B6"]
