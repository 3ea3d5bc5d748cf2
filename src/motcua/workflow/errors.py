"""Refusals of the workflow."""

from __future__ import annotations

from motcua.kernel.errors import Conflict, Invalid, Refused
from motcua.kernel.messages import Message, msg
from motcua.workflow.rules.checks import Finding
from motcua.workflow.rules.engine import Refusal


class Immutable(TypeError):
    """Published definitions never change: a bug in the caller, not a refusal."""


class NotPublishable(Invalid):
    """The process has errors; `findings` names them all."""

    code = "not_publishable"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        errors = [finding for finding in findings if finding.severity == "error"]
        first = errors[0].message if errors else msg("Quy trình có lỗi.")
        super().__init__(
            msg("Chưa ban hành được quy trình, còn %(count)s lỗi: %(first)s", count=len(errors), first=first)
        )
        self.findings = findings


_FIELDS = {"note_missing": "note", "unknown_outcome": "outcome", "not_earlier": "to_step"}


def refused(refusal: Refusal) -> Refused:
    """The exception for an engine's refusal: wrong input is Invalid, a run that moved on a Conflict."""
    message: Message = refusal.message
    if refusal.code in _FIELDS:
        return Invalid(message, code=refusal.code, field=_FIELDS[refusal.code])
    return Conflict(message, code=refusal.code)
