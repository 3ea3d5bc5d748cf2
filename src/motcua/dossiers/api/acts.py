"""Moving a dossier along its process: steps and opinions."""

from motcua.dossiers import actions
from motcua.dossiers.api.inputs import AnswerIn, CompleteIn, ConsultationIn, ReassignIn, TakeBackIn
from motcua.dossiers.api.outputs import ConsultationOut, StepDoneOut, TaskChangedOut
from motcua.dossiers.api.routing import DossierCode, TaskId, router
from motcua.dossiers.api.shapes import step_done_out, task_out
from motcua.dossiers.queries import readable_dossier
from motcua.kernel import clock
from motcua.kernel.errors import Invalid, NotFound
from motcua.kernel.http import ActorRequest
from motcua.organisation import queries as organisation


@router.post(
    "/dossiers/{code}/steps/{task_id}/complete",
    response=StepDoneOut,
    operation_id="complete_step",
    summary="Finish a step with an outcome",
)
def complete_step(request: ActorRequest, code: DossierCode, task_id: TaskId, body: CompleteIn) -> StepDoneOut:
    """Pass on, approve, send back. Before the step of return the decision must be recorded or given here."""
    done = actions.complete_step(
        actor=request.actor,
        code=code,
        task_id=task_id,
        outcome=body.outcome,
        note=body.note,
        assignee_id=body.assignee_id,
        result=body.result.result() if body.result else None,
        now=clock.now(),
    )
    return step_done_out(done)


@router.post(
    "/dossiers/{code}/steps/{task_id}/take-back",
    response=StepDoneOut,
    operation_id="take_back",
    summary="Take one's own forwarding back",
)
def take_back(request: ActorRequest, code: DossierCode, task_id: TaskId, body: TakeBackIn) -> StepDoneOut:
    """`task_id` is the step that was completed. Only for a named officer (`Motcua-Officer`)."""
    done = actions.take_back(
        actor=request.actor, code=code, task_id=task_id, reason=body.reason, now=clock.now()
    )
    return step_done_out(done)


@router.post(
    "/dossiers/{code}/steps/{task_id}/claim",
    response=TaskChangedOut,
    operation_id="claim_step",
    summary="Take a step that lies open for everybody in a role",
)
def claim_step(request: ActorRequest, code: DossierCode, task_id: TaskId) -> TaskChangedOut:
    """Only for a named officer (`Motcua-Officer`)."""
    task = actions.claim_task(actor=request.actor, code=code, task_id=task_id, now=clock.now())
    return TaskChangedOut(code=code, task=task_out(task, readable_dossier(request.actor, code)))


@router.post(
    "/dossiers/{code}/steps/{task_id}/reassign",
    response=TaskChangedOut,
    operation_id="reassign_step",
    summary="Give a step to another holder of its role",
)
def reassign_step(
    request: ActorRequest, code: DossierCode, task_id: TaskId, body: ReassignIn
) -> TaskChangedOut:
    """By a head of the agency that has the step."""
    task = actions.reassign_task(
        actor=request.actor,
        code=code,
        task_id=task_id,
        assignee_id=body.assignee_id,
        reason=body.reason,
        now=clock.now(),
    )
    return TaskChangedOut(code=code, task=task_out(task, readable_dossier(request.actor, code)))


@router.post(
    "/dossiers/{code}/consultations",
    response={201: ConsultationOut},
    operation_id="request_consultation",
    summary="Ask other units for their opinion",
)
def request_consultation(request: ActorRequest, code: DossierCode, body: ConsultationIn) -> ConsultationOut:
    """Each unit gets a step of its own; the step that asks waits for all answers."""
    asked = actions.request_consultation(
        actor=request.actor,
        code=code,
        task_id=body.task_id,
        unit_ids=[_unit_id(unit) for unit in body.units],
        question=body.question,
        days=body.days,
        now=clock.now(),
    )
    dossier = readable_dossier(request.actor, code)
    return ConsultationOut(code=code, asked=[task_out(task, dossier) for task in asked])


@router.post(
    "/dossiers/{code}/consultations/{task_id}/answer",
    response=TaskChangedOut,
    operation_id="answer_consultation",
    summary="Answer as the consulted unit",
)
def answer_consultation(
    request: ActorRequest, code: DossierCode, task_id: TaskId, body: AnswerIn
) -> TaskChangedOut:
    """`task_id` is the step that the question opened."""
    task = actions.answer_consultation(
        actor=request.actor,
        code=code,
        task_id=task_id,
        opinion=body.opinion,
        agrees=body.agrees,
        now=clock.now(),
    )
    return TaskChangedOut(code=code, task=task_out(task, readable_dossier(request.actor, code)))


def _unit_id(code: str) -> int:
    try:
        return organisation.unit_by_code(code).id
    except NotFound as missing:
        raise Invalid(missing.message, field="units") from missing
