"""Taking back what a change-set did to dossiers: one, or a whole run, while nothing happened to them since."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.catalogue.queries import lines as change_lines
from motcua.documents import actions as documents
from motcua.documents.errors import LetterAlreadyCancelled
from motcua.dossiers import permissions
from motcua.dossiers.actions import billing
from motcua.dossiers.actions.moving.images import fingerprints, put_back
from motcua.dossiers.events import MoveUndone
from motcua.dossiers.models import ClockEvent, Dossier, DossierChange, DossierPaper, MoveBatch, MoveState
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc

UNDO = "dossiers.undo_moves"
LARGEST = 200


@transaction.atomic
def undo_moving(*, actor: Actor, batch_id: int, reason: str, now: datetime) -> MoveBatch:
    """Begin to take a finished run back; a job does it. Dossiers that went on since keep what was done to them."""
    batch = MoveBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(msg("Không có lượt chuyển tiếp này."))
    permissions.can_move_for(actor, batch.agency_id).or_raise()
    if not reason.strip():
        raise Invalid(msg("Nhập lý do hoàn tác: lý do được ghi vào nhật ký của từng hồ sơ."), field="reason")
    if batch.state != MoveState.DONE:
        raise Conflict(msg("Chỉ hoàn tác được lượt chuyển tiếp đã xong và chưa hoàn tác."))
    batch.state, batch.after = MoveState.UNDOING, 0
    batch.undone_by_id, batch.undone_by_name = actor.user_id, actor.name[:160]
    batch.undone_reason = nfc(reason)[:500]
    batch.save(update_fields=["state", "after", "undone_by", "undone_by_name", "undone_reason"])
    number = change_lines.number_of(batch.change_set_id)
    said = {"decision": number, "number": batch.pk, "reason": batch.undone_reason}
    audit.record(
        actor, "dossiers.moving_undo_started", subject_type="change_set", subject=number, data=said, at=now
    )
    outbox.enqueue(UNDO, {"batch_id": batch.pk}, now=now, key=f"{UNDO}:{batch.pk}")
    return batch


def run_undo(*, batch_id: int, now: datetime) -> MoveBatch:
    """Go on taking a run back until nothing is left. Doing it again changes nothing more."""
    while undo_some(batch_id=batch_id, now=now):
        pass
    return MoveBatch.objects.get(pk=batch_id)


@transaction.atomic
def undo_some(*, batch_id: int, now: datetime) -> bool:
    """The next changes of a run, under lock; False when none is left."""
    batch = MoveBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(msg("Không có lượt chuyển tiếp này."))
    if batch.state != MoveState.UNDOING:
        return False
    actor = Actor(user_id=batch.undone_by_id, name=batch.undone_by_name, via="job")
    waiting = DossierChange.objects.filter(batch=batch, undone_at__isnull=True, pk__gt=batch.after)
    changes = list(waiting.order_by("pk")[:LARGEST])
    dossiers = _locked([change.dossier_id for change in changes])
    now_like = fingerprints([dossiers[change.dossier_id] for change in changes if change.before])
    for change in changes:
        change.dossier = dossiers[change.dossier_id]
        if change.before and now_like[change.dossier_id] != change.after:
            batch.not_undone += 1
            continue
        _take_back(actor, change, batch.undone_reason, now)
        batch.undone += 1
    if changes:
        batch.after = changes[-1].pk
    if len(changes) < LARGEST:
        batch.state, batch.undone_at = MoveState.UNDONE, now
        _tell_end(actor, batch, now)
    batch.save(update_fields=["state", "after", "undone", "not_undone", "undone_at"])
    return batch.state == MoveState.UNDOING


@transaction.atomic
def undo_change(*, actor: Actor, change_id: int, reason: str, now: datetime) -> DossierChange:
    """Take back what was done to one dossier. Raises Conflict once something happened to it afterwards."""
    change = DossierChange.objects.filter(pk=change_id).first()
    if change is None:
        raise NotFound(msg("Không có thay đổi này của hồ sơ."))
    change.dossier = _locked([change.dossier_id])[change.dossier_id]
    change.refresh_from_db(fields=["undone_at", "before", "after", "made", "choice"])
    agencies = {change.dossier.competent_agency_id, *_agency_before(change)}
    verdicts = [permissions.can_move_for(actor, agency) for agency in agencies]
    next((found for found in verdicts if found.allowed), verdicts[0]).or_raise()
    if not reason.strip():
        raise Invalid(msg("Nhập lý do hoàn tác: lý do được ghi vào nhật ký của hồ sơ."), field="reason")
    if change.undone_at is not None:
        raise Conflict(msg("Việc áp dụng quyết định cho hồ sơ này đã được hoàn tác rồi."))
    if change.before and fingerprints([change.dossier]).get(change.dossier_id) != change.after:
        raise Conflict(
            msg(
                "Hồ sơ %(code)s đã có việc khác sau khi áp dụng quyết định nên không hoàn tác được nữa.",
                code=change.dossier.code,
            )
        )
    _take_back(actor, change, nfc(reason)[:500], now)
    return change


def _agency_before(change: DossierChange) -> list[int]:
    found = change.before.get("dossier", {}).get("competent_agency_id")
    return [found] if found else []


def _locked(ids: list[int]) -> dict[int, Dossier]:
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("run").filter(pk__in=ids)
    return {row.pk: row for row in rows.order_by("pk")}


def _take_back(actor: Actor, change: DossierChange, reason: str, now: datetime) -> None:
    dossier, made = change.dossier, change.made
    if change.before:
        put_back(dossier, change.before)
        if change.refund:  # it had been stopped
            billing.bill_again(actor, dossier, reason=reason, now=now)
    if made.get("events"):
        ClockEvent.objects.filter(pk__in=made["events"], dossier=dossier).delete()
    if made.get("papers"):
        DossierPaper.objects.filter(pk__in=made["papers"], dossier=dossier).delete()
    for letter_id in made.get("letters", ()):
        try:
            documents.cancel_letter(letter_id=letter_id, reason=reason, cancelled_by=actor.user_id, now=now)
        except LetterAlreadyCancelled:
            continue
    change.undone_at, change.undone_by_name, change.undone_reason = now, actor.name[:160], reason
    change.save(update_fields=["undone_at", "undone_by_name", "undone_reason"])
    if change.outcome == "left":
        return
    said = {"decision": change.decision, "reason": reason}
    audit.record(
        actor, "dossiers.move_undone", subject_type="dossier", subject=dossier.code, data=said, at=now
    )
    if change.before:
        outbox.publish(
            MoveUndone(
                dossier_id=dossier.pk, code=dossier.code, national_status=dossier.state.national_code, at=now
            ),
            now=now,
        )


def _tell_end(actor: Actor, batch: MoveBatch, now: datetime) -> None:
    number = change_lines.number_of(batch.change_set_id)
    said = {"decision": number, "number": batch.pk, "found": batch.undone}
    audit.record(
        actor, "dossiers.moving_undone", subject_type="change_set", subject=number, data=said, at=now
    )
