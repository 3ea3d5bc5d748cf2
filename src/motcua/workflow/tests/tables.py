"""Small processes for tests."""

from __future__ import annotations

from fractions import Fraction

from motcua.workflow.rules.definition import (
    Join,
    Outcome,
    ProcessDefinition,
    SharedTime,
    Span,
    Step,
    StepKind,
    TimeUnit,
    UnitRef,
    Where,
)


def days(amount: str) -> Span:
    return Span(Fraction(amount), TimeUnit.WORKING_DAY)


def calendar_days(amount: str) -> Span:
    return Span(Fraction(amount), TimeUnit.CALENDAR_DAY)


def go(*to: str, key: str = "go", back: bool = False, stay: bool = False, note: bool = False) -> Outcome:
    return Outcome(key, key, to, back=back, stay=stay, needs_note=note)


def step(
    key: str,
    *outcomes: Outcome,
    kind: StepKind = StepKind.WORK,
    time: Span | None = None,
    role: str = "specialist",
    where: Where = Where.FIELD_DIVISION,
    counted: bool = True,
    shared: str | None = None,
    join: Join = Join.ALL,
    join_count: int = 0,
) -> Step:
    return Step(
        key=key,
        name=f"Bước {key}",
        kind=kind,
        role=role,
        unit_ref=UnitRef(where),
        performer=f"{role} {where}",
        time=time,
        counted=counted,
        shared_group=shared,
        outcomes=outcomes,
        join=join,
        join_count=join_count,
    )


def reception(*outcomes: Outcome, time: Span | None = None, shared: str | None = None) -> Step:
    return step(
        "receive",
        *outcomes,
        kind=StepKind.RECEPTION,
        role="one_stop_officer",
        where=Where.RECEIVING_CENTRE,
        time=time,
        shared=shared,
    )


def hand_out(*after: str) -> Step:
    return step(
        "return",
        go(*after, key="returned"),
        kind=StepKind.RETURN,
        role="one_stop_officer",
        where=Where.RECEIVING_CENTRE,
    )


def process(
    *steps: Step, limit: Span | None = None, shared: tuple[SharedTime, ...] = (), key: str = "thu"
) -> ProcessDefinition:
    return ProcessDefinition(
        key=key,
        title="Thử",
        level="xa",
        steps=steps,
        limit=limit,
        shared=shared,
        procedure_codes=("1.000001",),
    )


def simple() -> ProcessDefinition:
    """Receive, work, sign (may send back), return."""
    return process(
        reception(go("work"), time=days("0.5")),
        step("work", go("sign"), time=days("1.5")),
        step(
            "sign",
            go("return"),
            go("work", key="send_back", back=True, note=True),
            kind=StepKind.APPROVAL,
            role="leader",
            where=Where.AGENCY,
            time=days("1"),
        ),
        hand_out(),
        limit=days("3"),
    )


def parallel(join: Join = Join.ALL, count: int = 0) -> ProcessDefinition:
    """Three consultations at once, met by one step."""
    return process(
        reception(go("work")),
        step("work", go("a", "b", "c"), time=days("1")),
        *(
            step(k, go("sum"), kind=StepKind.CONSULT, time=days(t))
            for k, t in (("a", "1"), ("b", "2"), ("c", "3"))
        ),
        step(
            "sum", go("sign"), go("work", key="again", back=True), join=join, join_count=count, time=days("1")
        ),
        step("sign", go("return"), kind=StepKind.APPROVAL, role="leader"),
        hand_out(),
        limit=days("5"),
    )
