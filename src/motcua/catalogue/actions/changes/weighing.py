"""What a line changes and what in it deserves a warning, as stored with the line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from motcua.catalogue.models import ChangeSet
from motcua.catalogue.queries.decisions import ASIDE, HEAD_KINDS, decision_line
from motcua.catalogue.rules.burden import rose
from motcua.catalogue.rules.decisions import DecisionHead, Others, diff, propose, settled_action, warnings
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.catalogue.types_drafts import DraftLine, FieldChange, Remark
from motcua.kernel.messages import Message

IDENTITY_KINDS = frozenset(
    {
        "ambiguous", "matched_by_name", "former_code", "same_name", "duplicate", "pending_elsewhere", "open_dossiers",
    }
)  # fmt: skip
"""Warnings that need what stands around the line; they come with the draft and stay until the line is edited."""

PROBLEM_KINDS = frozenset({"unknown_code", "already_known"})
"""Said as a problem of the line already."""


def weigh(
    line: DraftLine, before: ProcedureDefinition | None, head: ChangeSet
) -> tuple[list[dict[str, Any]], list[Remark]]:
    """The differences field by field, and the warnings that came with the line and that the comparison adds."""
    after = line.content
    if line.action is not ChangeAction.ABOLISHED and after is None:
        return [], [remark for remark in line.warnings if remark.kind in IDENTITY_KINDS]
    changes = [
        FieldChange(
            key=change.field,
            label=change.label.source(),
            before=_said(change.before),
            after=_said(change.after),
            rose=rose(change, before, after),
        )
        for change in diff(before, after)
    ]
    found = warnings(decision_line(line), before, after, decision_head(head), Others())
    content = [
        Remark(warning.kind, warning.message)
        for warning in found
        if warning.kind not in HEAD_KINDS | IDENTITY_KINDS | PROBLEM_KINDS
    ]
    kept = [remark for remark in line.warnings if remark.kind in IDENTITY_KINDS]
    return [_as_dict(change) for change in changes], [*kept, *content]


def matched(line: DraftLine, procedure_id: int, before: ProcedureDefinition, head: ChangeSet) -> DraftLine:
    """The line with the procedure a person chose, and what its file says laid over that procedure's content."""
    read = decision_line(line)
    action = settled_action(read, before)
    content = None if action in ASIDE else propose(read, before, decision_head(head)) or line.content
    replacing = action is ChangeAction.REPLACED
    return replace(
        line,
        action=action,
        procedure_id=None if replacing else procedure_id,
        code=line.code if replacing else before.display_code or line.code,
        old_code=before.display_code if replacing and not line.old_code else line.old_code,
        name=line.name or before.name,
        matched_by="person",
        content=content,
        warnings=(),
        problems=(),
    )


def decision_head(row: ChangeSet) -> DecisionHead:
    """The head of a change-set as the rules of decisions read it."""
    return DecisionHead(
        number=row.number,
        signed_on=row.signed_on,
        issuer=row.issuer,
        kind=ChangeKind(row.kind),
        title=row.title,
        field=row.field_text,
        effective_at=row.effective_at,
        effective_to=row.effective_to,
        effective_rule=row.effective_rule,
        based_on=row.based_on,
    )


def _said(text: Message | None) -> str:
    return text.source() if text is not None else ""


def _as_dict(change: FieldChange) -> dict[str, Any]:
    return {
        "key": change.key,
        "label": change.label,
        "before": change.before,
        "after": change.after,
        "rose": change.rose,
    }
