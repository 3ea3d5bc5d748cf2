"""Which swim-lane and which row a step is drawn in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.kernel.messages import msg
from motcua.workflow.rules.definition import ProcessDefinition, Step, StepKind, Where

_ONE_LANE_PER_ROLE = frozenset({Where.RECEIVING_CENTRE, Where.FIELD_DIVISION, Where.AGENCY})


@dataclass(frozen=True, slots=True)
class Lanes:
    """Lane names from left to right, and the lane and row of each step."""

    names: tuple[str, ...]
    lane: Mapping[str, int]
    row: Mapping[str, int]


def lanes_of(definition: ProcessDefinition) -> Lanes:
    """One lane per performer in order of first appearance; different words for one role share a lane."""
    keys = [_lane_key(step) for step in definition.steps]
    order = list(dict.fromkeys(keys))
    names = tuple(
        _lane_name([s for s, k in zip(definition.steps, keys, strict=True) if k == key]) for key in order
    )
    lane = {step.key: order.index(key) for step, key in zip(definition.steps, keys, strict=True)}
    return Lanes(names, lane, _rows(definition, lane))


def _lane_key(step: Step) -> tuple[str, ...]:
    which = step.unit_ref.which
    if which in _ONE_LANE_PER_ROLE and step.kind is not StepKind.WAIT:
        return (which, step.role)
    return (which, step.role, step.lane)


def _lane_name(steps: list[Step]) -> str:
    """The shortest of the words used; the counter by its own name where the table words it differently."""
    words = {step.lane for step in steps}
    if len(words) > 1 and steps[0].unit_ref.which is Where.RECEIVING_CENTRE:
        return msg("Trung tâm Phục vụ hành chính công").render()
    return min(words, key=lambda word: (len(word), word))


def _rows(definition: ProcessDefinition, lane: Mapping[str, int]) -> dict[str, int]:
    """A row per step; steps opened together share one where their lanes differ."""
    together = [o.to for step in definition.steps for o in step.outcomes if len(o.to) > 1]
    rows: dict[str, int] = {}
    members: list[str] = []
    row = 0
    for step in definition.steps:
        fits = any(step.key in group and set(members) <= set(group) for group in together)
        if members and fits and lane[step.key] not in {lane[key] for key in members}:
            members.append(step.key)
        else:
            members = [step.key]
            row += 1
        rows[step.key] = row
    return rows
