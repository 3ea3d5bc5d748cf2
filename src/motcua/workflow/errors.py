"""Refusals of the workflow."""

from __future__ import annotations

from motcua.kernel.errors import Conflict, Invalid, Refused
from motcua.kernel.messages import Message, msg
from motcua.workflow.rules.checks import Finding
from motcua.workflow.rules.engine import Refusal
from motcua.workflow.rules.pasted import PastedProcess


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


class TableNotUnderstood(Invalid):
    """Cells of a table could not be read; `remarks` name each by row and column."""

    code = "table_not_understood"

    def __init__(self, found: PastedProcess) -> None:
        errors = found.errors
        super().__init__(
            msg(
                "Chưa hiểu %(count)s chỗ của bảng. Đầu tiên: %(first)s",
                count=len(errors),
                first=errors[0].message,
            ),
            field="table",
        )
        self.remarks = found.remarks


class DiagramRefused(Invalid):
    """A BPMN file that is not read."""

    code = "diagram_refused"

    def __init__(self, message: Message, *, code: str) -> None:
        super().__init__(message, code=code, field="file")


class DraftMoved(Conflict):
    """Somebody else saved the draft meanwhile; both texts are shown, nothing is overwritten."""

    code = "draft_moved"

    def __init__(self, name: str, revision: int) -> None:
        super().__init__(
            msg(
                "%(name)s vừa lưu bản nháp này. Nội dung của bạn chưa ghi đè lên: hãy so hai bản rồi chọn.",
                name=name,
            ),
            field="revision",
        )
        self.revision = revision


class NotAcknowledged(Invalid):
    """A warning has to be taken on by whoever submits, such as steps that leave time over."""

    code = "not_acknowledged"

    def __init__(self, finding: Finding) -> None:
        super().__init__(
            msg("%(why)s Nếu đúng là như vậy, hãy đánh dấu xác nhận rồi trình lại.", why=finding.message),
            field="acknowledge",
        )
        self.finding = finding


_FIELDS = {"note_missing": "note", "unknown_outcome": "outcome", "not_earlier": "to_step"}


def refused(refusal: Refusal) -> Refused:
    """The exception for an engine's refusal: wrong input is Invalid, a run that moved on a Conflict."""
    message: Message = refusal.message
    if refusal.code in _FIELDS:
        return Invalid(message, code=refusal.code, field=_FIELDS[refusal.code])
    return Conflict(message, code=refusal.code)
