"""Moving a dossier along its internal process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.dossiers import permissions
from motcua.dossiers.actions import billing, timing
from motcua.dossiers.actions.loading import Locked, gone, lock, lock_for, task_of
from motcua.dossiers.actions.results import insert_result
from motcua.dossiers.actions.routing import acted_for, router, running
from motcua.dossiers.events import PaymentAwaited, StepCompleted, StepTakenBack
from motcua.dossiers.models import Dossier, Result
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.types import Act, RefundCause, ResultData
from motcua.kernel import audit, clock, outbox, rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation import queries as organisation
from motcua.payments import queries as payments
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries
from motcua.workflow.queries import Task
from motcua.workflow.rules.definition import Effect, ProcessDefinition, Step, StepKind, WaitReason
from motcua.workflow.types import Performer, StepResult, TaskStatus


@dataclass(frozen=True, slots=True)
class StepDone:
    """The dossier after the step, and the desks it went to."""

    dossier: Dossier
    opened: Sequence[Task]
    finished: bool


@transaction.atomic
def complete_step(
    *,
    actor: Actor,
    code: str,
    task_id: int,
    outcome: str,
    now: datetime,
    note: str = "",
    assignee_id: int | None = None,
    result: ResultData | None = None,
) -> StepDone:
    """Finish one's step with an outcome: pass on, approve, send back, decide not to grant (Art. 19-20).

    Six statements in the ordinary case. `Conflict` when somebody else was first, with who and when.
    """
    locked = lock(actor, code)
    task = locked.task(task_id)
    _may_complete(actor, locked, task)
    return _finish(actor, locked, task, outcome, now, note=note, assignee_id=assignee_id, result=result)


def end_wait(actor: Actor, locked: Locked, task: Task, *, note: str, at: datetime, now: datetime) -> bool:
    """What a step of a locked dossier waited for is there since `at`: it is done, by nobody's hand; whether it was.

    Where the way on needs a person (the result is not recorded yet) the step stays, and may be ended by hand.
    """
    step = workflow_queries.process(running(locked.dossier).process_version_id).by_key[task.step_key]
    outcome = step.default_outcome.key if step.default_outcome else ""
    try:
        with transaction.atomic():
            _finish(actor, locked, task, outcome, now, note=note, clock_at=at)
    except Refused:
        return False
    return True


def own_waits(locked: Locked) -> list[Task]:
    """The open steps of a locked dossier that wait for our own bills."""
    open_now = [task for task in locked.tasks if task.kind == StepKind.WAIT.value]
    if not open_now:
        return []
    steps = workflow_queries.process(running(locked.dossier).process_version_id).by_key
    waits = [(task, steps[task.step_key].wait_for) for task in open_now if task.step_key in steps]
    return [task for task, wait in waits if wait is not None and wait.for_own_bills]


def still_owed() -> Conflict:
    """Nobody writes down by hand that our own bills are paid."""
    return Conflict(
        msg("Còn khoản phải nộp ở đây chưa thu: thu tiền, hồ sơ tự đi tiếp; không ghi nhận bằng tay.")
    )


def _finish(
    actor: Actor,
    locked: Locked,
    task: Task,
    outcome: str,
    now: datetime,
    *,
    note: str = "",
    assignee_id: int | None = None,
    result: ResultData | None = None,
    clock_at: datetime | None = None,
) -> StepDone:
    """A step of a locked dossier is done; the clock goes on from `clock_at` where that is not now."""
    dossier, code = locked.dossier, locked.dossier.code
    definition = workflow_queries.process(running(dossier).process_version_id)
    _check_effect(definition, task, outcome)
    dossier.status = lifecycle.next_status("complete_step", dossier.status) or dossier.status
    done = _advance(actor, locked, task, definition, outcome, note, now)
    if assignee_id is not None:
        _assign(done, assignee_id, now)
    if result is not None:
        insert_result(dossier, result, actor, now)
    ended = _ended_waits(locked, done)
    turns_clock = bool(ended or _waits(done.entered))
    if turns_clock:
        _follow_clock(actor, dossier, done, ended, now, clock_at or now)
    if done.at_return:
        _complete(actor, dossier, result, now)
    dossier.updated_at = now
    rows.update(dossier, _STEP_FIELDS if done.at_return or turns_clock else ("status", "updated_at"))
    said = {"step": task.name, "outcome": outcome, "to": [opened.name for opened in done.opened]}
    if note:
        said["note"] = nfc(note)
    audit.record(actor, "dossiers.step_completed", subject_type="dossier", subject=code, data=said, at=now)
    outbox.publish(
        StepCompleted(
            dossier_id=dossier.pk,
            code=code,
            national_status=dossier.state.national_code,
            at=now,
            step_key=task.step_key,
            outcome=outcome,
        ),
        now=now,
    )
    return StepDone(dossier, done.opened, done.finished)


_STEP_FIELDS = ("status", "completed_at", "outcome", *timing.DUE_FIELDS)


def _may_complete(actor: Actor, locked: Locked, task: Task) -> None:
    status = locked.dossier.status
    if task.kind == StepKind.AFTER.value:
        pass  # follow-up after the return: the dossier itself is already final
    elif task.kind == StepKind.WAIT.value:
        if status not in lifecycle.OPEN:
            permissions.Verdict(False, lifecycle.why_not(status), illegal=True).or_raise()
        if task in own_waits(locked) and payments.standing(locked.dossier.code).owed:
            raise still_owed()
    elif not lifecycle.allows("complete_step", status):
        permissions.Verdict(False, lifecycle.why_not(status), illegal=True).or_raise()
    if task.kind == StepKind.RETURN.value:
        raise Invalid(
            msg("Bước trả kết quả được hoàn thành khi trao kết quả cho người dân: dùng “Trả kết quả”.")
        )
    if task.asked_from_id is not None:
        raise Invalid(msg("Đây là yêu cầu lấy ý kiến: dùng “Trả lời ý kiến”."))
    if not permissions.is_own_task(actor, task):
        unit = organisation.unit(task.unit_id)
        raise NotAllowed(
            msg(
                "Bước “%(step)s” thuộc %(unit)s, không thuộc việc của bạn.",
                step=task.name,
                unit=unit.full_name,
            )
        )


def _check_effect(definition: ProcessDefinition, task: Task, outcome: str) -> None:
    step = definition.step(task.step_key)
    chosen = step.outcome(outcome) if step else None
    if chosen is not None and chosen.effect is Effect.SUPPLEMENT:
        raise Invalid(
            msg("Để yêu cầu bổ sung, dùng “Yêu cầu bổ sung” và nêu đủ giấy tờ còn thiếu trong một lần."),
            field="outcome",
        )


def _advance(
    actor: Actor,
    locked: Locked,
    task: Task,
    definition: ProcessDefinition,
    outcome: str,
    note: str,
    now: datetime,
) -> StepResult:
    dossier = locked.dossier
    return workflow.complete_task(
        task=task,
        open_tasks=locked.tasks,
        definition=definition,
        outcome=outcome,
        user_id=actor.user_id,
        acted_for=acted_for(actor, task),
        note=nfc(note),
        resolve=router(dossier),
        calendar_of=organisation.calendar_for,
        now=now,
        run_due_at=dossier.due_at,
    )


def _assign(done: StepResult, assignee_id: int, now: datetime) -> None:
    if len(done.opened) != 1:
        raise Invalid(msg("Chỉ chọn được người nhận khi hồ sơ chuyển tới một bước."), field="assignee_id")
    task = done.opened[0]
    held = organisation.holders(task.unit_id, task.role, clock.today(now))
    if assignee_id not in {holder.user_id for holder in held}:
        raise Invalid(msg("Người được chọn không giữ vai trò của bước tiếp theo."), field="assignee_id")
    workflow.reassign_task(task=task, performer=Performer(task.unit_id, task.role, assignee_id))


def _waits(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if step.kind is StepKind.WAIT]


def _ended_waits(locked: Locked, done: StepResult) -> list[str]:
    """Names of the waits this step ended: its own, and those a way back made void."""
    waits = [task for task in locked.tasks if task.kind == StepKind.WAIT.value]
    return [task.name for task in waits if task.status == TaskStatus.DONE or task.pk in done.cancelled]


def _follow_clock(
    actor: Actor, dossier: Dossier, done: StepResult, ended: Sequence[str], now: datetime, ended_at: datetime
) -> None:
    """A step that waits for payment or posting stops the clock; its end starts the clock again."""
    for name in ended:
        timing.resume(actor, dossier, reason=name, now=ended_at)
        dossier.status = lifecycle.next_status("payment_done", dossier.status) or dossier.status
    for step in _waits(done.entered):
        payment = step.wait_for is not None and step.wait_for.reason is WaitReason.PAYMENT
        reason = step.wait_for.text if step.wait_for else step.name
        if not payment:
            timing.wait(actor, dossier, reason=reason, payment=False, now=now)
            continue
        standing = payments.standing(dossier.code)
        own = step.wait_for is not None and step.wait_for.for_own_bills and standing.bills
        timing.wait(
            actor,
            dossier,
            reason=reason,
            payment=True,
            now=now,
            awaits=timing.BILLS if own else timing.NOTICE,
        )
        dossier.status = lifecycle.next_status("await_payment", dossier.status) or dossier.status
        outbox.publish(
            PaymentAwaited(
                dossier_id=dossier.pk,
                code=dossier.code,
                national_status=dossier.state.national_code,
                at=now,
                owed=standing.owed,
            ),
            now=now,
        )
    timing.refresh(dossier, now)
    if done.opened:
        tasks = list(workflow_queries.open_tasks_of(running(dossier).pk))
        timing.shift_tasks(dossier, tasks)


def _complete(actor: Actor, dossier: Dossier, result: ResultData | None, now: datetime) -> None:
    stored = None if result is not None else rows.find(Result, "dossier_id", dossier.pk)
    if result is None and stored is None:
        raise Invalid(
            msg("Nhập số, ngày và trích yếu của kết quả trước khi chuyển về nơi trả kết quả."),
            field="result_number",
        )
    status = lifecycle.next_status("complete", dossier.status)
    if status is None:  # the last wait ended while papers are still awaited
        raise Conflict(lifecycle.why_not(dossier.status))
    dossier.status = status
    timing.complete(dossier, now)
    decided = result if result is not None else stored
    if decided is not None and not decided.granted:
        billing.end_bills(actor, dossier, cause=RefundCause.REFUSED, reason=decided.summary, now=now)


@transaction.atomic
def take_back(*, actor: Actor, code: str, task_id: int, reason: str, now: datetime) -> StepDone:
    """Undo one's own forwarding while the next desk has not touched it. `task_id` is the step one completed."""
    locked = lock_for(Act.TAKE_BACK, actor, code)
    done = task_of(locked.dossier, task_id)
    if done is None:
        raise gone(locked.dossier, task_id)
    if actor.user_id is None or done.completed_by_id != actor.user_id:
        raise NotAllowed(msg("Chỉ người đã chuyển hồ sơ mới rút lại được."))
    if not reason.strip():
        raise Invalid(msg("Nhập lý do rút lại."), field="reason")
    reopened = workflow.take_back(
        previous=done,
        open_tasks=locked.tasks,
        definition=workflow_queries.process(running(locked.dossier).process_version_id),
        user_id=actor.user_id,
        now=now,
    )
    _touch(locked.dossier, now)
    audit.record(
        actor,
        "dossiers.step_taken_back",
        subject_type="dossier",
        subject=code,
        data={"step": done.name, "reason": nfc(reason)},
        at=now,
    )
    outbox.publish(
        StepTakenBack(
            dossier_id=locked.dossier.pk,
            code=code,
            national_status=locked.dossier.state.national_code,
            at=now,
        ),
        now=now,
    )
    return StepDone(locked.dossier, [reopened], finished=False)


@transaction.atomic
def claim_task(*, actor: Actor, code: str, task_id: int, now: datetime) -> Task:
    """Take a task that lies open for everybody in one's role."""
    locked = lock_for(Act.CLAIM, actor, code)
    task = locked.task(task_id)
    if actor.user_id is None or not permissions.is_own_task(actor, task):
        raise NotAllowed(permissions.NOT_YOURS)
    workflow.claim_task(task=task, user_id=actor.user_id, now=now)
    audit.record(
        actor, "dossiers.task_claimed", subject_type="dossier", subject=code, data={"step": task.name}, at=now
    )
    return task


@transaction.atomic
def reassign_task(
    *, actor: Actor, code: str, task_id: int, assignee_id: int, reason: str, now: datetime
) -> Task:
    """A head gives the task to another holder of its role (absence, workload)."""
    locked = lock_for(Act.REASSIGN, actor, code)
    task = locked.task(task_id)
    permissions.can_reassign(actor, locked.dossier, task).or_raise()
    held = organisation.holders(task.unit_id, task.role, clock.today(now))
    if assignee_id not in {holder.user_id for holder in held}:
        raise Invalid(msg("Người được chọn không giữ vai trò của bước này."), field="assignee_id")
    workflow.reassign_task(task=task, performer=Performer(task.unit_id, task.role, assignee_id))
    audit.record(
        actor,
        "dossiers.task_reassigned",
        subject_type="dossier",
        subject=code,
        data={"step": task.name, "to": assignee_id, "reason": nfc(reason)},
        at=now,
    )
    return task


def _touch(dossier: Dossier, now: datetime) -> None:
    dossier.updated_at = now
    dossier.save(update_fields=["updated_at"])
