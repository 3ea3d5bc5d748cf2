"""Wishes for cells against what stands: what would change, what is wrong, what somebody else changed meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.grid.cells import Row, text_of
from motcua.catalogue.rules.grid.columns import Column, RowKey, mark_of
from motcua.catalogue.rules.grid.merging import Plan, Wish, plan, with_change
from motcua.catalogue.rules.grid.sheets import HEAD, read_marks, read_sheet, sheet_row
from motcua.catalogue.rules.grid.sheets import KEY as KEY_TITLE
from motcua.catalogue.tests.grid_rows import CHOICES, KEY, row
from motcua.documents.rules.tables import Table
from motcua.kernel.messages import Message

CASE = RowKey(7, "tinh", "gap")


def shown(known: Row, column: Column) -> str:
    return text_of(known, column, known.token(column), CHOICES)


def seen(known: Row, column: Column) -> str:
    return mark_of(shown(known, column))


def judged(
    *wishes: Wish, known: Row | None = None, mine: frozenset[tuple[RowKey, Column]] = frozenset()
) -> Plan:
    known = known or row()
    return plan(wishes, {known.key: known}, CHOICES, mine=mine)


def test_a_wish_changes_its_cell() -> None:
    found = judged(Wish(KEY, Column.FORM, "M01", seen(row(), Column.FORM)))
    assert [(c.column, c.before, c.after) for c in found.changes] == [(Column.FORM, "", "M01")]
    assert found.rows[KEY].token(Column.FORM) == "M01"


def test_what_says_what_stands_changes_nothing() -> None:
    found = judged(*(Wish(KEY, column, shown(row(), column)) for column in row().columns))
    assert (found.changes, found.problems, found.clashes, found.unchanged) == ((), (), (), 8)


def test_an_untouched_cell_is_not_judged_even_if_it_could_not_be_typed() -> None:
    strange = replace(row(), live={**row().live, Column.RECEIVING: "units:GONE"})
    assert judged(Wish(KEY, Column.RECEIVING, "GONE", mark_of("GONE")), known=strange).unchanged == 1


def test_a_cell_changed_by_another_is_shown_with_both_values() -> None:
    theirs = with_change(row(), Column.FORM, "M-HỌ", CHOICES)
    found = judged(Wish(KEY, Column.FORM, "M-TÔI", seen(row(), Column.FORM)), known=theirs)
    assert found.changes == ()
    assert [(c.now, c.mine) for c in found.clashes] == [("M-HỌ", "M-TÔI")]
    assert found.rows[KEY].token(Column.FORM) == "M-HỌ"


def test_who_chooses_their_own_value_gets_it() -> None:
    theirs = with_change(row(), Column.FORM, "M-HỌ", CHOICES)
    wish = Wish(KEY, Column.FORM, "M-TÔI", seen(row(), Column.FORM))
    assert (
        judged(wish, known=theirs, mine=frozenset({(KEY, Column.FORM)})).rows[KEY].token(Column.FORM)
        == "M-TÔI"
    )


def test_two_who_want_the_same_do_not_clash() -> None:
    theirs = with_change(row(), Column.FORM, "M01", CHOICES)
    assert judged(Wish(KEY, Column.FORM, "M01", seen(row(), Column.FORM)), known=theirs).unchanged == 1


def test_what_another_changed_and_i_did_not_stays_theirs() -> None:
    theirs = with_change(row(), Column.FORM, "M-HỌ", CHOICES)
    found = judged(Wish(KEY, Column.FORM, "", seen(row(), Column.FORM)), known=theirs)
    assert (found.changes, found.clashes, found.unchanged) == ((), (), 1)


def test_a_row_of_somebody_else_is_a_problem() -> None:
    found = judged(Wish(RowKey(99, "xa"), Column.FORM, "M01", cell="Cấu hình!K3"))
    assert [(p.cell, p.key) for p in found.problems] == [("Cấu hình!K3", RowKey(99, "xa"))]


def test_a_cell_the_row_does_not_have_is_a_problem() -> None:
    assert len(judged(Wish(CASE, Column.FEES, "x | 1.000 | y | z"), known=row(CASE)).problems) == 1


def test_a_process_and_its_untouched_steps_may_come_together() -> None:
    steps = shown(row(), Column.STEPS)
    found = judged(
        Wish(KEY, Column.STEPS, steps, mark_of(steps)),
        Wish(KEY, Column.PROCESS, "2", seen(row(), Column.PROCESS)),
    )
    assert [c.column for c in found.changes] == [Column.PROCESS]
    assert found.problems == ()


def test_steps_are_read_against_the_process_that_comes_with_them() -> None:
    other = shown(with_change(row(), Column.PROCESS, "2", CHOICES), Column.STEPS)
    wanted = other.replace("1 ngày làm việc", "0,5 ngày làm việc", 1)
    found = judged(Wish(KEY, Column.STEPS, wanted), Wish(KEY, Column.PROCESS, "2"))
    assert [c.column for c in found.changes] == [Column.PROCESS, Column.STEPS]


cells = st.sampled_from([c for c in Column if c not in (Column.STEPS, Column.PROCESS)])
values = st.sampled_from(
    ["", "M01", "M02", "STC", "deciding", "original", "any_centre", "deciding_only", "09187.TT"]
)


@given(st.lists(st.tuples(cells, values), max_size=5), st.lists(st.tuples(cells, values), max_size=5))
def test_no_update_is_lost_and_none_is_overwritten_unseen(
    theirs: list[tuple[Column, str]], mine: list[tuple[Column, str]]
) -> None:
    """Whatever two people do from the same page: each cell ends as theirs, or as mine where they left it alone."""
    start = row()
    rows = {KEY: start}
    first = plan([Wish(KEY, c, v, seen(start, c)) for c, v in dict(theirs).items()], rows, CHOICES)
    second = plan([Wish(KEY, c, v, seen(start, c)) for c, v in dict(mine).items()], first.rows, CHOICES)
    for column in start.columns:
        after_first, after_second = first.rows[KEY].token(column), second.rows[KEY].token(column)
        if after_first != start.token(column):
            assert after_second == after_first
        elif after_second != after_first:
            assert column in dict(mine)
    clashed = {clash.column for clash in second.clashes}
    assert clashed <= {c for c in dict(theirs) if first.rows[KEY].token(c) != start.token(c)}


# --- the spreadsheet --------------------------------------------------------------------------------------


def table(*rows: Row, changes: dict[tuple[int, str], str] | None = None) -> Table:
    lines = [list(sheet_row(known, CHOICES, level="Cấp tỉnh", revision=3)) for known in rows]
    for (number, title), text in (changes or {}).items():
        lines[number][HEAD.index(title)] = text
    body = (("Ghi chú",), HEAD, *(tuple(line) for line in lines))
    return Table("Cấu hình", body, numbers=tuple(range(1, len(body) + 1)), sheet=True)


CODES = {KEY: "9.000007", CASE: "9.000007"}


def read(found: Table) -> Plan:
    sheet = read_sheet([found], CODES)
    assert not isinstance(sheet, Message), sheet.source()
    made = plan(sheet.wishes, {KEY: row(), CASE: row(CASE, process_token="")}, CHOICES)
    return replace(made, problems=(*sheet.problems, *made.problems))


drafts = st.dictionaries(
    st.sampled_from([Column.FORM, Column.DECIDING, Column.RETURNING, Column.LETTERS, Column.RECEIVING]),
    st.sampled_from(["M 01", "STC", "TTPVHCC", "deciding", "units:09187.TT,TTPVHCC", "reception_slip_table"]),
)


@given(drafts, st.permutations([0, 1]))
def test_a_file_that_comes_back_unedited_changes_nothing(draft: dict[Column, str], order: list[int]) -> None:
    main = row()
    for column, token in draft.items():
        main = with_change(main, column, token, CHOICES)
    rows = [main, row(CASE, process_token="")]
    sheet = read_sheet([table(*(rows[place] for place in order))], CODES)
    assert not isinstance(sheet, Message)
    found = plan(sheet.wishes, {known.key: known for known in rows}, CHOICES)
    assert (sheet.problems, found.changes, found.problems, found.clashes) == ((), (), (), ())


def test_changed_cells_are_named_by_their_place() -> None:
    found = read(table(row(), row(CASE, process_token=""), changes={(0, "Biểu mẫu"): "M01"}))
    assert [(c.cell, c.after) for c in found.changes] == [("Cấu hình!K3", "M01")]


def test_all_mistakes_of_a_file_are_found_at_once() -> None:
    wrong = {(0, "Biểu mẫu"): "x" * 99, (0, "Cơ quan giải quyết"): "Sở Lạ", (1, "Quy trình"): "Không có"}
    found = read(table(row(), row(CASE, process_token=""), changes=wrong))
    assert sorted(p.cell for p in found.problems) == ["Cấu hình!F4", "Cấu hình!I3", "Cấu hình!K3"]


@pytest.mark.parametrize(
    ("title", "text", "sentence"),
    [
        (KEY_TITLE, "99.tinh.", "không thuộc lĩnh vực của đơn vị này"),
        (KEY_TITLE, "", "không có khóa"),
        ("Mã thủ tục", "1.000001", "không khớp"),
        ("Dấu phiên bản (không sửa)", "hỏng", "không khớp"),
    ],
)
def test_a_row_that_is_not_ours_or_was_pasted_over_is_refused(title: str, text: str, sentence: str) -> None:
    found = read(table(row(), changes={(0, title): text, (0, "Biểu mẫu"): "M01"}))
    assert found.changes == ()
    assert [sentence in p.message.source() for p in found.problems] == [True]


def test_a_row_that_comes_twice_is_refused_once() -> None:
    found = read(table(row(), row(), changes={(1, "Biểu mẫu"): "M01"}))
    assert found.changes == ()
    assert "lặp lại" in found.problems[0].message.source()


def test_a_formula_is_named_and_not_taken() -> None:
    formula = replace(table(row(), changes={(0, "Biểu mẫu"): "A1"}), formulas=((2, 10),))
    found = read(formula)
    assert found.changes == ()
    assert "công thức" in found.problems[0].message.source()


def test_a_file_of_something_else_is_refused_with_what_to_do() -> None:
    said = read_sheet([Table("X", (("a", "b"),))], CODES)
    assert isinstance(said, Message)
    assert "Xuất bảng tính" in said.source()


@pytest.mark.parametrize("text", ["", "3", "3|", "x|process=12345678", "3|gone=12345678", "3|process=1"])
def test_what_are_no_marks_is_none(text: str) -> None:
    assert read_marks(text) is None
