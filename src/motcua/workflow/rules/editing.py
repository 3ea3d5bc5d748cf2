"""Changing a draft: steps moved, put in, taken out, with the ways between them led on.

A table is read downwards, so a moved step takes the place in the flow that it takes in the table: whoever led to it
now leads to what followed it, and its new neighbour above leads to it. Ways that somebody drew on purpose (loops back,
other targets) stay as they are. No step is ever lost, whatever is moved where.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from motcua.workflow.rules.definition import Outcome, ProcessDefinition, Step, StepKind, UnitRef, Where

FORWARD = "Chuyển bước sau"


def move_step(definition: ProcessDefinition, key: str, position: int) -> ProcessDefinition:
    """The step at another place of the table (0 is the first); an unknown key or place changes nothing."""
    steps = list(definition.steps)
    index = next((i for i, step in enumerate(steps) if step.key == key), None)
    position = max(0, min(position, len(steps) - 1))
    if index is None or index == position:
        return definition
    step = steps.pop(index)
    rest = _taken_out(steps, step)
    rest.insert(position, step)
    return replace(definition, steps=tuple(_led_in(rest, position)))


def insert_step(definition: ProcessDefinition, position: int) -> tuple[ProcessDefinition, str]:
    """An empty step at a place, and its key."""
    steps = list(definition.steps)
    position = max(0, min(position, len(steps)))
    key = new_key(definition)
    steps.insert(position, Step(key, "", StepKind.WORK, "", UnitRef(Where.AGENCY)))
    return replace(definition, steps=tuple(_led_in(steps, position))), key


def delete_step(definition: ProcessDefinition, key: str) -> ProcessDefinition:
    """Without the step; whoever led to it leads to what followed it, loops back to it are dropped."""
    step = definition.step(key)
    if step is None:
        return definition
    rest = _taken_out([other for other in definition.steps if other.key != key], step)
    kept = [
        replace(
            other,
            outcomes=tuple(
                replace(outcome, to=tuple(t for t in outcome.to if t != key))
                for outcome in other.outcomes
                if outcome.to != (key,)
            ),
        )
        for other in rest
    ]
    return replace(definition, steps=tuple(kept))


def new_key(definition: ProcessDefinition) -> str:
    """The next free key: b1, b2, …"""
    return next(key for n in range(1, 10_000) if (key := f"b{n}") not in definition.by_key)


def _next(step: Step) -> tuple[str, ...]:
    """Where the ordinary way on leads."""
    default = step.default_outcome
    return default.to if default else ()


def _retarget(step: Step, change: Callable[[Outcome], Outcome]) -> Step:
    return replace(step, outcomes=tuple(change(outcome) for outcome in step.outcomes))


def _taken_out(others: list[Step], step: Step) -> list[Step]:
    """The other steps with their forward ways led past one that leaves its place."""
    after = _next(step)

    def past(outcome: Outcome) -> Outcome:
        if outcome.back or step.key not in outcome.to:
            return outcome
        left = tuple(t for t in outcome.to if t != step.key)
        beside = left or outcome.stay
        return replace(outcome, to=left if beside else after)

    def whole(other: Step) -> Step:
        changed = _retarget(other, past)
        return replace(changed, outcomes=tuple(o for o in changed.outcomes if o.to or not o.stay))

    return [whole(other) for other in others]


def _led_in(steps: list[Step], position: int) -> list[Step]:
    """The ways of the step at `position` and of its neighbour above as the table is read."""
    step = steps[position]
    above = steps[position - 1] if position else None
    below = steps[position + 1] if position + 1 < len(steps) else None
    if above is None:
        after: tuple[str, ...] = (below.key,) if below else ()
    elif above.default_outcome is not None and not _leads_up(above, steps, position):
        after = tuple(t for t in _next(above) if t != step.key)
    else:
        after = (below.key,) if below else ()
    if above is not None:
        steps[position - 1] = _leading_to(above, (step.key,))
    steps[position] = _leading_to(step, after)
    return steps


def _leads_up(above: Step, steps: list[Step], position: int) -> bool:
    """Whether the neighbour's ordinary way goes to a step above: then nothing is to be handed on."""
    higher = {other.key for other in steps[:position]}
    return any(target in higher for target in _next(above))


def _leading_to(step: Step, targets: tuple[str, ...]) -> Step:
    """The ordinary ways on of a step (several cases may share them) led elsewhere; one is made if there is none."""
    default = step.default_outcome
    if default is None:
        return replace(step, outcomes=(Outcome("forward", FORWARD, targets), *step.outcomes))
    usual = default.to

    def turned(outcome: Outcome) -> Outcome:
        ordinary = not (outcome.back or outcome.stay) and outcome.to == usual
        return replace(outcome, to=targets) if ordinary else outcome

    return _retarget(step, turned)
