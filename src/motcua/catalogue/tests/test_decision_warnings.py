"""What a person should look at twice: each danger is warned of, what is better or the same is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

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
    propose,
    warnings,
)
from motcua.catalogue.rules.time_limits import LimitPhase, LimitUnit, TimeLimit
from motcua.catalogue.tests.decision_samples import (
    BEFORE,
    CALENDAR_5,
    CASE,
    COPY,
    DAYS_7,
    FEE,
    FORM,
    HEAD,
    line,
)
from motcua.catalogue.types import (
    FeeLine,
    Level,
    Paper,
    ProcedureDefinition,
)
from motcua.catalogue.types_changes import ChangeAction
from motcua.kernel.clock import VN


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


def test_phases_are_compared_as_a_whole() -> None:
    two = TimeLimit((LimitPhase(5, LimitUnit.WORKING_DAY), LimitPhase(3, LimitUnit.WORKING_DAY)))  # type: ignore[arg-type]  # whole days
    assert "time_up" in kinds(line(limit=two))


def test_a_longer_limit_is_told_once_for_the_cases_that_go_with_it() -> None:
    plain = tuple(replace(CASE, key=f"c{n}", name=f"trường hợp {n}", limit=None) for n in range(5))
    before = replace(BEFORE, cases=plain)
    change = line(limit=DAYS_7)
    found = warnings(change, before, propose(change, before, HEAD), HEAD, Others())
    assert [one.kind for one in found].count("time_up") == 1
