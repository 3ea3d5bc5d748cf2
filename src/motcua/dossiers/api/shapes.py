"""From what acts and queries give to what the API says."""

from datetime import datetime
from typing import Any

from django.conf import settings

from motcua.dossiers.actions import Received, StepDone, SupplementDone
from motcua.dossiers.api.outputs import (
    AppointmentOut,
    CaseRefOut,
    ChangedOut,
    DossierOut,
    OutcomeChoiceOut,
    PersonRefOut,
    ProcedureRefOut,
    ReceivedOut,
    StepDoneOut,
    TaskOut,
    UnitRefOut,
)
from motcua.dossiers.queries_listing import Dossier, Task
from motcua.dossiers.types import Channel
from motcua.organisation import queries as organisation
from motcua.workflow import queries as workflow
from motcua.workflow.rules.definition import StepKind

PREFIX = "/api/v1"
_BY_LETTER = frozenset({StepKind.RETURN.value})
"""Kinds of step that are not finished by an outcome but by the hand-over."""


def dossier_out(dossier: Dossier) -> DossierOut:
    """Where a dossier stands; makes no statement."""
    return DossierOut(**_fields(dossier))


def received_out(done: Received) -> ReceivedOut:
    """A dossier with its slip, request or refusal."""
    return ReceivedOut(
        **_fields(done.dossier),
        letter_number=done.letter.number_text,
        letter_url=letter_url(done.dossier.code, done.letter.pk),
        repeated=done.repeated,
    )


def changed_out(done: Dossier | SupplementDone) -> ChangedOut:
    """A dossier after an act, with the letter the act issued, if any."""
    if isinstance(done, SupplementDone):
        return ChangedOut(
            **_fields(done.dossier),
            letter_number=done.letter.number_text,
            letter_url=letter_url(done.dossier.code, done.letter.pk),
        )
    return ChangedOut(**_fields(done))


def step_done_out(done: StepDone) -> StepDoneOut:
    """A dossier after a step, with the steps that opened."""
    return StepDoneOut(
        dossier=dossier_out(done.dossier),
        opened=[task_out(task, done.dossier) for task in done.opened],
        finished=done.finished,
    )


def task_out(task: Task, dossier: Dossier) -> TaskOut:
    """An open step with the ways to finish it."""
    return TaskOut(
        id=task.pk,
        step_key=task.step_key,
        name=task.name,
        kind=task.kind,
        unit=unit_ref(task.unit_id),
        role=task.role,
        assignee=(
            PersonRefOut(user_id=task.assignee.pk, full_name=task.assignee.full_name)
            if task.assignee
            else None
        ),
        opened_at=task.opened_at,
        due_at=task.due_at,
        is_consultation=task.asked_from_id is not None,
        outcomes=_outcomes(task, dossier),
    )


def unit_ref(unit_id: int) -> UnitRefOut:
    """A unit by its code."""
    unit = organisation.unit(unit_id)
    return UnitRefOut(code=unit.code, name=unit.full_name)


def letter_url(code: str, letter_id: int) -> str:
    """Address of a letter's PDF."""
    return f"{PREFIX}/dossiers/{code}/letters/{letter_id}.pdf"


def _outcomes(task: Task, dossier: Dossier) -> list[OutcomeChoiceOut]:
    if task.asked_from_id is not None or task.kind in _BY_LETTER or dossier.run is None:
        return []
    definition = workflow.process(dossier.run.process_version_id)
    step = definition.step(task.step_key)
    returning = {found.key for found in definition.steps if found.kind is StepKind.RETURN}
    return [
        OutcomeChoiceOut(
            key=outcome.key,
            label=outcome.label,
            needs_note=outcome.needs_note,
            back=outcome.back,
            effect=outcome.effect.value,
            is_default=step is not None and outcome == step.default_outcome,
            needs_result=not returning.isdisjoint(outcome.to),
        )
        for outcome in (step.outcomes if step else ())
    ]


def _fields(dossier: Dossier) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "status": dossier.status,
        "status_label": str(dossier.state.label),
        "national_status": dossier.state.national_code,
        "procedure": ProcedureRefOut(
            code=dossier.procedure_code,
            name=dossier.procedure_name,
            field=dossier.field_name,
            version_id=dossier.procedure_version_id,
        ),
        "case": CaseRefOut(key=dossier.case_key, name=dossier.case_name) if dossier.case_key else None,
        "owner_name": dossier.owner_name,
        "channel": Channel(dossier.channel).name.lower(),
        "receiving_unit": unit_ref(dossier.receiving_unit_id),
        "deciding_agency": unit_ref(dossier.competent_agency_id),
        "returning_unit": unit_ref(dossier.returning_unit_id),
        "created_at": dossier.created_at,
        "received_at": dossier.received_at,
        "due_at": dossier.due_at,
        "original_due_at": dossier.original_due_at,
        "legal_due_at": dossier.legal_due_at,
        "appointments": [
            AppointmentOut(
                label=str(item["label"]),
                due_at=datetime.fromisoformat(item["due_at"]) if item["due_at"] else None,
            )
            for item in dossier.appointments
        ],
        "paused_since": dossier.paused_since,
        "pause_reason": dossier.pause_reason,
        "completed_at": dossier.completed_at,
        "returned_at": dossier.returned_at,
        "closed_at": dossier.closed_at,
        "outcome": dossier.outcome,
        "extended": dossier.extended,
        "counted_late": dossier.counted_late,
        "supplement_count": dossier.supplement_count,
        "updated_at": dossier.updated_at,
        "tracking_url": f"{settings.PUBLIC_URL}/tra-cuu/{dossier.tracking_token}/",
    }
