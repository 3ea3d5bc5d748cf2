"""What becomes of a dossier under way: every state under every change and policy, and what the guards never allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.types import FeeLine, Level, Paper, ProcedureCase, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, Policy
from motcua.dossiers.rules import lifecycle, moving, moving_words
from motcua.dossiers.rules.moving import (
    CarryOver,
    Dates,
    Destination,
    Facts,
    Kept,
    Outcome,
    Plan,
    Reason,
    State,
)

NOW = datetime(2025, 7, 1, 1, tzinfo=UTC)
HERE, THERE = 7, 8
KINDS = (
    ChangeAction.NEW,
    ChangeAction.AMENDED,
    ChangeAction.REPLACED,
    ChangeAction.ABOLISHED,
    ChangeAction.LEVEL_MOVED,
    ChangeAction.REDELEGATED,
)
# What each kind of change offers: something to convert to, and another agency to transfer to.
OFFERS = {
    ChangeAction.NEW: Destination(exists=True, levels=frozenset({"xa"}), process_id=1),
    ChangeAction.AMENDED: Destination(exists=True, levels=frozenset({"xa"}), process_id=1, agency_id=HERE),
    ChangeAction.REPLACED: Destination(exists=True, levels=frozenset({"xa"}), process_id=1, agency_id=HERE),
    ChangeAction.ABOLISHED: Destination(exists=False),
    ChangeAction.LEVEL_MOVED: Destination(
        exists=True, levels=frozenset({"tinh"}), process_id=1, agency_id=THERE
    ),
    ChangeAction.REDELEGATED: Destination(
        exists=True, levels=frozenset({"xa"}), process_id=1, agency_id=THERE
    ),
}
ALONE = {
    State.REFUSED: Reason.ENDED,
    State.WITHDRAWN: Reason.ENDED,
    State.STOPPED: Reason.ENDED,
    State.RETURNED: Reason.ENDED,
    State.COMPLETED: Reason.AWAITS_RETURN,
    State.DECIDED: Reason.HAS_RESULT,
}
UNDER_WAY = tuple(state for state in State if state not in ALONE)
# Outcome by kind of change, in the order of the policies: finish, convert, ask, transfer, stop.
F, C, A, T, S = Outcome.FINISH, Outcome.CONVERT, Outcome.ASK, Outcome.TRANSFER, Outcome.STOP
BY, NOTHING, LEVEL, SAME, UNKNOWN = (
    Reason.BY_DECISION,
    Reason.NOTHING_NEW,
    Reason.OTHER_LEVEL,
    Reason.SAME_UNIT,
    Reason.NO_UNIT,
)
TABLE = {
    ChangeAction.AMENDED: ((F, BY), (C, BY), (A, BY), (F, SAME), (S, BY)),
    ChangeAction.REPLACED: ((F, BY), (C, BY), (A, BY), (F, SAME), (S, BY)),
    ChangeAction.ABOLISHED: ((F, BY), (F, NOTHING), (F, NOTHING), (F, UNKNOWN), (S, BY)),
    ChangeAction.LEVEL_MOVED: ((F, BY), (F, LEVEL), (F, LEVEL), (T, BY), (S, BY)),
    ChangeAction.REDELEGATED: ((F, BY), (C, BY), (A, BY), (T, BY), (S, BY)),
}


def facts(state: State) -> Facts:
    has_run = state not in (State.SUBMITTED, State.REFUSED, State.INTAKE_SUPPLEMENT)
    return Facts(state=state, level="xa", agency_id=HERE, has_run=has_run)


def expected(state: State, kind: ChangeAction, policy: Policy) -> tuple[Outcome, Reason]:
    if state in ALONE:
        return Outcome.LEFT, ALONE[state]
    if kind is ChangeAction.NEW:
        return Outcome.LEFT, Reason.NOT_CHANGED
    return TABLE[kind][list(Policy).index(policy)]


def test_there_are_twelve_states_six_kinds_of_change_and_five_policies() -> None:
    assert (len(State), len(KINDS), len(Policy)) == (12, 6, 5)


@pytest.mark.parametrize(("state", "kind", "policy"), list(product(State, KINDS, Policy)))
def test_every_state_under_every_change_and_policy(state: State, kind: ChangeAction, policy: Policy) -> None:
    found = moving.plan(kind, policy, facts(state), OFFERS[kind])
    assert (found.outcome, found.reason) == expected(state, kind, policy)


@pytest.mark.parametrize("state", [state for state in State if state in ALONE])
def test_nothing_touches_a_dossier_with_a_result_or_one_that_ended(state: State) -> None:
    for kind, policy in product(ChangeAction, Policy):
        assert moving.plan(kind, policy, facts(state), OFFERS[ChangeAction.AMENDED]).outcome is Outcome.LEFT


@pytest.mark.parametrize("status", lifecycle.STATUSES)
def test_every_legal_status_is_one_of_the_states(status: str) -> None:
    assert State.of(status, received=True, has_result=False).value == status
    decided = State.of(status, received=True, has_result=True)
    assert (decided is State.DECIDED) == (status in lifecycle.OPEN)


def test_papers_asked_at_the_counter_are_told_from_those_asked_later() -> None:
    assert State.of("awaiting_supplement", received=False, has_result=False) is State.INTAKE_SUPPLEMENT
    assert State.of("awaiting_supplement", received=True, has_result=False) is State.AWAITING_SUPPLEMENT


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ({"case_key": None}, Reason.NO_CASE),
        ({"process_id": None}, Reason.NO_PROCESS),
        ({"steps_fit": False}, Reason.NO_STEP),
        ({"levels": frozenset({"tinh"})}, Reason.OTHER_LEVEL),
        ({"exists": False}, Reason.NOTHING_NEW),
    ],
)
@pytest.mark.parametrize("policy", [Policy.CONVERT, Policy.ASK])
def test_what_cannot_be_converted_finishes_and_says_why(
    policy: Policy, to: dict[str, Any], reason: Reason
) -> None:
    place = replace(OFFERS[ChangeAction.AMENDED], **to)
    found = moving.plan(ChangeAction.AMENDED, policy, facts(State.PROCESSING), place)
    assert (found.outcome, found.reason) == (Outcome.FINISH, reason)


def test_before_reception_there_is_no_process_to_fit_into() -> None:
    place = replace(OFFERS[ChangeAction.AMENDED], process_id=None, steps_fit=False)
    found = moving.plan(ChangeAction.AMENDED, Policy.CONVERT, facts(State.INTAKE_SUPPLEMENT), place)
    assert found.outcome is Outcome.CONVERT


# --- the promised date --------------------------------------------------------------------------------------

moments = st.integers(-5_000, 5_000).map(lambda hours: NOW + timedelta(hours=hours))
dates = st.builds(Dates, old=st.none() | moments, new=st.none() | moments, paused=st.booleans())


@given(dates=dates, now=moments)
def test_the_promised_date_never_moves_later(dates: Dates, now: datetime) -> None:
    follows = moving.date_guard(dates, now) is None
    counts = dates.new if follows else dates.old
    assert counts == dates.old or (counts is not None and dates.old is not None and counts < dates.old)


@given(dates=dates, now=moments)
def test_no_date_that_is_already_past_is_promised_anew(dates: Dates, now: datetime) -> None:
    if moving.date_guard(dates, now) is None and dates.new != dates.old:
        assert dates.new is not None and dates.new > now


@given(dates=dates)
def test_a_transfer_never_makes_the_date_later(dates: Dates) -> None:
    found = moving.transferred(Plan(Outcome.TRANSFER, Reason.BY_DECISION), dates)
    if found.outcome is Outcome.TRANSFER and dates.old is not None and dates.new is not None:
        assert dates.new <= dates.old
    else:
        assert found.outcome is Outcome.TRANSFER or found.reason is Reason.LATER_THERE


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (5, 5, None),
        (5, 3, None),
        (5, 9, Kept.DATE_LATER),
        (5, -1, Kept.DATE_PAST),
        (5, None, Kept.DATE_UNKNOWN),
        (None, 5, Kept.DATE_UNKNOWN),
        (None, None, None),
    ],
)
def test_which_date_stays_and_why(old: int | None, new: int | None, kept: Kept | None) -> None:
    def day(number: int | None) -> datetime | None:
        return None if number is None else NOW + timedelta(days=number)

    assert moving.date_guard(Dates(day(old), day(new)), NOW) is kept


def test_of_a_clock_that_stands_the_date_stays() -> None:
    assert moving.date_guard(Dates(paused=True), NOW) is Kept.DATE_PAUSED


# --- the fee ------------------------------------------------------------------------------------------------

fee_lines = st.lists(
    st.builds(
        FeeLine,
        key=st.sampled_from(["phi", "le-phi", "ban-sao"]),
        kind=st.just("fee"),
        name=st.just("Phí"),
        amount=st.none() | st.integers(0, 10**7),
        per=st.just("hồ sơ"),
        applies=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda line: line.key,
)


def owed(lines: Sequence[FeeLine]) -> dict[str, int | None]:
    return {line.key: line.amount for line in lines if line.applies}


@given(old=fee_lines, new=fee_lines)
def test_the_fee_never_rises(old: list[FeeLine], new: list[FeeLine]) -> None:
    counts = old if moving.fee_rises(old, new) else new
    before = owed(old)
    for key, amount in owed(counts).items():
        if amount == 0:
            continue
        assert key in before
        known = before[key]
        assert amount == known or (amount is not None and known is not None and amount < known)


@given(lines=fee_lines)
def test_the_same_fees_do_not_rise(lines: list[FeeLine]) -> None:
    assert not moving.fee_rises(lines, lines)


# --- papers -------------------------------------------------------------------------------------------------

NAMES = ("Tờ khai", "Căn cước", "Giấy khai sinh", "Sơ đồ thửa đất")
papers = st.lists(
    st.builds(
        lambda place, required: Paper(f"p{place}", NAMES[place], 1, 0, "submit", required),
        st.integers(0, 3),
        st.sampled_from(["always", "conditional"]),
    ),
    max_size=4,
    unique_by=lambda paper: paper.key,
)
texts = st.lists(st.sampled_from([*NAMES, "TỜ KHAI", "p0", "p1", "p2", ""]), max_size=5)


def definition(asked: Sequence[Paper] = (), fees: Sequence[FeeLine] = ()) -> ProcedureDefinition:
    return ProcedureDefinition(
        name="Thủ tục", short_name="Thủ tục", field="Hộ tịch", levels=(Level.COMMUNE,),
        papers=tuple(asked), fees=tuple(fees), cases=(ProcedureCase("thuong", "Thường"),),
    )  # fmt: skip


@given(asked=papers, handed_in=texts, article=st.sampled_from(["", "khoản 2 Điều 3"]))
def test_no_paper_is_asked_again_nor_a_new_one_without_the_decision(
    asked: list[Paper], handed_in: list[str], article: str
) -> None:
    found = moving.guarded(
        Plan(Outcome.CONVERT, Reason.BY_DECISION),
        dates=Dates(),
        old=definition(),
        new=definition(asked),
        case_key="thuong",
        given=handed_in,
        carry=CarryOver(papers_article=article),
        now=NOW,
    )
    assert not found.asked or article
    have = {text.casefold() for text in handed_in}
    assert not any(paper.name.casefold() in have or paper.key in have for paper in found.asked)
    assert all(paper.required == "always" for paper in found.asked)
    assert (Kept.PAPERS in found.kept) <= (not article)


def test_a_paper_under_its_new_key_is_the_one_handed_in_under_the_old() -> None:
    new = Paper("to-khai-2025", "Tờ khai theo mẫu mới", 1, 0, "form", "always")
    assert moving.new_papers([new], ["to-khai"], {"to-khai-2025": "to-khai"}) == ()
    assert moving.new_papers([new], ["to-khai"], {}) == (new,)


# --- carrying over and words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cases", "key", "found"),
    [
        ({}, "thuong", "thuong"),
        ({"xac-minh": "thuong"}, "xac-minh", "thuong"),
        ({}, "xac-minh", None),
        ({"xac-minh": "khong-co"}, "xac-minh", None),
        ({}, "", ""),
    ],
)
def test_where_a_case_goes_on(cases: dict[str, str], key: str, found: str | None) -> None:
    assert CarryOver(cases=cases).case_for(key, definition()) == found


def test_a_mapping_with_strange_parts_is_read_as_far_as_it_goes() -> None:
    assert CarryOver.from_mapping({"cases": ["?"], "steps": {"a": "b", "c": None}, "more": 1}) == CarryOver(
        steps={"a": "b"}
    )


@pytest.mark.parametrize(
    ("outcome", "more", "said"),
    [
        (Outcome.FINISH, {}, "hồ sơ tiếp tục theo quy định lúc tiếp nhận"),
        (Outcome.CONVERT, {}, "hồ sơ chuyển sang quy định mới"),
        (
            Outcome.CONVERT,
            {"kept": [Kept.DATE_LATER]},
            "hồ sơ chuyển sang quy định mới, giữ ngày hẹn cũ vì ngày mới muộn hơn",
        ),
        (
            Outcome.TRANSFER,
            {"unit": "Sở Tư pháp"},
            "hồ sơ được chuyển tới cơ quan có thẩm quyền mới: Sở Tư pháp",
        ),
        (Outcome.STOP, {}, "hồ sơ dừng giải quyết, phí và lệ phí đã nộp (nếu có) được hoàn trả"),
        (
            Outcome.ASK,
            {"choice": "finish"},
            "theo lựa chọn của người nộp, hồ sơ tiếp tục theo quy định lúc tiếp nhận",
        ),
    ],
)
def test_the_line_names_the_day_and_the_decision(
    outcome: Outcome, more: dict[str, object], said: str
) -> None:
    begins = datetime(2025, 6, 30, 17, tzinfo=UTC)
    found = moving_words.line(outcome, number="1513/QĐ-UBND", effective_at=begins, **more)  # type: ignore[arg-type]  # a table
    assert found.source() == f"Từ 01/7/2025 thủ tục này thay đổi theo Quyết định 1513/QĐ-UBND; {said}."


def test_every_outcome_reason_and_guard_has_its_words() -> None:
    assert set(moving_words.OUTCOMES) == set(Outcome)
    assert set(moving_words.REASONS) == set(Reason)
    assert set(moving_words.KEPT) == set(Kept)
