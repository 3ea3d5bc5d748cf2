"""Carrying out what was planned for one dossier: the change itself, its picture before, its line in the log.

The caller has locked the dossier and its open tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from motcua.documents import actions as documents
from motcua.documents.types import LetterData
from motcua.dossiers.actions import billing, refund_proposals, timing
from motcua.dossiers.actions.moving.images import image_of
from motcua.dossiers.actions.routing import router
from motcua.dossiers.actions.supplement import owner_of
from motcua.dossiers.adapters import letters
from motcua.dossiers.events import DossierStopped, MovedByDecision
from motcua.dossiers.models import Dossier, DossierChange, DossierPaper, MoveBatch
from motcua.dossiers.queries_moving_plan import Planned
from motcua.dossiers.queries_page_facts import change_line
from motcua.dossiers.rules import lifecycle, moving_words
from motcua.dossiers.rules.deadline import EventKind
from motcua.dossiers.rules.moving import Kept, Outcome, Reason
from motcua.dossiers.types import PaperState, RefundCause
from motcua.kernel import audit, outbox, rows
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.workflow import actions as workflow

ASKED, STOPPED = "change_notice", "change_stop_notice"
CONVERTED = ("procedure_version", "case_key", "case_name", "limit", *timing.DUE_FIELDS)
TRANSFERRED = ("competent_agency", "level", *timing.DUE_FIELDS)


def new_change(batch: MoveBatch, planned: Planned, now: datetime) -> DossierChange:
    """The row of a change, before anything is done."""
    assert planned.line.effective_at is not None, "a published change-set has its instant"
    return DossierChange(
        dossier=planned.dossier,
        change_line_id=planned.line.line_id,
        batch=batch,
        decision=planned.line.number,
        effective_at=planned.line.effective_at,
        outcome=planned.plan.outcome.value,
        reason=planned.plan.reason.value,
        kept=[kept.value for kept in planned.plan.kept],
        at=now,
    )


def carry_out(actor: Actor, change: DossierChange, planned: Planned, now: datetime) -> None:
    """Do it: fills `before`, `made` and what else the change keeps. The caller stores the change."""
    outcome = planned.plan.outcome
    if outcome is Outcome.CONVERT:
        convert(actor, change, planned, now)
    elif outcome is Outcome.TRANSFER:
        _transfer(change, planned, now)
    elif outcome is Outcome.STOP:
        _stop(actor, change, planned, now)
    elif outcome is Outcome.ASK:
        _ask(actor, change, planned, now)


def tell(actor: Actor, change: DossierChange, now: datetime) -> None:
    """The line in the log, and the event where more than the timeline changed; nothing of one left alone."""
    outcome, dossier = Outcome(change.outcome), change.dossier
    if outcome is Outcome.LEFT:
        return
    said = {
        "decision": change.decision,
        "text": change_line(change).source(),
        "reason": ""
        if change.reason == "by_decision"
        else moving_words.REASONS[Reason(change.reason)].source(),
    }
    audit.record(actor, "dossiers.moved", subject_type="dossier", subject=dossier.code, data=said, at=now)
    if outcome is not Outcome.FINISH:
        event = DossierStopped if outcome is Outcome.STOP else MovedByDecision
        outbox.publish(
            event(
                dossier_id=dossier.pk, code=dossier.code, national_status=dossier.state.national_code, at=now
            ),
            now=now,
        )


def convert(actor: Actor, change: DossierChange, planned: Planned, now: datetime) -> None:
    """The dossier goes on under the new provisions, with what the guard rails keep of the old ones."""
    dossier, line, to = planned.dossier, planned.line, planned.to
    change.before = {**change.before, **image_of(dossier, planned.tasks)}
    if Kept.FEE in planned.plan.kept:
        change.fee_version_id = dossier.procedure_version_id
    assert planned.definition is not None, "only what exists is converted to"
    case = planned.definition.case(to.case_key or "")
    dossier.case_key, dossier.case_name = (case.key, case.name) if case else ("", "")
    if line.made_version_id is not None:
        dossier.procedure_version_id = line.made_version_id
    events = []
    if planned.limit is not None and dossier.received_at is None:
        dossier.limit = planned.limit.to_dict()
    elif planned.limit is not None:
        reason = moving_words.named(line.number).source()
        limit = planned.limit.to_dict()
        events = [
            timing.happened(
                actor,
                dossier,
                EventKind.CHANGE_LIMIT,
                reason=reason,
                now=now,
                new_limit=limit,
                decision=line.number,
            )
        ]
        timing.refresh(dossier, now)
    dossier.updated_at = now
    rows.update(dossier, CONVERTED)
    _go_on(dossier, planned, now)
    papers = rows.insert_all(list(_missing(planned)))
    change.made = {
        **change.made,
        "events": [event.pk for event in events],
        "papers": [paper.pk for paper in papers],
    }


def _go_on(dossier: Dossier, planned: Planned, now: datetime) -> None:
    """The run under the process that now counts; a clock that stands counts its steps from where it stopped."""
    run, process_id = dossier.run, planned.to.process_id
    if run is None or process_id is None or not planned.tasks:
        return
    if process_id != run.process_version_id or planned.carry.steps:
        workflow.change_version(
            run=run,
            open_tasks=planned.tasks,
            version_id=process_id,
            calendar_of=organisation.calendar_for,
            now=dossier.paused_since or now,
            run_due_at=dossier.due_at,
            mapped=planned.carry.steps,
            resolve=router(dossier),
        )
    elif planned.limit is not None:
        timing.shift_tasks(dossier, planned.tasks)


def _missing(planned: Planned) -> Sequence[DossierPaper]:
    """The new papers the decision asks for, with the article that does."""
    first = planned.dossier.papers.count() + 1 if planned.plan.asked else 1
    note = f"{planned.carry.papers_article} {moving_words.named(planned.line.number).source()}"[:500]
    return [
        DossierPaper(
            dossier=planned.dossier,
            position=position,
            key=paper.key,
            name=paper.name,
            originals=paper.originals,
            copies=paper.copies,
            state=PaperState.MISSING.value,
            note=note,
        )
        for position, paper in enumerate(planned.plan.asked, start=first)
    ]


def _transfer(change: DossierChange, planned: Planned, now: datetime) -> None:
    """The unit now competent takes over; open steps go to its people, the content stays as received."""
    dossier, to = planned.dossier, planned.to
    assert to.agency_id is not None, "planned only where the unit is known"
    change.before = image_of(dossier, planned.tasks)
    change.unit_id = to.agency_id
    same_calendar = organisation.calendar_for(dossier.competent_agency_id) == organisation.calendar_for(
        to.agency_id
    )
    dossier.competent_agency_id, dossier.level = to.agency_id, to.level
    if dossier.received_at is not None and dossier.paused_since is None and not same_calendar:
        timing.refresh(dossier, now)
    dossier.updated_at = now
    rows.update(dossier, TRANSFERRED)
    if dossier.run is not None and planned.tasks:
        fits = to.process_id is not None and to.steps_fit
        version_id = to.process_id if fits and to.process_id is not None else dossier.run.process_version_id
        workflow.change_version(
            run=dossier.run,
            open_tasks=planned.tasks,
            version_id=version_id,
            calendar_of=organisation.calendar_for,
            now=dossier.paused_since or now,
            run_due_at=dossier.due_at,
            mapped=planned.carry.steps if fits else None,
            resolve=router(dossier),
            hand_over=True,
        )


def _stop(actor: Actor, change: DossierChange, planned: Planned, now: datetime) -> None:
    """It ends without a result because the decision says so; what was paid is owed back."""
    dossier = planned.dossier
    change.before = image_of(dossier, planned.tasks)
    dossier.status = lifecycle.next_status("stop", dossier.status) or dossier.status
    dossier.closed_at = dossier.updated_at = now
    rows.update(dossier, ("status", "closed_at", "updated_at"))
    reason = moving_words.named(planned.line.number).source()
    events = []
    if dossier.received_at is not None:
        events = [timing.happened(actor, dossier, EventKind.FINISH, reason=reason, now=now)]
    if dossier.run_id is not None:
        workflow.cancel_run(run_id=dossier.run_id, now=now)
    billing.end_bills(actor, dossier, cause=RefundCause.STOPPED, reason=reason, now=now)
    change.refund, change.refund_amount = "unknown", refund_proposals.open_amount(dossier) or None
    data = letters.change_stop_notice(
        dossier,
        owner=owner_of(dossier),
        decision=reason,
        title=planned.line.title,
        effective_at=change.effective_at,
    )
    change.made = {
        "events": [event.pk for event in events],
        "letters": [_issue(actor, dossier, STOPPED, data, now)],
    }


def _ask(actor: Actor, change: DossierChange, planned: Planned, now: datetime) -> None:
    """Tell the applicant and wait for the choice; until then nothing changes."""
    data = letters.change_notice(
        planned.dossier,
        owner=owner_of(planned.dossier),
        decision=moving_words.named(planned.line.number).source(),
        title=planned.line.title,
        effective_at=change.effective_at,
        asked=[paper.name for paper in planned.plan.asked],
    )
    change.made = {"letters": [_issue(actor, planned.dossier, ASKED, data, now)]}


def _issue(actor: Actor, dossier: Dossier, kind: str, data: LetterData, now: datetime) -> int:
    """A letter of the competent agency."""
    unit_id = dossier.competent_agency_id
    letter = documents.issue_letter(
        kind=kind,
        unit_id=unit_id,
        subject=dossier.code,
        data=data,
        number=documents.next_letter_number(unit_id=unit_id, kind=kind, now=now),
        issued_by=actor.user_id,
        now=now,
    )
    return letter.pk
