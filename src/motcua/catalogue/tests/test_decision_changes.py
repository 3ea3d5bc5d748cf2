"""What a line makes of a procedure: proposed content, differences in words, and what to look at twice."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.decisions import (
    Candidate,
    DecisionHead,
    DecisionLine,
    Known,
    Match,
    Others,
    diff,
    propose,
    settled_action,
    warnings,
)
from motcua.catalogue.rules.decisions.differing import _FIELDS, UNCOMPARED
from motcua.catalogue.rules.time_limits import AFTER_15H, LimitPhase, LimitUnit, TimeLimit
from motcua.catalogue.tests.conftest import Carried
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
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.kernel.clock import VN

DAYS_5 = TimeLimit.of(5, LimitUnit.WORKING_DAY)
DAYS_7 = TimeLimit.of(7, LimitUnit.WORKING_DAY)
CALENDAR_5 = TimeLimit.of(5, LimitUnit.CALENDAR_DAY)
FORM = Paper("don", "Đơn đề nghị", 1, 0, "form", "always", form_code="Mẫu 01")
COPY = Paper("ban-sao", "Bản sao bằng cấp", 0, 1, "submit", "conditional", condition="có yêu cầu")
FEE = FeeLine("f1", "le_phi", "Lệ phí", 450_000, "giấy phép")
CASE = ProcedureCase("cap-lai", "Cấp lại", TimeLimit.of(3, LimitUnit.WORKING_DAY), changes_limit=True)
BEFORE = ProcedureDefinition(
    name="Cấp giấy phép lao động",
    short_name="Cấp giấy phép lao động",
    field="Việc làm",
    levels=(Level.PROVINCE,),
    code="1.014199",
    limit=DAYS_5,
    cases=(CASE,),
    papers=(FORM, COPY),
    fees=(FEE,),
    results=(ProcedureResult("Giấy phép lao động"),),
    legal_bases=("Bộ luật Lao động",),
    authority="Sở Nội vụ",
    confidence={"time_limit": "low", "fees": "low", "documents": "low"},
)
HEAD = DecisionHead(
    number="1513/QĐ-UBND",
    signed_on=date(2025, 11, 22),
    kind=ChangeKind.PUBLISH,
    title="Công bố danh mục TTHC sửa đổi, bổ sung lĩnh vực việc làm",
    field="Việc làm",
    effective_at=datetime(2025, 12, 1, tzinfo=VN),
)
UNDATED = replace(HEAD, signed_on=None, effective_at=None)


def line(
    action: ChangeAction = ChangeAction.AMENDED,
    code: str = "1.014199",
    name: str = "",
    old: str = "",
    **values: object,
) -> DecisionLine:
    return DecisionLine(1, "Phụ lục!B2", code, name, action, old, values)


def proposed(change: DecisionLine, before: ProcedureDefinition | None = BEFORE) -> ProcedureDefinition:
    after = propose(change, before, HEAD)
    assert after is not None
    return after


def kinds(
    change: DecisionLine,
    before: ProcedureDefinition | None = BEFORE,
    after: ProcedureDefinition | None = None,
    head: DecisionHead = HEAD,
    others: Others | None = None,
) -> set[str]:
    after = after if after is not None else propose(change, before, head)
    found = warnings(change, before, after, head, others or Others())
    assert all(warning.message.source() for warning in found)
    assert len(found) == len({warning.message.source() for warning in found})
    return {warning.kind for warning in found}


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


@pytest.mark.parametrize(
    ("kind", "change", "before"),
    [
        ("fee_up", line(fees=(replace(FEE, amount=600_000),)), BEFORE),
        ("fee_up", line(fees=(FeeLine("x", "le_phi", "Lệ phí cấp phép", 600_000, "giấy"),)), BEFORE),
        ("fee_added", line(fees=(FEE, FeeLine("f2", "phi", "Phí thẩm định", 100_000, "hồ sơ"))), BEFORE),
        ("fee_unknown", line(fees=(replace(FEE, amount=None, set_by="Nghị quyết"),)), BEFORE),
        ("fee_held", line(fees=(replace(FEE, amount=700, applies=False, hold_reason="thiếu số 0"),)), BEFORE),
        ("time_up", line(limit=DAYS_7), BEFORE),
        ("time_up", line(cases=(replace(CASE, limit=DAYS_7),)), BEFORE),
        ("time_unlike", line(limit=CALENDAR_5), BEFORE),
        ("cases_kept", line(limit=DAYS_7), BEFORE),
        ("more_papers", line(papers=(FORM, COPY, Paper("anh", "Ảnh", 1, 0, "submit", "always"))), BEFORE),
        ("paper_required", line(papers=(FORM, replace(COPY, required="always"))), BEFORE),
        ("more_copies", line(papers=(FORM, replace(COPY, copies=2))), BEFORE),
        ("renumbered", line(ChangeAction.REPLACED, "1.115446", old="1.014199"), BEFORE),
        ("unknown_code", line(code="1.555555"), None),
        ("unknown_code", line(code="", name="Không có"), None),
        ("already_known", line(ChangeAction.NEW), BEFORE),
        ("name_differs", line(name="Cấp giấy phép khác hẳn"), BEFORE),
        ("level_moved", line(ChangeAction.LEVEL_MOVED, levels=(Level.COMMUNE,)), BEFORE),
        ("level_not_stated", line(ChangeAction.LEVEL_MOVED), BEFORE),
        ("body_differs", line(ChangeAction.NEW, "1.555555", "Mới"), None),
        ("incomplete", line(ChangeAction.NEW, "1.555555", "Mới"), None),
    ],
)
def test_each_danger_is_warned_of(
    kind: str, change: DecisionLine, before: ProcedureDefinition | None
) -> None:
    assert kind in kinds(change, before)


@pytest.mark.parametrize(
    "change",
    [
        line(),
        line(name="Cấp giấy phép …"),
        line(name="Thủ tục cấp GP lao động"),
        line(fees=(replace(FEE, amount=300_000),)),
        line(cases=(replace(CASE, limit=TimeLimit.of(2, LimitUnit.WORKING_DAY)),)),
        line(papers=(FORM,)),
        line(authority="Ban Quản lý các khu công nghiệp"),
    ],
)
def test_what_is_better_or_the_same_is_not_warned_of(change: DecisionLine) -> None:
    assert kinds(change) == set()


@pytest.mark.parametrize(
    ("head", "entered", "expected"),
    [
        (HEAD, date(2025, 11, 23), set()),
        (replace(HEAD, effective_at=datetime(2025, 11, 20, tzinfo=VN)), date(2025, 11, 20), {"retroactive"}),
        (HEAD, date(2025, 12, 2), {"late"}),
        (replace(HEAD, effective_to=datetime(2027, 1, 1, tzinfo=VN)), None, {"limited"}),
        (replace(HEAD, effective_at=None, effective_rule="theo 3740/QĐ-BTC"), None, {"no_effective_day"}),
        (replace(HEAD, effective_at=datetime(2025, 11, 21, 17, tzinfo=VN)), None, {"retroactive"}),
    ],
)
def test_late_retroactive_and_limited_decisions_are_marked(
    head: DecisionHead, entered: date | None, expected: set[str]
) -> None:
    assert kinds(line(), head=head, others=Others(entered_on=entered)) == expected


def test_what_stands_around_a_line_is_looked_at() -> None:
    same = DecisionLine(2, "Phụ lục!B9", "1.014199", "", ChangeAction.AMENDED)
    assert kinds(line(), others=Others(lines=(line(), same))) == {"duplicate"}
    assert kinds(line(), others=Others(pending={"1.014199": ("1600/QĐ-UBND",)})) == {"pending_elsewhere"}
    head = replace(HEAD, title="Công bố danh mục TTHC bị bãi bỏ")
    assert kinds(line(ChangeAction.ABOLISHED), head=head, others=Others(dossiers=12)) == {"open_dossiers"}
    moved = line(ChangeAction.LEVEL_MOVED, levels=(Level.COMMUNE,))
    assert "no_unit" in kinds(moved, others=Others(has_unit=False))
    assert "no_unit" not in kinds(moved, others=Others(has_unit=True))


def test_how_a_line_was_matched_is_told() -> None:
    known = Known(1, "1.014199", "Cấp giấy phép lao động")
    assert kinds(line(code=""), others=Others(match=Match(line(), known, "name"))) == {"matched_by_name"}
    assert kinds(line(code="1.000105"), others=Others(match=Match(line(), known, "former_code"))) == {
        "former_code"
    }
    unclear = Match(line(), candidates=(Candidate(known, 1.0), Candidate(known, 1.0)), ambiguous=True)
    assert kinds(line(), None, others=Others(match=unclear)) == {"ambiguous"}
    twin = Match(line(), candidates=(Candidate(known, 1.0),))
    assert "same_name" in kinds(
        line(ChangeAction.NEW, "1.5", "Cấp giấy phép lao động"), None, others=Others(match=twin)
    )


AMOUNT = st.integers(1, 60)
UNIT = st.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.CALENDAR_DAY, LimitUnit.WORKING_HOUR])


@given(AMOUNT, UNIT, AMOUNT, UNIT)
def test_a_limit_that_is_longer_in_the_same_time_is_always_warned_of(
    was: int, was_unit: LimitUnit, now: int, now_unit: LimitUnit
) -> None:
    before = replace(BEFORE, limit=TimeLimit.of(was, was_unit), cases=())
    after = replace(before, limit=TimeLimit.of(now, now_unit))
    found = kinds(line(), before, after)
    old, new = before.limit_for().total(), after.limit_for().total()
    assert old is not None and new is not None
    assert ("time_up" in found) == bool(new.exceeds(old))
    assert ("time_unlike" in found) == (new.basis is not old.basis)


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


def test_phases_are_compared_as_a_whole() -> None:
    two = TimeLimit((LimitPhase(5, LimitUnit.WORKING_DAY), LimitPhase(3, LimitUnit.WORKING_DAY)))  # type: ignore[arg-type]  # whole days
    assert "time_up" in kinds(line(limit=two))
