"""Asking for missing papers once and completely, and taking them in (Decree 118/2025 Art. 11, 19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from motcua.documents import actions as documents
from motcua.documents.queries import Letter
from motcua.dossiers import permissions
from motcua.dossiers.actions import timing
from motcua.dossiers.actions.loading import Locked, lock_for
from motcua.dossiers.actions.receive import SUPPLEMENT, SupplementItem, check_respond_by, nfc_lines
from motcua.dossiers.actions.taken_back import wait_for_what_was_taken_back
from motcua.dossiers.adapters import letters
from motcua.dossiers.events import SupplementRegistered, SupplementRequested
from motcua.dossiers.models import Dossier, DossierPaper, Party, Supplement
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.rules.deadline import PauseMode
from motcua.dossiers.types import Act, PaperGiven, PaperState, PartyRole, Stage
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, NotAllowed
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role, UnitInfo, UnitKind


@dataclass(frozen=True, slots=True)
class SupplementDone:
    dossier: Dossier
    letter: Letter


@transaction.atomic
def request_supplement(
    *,
    actor: Actor,
    code: str,
    items: Sequence[SupplementItem],
    reason: str,
    now: datetime,
    respond_by: date | None = None,
    leader_reason: str = "",
    mode: PauseMode | None = None,
) -> SupplementDone:
    """Ask for everything that is missing in one list; the clock stops (form 02).

    A second request needs a leader and the leader's reason, and makes the dossier count as late (Decision 766).
    `mode` says how the clock goes on: RESTART counts from zero, EXTEND adds the waiting time.
    """
    locked = lock_for(Act.REQUEST_SUPPLEMENT, actor, code)
    dossier = locked.dossier
    wanted = [SupplementItem(nfc(item.text), item.key) for item in items if nfc(item.text)]
    if not wanted:
        raise Invalid(msg("Nêu ít nhất một giấy tờ hoặc nội dung cần bổ sung."), field="items")
    if not reason.strip():
        raise Invalid(msg("Nhập lý do yêu cầu bổ sung."), field="reason")
    check_respond_by(respond_by, now)
    number = dossier.supplement_count + 1
    if number > 1:
        _check_second(actor, dossier, leader_reason)
        dossier.counted_late = True
    Supplement.objects.create(
        dossier=dossier,
        number=number,
        stage=Stage.APPRAISAL.value,
        items=[{"key": item.key, "text": item.text} for item in wanted],
        reason=nfc_lines(reason),
        leader_reason=nfc(leader_reason),
        respond_by=respond_by,
        requested_by_id=actor.user_id,
        requested_at=now,
    )
    timing.pause(
        actor, dossier, reason="Chờ bổ sung giấy tờ", mode=mode or timing.policy().pause_mode, now=now
    )
    dossier.status = lifecycle.next_status("request_supplement", dossier.status) or dossier.status
    dossier.supplement_count = number
    timing.refresh(dossier, now)
    dossier.save(update_fields=["status", "supplement_count", "counted_late", *timing.DUE_FIELDS])
    letter = _letter(actor, locked, wanted, reason, respond_by, now)
    said = {"number": number, "items": len(wanted), "letter": letter.number_text}
    audit.record(
        actor, "dossiers.supplement_requested", subject_type="dossier", subject=code, data=said, at=now
    )
    outbox.publish(
        SupplementRequested(
            dossier_id=dossier.pk, code=code, national_status=dossier.state.national_code, at=now
        ),
        now=now,
    )
    return SupplementDone(dossier, letter)


def _check_second(actor: Actor, dossier: Dossier, leader_reason: str) -> None:
    if not leader_reason.strip():
        raise Invalid(
            msg(
                "Hồ sơ đã yêu cầu bổ sung một lần. Lần nữa phải có lý do của lãnh đạo và bị tính là trễ hạn."
            ),
            field="leader_reason",
        )
    if not permissions.holds_in_agency(actor, Role.LEADER.value, agency_id=dossier.competent_agency_id):
        raise NotAllowed(msg("Chỉ lãnh đạo cơ quan giải quyết được yêu cầu bổ sung lần thứ hai."))


def _letter(
    actor: Actor,
    locked: Locked,
    items: Sequence[SupplementItem],
    reason: str,
    respond_by: date | None,
    now: datetime,
) -> Letter:
    dossier = locked.dossier
    unit = _issuing_unit(actor, dossier)
    data = letters.supplement_letter(
        dossier,
        unit=unit,
        owner=owner_of(dossier),
        items=[item.text for item in items],
        reason=nfc_lines(reason),
        respond_by=respond_by,
        officer_name=actor.name,
    )
    return documents.issue_letter(
        kind=SUPPLEMENT,
        unit_id=unit.id,
        subject=dossier.code,
        data=data,
        number=documents.next_letter_number(unit_id=unit.id, kind=SUPPLEMENT, now=now),
        issued_by=actor.user_id,
        now=now,
    )


def _issuing_unit(actor: Actor, dossier: Dossier) -> UnitInfo:
    """The counter writes as the centre; those who appraise write as the deciding agency."""
    receiving = organisation.unit(dossier.receiving_unit_id)
    if actor.has(unit_id=receiving.id) and receiving.kind == UnitKind.SERVICE_CENTRE:
        return receiving
    return organisation.unit(dossier.competent_agency_id)


def owner_of(dossier: Dossier) -> Party:
    return dossier.parties.get(role=PartyRole.OWNER.value)


@transaction.atomic
def register_supplement(
    *, actor: Actor, code: str, now: datetime, papers: Sequence[PaperGiven] = (), note: str = ""
) -> Dossier:
    """The papers came: note them, let the clock go on, give the desks new due times."""
    locked = lock_for(Act.REGISTER_SUPPLEMENT, actor, code)
    dossier = locked.dossier
    if not papers and not nfc(note):
        raise Invalid(msg("Đánh dấu giấy tờ đã nhận, hoặc ghi rõ vì sao tiếp tục."), field="papers")
    paused_at = dossier.paused_since
    _take_in(dossier, papers)
    dossier.supplements.filter(answered_at__isnull=True).update(
        answered_at=now, answered_by_id=actor.user_id, answer_note=nfc(note)
    )
    timing.resume(actor, dossier, reason="Đã nhận giấy tờ bổ sung", now=now)
    dossier.status = lifecycle.next_status("register_supplement", dossier.status) or dossier.status
    timing.refresh(dossier, now)
    dossier.save(update_fields=["status", *timing.DUE_FIELDS])
    restarted = (
        dossier.clock_events.filter(kind="pause").latest("id").data.get("mode") == PauseMode.RESTART.value
    )
    timing.shift_tasks(dossier, locked.tasks, paused_at=paused_at, resumed_at=now, restart=restarted)
    said = {"papers": len(papers), "note": nfc(note)}
    audit.record(
        actor, "dossiers.supplement_registered", subject_type="dossier", subject=code, data=said, at=now
    )
    outbox.publish(
        SupplementRegistered(
            dossier_id=dossier.pk, code=code, national_status=dossier.state.national_code, at=now
        ),
        now=now,
    )
    wait_for_what_was_taken_back(locked, now)
    return dossier


def _take_in(dossier: Dossier, papers: Sequence[PaperGiven]) -> None:
    existing = {paper.key: paper for paper in dossier.papers.all() if paper.key}
    last = dossier.papers.count()
    fresh = []
    for given in papers:
        listed = existing.get(given.key)
        if listed is not None:
            listed.state, listed.note = given.state.value, nfc(given.note)
            listed.originals, listed.copies = given.originals, given.copies
            listed.save(update_fields=["state", "note", "originals", "copies"])
            continue
        last += 1
        fresh.append(
            DossierPaper(
                dossier=dossier,
                position=last,
                key=given.key,
                name=nfc(given.name) or given.key,
                originals=given.originals,
                copies=given.copies,
                state=PaperState.RECEIVED.value,
                note=nfc(given.note),
            )
        )
    DossierPaper.objects.bulk_create(fresh)
