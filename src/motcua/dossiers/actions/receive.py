"""Reception: a person, their papers, a number, a slip. Also the two other answers of the counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from motcua.catalogue import queries as catalogue
from motcua.catalogue.types import Competence, Level
from motcua.documents import actions as documents
from motcua.documents import queries as documents_queries
from motcua.documents.queries import Letter
from motcua.dossiers.actions import billing, timing
from motcua.dossiers.actions.loading import lock_for
from motcua.dossiers.actions.reception_hold import Held, hold
from motcua.dossiers.actions.reception_plan import Plan, check_papers, plan_reception, process_of
from motcua.dossiers.actions.reception_rows import insert_parts, new_dossier, papers_of
from motcua.dossiers.actions.routing import router
from motcua.dossiers.adapters import letters
from motcua.dossiers.events import DossierReceived, ReceptionRefused, SupplementRequested
from motcua.dossiers.models import Dossier, DossierPaper, Party, Supplement
from motcua.dossiers.rules import numbering
from motcua.dossiers.types import Act, PaperGiven, Person, Reception, Stage, Status
from motcua.kernel import audit, clock, outbox, rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation import queries as organisation
from motcua.payments.queries import Bill
from motcua.workflow import actions as workflow
from motcua.workflow.queries import Run

SLIP, SUPPLEMENT, REFUSAL = letters.SLIP, "supplement_request", "refusal"


@dataclass(frozen=True, slots=True)
class SupplementItem:
    """One thing that is missing: a paper of the list (`key`) or free words."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What the counter gets back. `repeated`: the same request had been answered before; `bills` were made now."""

    dossier: Dossier
    letter: Letter
    repeated: bool = False
    bills: tuple[Bill, ...] = ()


@transaction.atomic
def receive_dossier(*, actor: Actor, reception: Reception, now: datetime) -> Received:
    """Receive a complete dossier: number, slip (form 01), clock, first desk (Decree 118/2025 Art. 17).

    Ten statements, also where the procedure names a fee, and those of its bill where money is owed. Repeating it with
    the same idempotency key returns the first answer.
    Refuses (`Invalid`, `NotAllowed`) what the procedure or the place does not allow.
    """
    held = hold(reception)
    repeated = _earlier(held, SLIP)
    if repeated is not None:
        return repeated
    plan = plan_reception(actor, reception, held, now)
    check_papers(reception, plan.definition)
    number, code = _numbers(plan, _slip_kind(plan, now), now)
    dossier = new_dossier(plan, code, Status.RECEIVED, actor, now)
    dossier.received_at = reception.submitted_at or now
    _start_clock(dossier, plan, now)
    owed = billing.assess_reception(actor, dossier, reception.fees, now)
    dossier.run = _start_run(dossier, plan, actor, now)
    rows.insert(dossier)
    parties, papers = insert_parts(dossier, plan)
    bills = billing.bill_reception(actor, dossier, owed, parties, now)
    letter = _issue_slip(dossier, plan, parties, papers, bills, number, actor, now)
    _record(actor, "dossiers.received", dossier, now, {"letter": letter.number_text})
    outbox.publish(
        DossierReceived(
            dossier_id=dossier.pk, code=code, national_status=Status.RECEIVED.national_code, at=now
        ),
        now=now,
    )
    return Received(dossier, letter, bills=tuple(bills))


@transaction.atomic
def request_intake_supplement(
    *,
    actor: Actor,
    reception: Reception,
    items: Sequence[SupplementItem],
    reason: str,
    now: datetime,
    respond_by: date | None = None,
) -> Received:
    """Tell the person once, and completely, what is missing (form 02); the clock does not start.

    The dossier is kept so that nothing is typed again when the person comes back.
    """
    held = hold(reception)
    repeated = _earlier(held, SUPPLEMENT)
    if repeated is not None:
        return repeated
    if not items:
        raise Invalid(msg("Chọn ít nhất một giấy tờ còn thiếu."), field="items")
    check_respond_by(respond_by, now)
    plan = plan_reception(actor, reception, held, now)
    number, code = _numbers(plan, SUPPLEMENT, now)
    dossier = new_dossier(plan, code, Status.AWAITING_SUPPLEMENT, actor, now)
    dossier.supplement_count = 1
    billing.assess_reception(actor, dossier, reception.fees, now)
    rows.insert(dossier)
    parties, _papers = insert_parts(dossier, plan)
    Supplement.objects.create(
        dossier=dossier,
        number=1,
        stage=Stage.INTAKE.value,
        items=[{"key": item.key, "text": item.text} for item in items],
        reason=reason,
        respond_by=respond_by,
        requested_by_id=actor.user_id,
        requested_at=now,
    )
    unit = organisation.unit(reception.receiving_unit_id)
    data = letters.supplement_letter(
        dossier,
        unit=unit,
        owner=parties[0],
        items=[item.text for item in items],
        reason=reason,
        respond_by=respond_by,
        officer_name=actor.name,
    )
    letter = documents.issue_letter(
        kind=SUPPLEMENT,
        unit_id=unit.id,
        subject=code,
        data=data,
        number=number,
        issued_by=actor.user_id,
        now=now,
    )
    _record(actor, "dossiers.supplement_requested", dossier, now, {"stage": "intake", "items": len(items)})
    outbox.publish(
        SupplementRequested(
            dossier_id=dossier.pk, code=code, national_status=Status.AWAITING_SUPPLEMENT.national_code, at=now
        ),
        now=now,
    )
    return Received(dossier, letter)


@transaction.atomic
def refuse_reception(*, actor: Actor, reception: Reception, reason: str, now: datetime) -> Received:
    """Refuse at the counter with reasons (form 03); the refusal is kept and counted."""
    held = hold(reception)
    repeated = _earlier(held, REFUSAL)
    if repeated is not None:
        return repeated
    if not reason.strip():
        raise Invalid(msg("Nhập lý do từ chối: người dân phải biết vì sao."), field="reason")
    plan = plan_reception(actor, reception, held, now)
    number, code = _numbers(plan, REFUSAL, now)
    dossier = new_dossier(plan, code, Status.REFUSED, actor, now)
    dossier.closed_at = now
    rows.insert(dossier)
    parties, _papers = insert_parts(dossier, plan)
    unit = organisation.unit(reception.receiving_unit_id)
    data = letters.refusal_letter(
        dossier, unit=unit, owner=parties[0], reason=nfc_lines(reason), officer_name=actor.name
    )
    letter = documents.issue_letter(
        kind=REFUSAL,
        unit_id=unit.id,
        subject=code,
        data=data,
        number=number,
        issued_by=actor.user_id,
        now=now,
    )
    _record(actor, "dossiers.reception_refused", dossier, now, {"reason": reason})
    outbox.publish(
        ReceptionRefused(
            dossier_id=dossier.pk, code=code, national_status=Status.REFUSED.national_code, at=now
        ),
        now=now,
    )
    return Received(dossier, letter)


@transaction.atomic
def receive_after_intake(*, actor: Actor, code: str, papers: Sequence[PaperGiven], now: datetime) -> Received:
    """The person came back with what form 02 asked for: receive now; the clock starts now."""
    dossier = lock_for(Act.RECEIVE, actor, code).dossier
    version = catalogue.version(dossier.procedure_version_id)
    definition = catalogue.definition(dossier.procedure_version_id)
    competence = Competence(
        receiving_unit_id=dossier.receiving_unit_id,
        deciding_agency_id=dossier.competent_agency_id,
        returning_unit_id=dossier.returning_unit_id,
        level=Level(dossier.level),
        reason=msg(""),
    )
    reception = Reception(
        procedure_version_id=dossier.procedure_version_id,
        owner=Person(name=dossier.owner_name),
        receiving_unit_id=dossier.receiving_unit_id,
        case_key=dossier.case_key,
        papers=tuple(papers),
    )
    # A dossier that waited for papers goes on as it began, also where another version stands by now.
    process_id = process_of(version, dossier.case_key, competence, dossier.created_at)
    plan = Plan(reception, version, definition, competence, process_id)
    check_papers(reception, definition)
    series = _slip_key(plan, _slip_kind(plan, now), now)
    number = documents.next_numbers([series])[series]
    dossier.status = Status.RECEIVED.value
    dossier.received_at = now
    _start_clock(dossier, plan, now)
    owed = billing.assess_after_intake(actor, dossier, now)
    dossier.run = _start_run(dossier, plan, actor, now)
    dossier.save()
    dossier.papers.all().delete()
    listed = rows.insert_all(papers_of(dossier, plan))
    dossier.supplements.filter(answered_at__isnull=True).update(answered_at=now, answered_by_id=actor.user_id)
    parties = list(dossier.parties.order_by("pk"))
    bills = billing.bill_reception(actor, dossier, owed, parties, now)
    letter = _issue_slip(dossier, plan, parties, listed, bills, number, actor, now)
    _record(
        actor, "dossiers.received", dossier, now, {"letter": letter.number_text, "after": "intake_supplement"}
    )
    outbox.publish(
        DossierReceived(
            dossier_id=dossier.pk, code=code, national_status=Status.RECEIVED.national_code, at=now
        ),
        now=now,
    )
    return Received(dossier, letter, bills=tuple(bills))


def _earlier(held: Held | None, kind: str) -> Received | None:
    found = held.earlier if held is not None else None
    if found is None:
        return None
    letter = _letter_of_kind(found.code, kind)
    if letter is None:
        raise Conflict(
            msg(
                "Phiếu này đã được lưu thành hồ sơ %(code)s với kết quả khác. Hãy mở hồ sơ đó.",
                code=found.code,
            )
        )
    return Received(found, letter, repeated=True)


def _letter_of_kind(code: str, kind: str) -> Letter | None:
    kinds = letters.same_form(kind)
    return next((letter for letter in documents_queries.letters_of(code) if letter.kind in kinds), None)


def _slip_kind(plan: Plan, now: datetime) -> str:
    """As it is set for the procedure at the instant of the reception."""
    return letters.slip_kind(
        plan.version.procedure_id,
        agency_id=plan.competence.deciding_agency_id,
        case_key=plan.reception.case_key,
        at=now,
    )


def _slip_key(plan: Plan, kind: str, now: datetime) -> str:
    return documents.letter_series(unit_id=plan.reception.receiving_unit_id, kind=kind, now=now)


def _numbers(plan: Plan, kind: str, now: datetime) -> tuple[int, str]:
    """The letter's number and the dossier's code, drawn together in one statement and given back on rollback."""
    unit = organisation.unit(plan.reception.receiving_unit_id)
    agency_code = unit.agency_code or organisation.unit(unit.agency_id).agency_code
    day = clock.today(now)
    serial_key, letter_key = numbering.serial_key(agency_code, day), _slip_key(plan, kind, now)
    drawn = documents.next_numbers([serial_key, letter_key])
    return drawn[letter_key], numbering.dossier_code(agency_code, day, drawn[serial_key])


def _start_clock(dossier: Dossier, plan: Plan, now: datetime) -> None:
    timing.apply(dossier, timing.deadline_of(dossier, events=()), now)


def _start_run(dossier: Dossier, plan: Plan, actor: Actor, now: datetime) -> Run:
    return workflow.start_run(
        version_id=plan.process_id,
        subject=dossier.code,
        agency_id=dossier.competent_agency_id,
        resolve=router(dossier),
        calendar_of=organisation.calendar_for,
        now=now,
        starts_at=now,
        run_due_at=dossier.due_at,
        reception_done_by=actor.user_id,
        reception_done=True,
    )


def _issue_slip(
    dossier: Dossier,
    plan: Plan,
    parties: list[Party],
    papers: list[DossierPaper],
    bills: list[Bill],
    number: int,
    actor: Actor,
    now: datetime,
) -> Letter:
    data = letters.reception_slip(
        dossier,
        parties=parties,
        papers=papers,
        time_limit=plan.limit.text().source() if plan.limit else "",
        due_note="" if dossier.due_at else "Theo thông báo của cơ quan giải quyết",
        officer_name=actor.name,
        to_pay=letters.payments_of(bills, clock.today(now)) if bills else (),
    )
    return documents.issue_letter(
        kind=_slip_kind(plan, now),
        unit_id=dossier.receiving_unit_id,
        subject=dossier.code,
        data=data,
        number=number,
        issued_by=actor.user_id,
        now=now,
    )


def _record(actor: Actor, action: str, dossier: Dossier, now: datetime, data: dict[str, object]) -> None:
    audit.record(actor, action, subject_type="dossier", subject=dossier.code, data=data, at=now)


def nfc_lines(text: str) -> str:
    """Clean each line by itself: people write reasons as lists."""
    return "\n".join(line for line in (nfc(part) for part in text.splitlines()) if line)


def check_respond_by(respond_by: date | None, now: datetime) -> None:
    """A person needs at least one more day to bring papers. Raises Invalid at `respond_by`."""
    today = clock.today(now)
    if respond_by is not None and respond_by <= today:
        raise Invalid(
            msg("“Bổ sung trước ngày” phải sau hôm nay, ngày %(day)s.", day=f"{today:%d/%m/%Y}"),
            field="respond_by",
        )
