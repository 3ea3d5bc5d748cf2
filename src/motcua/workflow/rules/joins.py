"""Where parallel branches begin and meet."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.workflow.rules.definition import Outcome, ProcessDefinition, Step


def branches_of(step: Step, outcome: Outcome) -> tuple[str, ...]:
    """The steps that run at the same time after an outcome; with `stay`, also the step's own ways on."""
    if not outcome.stay:
        return outcome.to
    return (*outcome.to, *(t for o in step.outcomes if not (o.stay or o.back) for t in o.to))


def meeting(definition: ProcessDefinition, branches: Sequence[str]) -> str | None:
    """The first step that every branch comes to, or None."""
    common = frozenset.intersection(*(definition.reaches[key] | {key} for key in branches))
    keys = [step.key for step in definition.steps if step.key in common]
    return next(
        (k for k in keys if not any(k in definition.reaches[other] for other in keys if other != k)), None
    )


def joins_of(definition: ProcessDefinition) -> dict[str, bool]:
    """Steps where parallel branches meet -> whether some of them are opened on demand only."""
    found: dict[str, bool] = {}
    for step in definition.steps:
        for outcome in step.outcomes:
            branches = branches_of(step, outcome)
            if outcome.back or len(branches) < 2:
                continue
            join = meeting(definition, branches)
            if join is not None:
                found[join] = found.get(join, False) or outcome.stay
    return found
