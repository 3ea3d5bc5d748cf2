"""The second pair of eyes: approving a draft, and giving an approved change-set back to be edited."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.catalogue.actions.changes.gate import content_reasons, shortened
from motcua.catalogue.actions.changes.locking import (
    fields_of,
    lock_change_set,
    require_revision,
    require_state,
)
from motcua.catalogue.errors import NotReady
from motcua.catalogue.events import ChangeSetApproved
from motcua.catalogue.models import ChangeLine
from motcua.catalogue.permissions import may_approve, require_approve, require_draft
from motcua.catalogue.queries.changes import editors, info_of
from motcua.catalogue.types_changes import ChangeState
from motcua.catalogue.types_drafts import ChangeSetInfo
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg


@transaction.atomic
def approve_change_set(
    *, actor: Actor, change_set_id: int, now: datetime, revision: int | None = None
) -> ChangeSetInfo:
    """Approve what was drafted, by another person than those who drafted or edited it.

    `revision`: the one that was read; another raises `EditedMeanwhile`. Raises `NotReady` with every reason while
    a line has a problem or the effective instant is unknown, `WrongState`, `NotAllowed`.
    """
    row = lock_change_set(change_set_id)
    require_approve(actor, fields_of(row), drafted_by_id=row.drafted_by_id)
    require_state(row, ChangeState.DRAFT)
    if revision is not None:
        require_revision(row, revision)
    lines = list(ChangeLine.objects.filter(change_set=row))
    configured = {user_id for line in lines for user_id in line.raw.get("editors", ())}
    if actor.user_id in configured | editors(row.pk):
        raise NotAllowed(msg("Bạn đã sửa một phần gói này nên không duyệt được. Hãy nhờ người khác duyệt."))
    reasons = content_reasons(row, lines)
    if reasons:
        raise NotReady(shortened(reasons), reasons=reasons)
    row.state = ChangeState.APPROVED.value
    row.approved_by_id = actor.user_id
    row.approved_by_name = actor.name[:160]
    row.approved_at = now
    row.revision += 1
    row.save(update_fields=["state", "approved_by", "approved_by_name", "approved_at", "revision"])
    audit.record(
        actor,
        "catalogue.approve_change_set",
        subject_type="change_set",
        subject=str(row.pk),
        data={"number": row.number, "lines": len(lines)},
        at=now,
    )
    outbox.publish(ChangeSetApproved(change_set_id=row.pk, number=row.number), now=now)
    return info_of(row)


@transaction.atomic
def return_to_draft(*, actor: Actor, change_set_id: int, reason: str, now: datetime) -> ChangeSetInfo:
    """Give an approved change-set back to be edited; it has to be approved again. By who may draft or approve it.

    Raises `WrongState`, `NotAllowed`.
    """
    row = lock_change_set(change_set_id)
    fields = fields_of(row)
    if not may_approve(actor, fields):
        require_draft(actor, fields)
    require_state(row, ChangeState.APPROVED)
    row.state = ChangeState.DRAFT.value
    row.approved_by_id, row.approved_by_name, row.approved_at = None, "", None
    row.revision += 1
    row.save(update_fields=["state", "approved_by", "approved_by_name", "approved_at", "revision"])
    audit.record(
        actor,
        "catalogue.return_change_set",
        subject_type="change_set",
        subject=str(row.pk),
        data={"number": row.number, "reason": reason},
        at=now,
    )
    return info_of(row)
