from __future__ import annotations

import pytest

from motcua.workflow.rules.checks import check, has_errors
from motcua.workflow.rules.definition import Join, ProcessDefinition, SharedTime, StepKind
from motcua.workflow.tests.tables import (
    calendar_days,
    days,
    go,
    hand_out,
    parallel,
    process,
    reception,
    simple,
    step,
)


def codes(definition: ProcessDefinition) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.step_key) for finding in check(definition)]


SIGN = step("sign", go("return"), kind=StepKind.APPROVAL, role="leader")


def test_a_sound_process_has_no_findings() -> None:
    assert check(simple()) == ()
    assert check(parallel()) == ()


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (process(), ("no_steps", None)),
        (process(reception(go("sign")), SIGN, hand_out(), step("lost", go("sign"))), ("unreachable", "lost")),
        (process(reception(go("sign"), go("x", key="x")), SIGN, step("x"), hand_out()), ("dead_end", "x")),
        (process(reception(go("sign")), step("sign", go("receive", back=True))), ("no_end", None)),
        (process(reception(go("nowhere"))), ("unknown_step", "receive")),
        (process(reception(go("sign")), SIGN, SIGN, hand_out()), ("duplicate_key", "sign")),
        (process(reception(go("sign"), go("sign")), SIGN, hand_out()), ("duplicate_outcome", "receive")),
        (
            process(
                reception(go("work")),
                step("work", go("sign")),
                step("sign", go("return"), go("work", key="x")),
                hand_out(),
            ),
            ("unmarked_loop", "work"),
        ),
        (
            process(reception(go("sign", back=True), go("sign", key="f")), SIGN, hand_out()),
            ("back_not_earlier", "receive"),
        ),
        (process(reception(go("work")), step("work", go(), kind=StepKind.APPROVAL)), ("no_return", None)),
        (
            process(
                reception(go("sign")), step("sign", go("return"), kind=StepKind.APPROVAL, role=""), hand_out()
            ),
            ("no_role", "sign"),
        ),
        (parallel(Join.ANY, 4), ("join_never_completes", "sum")),
        (
            process(
                reception(go("a", "b")),
                step("a", go("sign")),
                step("b", go("sign"), go("return", key="skip")),
                SIGN,
                hand_out(),
            ),
            ("join_never_completes", "b"),
        ),
        (
            process(reception(go("a", "b")), step("a", go()), step("b", go())),
            ("join_never_completes", "receive"),
        ),
        (process(reception(go("sign"), shared="s"), SIGN, hand_out()), ("unknown_shared_time", "receive")),
    ],
)
def test_a_broken_process_is_named(definition: ProcessDefinition, expected: tuple[str, str | None]) -> None:
    found = check(definition)
    assert expected in [(finding.code, finding.step_key) for finding in found]
    assert has_errors(found)
    assert all(finding.message.source() for finding in found)


def test_a_process_without_a_leader_is_warned_about() -> None:
    definition = process(
        reception(go("stamp")), step("stamp", go("return"), role="clerk"), hand_out(), limit=days("0")
    )
    assert [(f.severity, f.code) for f in check(definition)] == [("warning", "no_approval")]


def test_a_role_that_nobody_holds_is_an_error() -> None:
    found = check(simple(), holders=lambda step: step.role != "leader")
    assert [(f.severity, f.code, f.step_key) for f in found] == [("error", "role_without_holder", "sign")]


@pytest.mark.parametrize(
    ("limit", "expected", "words"),
    [
        ("3", None, ""),
        (
            "2.75",
            ("error", "sum_exceeds_limit"),
            "Tổng thời gian các bước là 3 ngày làm việc, vượt thời hạn 2,75 ngày làm việc (thừa 0,25).",
        ),
        (
            "4",
            ("warning", "sum_below_limit"),
            "Tổng thời gian các bước là 3 ngày làm việc, ít hơn thời hạn 4 ngày làm việc (còn 1).",
        ),
    ],
)
def test_steps_are_added_exactly_against_the_limit(
    limit: str, expected: tuple[str, str] | None, words: str
) -> None:
    definition = ProcessDefinition(**{**simple().__dict__, "limit": days(limit)})
    found = check(ProcessDefinition.from_dict(definition.to_dict()))
    assert [(f.severity, f.code) for f in found] == ([expected] if expected else [])
    if expected:
        assert found[0].message.source() == words


def test_parallel_branches_count_as_the_longest_of_them() -> None:
    assert check(parallel()) == ()  # 1 + max(1, 2, 3) + 1 = 5


def test_calendar_days_beside_working_days_cannot_be_compared() -> None:
    definition = process(
        reception(go("sign"), time=days("1")),
        step("sign", go("return"), kind=StepKind.APPROVAL, role="leader", time=calendar_days("2")),
        hand_out(),
        limit=days("3"),
    )
    assert codes(definition) == [("units_differ", None)]


def test_a_shared_time_counts_once() -> None:
    definition = process(
        reception(go("sign"), shared="s"),
        step("sign", go("return"), kind=StepKind.APPROVAL, role="leader", shared="s"),
        hand_out(),
        limit=days("1"),
        shared=(SharedTime("s", "cả hai bước dùng chung 1 ngày", days("1")),),
    )
    assert check(definition) == ()
