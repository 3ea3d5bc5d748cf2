"""Taking a published change-set back as a whole, while nothing stands on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.catalogue.actions.changes.configuring import TABLES, open_again, take_away
from motcua.catalogue.actions.changes.locking import fields_of, lock_catalogue, lock_change_set, require_state
from motcua.catalogue.actions.periods import (
    in_parts,
    lock_versions,
    require_no_overlap,
    set_ends,
    withdraw_versions,
)
from motcua.catalogue.errors import InUse
from motcua.catalogue.events import ChangeSetUndone
from motcua.catalogue.models import (
    ChangeLine,
    ChangeSet,
    Procedure,
    ProcedureCode,
    ProcedureVersion,
    ProcessBinding,
)
from motcua.catalogue.permissions import require_publish
from motcua.catalogue.queries.changes import change_sets_of, info_of
from motcua.catalogue.queries.pins import Footing, pinned
from motcua.catalogue.snapshot import touch
from motcua.catalogue.types_changes import ChangeState
from motcua.catalogue.types_drafts import ChangeSetInfo
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import Message, msg


@transaction.atomic
def undo_change_set(*, actor: Actor, change_set_id: int, reason: str, now: datetime) -> ChangeSetInfo:
    """Take back everything a published change-set did; the catalogue is then as it was before.

    Its versions stay readable as ones that never stood. They are locked before anything is looked for that stands on
    them: who receives under one meanwhile was faster and keeps it, or waits and is told. Raises `InUse` with names
    while dossiers or processes run on it or later changes build on it, `Invalid` without a reason, `WrongState`,
    `NotAllowed`.
    """
    lock_catalogue()
    row = lock_change_set(change_set_id)
    require_publish(actor, fields_of(row))
    if not reason.strip():
        raise Invalid(msg("Ghi lý do hoàn tác."), field="reason")
    require_state(row, ChangeState.PUBLISHED)
    lock_versions(int(pk) for pk in row.undo.get("made", ()))
    reasons = undo_reasons(change_set_id=row.pk)
    if reasons:
        raise InUse(
            msg(
                "Không hoàn tác được gói %(number)s: %(reasons)s",
                number=row.number,
                reasons=" ".join(found.source() for found in reasons),
            ),
            reasons=reasons,
        )
    _take_back(row, now)
    row.state = ChangeState.UNDONE.value
    row.undone_by_name = actor.name[:160]
    row.undone_at = now
    row.undone_reason = reason.strip()
    row.revision += 1
    row.save(update_fields=["state", "undone_by_name", "undone_at", "undone_reason", "revision"])
    audit.record(
        actor,
        "catalogue.undo_change_set",
        subject_type="change_set",
        subject=str(row.pk),
        data={"number": row.number, "reason": row.undone_reason, "versions": len(row.undo["made"])},
        at=now,
    )
    touch()
    outbox.publish(ChangeSetUndone(row.pk, row.number, row.undone_reason), now=now)
    return info_of(row)


def undo_reasons(*, change_set_id: int) -> list[Message]:
    """Why a published change-set cannot be undone: later changes, changed ends, dossiers, processes."""
    row = ChangeSet.objects.get(pk=change_set_id)
    made = [int(pk) for pk in row.undo.get("made", ())]
    lines = ChangeLine.objects.filter(change_set=row, procedure__isnull=False)
    procedure_ids = set(lines.values_list("procedure_id", flat=True)) | _procedures(row.undo)
    later = change_sets_of(procedure_ids, after=row.pk)
    reasons: list[Message] = []
    if later:
        numbers = ", ".join(found.number for found in later[:5])
        reasons.append(msg("Quyết định sau đã thay đổi cùng thủ tục: %(numbers)s.", numbers=numbers))
    else:
        reasons += _moved(row.undo) + _configured_since(row)
    bound = ProcessBinding.objects.filter(change_line__change_set=row, procedure__isnull=False)
    footing = Footing(
        change_set_id=row.pk,
        version_ids=tuple(made),
        bindings=tuple(bound.values_list("procedure_id", "process_version_id")),
        since=max(moment for moment in (row.effective_at, row.published_at) if moment is not None),
    )
    reasons += [pin.message for pin in pinned(footing)]
    return reasons


def _procedures(undo: dict[str, Any]) -> set[int]:
    ids = [int(pk) for pk in (*undo.get("made", ()), *undo.get("ended", ()))]
    found: set[int] = set()
    for part in in_parts(ids):
        found.update(ProcedureVersion.objects.filter(pk__in=part).values_list("procedure_id", flat=True))
    return found


def _moved(undo: dict[str, Any]) -> list[Message]:
    """Versions of this change-set whose end somebody has set since (an import, say)."""
    ends = {int(pk): end for pk, end in undo.get("made_ends", {}).items()}
    for part in in_parts(sorted(ends)):
        for pk, code, end in ProcedureVersion.objects.filter(pk__in=part).values_list(
            "pk", "code", "valid_to"
        ):
            if end != (datetime.fromisoformat(ends[pk]) if ends[pk] else None):
                return [msg("Thủ tục %(code)s đã có phiên bản mới hơn.", code=code)]
    return []


def _configured_since(row: ChangeSet) -> list[Message]:
    """Processes, rules or settings of this change-set that something without a decision closed (an import, say)."""
    for name, table in TABLES.items():
        ends = {
            datetime.fromisoformat(end) for end in row.undo.get("closed", {}).get(name, {}).values() if end
        }
        closed: Any = table._default_manager.filter(change_line__change_set=row, valid_to__isnull=False)
        closed = closed.exclude(valid_to__in={*ends, row.effective_to} - {None})
        for found in closed.select_related("procedure")[:1]:
            return [msg("Thủ tục %(code)s đã được cấu hình lại sau đó.", code=str(found.procedure))]
    return []


def _take_back(row: ChangeSet, now: datetime) -> None:
    undo = row.undo
    take_away(row)
    open_again(undo["closed"])
    made = [int(pk) for pk in undo["made"]]
    withdraw_versions(made, now=now)
    ended = {int(pk): datetime.fromisoformat(end) if end else None for pk, end in undo["ended"].items()}
    set_ends(ended, now=now, change_set_id=row.pk)
    for part in in_parts(undo["codes"]):
        held = ProcedureCode.objects.filter(code__in=[code for code, _ in part])
        wanted = {(code, procedure_id) for code, procedure_id in part}
        stale = [
            pk
            for pk, code, owner in held.values_list("pk", "code", "procedure_id")
            if (code, owner) in wanted
        ]
        ProcedureCode.objects.filter(pk__in=stale).delete()
    for pk, code in undo.get("renumbered", ()):
        Procedure.objects.filter(pk=pk).update(code=code)
    require_no_overlap(_procedures(undo))
