from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.workflow.rules.definition import Join, ProcessDefinition, StepKind
from motcua.workflow.rules.engine import (
    Move,
    Open,
    Refusal,
    answer,
    complete,
    consult,
    send_back,
    start,
    take_back,
)
from motcua.workflow.tests.tables import go, hand_out, parallel, process, reception, simple, step


def done(move: Move | Refusal) -> Move:
    assert isinstance(move, Move), move
    return move


def refused(move: Move | Refusal | None) -> str:
    assert isinstance(move, Refusal)
    return move.code


def keys(move: Move | Refusal) -> list[str]:
    return [entry.step.key for entry in done(move).open]


def test_a_run_starts_at_its_first_step() -> None:
    assert keys(start(simple())) == ["receive"]


def test_completing_a_step_opens_the_next() -> None:
    move = done(complete(simple(), [Open(7, "work")], 7, "go"))
    assert move.close == (7,)
    assert keys(move) == ["sign"]
    assert not move.finished


def test_entering_the_return_step_is_told() -> None:
    assert done(complete(simple(), [Open(1, "sign")], 1, "go")).at_return


def test_the_last_step_finishes_the_run() -> None:
    move = done(complete(simple(), [Open(1, "return")], 1, "returned"))
    assert move.returned and move.finished


def test_sending_back_reopens_the_step_with_a_new_visit() -> None:
    move = done(complete(simple(), [Open(1, "sign")], 1, "send_back", note="thiếu chữ ký"))
    assert [(entry.step.key, entry.visit) for entry in move.open] == [("work", 2)]


@pytest.mark.parametrize(
    ("tasks", "ref", "outcome", "code"),
    [
        ([], 1, "go", "task_not_open"),
        ([Open(1, "work")], 2, "go", "task_not_open"),
        ([Open(1, "work")], 1, "fly", "unknown_outcome"),
        ([Open(1, "gone")], 1, "go", "unknown_step"),
        ([Open(1, "sign")], 1, "send_back", "note_missing"),
        ([Open(1, "work"), Open(2, "work", host=1)], 1, "go", "consultations_open"),
        ([Open(1, "work"), Open(2, "work", host=1)], 2, "go", "is_consultation"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(tasks: list[Open], ref: int, outcome: str, code: str) -> None:
    assert refused(complete(simple(), tasks, ref, outcome)) == code


def test_a_join_waits_for_all_branches() -> None:
    definition = parallel()
    assert keys(complete(definition, [Open(1, "work")], 1, "go")) == ["a", "b", "c"]
    first = done(complete(definition, [Open(1, "a"), Open(2, "b"), Open(3, "c")], 1, "go"))
    assert (first.open, first.waiting_at, first.finished) == ((), ("sum",), False)
    assert done(complete(definition, [Open(2, "b"), Open(3, "c")], 3, "go")).waiting_at == ("sum",)
    assert keys(complete(definition, [Open(2, "b")], 2, "go")) == ["sum"]


def test_a_join_of_two_out_of_three_cancels_the_third() -> None:
    definition = parallel(Join.ANY, 2)
    assert done(complete(definition, [Open(1, "a"), Open(2, "b"), Open(3, "c")], 1, "go")).waiting_at
    move = done(complete(definition, [Open(2, "b"), Open(3, "c")], 2, "go"))
    assert keys(move) == ["sum"]
    assert move.cancel == (3,)


def test_sending_back_from_one_branch_voids_the_others() -> None:
    move = done(send_back(parallel(), [Open(1, "a"), Open(2, "b")], 1, "work", note="sai đơn vị"))
    assert move.close == (1,)
    assert move.cancel == (2,)
    assert keys(move) == ["work"]


@pytest.mark.parametrize(
    ("at", "to", "note", "code"),
    [
        ("work", "sign", "x", "not_earlier"),
        ("work", "work", "x", "not_earlier"),
        ("sign", "nowhere", "x", "unknown_step"),
        ("sign", "work", " ", "note_missing"),
    ],
)
def test_only_an_earlier_step_can_be_sent_back_to(at: str, to: str, note: str, code: str) -> None:
    assert refused(send_back(simple(), [Open(1, at)], 1, to, note=note)) == code


def test_one_step_done_by_several_units_waits_for_all_of_them() -> None:
    tasks = [Open(1, "work"), Open(2, "work")]
    assert done(complete(simple(), tasks, 1, "go")).waiting_at == ("work",)
    assert keys(complete(simple(), tasks[1:], 2, "go")) == ["sign"]


def beside() -> ProcessDefinition:
    return process(
        reception(go("work")),
        step("work", go("sign"), go("ask", key="ask", stay=True)),
        step("ask", go("sign"), kind=StepKind.CONSULT),
        step("sign", go("return"), kind=StepKind.APPROVAL, role="leader"),
        hand_out(),
    )


def test_a_consultation_beside_the_work_leaves_the_work_open_and_is_waited_for() -> None:
    move = done(complete(beside(), [Open(1, "work")], 1, "ask"))
    assert (move.close, keys(move)) == ((), ["ask"])
    both = [Open(1, "work"), Open(2, "ask")]
    assert refused(complete(beside(), both, 1, "ask")) == "already_open"
    assert done(complete(beside(), both, 1, "go")).waiting_at == ("sign",)
    assert done(complete(beside(), both, 2, "go")).waiting_at == ("sign",)
    assert keys(complete(beside(), both[1:], 2, "go")) == ["sign"]


def test_steps_after_the_return_do_not_hold_the_return() -> None:
    definition = process(
        reception(go("return")), hand_out("publish"), step("publish", go(), kind=StepKind.AFTER)
    )
    move = done(complete(definition, [Open(1, "return")], 1, "returned"))
    assert move.returned and not move.finished
    assert keys(move) == ["publish"]
    assert done(complete(definition, [Open(2, "publish")], 2, "go")).finished


def test_an_answer_tells_when_it_was_the_last() -> None:
    tasks = [Open(1, "work"), Open(2, "work", host=1), Open(3, "work", host=1)]
    assert not done(answer(tasks, 2)).finished
    assert done(answer(tasks[:2], 2)).finished
    assert refused(answer(tasks, 1)) == "task_not_open"


def test_opinions_are_asked_for_during_work_only() -> None:
    assert consult(simple(), [Open(1, "work")], 1) is None
    assert refused(consult(simple(), [Open(1, "return")], 1)) == "cannot_consult"


def test_taking_back_cancels_the_next_task_and_reopens_ones_own() -> None:
    move = done(take_back(simple(), [Open(2, "sign")], Open(1, "work"), "go"))
    assert move.cancel == (2,)
    assert [(entry.step.key, entry.visit) for entry in move.open] == [("work", 2)]


def test_taking_back_is_refused_when_the_run_has_gone_on() -> None:
    assert refused(take_back(simple(), [Open(3, "return")], Open(1, "work"), "go")) == "moved_on"


def test_taking_back_a_branch_that_waits_at_a_join() -> None:
    move = done(take_back(parallel(), [Open(2, "b")], Open(1, "a"), "go"))
    assert (move.cancel, keys(move)) == ((), ["a"])


@given(
    st.lists(
        st.builds(
            Open,
            st.integers(0, 4),
            st.sampled_from(["receive", "work", "a", "b", "c", "sum", "sign", "return", "x"]),
            st.integers(1, 3),
            st.none() | st.integers(0, 4),
        ),
        max_size=5,
    ),
    st.integers(0, 5),
    st.sampled_from(["go", "again", "returned", "", "x"]),
)
def test_the_engine_answers_every_input(tasks: list[Open], ref: int, outcome: str) -> None:
    definition = parallel()
    for result in (
        complete(definition, tasks, ref, outcome),
        send_back(definition, tasks, ref, outcome, note="x"),
        answer(tasks, ref),
        take_back(definition, tasks, Open(ref, "work"), outcome),
    ):
        assert isinstance(result, Move | Refusal)
