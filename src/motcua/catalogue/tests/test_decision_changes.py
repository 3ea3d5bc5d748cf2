"""What a line makes of a procedure: proposed content and differences in words."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.decisions import (
    DecisionLine,
    diff,
    propose,
    settled_action,
)
from motcua.catalogue.rules.decisions.differing import _FIELDS, UNCOMPARED
from motcua.catalogue.rules.time_limits import AFTER_15H
from motcua.catalogue.tests.conftest import Carried
from motcua.catalogue.tests.decision_samples import BEFORE, CASE, COPY, DAYS_5, DAYS_7, FEE, FORM, HEAD, line
from motcua.catalogue.types import (
    CodeAlias,
    CodeKind,
    FeeLine,
    Level,
    Paper,
    ProcedureCase,
    ProcedureDefinition,
    ProcedureResult,
)
from motcua.catalogue.types_changes import ChangeAction


def proposed(change: DecisionLine, before: ProcedureDefinition | None = BEFORE) -> ProcedureDefinition:
    after = propose(change, before, HEAD)
    assert after is not None
    return after


def words(
    before: ProcedureDefinition | None, after: ProcedureDefinition | None
) -> list[tuple[str, str, str]]:
    return [
        (c["label"], c["before"], c["after"]) for c in (change.to_dict() for change in diff(before, after))
    ]


def test_what_the_line_says_replaces_and_the_rest_stays() -> None:
    after = proposed(line(limit=DAYS_7))
    assert after.limit == DAYS_7
    assert (after.papers, after.fees, after.name, after.code) == (
        BEFORE.papers,
        BEFORE.fees,
        BEFORE.name,
        "1.014199",
    )
    assert (after.decision_local, after.valid_from) == ("1513/QĐ-UBND 22/11/2025", date(2025, 12, 1))
    assert after.confidence == {"time_limit": "high", "fees": "low", "documents": "low"}


def test_a_ministrys_decision_does_not_stand_for_the_provinces() -> None:
    after = propose(line(), BEFORE, replace(HEAD, number="886/QĐ-BNV"))
    assert after is not None and (after.decision, after.decision_local) == ("886/QĐ-BNV 22/11/2025", "")


def test_a_new_procedure_has_only_what_the_decision_says() -> None:
    after = proposed(
        line(ChangeAction.NEW, "1.555555", "Thủ tục mới", levels=(Level.COMMUNE,), limit=DAYS_5), None
    )
    assert (after.code, after.name, after.field, after.levels) == (
        "1.555555",
        "Thủ tục mới",
        "Việc làm",
        (Level.COMMUNE,),
    )
    assert (after.limit, after.papers, after.papers_known, after.new_in) == (
        DAYS_5,
        (),
        False,
        "1513/QĐ-UBND",
    )


@pytest.mark.parametrize(
    ("change", "before"),
    [
        (line(ChangeAction.ABOLISHED), BEFORE),
        (line(ChangeAction.AMENDED), None),
        (line(ChangeAction.NEW, name=""), None),
    ],
)
def test_an_end_an_unknown_procedure_and_a_nameless_one_have_no_content(
    change: DecisionLine, before: ProcedureDefinition | None
) -> None:
    assert propose(change, before, HEAD) is None


@pytest.mark.parametrize("action", [ChangeAction.NOTED, ChangeAction.PROCESS])
def test_lines_that_change_no_content_leave_it(action: ChangeAction) -> None:
    assert propose(line(action, limit=DAYS_7), BEFORE, HEAD) is BEFORE


def test_a_renumbered_procedure_stays_findable_by_its_old_code() -> None:
    after = proposed(line(ChangeAction.REPLACED, "1.115446", old="1.014199"))
    assert after.code == "1.115446"
    assert after.aliases == (CodeAlias("1.014199", CodeKind.REPLACED),)


def test_a_former_code_in_a_decision_does_not_bring_the_old_number_back() -> None:
    assert proposed(line(code="1.000105")).code == "1.014199"


def test_a_cut_name_or_other_capitals_rename_nothing() -> None:
    assert proposed(line(name="Cấp giấy phép …")).name == BEFORE.name
    assert proposed(line(name="CẤP GIẤY PHÉP LAO ĐỘNG")).name == BEFORE.name
    assert proposed(line(name="Thủ tục cấp GP lao động")).name == BEFORE.name
    assert proposed(line(field="VIỆC LÀM")).field == BEFORE.field
    renamed = proposed(line(name="Cấp giấy phép lao động cho người nước ngoài"))
    assert renamed.name == renamed.short_name == "Cấp giấy phép lao động cho người nước ngoài"


def test_limits_by_case_go_to_the_cases_they_name() -> None:
    stated = (
        replace(CASE, key="cap-lai-x", limit=DAYS_7),
        ProcedureCase("gia-han", "Gia hạn", DAYS_5, changes_limit=True),
    )
    after = proposed(line(cases=stated))
    assert [(case.key, case.limit) for case in after.cases] == [("cap-lai", DAYS_7), ("gia-han", DAYS_5)]


@pytest.mark.parametrize(
    ("values", "action"),
    [
        ({"levels": (Level.COMMUNE,)}, ChangeAction.LEVEL_MOVED),
        (
            {"levels": (Level.PROVINCE,), "authority": "Ban Quản lý các khu công nghiệp"},
            ChangeAction.REDELEGATED,
        ),
        ({"authority": "Ban Quản lý", "limit": DAYS_7}, ChangeAction.AMENDED),
        ({"limit": DAYS_7}, ChangeAction.AMENDED),
        ({}, ChangeAction.AMENDED),
    ],
)
def test_another_level_moves_and_another_body_alone_delegates(
    values: dict[str, object], action: ChangeAction
) -> None:
    assert settled_action(replace(line(), values=values), BEFORE) is action


def test_the_same_content_has_no_difference() -> None:
    assert diff(BEFORE, BEFORE) == ()
    assert diff(None, None) == ()


def test_differences_are_told_field_by_field_in_words() -> None:
    after = replace(
        BEFORE,
        limit=replace(DAYS_7, cutoff=AFTER_15H),
        levels=(Level.COMMUNE,),
        authority="UBND cấp xã",
        fees=(
            replace(FEE, amount=600_000),
            FeeLine("f2", "phi", "Phí thẩm định", None, "", set_by="Nghị quyết 05"),
        ),
        papers=(replace(FORM, originals=2), Paper("anh", "Ảnh 4x6", 2, 0, "submit", "always")),
        cases=(replace(CASE, limit=DAYS_5),),
        legal_bases=("Bộ luật Lao động", "Nghị định 219/2025/NĐ-CP"),
        results=(ProcedureResult("Giấy phép điện tử"),),
        boundary_free=True,
    )
    assert words(BEFORE, after) == [
        ("Cấp giải quyết", "Cấp tỉnh", "Cấp xã"),
        ("Cơ quan giải quyết", "Sở Nội vụ", "UBND cấp xã"),
        ("Không phụ thuộc địa giới", "", "có"),
        (
            "Thời hạn giải quyết",
            "5 ngày làm việc",
            "7 ngày làm việc, nhận sau 15:00 thì tính từ ngày làm việc tiếp theo",
        ),
        ("Trường hợp “Cấp lại”", "3 ngày làm việc", "5 ngày làm việc"),
        (
            "Giấy tờ “Đơn đề nghị”",
            "1 bản chính, 0 bản sao, bắt buộc, mẫu Mẫu 01",
            "2 bản chính, 0 bản sao, bắt buộc, mẫu Mẫu 01",
        ),
        ("Giấy tờ “Bản sao bằng cấp”", "0 bản chính, 1 bản sao, khi có yêu cầu", ""),
        ("Giấy tờ “Ảnh 4x6”", "", "2 bản chính, 0 bản sao, bắt buộc"),
        ("Khoản thu “Lệ phí”", "450.000 đồng/giấy phép", "600.000 đồng/giấy phép"),
        ("Khoản thu “Phí thẩm định”", "", "theo Nghị quyết 05"),
        ("Kết quả", "Giấy phép lao động", "Giấy phép điện tử"),
        ("Căn cứ pháp lý", "", "Nghị định 219/2025/NĐ-CP"),
    ]


def test_a_paper_is_followed_through_a_new_name_and_a_new_place() -> None:
    renamed = replace(BEFORE, papers=(COPY, replace(FORM, name="Tờ khai")))
    assert [change.field for change in diff(BEFORE, renamed)] == ["papers.don.name"]


def test_an_ended_procedure_is_said_to_be_abolished_and_a_new_one_lists_what_it_has() -> None:
    assert words(BEFORE, None) == [("Hiệu lực", "đang thực hiện", "bãi bỏ")]
    listed = words(None, BEFORE)
    assert ("Tên thủ tục", "", "Cấp giấy phép lao động") in listed
    assert all(before == "" for _, before, _ in listed)


def test_every_field_of_a_procedure_is_compared_or_is_bookkeeping() -> None:
    compared = {name for name, _, _ in _FIELDS}
    assert compared | UNCOMPARED == {part.name for part in fields(ProcedureDefinition)}
    assert not compared & UNCOMPARED


def test_any_two_carried_procedures_are_compared_in_words_of_json(carried: Carried) -> None:
    definitions = carried.document.definitions
    for before, after in pairwise(definitions):
        changes = diff(before, after)
        assert changes and json.dumps([change.to_dict() for change in changes])
        assert diff(before, before) == ()
        for change in changes:
            assert change.label.source() and (change.before or change.after)


@given(
    st.lists(
        st.sampled_from([FORM, COPY, replace(FORM, key="a", name="A"), replace(COPY, key="b", name="B")]),
        unique_by=lambda paper: paper.key,
    )
)
def test_papers_added_and_taken_away_are_all_told(papers: list[Paper]) -> None:
    after = replace(BEFORE, papers=tuple(papers))
    told = {change.field.removeprefix("papers.") for change in diff(BEFORE, after)}
    assert told == {
        paper.key for paper in (*BEFORE.papers, *papers) if (paper in BEFORE.papers) != (paper in papers)
    }
