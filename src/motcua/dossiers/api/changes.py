"""What changes a dossier's promise or ends it: supplements, another case, extension, stop, result, return."""

from motcua.dossiers import actions
from motcua.dossiers.api.bringing_in import case_key
from motcua.dossiers.api.inputs import (
    CaseIn,
    ExtensionIn,
    HandOverIn,
    ResultIn,
    StopIn,
    SupplementAnswerIn,
    SupplementIn,
)
from motcua.dossiers.api.outputs import ChangedOut, ReceivedOut
from motcua.dossiers.api.routing import DossierCode, router
from motcua.dossiers.api.shapes import changed_out, received_out
from motcua.dossiers.queries import readable_dossier
from motcua.dossiers.rules.deadline import PauseMode
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest


@router.post(
    "/dossiers/{code}/supplements",
    response={201: ChangedOut},
    operation_id="request_supplement",
    summary="Ask for everything that is missing (form 02); the clock stops",
)
def request_supplement(request: ActorRequest, code: DossierCode, body: SupplementIn) -> ChangedOut:
    """A second request needs a leader's reason and makes the dossier count as late."""
    done = actions.request_supplement(
        actor=request.actor,
        code=code,
        items=[actions.SupplementItem(item.text, item.paper) for item in body.items],
        reason=body.reason,
        respond_by=body.respond_by,
        leader_reason=body.leader_reason,
        mode=PauseMode(body.mode) if body.mode else None,
        now=clock.now(),
    )
    return changed_out(done)


@router.post(
    "/dossiers/{code}/supplements/register",
    response=ChangedOut,
    operation_id="register_supplement",
    summary="Take in the missing papers; the clock goes on",
)
def register_supplement(request: ActorRequest, code: DossierCode, body: SupplementAnswerIn) -> ChangedOut:
    """The open steps get new due times."""
    papers = [paper.given() for paper in body.papers]
    done = actions.register_supplement(
        actor=request.actor, code=code, papers=papers, note=body.note, now=clock.now()
    )
    return changed_out(done)


@router.post(
    "/dossiers/{code}/case",
    response=ReceivedOut,
    operation_id="change_case",
    summary="Another case: new limit and new slip",
)
def change_case(request: ActorRequest, code: DossierCode, body: CaseIn) -> ReceivedOut:
    """Both dates are kept. Not after the due date."""
    dossier = readable_dossier(request.actor, code)
    done = actions.change_case(
        actor=request.actor,
        code=code,
        case_key=case_key(dossier.procedure_version_id, body.case),
        reason=body.reason,
        now=clock.now(),
    )
    return received_out(done)


@router.post(
    "/dossiers/{code}/extension",
    response={201: ChangedOut},
    operation_id="extend_deadline",
    summary="Apologise and name one new date (form 04)",
)
def extend_deadline(request: ActorRequest, code: DossierCode, body: ExtensionIn) -> ChangedOut:
    """At least a day before the due date, once."""
    done = actions.extend_deadline(
        actor=request.actor, code=code, new_due_on=body.new_due_on, reason=body.reason, now=clock.now()
    )
    return changed_out(done)


@router.post(
    "/dossiers/{code}/stop",
    response=ChangedOut,
    operation_id="stop_dossier",
    summary="End without a result (form 05)",
)
def stop_dossier(request: ActorRequest, code: DossierCode, body: StopIn) -> ChangedOut:
    """Withdrawn by the applicant, or found not eligible."""
    done = actions.stop_dossier(
        actor=request.actor,
        code=code,
        reason=body.reason,
        requested_by_applicant=body.requested_by_applicant,
        papers_returned=body.papers_returned,
        now=clock.now(),
    )
    return changed_out(done)


@router.post(
    "/dossiers/{code}/result",
    response=ChangedOut,
    operation_id="record_result",
    summary="Record what was decided",
)
def record_result(request: ActorRequest, code: DossierCode, body: ResultIn) -> ChangedOut:
    """Also that nothing was granted."""
    done = actions.record_result(actor=request.actor, code=code, result=body.result(), now=clock.now())
    return changed_out(done)


@router.post(
    "/dossiers/{code}/handover",
    response=ChangedOut,
    operation_id="hand_over_result",
    summary="Give the result to the owner, a delegate or the post",
)
def hand_over_result(request: ActorRequest, code: DossierCode, body: HandOverIn) -> ChangedOut:
    """At the returning point or at the original receiving point."""
    done = actions.hand_over_result(actor=request.actor, code=code, data=body.data(), now=clock.now())
    return changed_out(done)
