"""Asking other units for an opinion while one's own step stays open (Decree 118/2025 Art. 19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from motcua.dossiers import permissions
from motcua.dossiers.actions.loading import lock_for
from motcua.dossiers.actions.routing import acted_for
from motcua.dossiers.events import ConsultationAnswered, ConsultationRequested, ConsultationWithdrawn
from motcua.dossiers.types import Act
from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, NotAllowed
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.types import Role, UnitInfo
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries
from motcua.workflow.queries import Task
from motcua.workflow.rules.definition import Span, TimeUnit
from motcua.workflow.types import Performer

LONGEST = Decimal(60)


@transaction.atomic
def request_consultation(
    *,
    actor: Actor,
    code: str,
    task_id: int,
    unit_ids: Sequence[int],
    question: str,
    days: Decimal,
    now: datetime,
) -> list[Task]:
    """Ask units for opinions, each with its own limit in working days; the step waits for all answers."""
    locked = lock_for(Act.CONSULT, actor, code)
    dossier, task = locked.dossier, locked.task(task_id)
    if not permissions.is_own_task(actor, task):
        raise NotAllowed(permissions.NOT_YOURS)
    if not Decimal("0.25") <= days <= LONGEST:
        raise Invalid(msg("Thời hạn trả lời từ 0,25 đến 60 ngày làm việc."), field="days")
    assert dossier.run is not None
    asked = workflow.add_consultation(
        task=task,
        open_tasks=locked.tasks,
        definition=workflow_queries.process(dossier.run.process_version_id),
        performers=[_performer(unit, dossier.field_name) for unit in _units(unit_ids)],
        question=nfc(question),
        time=Span(Fraction(days), TimeUnit.WORKING_DAY),
        calendar_of=organisation.calendar_for,
        now=now,
        run_due_at=dossier.due_at,
    )
    dossier.updated_at = now
    dossier.save(update_fields=["updated_at"])  # `loading.lock` counts on it: tasks were opened
    names = [organisation.unit(found.unit_id).full_name for found in asked]
    said = {"units": names, "question": nfc(question), "days": str(days)}
    audit.record(
        actor, "dossiers.consultation_requested", subject_type="dossier", subject=code, data=said, at=now
    )
    outbox.publish(
        ConsultationRequested(
            dossier_id=dossier.pk,
            code=code,
            national_status=dossier.state.national_code,
            at=now,
            unit_ids=tuple(found.unit_id for found in asked),
        ),
        now=now,
    )
    return asked


def _units(unit_ids: Sequence[int]) -> list[UnitInfo]:
    try:
        return [organisation.unit(unit_id) for unit_id in dict.fromkeys(unit_ids)]
    except UnknownUnit as unknown:
        raise Invalid(msg("Có đơn vị không tồn tại. Hãy chọn lại."), field="units") from unknown


def _performer(unit: UnitInfo, field_name: str) -> Performer:
    """The division of that agency which works on the field, or the division that was named itself."""
    division = organisation.division_for(unit.id, field_name) if unit.is_agency else unit
    return Performer(unit_id=(division or unit).id, role=Role.SPECIALIST.value)


@transaction.atomic
def answer_consultation(
    *, actor: Actor, code: str, task_id: int, opinion: str, now: datetime, agrees: bool | None = None
) -> Task:
    """The consulted unit's opinion."""
    locked = lock_for(Act.ANSWER, actor, code)
    dossier, task = locked.dossier, locked.task(task_id)
    if task.asked_from_id is None or not permissions.is_own_task(actor, task):
        raise NotAllowed(msg("Yêu cầu lấy ý kiến này không gửi tới bạn."))
    stance = {True: "Đồng ý. ", False: "Không đồng ý. ", None: ""}[agrees]
    if not nfc(opinion) and agrees is None:
        raise Invalid(msg("Nhập ý kiến trả lời."), field="opinion")
    workflow.answer_consultation(
        task=task,
        open_tasks=locked.tasks,
        answer=(stance + nfc(opinion)).strip(),
        user_id=actor.user_id,
        acted_for=acted_for(actor, task),
        now=now,
    )
    said = {"unit": organisation.unit(task.unit_id).full_name, "agrees": agrees}
    audit.record(
        actor, "dossiers.consultation_answered", subject_type="dossier", subject=code, data=said, at=now
    )
    outbox.publish(
        ConsultationAnswered(
            dossier_id=dossier.pk, code=code, national_status=dossier.state.national_code, at=now
        ),
        now=now,
    )
    return task


@transaction.atomic
def withdraw_consultation(*, actor: Actor, code: str, task_id: int, now: datetime) -> Task:
    """Stop waiting for a unit that was asked; the step goes on without its opinion."""
    locked = lock_for(Act.WITHDRAW_CONSULTATION, actor, code)
    dossier, task = locked.dossier, locked.task(task_id)
    if task.asked_from_id is None:
        raise Invalid(msg("Bước này không phải yêu cầu lấy ý kiến."))
    permissions.can_withdraw_consultation(actor, task, locked.tasks).or_raise()
    workflow.withdraw_consultation(task=task, open_tasks=locked.tasks, now=now)
    said = {"unit": organisation.unit(task.unit_id).full_name, "question": task.name}
    audit.record(
        actor, "dossiers.consultation_withdrawn", subject_type="dossier", subject=code, data=said, at=now
    )
    outbox.publish(
        ConsultationWithdrawn(
            dossier_id=dossier.pk, code=code, national_status=dossier.state.national_code, at=now
        ),
        now=now,
    )
    return task
