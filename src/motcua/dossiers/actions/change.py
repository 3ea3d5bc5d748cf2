"""What changes a dossier's promise: another case, an extension, the end without a result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from motcua.catalogue import queries as catalogue
from motcua.documents import actions as documents
from motcua.documents.queries import Letter
from motcua.documents.types import LetterData
from motcua.dossiers.actions import billing, timing
from motcua.dossiers.actions.loading import lock_for
from motcua.dossiers.actions.receive import Received, nfc_lines
from motcua.dossiers.actions.reception_plan import limit_of
from motcua.dossiers.actions.supplement import SupplementDone, owner_of
from motcua.dossiers.adapters import letters
from motcua.dossiers.events import CaseChanged, DeadlineExtended, DossierStopped
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import deadline_checks, lifecycle
from motcua.dossiers.rules.deadline import EventKind
from motcua.dossiers.types import Act, RefundCause
from motcua.kernel import audit, clock, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitKind
from motcua.payments import queries as payments
from motcua.workflow import actions as workflow
from motcua.workflow.queries import Task

APOLOGY, STOP = "apology", "stop_notice"


@transaction.atomic
def change_case(*, actor: Actor, code: str, case_key: str, reason: str, now: datetime) -> Received:
    """The dossier turns out to be another case (verification needed): new limit, new slip, both dates kept.

    Not after the due date: a change of case must never wipe out a delay.
    """
    locked = lock_for(Act.CHANGE_CASE, actor, code)
    dossier = locked.dossier
    definition = catalogue.definition(dossier.procedure_version_id)
    case = definition.case(case_key)
    if case is None or case_key == dossier.case_key:
        raise Invalid(msg("Chọn một trường hợp khác của thủ tục."), field="case_key")
    if not reason.strip():
        raise Invalid(msg("Nhập lý do đổi trường hợp."), field="reason")
    current = timing.deadline_of(dossier, now=now)
    refusal = deadline_checks.check_change_limit(current, now)
    if refusal is not None:
        raise Conflict(refusal)
    process_id = _process_for(dossier, case_key, now)
    limit = limit_of(definition, case_key, process_id)
    data = {"new_limit": limit.to_dict()} if limit else {"new_limit": None}
    if limit is not None:
        timing.happened(actor, dossier, EventKind.CHANGE_LIMIT, reason=nfc(reason), now=now, **data)
    before = dossier.due_at
    dossier.case_key, dossier.case_name = case_key, case.name
    timing.refresh(dossier, now)
    dossier.save(update_fields=["case_key", "case_name", *timing.DUE_FIELDS])
    if not _follow_branch(dossier, process_id, locked.tasks, now):
        timing.shift_tasks(dossier, locked.tasks)
    billing.follow_case(actor, dossier, reason=reason, now=now)
    bills = payments.bills_of(code)
    data_slip = letters.reception_slip(
        dossier,
        parties=list(dossier.parties.order_by("pk")),
        papers=list(dossier.papers.all()),
        time_limit=limit.text().source() if limit else "",
        due_note="",
        officer_name=actor.name,
        to_pay=letters.payments_of(bills, clock.today(now)),
        paid=letters.paid_before(code, bills),
        notes=(f"Phiếu hẹn lại do đổi trường hợp: {nfc(reason)}",),
    )
    kind = letters.slip_kind(
        catalogue.version(dossier.procedure_version_id).procedure_id,
        agency_id=dossier.competent_agency_id,
        case_key=case_key,
        at=now,
    )
    letter = _issue(actor, dossier, kind, dossier.receiving_unit_id, data_slip, now)
    said = {"case": case.name, "reason": nfc(reason), "due_before": before, "due_after": dossier.due_at}
    audit.record(actor, "dossiers.case_changed", subject_type="dossier", subject=code, data=said, at=now)
    outbox.publish(
        CaseChanged(dossier_id=dossier.pk, code=code, national_status=dossier.state.national_code, at=now),
        now=now,
    )
    return Received(dossier, letter)


def _process_for(dossier: Dossier, case_key: str, now: datetime) -> int:
    """The process of a case among those that stood when the dossier was received."""
    version = catalogue.version(dossier.procedure_version_id)
    return catalogue.process_for(
        version.procedure_id,
        case_key=case_key,
        level=dossier.level,
        agency_id=dossier.competent_agency_id,
        at=dossier.received_at or now,
    )


def _follow_branch(dossier: Dossier, process_id: int, tasks: Sequence[Task], now: datetime) -> bool:
    """Where the other case has an internal process of its own, the dossier goes on under that one."""
    if dossier.run is None or process_id == dossier.run.process_version_id:
        return False
    return workflow.change_version(
        run=dossier.run,
        open_tasks=tasks,
        version_id=process_id,
        calendar_of=organisation.calendar_for,
        now=now,
        run_due_at=dossier.due_at,
    )


@transaction.atomic
def extend_deadline(
    *, actor: Actor, code: str, new_due_on: date, reason: str, now: datetime
) -> SupplementDone:
    """Apologise and name one new date, at least a day before the old one (form 04); the old date is kept."""
    locked = lock_for(Act.EXTEND, actor, code)
    dossier = locked.dossier
    if not reason.strip():
        raise Invalid(msg("Nhập lý do chậm: người dân đọc lý do này trong phiếu xin lỗi."), field="reason")
    current = timing.deadline_of(dossier, now=now)
    refusal = deadline_checks.check_extension(
        current, new_due_on, now, organisation.calendar_for(dossier.competent_agency_id), timing.policy()
    )
    if refusal is not None:
        raise Invalid(refusal, field="new_due_on")
    assert current.due_at is not None
    old_due_at = current.due_at
    timing.happened(
        actor, dossier, EventKind.EXTEND, reason=nfc(reason), now=now, new_due=new_due_on.isoformat()
    )
    timing.refresh(dossier, now)
    dossier.save(update_fields=timing.DUE_FIELDS)
    timing.shift_tasks(dossier, locked.tasks)
    data = letters.apology_letter(
        dossier,
        owner=owner_of(dossier),
        old_due_at=old_due_at,
        new_due_on=new_due_on,
        reason=nfc_lines(reason),
    )
    letter = _issue(actor, dossier, APOLOGY, dossier.competent_agency_id, data, now)
    said = {"from": old_due_at, "to": new_due_on, "reason": nfc(reason), "letter": letter.number_text}
    audit.record(actor, "dossiers.deadline_extended", subject_type="dossier", subject=code, data=said, at=now)
    outbox.publish(
        DeadlineExtended(
            dossier_id=dossier.pk, code=code, national_status=dossier.state.national_code, at=now
        ),
        now=now,
    )
    return SupplementDone(dossier, letter)


@transaction.atomic
def stop_dossier(
    *,
    actor: Actor,
    code: str,
    reason: str,
    requested_by_applicant: bool,
    now: datetime,
    papers_returned: str = "",
) -> SupplementDone:
    """End without a result: withdrawn by the applicant, or found not eligible (form 05).

    Not once there is a decision: then the result is returned (Decree 118/2025 Art. 21).
    """
    locked = lock_for(Act.STOP, actor, code)
    dossier = locked.dossier
    if not reason.strip():
        raise Invalid(msg("Nhập lý do dừng giải quyết."), field="reason")
    if dossier.has_result():
        raise Conflict(msg("Hồ sơ đã có quyết định giải quyết nên không dừng được nữa: hãy trả kết quả."))
    state = msg(str(dossier.state.label))
    act = "withdraw" if requested_by_applicant else "stop"
    dossier.status = lifecycle.next_status(act, dossier.status) or dossier.status
    dossier.closed_at = dossier.updated_at = now
    dossier.save(update_fields=["status", "closed_at", "updated_at"])
    if dossier.received_at is not None:
        timing.happened(actor, dossier, EventKind.FINISH, reason=nfc(reason), now=now)
    if dossier.run_id is not None:
        workflow.cancel_run(run_id=dossier.run_id, now=now)
    unit = organisation.unit(dossier.receiving_unit_id)
    if unit.kind != UnitKind.SERVICE_CENTRE or not actor.has(unit_id=unit.id):
        unit = organisation.unit(dossier.competent_agency_id)
    money = billing.end_bills(
        actor,
        dossier,
        cause=RefundCause.WITHDRAWN if requested_by_applicant else RefundCause.STOPPED,
        reason=reason,
        now=now,
    )
    data = letters.stop_notice(
        dossier,
        unit=unit,
        owner=owner_of(dossier),
        reason=nfc_lines(reason),
        state=state,
        papers_returned=papers_returned,
        fee_text=money.source() if money else "",
        now=now,
    )
    letter = _issue(actor, dossier, STOP, unit.id, data, now)
    said = {"reason": nfc(reason), "by_applicant": requested_by_applicant, "letter": letter.number_text}
    audit.record(actor, "dossiers.stopped", subject_type="dossier", subject=code, data=said, at=now)
    outbox.publish(
        DossierStopped(dossier_id=dossier.pk, code=code, national_status=dossier.state.national_code, at=now),
        now=now,
    )
    return SupplementDone(dossier, letter)


def _issue(
    actor: Actor, dossier: Dossier, kind: str, unit_id: int, data: LetterData, now: datetime
) -> Letter:
    return documents.issue_letter(
        kind=kind,
        unit_id=unit_id,
        subject=dossier.code,
        data=data,
        number=documents.next_letter_number(unit_id=unit_id, kind=kind, now=now),
        issued_by=actor.user_id,
        now=now,
    )
