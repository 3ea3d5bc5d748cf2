"""Steps moved, put in and taken out; two processes compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.workflow.rules.checks import check
from motcua.workflow.rules.definition import Outcome, ProcessDefinition, StepKind
from motcua.workflow.rules.difference import compare
from motcua.workflow.rules.editing import delete_step, insert_step, move_step
from motcua.workflow.rules.templates import TEMPLATES
from motcua.workflow.rules.walk import walk
from motcua.workflow.tests.tables import days, go, parallel, process, simple, step


def errors(definition: ProcessDefinition) -> list[str]:
    return [f.code for f in check(definition) if f.severity == "error"]


def line(*names: str) -> ProcessDefinition:
    """a → b → c …, the last returns."""
    steps = [
        step(name, go(*names[n + 1 : n + 2]), time=days("1"), kind=StepKind.WORK)
        for n, name in enumerate(names)
    ]
    steps[-1] = replace(steps[-1], kind=StepKind.RETURN)
    return process(*steps)


def way(definition: ProcessDefinition) -> list[str]:
    """The steps in the order work passes them."""
    key, seen = definition.steps[0].key, []
    while key and key not in seen:
        seen.append(key)
        default = definition.by_key[key].default_outcome
        key = default.to[0] if default and default.to else ""
    return seen


@pytest.mark.parametrize(
    ("key", "position", "order"),
    [
        ("b", 2, ["a", "c", "b", "d", "e"]),
        ("d", 1, ["a", "d", "b", "c", "e"]),
        ("a", 3, ["b", "c", "d", "a", "e"]),
        ("d", 0, ["d", "a", "b", "c", "e"]),
        ("b", 99, ["a", "c", "d", "e", "b"]),
        ("b", 1, ["a", "b", "c", "d", "e"]),
        ("z", 1, ["a", "b", "c", "d", "e"]),
    ],
)
def test_a_moved_step_is_passed_where_it_now_stands(key: str, position: int, order: list[str]) -> None:
    moved = move_step(line("a", "b", "c", "d", "e"), key, position)
    assert [s.key for s in moved.steps] == order
    assert way(moved) == order


def test_a_loop_back_stays_where_it_leads_when_another_step_moves() -> None:
    moved = move_step(simple(), "receive", 1)
    back = moved.by_key["sign"].outcome("send_back")
    assert back is not None
    assert back.to == ("work",)


def test_a_step_moved_out_of_parallel_branches_leaves_the_others_together() -> None:
    moved = move_step(parallel(), "b", 5)
    assert moved.by_key["work"].outcomes[0].to == ("a", "c")
    assert moved.by_key["sum"].outcomes[0].to == ("b",)
    assert moved.by_key["b"].outcomes[0].to == ("sign",)
    assert errors(moved) == ["sum_exceeds_limit"], "two days that were parallel now come on top"


def test_a_new_step_is_led_to_and_leads_on() -> None:
    added, key = insert_step(line("a", "b", "c"), 1)
    assert way(added) == ["a", key, "b", "c"]
    assert errors(added)[:1] == ["no_role"]


def test_a_step_taken_out_is_led_past_and_loops_to_it_are_dropped() -> None:
    left = delete_step(simple(), "work")
    assert way(left) == ["receive", "sign", "return"]
    assert left.by_key["sign"].outcome("send_back") is None
    assert delete_step(left, "work") == left


@st.composite
def _moves(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    return draw(
        st.lists(
            st.tuples(st.sampled_from(["move", "insert", "delete"]), st.integers(0, 9), st.integers(0, 9)),
            max_size=12,
        )
    )


@given(
    st.sampled_from([simple(), parallel(), line("a", "b", "c", "d", "e"), TEMPLATES["ubnd-tinh"].definition]),
    _moves(),
)
def test_moving_never_loses_a_step_and_never_points_nowhere(
    definition: ProcessDefinition, moves: list[tuple[str, int, int]]
) -> None:
    for what, which, where in moves:
        before = {s.key: s.name for s in definition.steps}
        key = definition.steps[which % len(definition.steps)].key if definition.steps else ""
        if what == "move":
            definition = move_step(definition, key, where)
            assert {s.key: s.name for s in definition.steps} == before
        elif what == "insert":
            definition, new = insert_step(definition, where)
            assert {s.key for s in definition.steps} == {*before, new}
        elif len(definition.steps) > 1:
            definition = delete_step(definition, key)
            assert {s.key for s in definition.steps} == set(before) - {key}
        known = {s.key for s in definition.steps}
        assert {t for s in definition.steps for o in s.outcomes for t in o.to} <= known
        check(definition)


@given(st.permutations(["a", "b", "c", "d", "e", "f"]), st.integers(0, 5), st.integers(0, 5))
def test_in_a_straight_process_every_order_keeps_the_sum(names: list[str], which: int, where: int) -> None:
    before = line(*names)
    moved = move_step(before, names[which], where)
    assert walk(moved, loops=0).longest == walk(before, loops=0).longest
    assert way(moved) == [s.key for s in moved.steps]
    assert move_step(moved, names[which], which) == before or where == which


def test_nothing_differs_from_itself(processes: dict[str, ProcessDefinition]) -> None:
    for definition in processes.values():
        assert compare(definition, definition).is_empty


def test_what_differs_is_told_step_by_step() -> None:
    old = simple()
    new = replace(
        old,
        title="Thử mới",
        steps=(
            old.steps[0],
            step("extra", go("work"), time=days("1")),
            replace(old.steps[1], time=days("2"), output="Tờ trình"),
            old.steps[3],
        ),
    )
    found = compare(old, new)
    assert [(p.label.source(), p.old, p.new) for p in found.head] == [("Tên quy trình", "Thử", "Thử mới")]
    assert [(c.kind, c.key, c.old_number, c.new_number) for c in found.steps] == [
        ("added", "extra", 0, 2),
        ("changed", "work", 2, 3),
        ("removed", "sign", 3, 0),
    ]
    assert [(p.label.source(), p.old, p.new) for p in found.steps[1].parts] == [
        ("Thời gian", "1,5 ngày làm việc", "2 ngày làm việc"),
        ("Sản phẩm", "", "Tờ trình"),
    ]


def test_a_step_that_only_changed_places_is_moved_and_the_others_are_not() -> None:
    old = line("a", "b", "c", "d")
    new = replace(old, steps=(old.steps[0], old.steps[3], old.steps[1], old.steps[2]))
    assert [(c.kind, c.key) for c in compare(old, new).steps] == [("moved", "d")]


def test_a_changed_way_is_told_with_numbers() -> None:
    old = simple()
    sign = replace(old.steps[2], outcomes=(*old.steps[2].outcomes, Outcome("no", "Từ chối", ("return",))))
    found = compare(old, replace(old, steps=(*old.steps[:2], sign, old.steps[3])))
    assert "Từ chối → 4" in found.steps[0].parts[0].new


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_every_template_is_a_whole_process_without_times(template: object) -> None:
    definition = template.definition  # type: ignore[attr-defined]
    assert errors(definition) == []
    assert definition.steps[-1].kind is StepKind.RETURN
