"""What is drafted and shown of a change-set, as values: the head of a decision and its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, ChangeState, LineSettings, Policy
from motcua.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about a line: `kind` sorts it, the message says it. A problem stops approval, a warning
    does not.
    """

    kind: str
    message: Message

    def to_dict(self) -> dict[str, Any]:
        """As stored: the text with its values, so that it can be said in either language."""
        return {"kind": self.kind, "text": self.message.text, "params": _plain(self.message.params)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Remark:
        return cls(data.get("kind", ""), Message(data["text"], data.get("params", {})))


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; `rose` is +1 where a burden grew (fee, time, papers), -1 where it fell."""

    key: str
    label: str
    before: str
    after: str
    rose: int = 0


@dataclass(frozen=True, slots=True)
class ChangeHead:
    """A decision without its lines. `effective_at` None while the decision does not say (it is not approved then).

    `department` is the code of the agency whose fields a configuration is limited to.
    """

    number: str
    kind: ChangeKind = ChangeKind.PUBLISH
    title: str = ""
    field_text: str = ""
    issuer: str = ""
    signed_on: date | None = None
    effective_at: datetime | None = None
    effective_to: datetime | None = None
    effective_rule: str = ""
    based_on: str = ""
    notes: tuple[str, ...] = ()
    department: str = ""
    source: str = ""
    source_digest: str = ""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line to draft. `procedure_id` where it is already matched; else it is looked up by `code`.

    `old_code` may name several codes, separated by commas or spaces. `problems` are those of the file itself: a
    line with any is stored but stops the approval until it is mended.
    """

    action: ChangeAction
    code: str = ""
    name: str = ""
    old_code: str = ""
    cell: str = ""
    procedure_id: int | None = None
    matched_by: str = ""
    content: ProcedureDefinition | None = None
    settings: LineSettings = field(default_factory=LineSettings)
    policy: Policy = Policy.FINISH
    mapping: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[Remark, ...] = ()
    problems: tuple[Remark, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeSetInfo:
    """A change-set without its lines, as pages and other parts read it."""

    id: int
    number: str
    kind: ChangeKind
    state: ChangeState
    title: str
    field_text: str
    issuer: str
    signed_on: date | None
    effective_at: datetime | None
    effective_to: datetime | None
    effective_rule: str
    based_on: str
    notes: tuple[str, ...]
    department_id: int | None
    source: str
    scan_id: int | None
    revision: int
    drafted_by_id: int | None
    drafted_by: str
    drafted_at: datetime
    approved_by: str
    approved_at: datetime | None
    published_by: str
    published_at: datetime | None
    undone_by: str
    undone_at: datetime | None
    undone_reason: str

    @property
    def retroactive(self) -> bool:
        """Whether it was published after it took effect."""
        return (
            self.published_at is not None
            and self.effective_at is not None
            and self.effective_at < self.published_at
        )


@dataclass(frozen=True, slots=True)
class LineInfo:
    """One stored line. `content` is None where the line ends a procedure or only configures."""

    id: int
    position: int
    cell: str
    code: str
    old_code: str
    name: str
    action: ChangeAction
    procedure_id: int | None
    before_version_id: int | None
    made_version_id: int | None
    matched_by: str
    policy: Policy
    warnings: tuple[Remark, ...]
    problems: tuple[Remark, ...]
    diff: tuple[FieldChange, ...]
    settings: LineSettings
    content: ProcedureDefinition | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)


def _plain(params: Mapping[str, object]) -> dict[str, Any]:
    return {
        name: value.source()
        if isinstance(value, Message)
        else value
        if isinstance(value, int)
        else str(value)
        for name, value in params.items()
    }
