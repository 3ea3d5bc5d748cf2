"""What was decided, and handing it over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.dossiers.actions.loading import lock_for
from motcua.dossiers.actions.routing import acted_for, router
from motcua.dossiers.events import ResultHandedOver, ResultRecorded
from motcua.dossiers.models import Dossier, HandOver, Result
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.types import Act, HandOverData, ResultData, ReturnMethod
from motcua.kernel import audit, clock, outbox, rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation import queries as organisation
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries
from motcua.workflow.rules.definition import StepKind


def insert_result(dossier: Dossier, result: ResultData, actor: Actor, now: datetime) -> Result:
    """Store or correct the result; a date after today is a slip of the keyboard."""
    if not nfc(result.number):
        raise Invalid(msg("Nhập số, ký hiệu của kết quả."), field="result_number")
    if not nfc(result.summary):
        raise Invalid(msg("Nhập trích yếu của kết quả."), field="result_summary")
    if result.issued_on > clock.today(now):
        raise Invalid(msg("Ngày ban hành kết quả không thể sau hôm nay."), field="result_issued_on")
    said = {
        "number": nfc(result.number),
        "issued_on": result.issued_on,
        "summary": nfc(result.summary),
        "signer": nfc(result.signer),
        "granted": result.granted,
        "recorded_by_id": actor.user_id,
        "recorded_at": now,
    }
    found = rows.find(Result, "dossier_id", dossier.pk)  # nobody else: the dossier is locked
    if found is None:
        return rows.insert(Result(dossier=dossier, **said))
    for name, value in said.items():
        setattr(found, name, value)
    rows.update(found, tuple(said))
    return found


@transaction.atomic
def record_result(*, actor: Actor, code: str, result: ResultData, now: datetime) -> Dossier:
    """Record the decision (number, date, summary, signer), also that nothing was granted (Art. 20)."""
    dossier = lock_for(Act.RECORD_RESULT, actor, code).dossier
    stored = insert_result(dossier, result, actor, now)
    dossier.updated_at = now
    dossier.save(update_fields=["updated_at"])
    said = {"number": stored.number, "granted": stored.granted}
    audit.record(actor, "dossiers.result_recorded", subject_type="dossier", subject=code, data=said, at=now)
    outbox.publish(
        ResultRecorded(dossier_id=dossier.pk, code=code, national_status=dossier.state.national_code, at=now),
        now=now,
    )
    return dossier


@transaction.atomic
def hand_over_result(*, actor: Actor, code: str, data: HandOverData, now: datetime) -> Dossier:
    """Give the result to the owner, a delegate, or the post (Art. 22); at the returning or the receiving point."""
    locked = lock_for(Act.HAND_OVER, actor, code)
    dossier = locked.dossier
    _check_recipient(dossier, data)
    returning = next((task for task in locked.tasks if task.kind == StepKind.RETURN.value), None)
    if returning is not None and dossier.run is not None:
        definition = workflow_queries.process(dossier.run.process_version_id)
        step = definition.by_key[returning.step_key]
        workflow.complete_task(
            task=returning,
            open_tasks=locked.tasks,
            definition=definition,
            outcome=step.default_outcome.key if step.default_outcome else "",
            user_id=actor.user_id,
            acted_for=acted_for(actor, returning),
            note="",
            resolve=router(dossier),
            calendar_of=organisation.calendar_for,
            now=now,
            run_due_at=dossier.due_at,
        )
    rows.insert(
        HandOver(
            dossier=dossier,
            name=nfc(data.name) or dossier.owner_name,
            id_number=data.id_number,
            authorisation=nfc(data.authorisation),
            method=data.method.value,
            slip_returned=data.slip_returned,
            tracking_number=data.tracking_number,
            note=nfc(data.note),
            by_id=actor.user_id,
            unit_id=_place_of(actor, dossier),
            at=now,
        )
    )
    dossier.status = lifecycle.next_status("hand_over", dossier.status) or dossier.status
    dossier.returned_at = dossier.closed_at = dossier.updated_at = now
    rows.update(dossier, ("status", "returned_at", "closed_at", "updated_at"))
    said = {"to": nfc(data.name), "method": data.method.value}
    audit.record(
        actor, "dossiers.result_handed_over", subject_type="dossier", subject=code, data=said, at=now
    )
    outbox.publish(
        ResultHandedOver(
            dossier_id=dossier.pk, code=code, national_status=dossier.state.national_code, at=now
        ),
        now=now,
    )
    return dossier


def _check_recipient(dossier: Dossier, data: HandOverData) -> None:
    if data.method is ReturnMethod.POST:
        if not nfc(data.tracking_number):
            raise Invalid(msg("Nhập số hiệu bưu gửi."), field="tracking_number")
        return
    if data.method is ReturnMethod.ONLINE:
        return
    if not nfc(data.name):
        raise Invalid(msg("Nhập họ tên người nhận kết quả."), field="name")
    known = set(dossier.parties.values_list("name", flat=True))
    if nfc(data.name) not in known and not nfc(data.authorisation):
        raise Invalid(
            msg("Người nhận không có trong hồ sơ: nhập giấy ủy quyền nhận kết quả."), field="authorisation"
        )


def _place_of(actor: Actor, dossier: Dossier) -> int:
    """Where it was handed over: the returning point, unless the officer sits at the receiving one."""
    if actor.has(unit_id=dossier.returning_unit_id):
        return dossier.returning_unit_id
    return (
        dossier.receiving_unit_id
        if actor.has(unit_id=dossier.receiving_unit_id)
        else dossier.returning_unit_id
    )
