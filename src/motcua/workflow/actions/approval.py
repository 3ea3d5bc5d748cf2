"""From a draft to a published process: submitted by one person, published or sent back by another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.workflow.actions.drafts import locked, require_open
from motcua.workflow.actions.publish import write_version
from motcua.workflow.errors import DraftMoved, NotAcknowledged, NotPublishable
from motcua.workflow.models import ProcessDraft, ProcessVersion
from motcua.workflow.permissions import may_draft, require_draft, require_second_person
from motcua.workflow.rules.checks import Finding, has_errors
from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.rules.draft_checks import TO_ACKNOWLEDGE, draft_findings, unacknowledged
from motcua.workflow.types import DraftStatus


@transaction.atomic
def submit_draft(
    *, actor: Actor, draft_id: int, revision: int, now: datetime, accepted: Collection[str] = ()
) -> ProcessDraft:
    """Hand a draft to a second person.

    Raises NotPublishable when a check fails (a sum above the limit names both numbers), NotAcknowledged while a
    warning such as time left over is not among `accepted`, DraftMoved, Conflict, NotAllowed, NotFound.
    """
    draft = locked(actor, draft_id)
    require_draft(actor, draft.agency_id)
    require_open(draft)
    _require_revision(draft, revision)
    findings = _findings(draft)
    if not draft.title.strip():
        raise Invalid(msg("Quy trình chưa có tên. Hãy điền tên trước khi trình."), field="title")
    open_warning = unacknowledged(findings, list(accepted))
    if open_warning is not None:
        raise NotAcknowledged(open_warning)
    draft.accepted = sorted({f.code for f in findings} & TO_ACKNOWLEDGE)
    draft.status = DraftStatus.SUBMITTED
    draft.submitted_by_id, draft.submitted_at = actor.user_id, now
    if actor.user_id not in draft.editors:
        draft.editors = [*draft.editors, actor.user_id]
    draft.note = ""
    draft.save()
    _audit(actor, "workflow.draft_submitted", draft, now, accepted=draft.accepted)
    return draft


@transaction.atomic
def publish_draft(*, actor: Actor, draft_id: int, revision: int, now: datetime) -> ProcessVersion:
    """Approve a submitted draft and publish it. Binding it to procedures is another act, of the catalogue.

    Raises NotAllowed for whoever wrote in it, NotPublishable with the sum when the steps do not add up, Conflict
    when it was not submitted, DraftMoved, NotFound.
    """
    draft = locked(actor, draft_id)
    require_second_person(actor, draft.agency_id, draft.editors)
    if draft.status != DraftStatus.SUBMITTED:
        raise Conflict(msg("Bản nháp chưa được trình duyệt hoặc đã kết thúc."), code="not_submitted")
    _require_revision(draft, revision)
    open_warning = unacknowledged(_findings(draft), draft.accepted)
    if open_warning is not None:
        raise NotAcknowledged(open_warning)
    version = write_version(actor=actor, definition=ProcessDefinition.from_dict(draft.definition), now=now)
    draft.status, draft.published = DraftStatus.PUBLISHED, version
    _decide(actor, draft, now)
    _audit(actor, "workflow.draft_published", draft, now, version=f"{version.key}#{version.number}")
    return version


@transaction.atomic
def return_draft(*, actor: Actor, draft_id: int, now: datetime, note: str) -> ProcessDraft:
    """Give a submitted draft back to be changed: by whoever may approve it, or by the drafters themselves."""
    draft = locked(actor, draft_id)
    if draft.status != DraftStatus.SUBMITTED:
        raise Conflict(msg("Bản nháp không ở trạng thái chờ duyệt."), code="not_submitted")
    own = actor.user_id in draft.editors and may_draft(actor, draft.agency_id)
    if not own:
        require_second_person(actor, draft.agency_id, draft.editors)
        if not note.strip():
            raise Invalid(msg("Hãy ghi lý do trả lại để người soạn biết cần sửa gì."), field="note")
    draft.status, draft.note = DraftStatus.DRAFTING, note.strip()[:2000]
    _decide(actor, draft, now)
    _audit(actor, "workflow.draft_returned", draft, now, own=own)
    return draft


@transaction.atomic
def discard_draft(*, actor: Actor, draft_id: int, now: datetime) -> ProcessDraft:
    """Give a draft up. It stays in the list of discarded ones with everything in it."""
    draft = locked(actor, draft_id)
    require_draft(actor, draft.agency_id)
    require_open(draft)
    draft.status = DraftStatus.DISCARDED
    _decide(actor, draft, now)
    _audit(actor, "workflow.draft_discarded", draft, now)
    return draft


def _findings(draft: ProcessDraft) -> tuple[Finding, ...]:
    """The checks; raises NotPublishable when one of them is an error."""
    findings = draft_findings(ProcessDefinition.from_dict(draft.definition))
    if has_errors(findings):
        raise NotPublishable(findings)
    return findings


def _require_revision(draft: ProcessDraft, revision: int) -> None:
    if draft.revision != revision:
        raise DraftMoved(draft.updated_by.full_name if draft.updated_by else "", draft.revision)


def _decide(actor: Actor, draft: ProcessDraft, now: datetime) -> None:
    draft.decided_by_id, draft.decided_at = actor.user_id, now
    draft.save()


def _audit(actor: Actor, action: str, draft: ProcessDraft, now: datetime, **more: object) -> None:
    data = {"key": draft.key, "revision": draft.revision, **more}
    audit.record(actor, action, subject_type="process_draft", subject=str(draft.pk), data=data, at=now)
