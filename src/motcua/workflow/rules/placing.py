"""Where an open step of one process goes on in another. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from motcua.workflow.rules.definition import ProcessDefinition, Step


def place(
    definition: ProcessDefinition,
    *,
    step_key: str,
    kind: str,
    role: str,
    is_consultation: bool = False,
    mapped: Mapping[str, str] | None = None,
) -> Step | None:
    """The step of `definition` in which an open step goes on, or None when it has no place there.

    What somebody decided (`mapped`: old key to new key) comes first; else a step of the same kind and role, the one
    of the same key before any other, or one of the same key and kind (whoever tracks it for a body outside may have
    another role). A consultation stays with the step that asked.
    """
    if mapped and step_key in mapped:
        return definition.step(mapped[step_key])
    if is_consultation:
        return definition.step(step_key)
    fitting = [step for step in definition.steps if (step.kind.value, step.role) == (kind, role)]
    same = [step for step in fitting if step.key == step_key]
    found = next(iter(same or fitting), None)
    if found is None:
        own = definition.step(step_key)
        return own if own is not None and own.kind.value == kind else None
    return found
