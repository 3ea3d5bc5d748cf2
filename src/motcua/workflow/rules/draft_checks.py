"""What stands beside a draft while it is written, and what keeps it from being published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from motcua.workflow.rules.checks import Finding, Holders, check
from motcua.workflow.rules.definition import ProcessDefinition

TO_ACKNOWLEDGE = frozenset({"sum_below_limit", "units_differ", "no_limit"})
"""Steps that leave time over, or whose sum nobody can compare with the limit: taken on by whoever submits."""


def draft_findings(definition: ProcessDefinition, holders: Holders | None = None) -> tuple[Finding, ...]:
    """All checks. A role that nobody holds today is a warning: posts are filled after processes are written."""
    found = check(definition, holders=None)
    if holders is None or not definition.steps:
        return found
    empty = [f for f in check(definition, holders=holders) if f.code == "role_without_holder"]
    return (*found, *(replace(finding, severity="warning") for finding in empty))


def unacknowledged(findings: Sequence[Finding], accepted: Sequence[str]) -> Finding | None:
    """The first warning that has to be taken on and was not."""
    return next((f for f in findings if f.code in TO_ACKNOWLEDGE and f.code not in accepted), None)
