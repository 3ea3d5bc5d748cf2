"""Asking other units for opinions during a step (lấy ý kiến)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.workflow.actions.opening import allowed, as_open, cancel, close
from motcua.workflow.errors import refused
from motcua.workflow.models import Task
from motcua.workflow.rules import engine
from motcua.workflow.rules.definition import ProcessDefinition, Span, StepKind
from motcua.workflow.rules.due import add_span
from motcua.workflow.types import AnswerResult, CalendarOf, Performer


@transaction.atomic(savepoint=False)
def add_consultation(
    *,
    task: Task,
    open_tasks: Sequence[Task],
    definition: ProcessDefinition,
    performers: Sequence[Performer],
    question: str,
    time: Span | None,
    calendar_of: CalendarOf,
    now: datetime,
    run_due_at: datetime | None,
) -> list[Task]:
    """Ask units for opinions while `task` stays open: one INSERT, one task per unit with its own due time.

    `time` None gives them the step's own time, else the run's due. `task` cannot be completed before all have
    answered or been withdrawn. Raises Invalid (no unit, no question) and Conflict.
    """
    if not performers:
        raise Invalid(msg("Hãy chọn ít nhất một đơn vị để lấy ý kiến."), field="units")
    if not question.strip():
        raise Invalid(msg("Hãy ghi nội dung cần lấy ý kiến."), field="question")
    refusal = engine.consult(definition, as_open(open_tasks), task.pk)
    if refusal:
        raise refused(refusal)
    step = definition.by_key[task.step_key]
    span = time or (step.time if step.kind is StepKind.CONSULT else None)
    asked = [
        Task(
            run_id=task.run_id,
            step_key=task.step_key,
            name=question.strip()[:1000],
            kind=StepKind.CONSULT.value,
            unit_id=performer.unit_id,
            role=performer.role,
            assignee_id=performer.assignee_id,
            opened_at=now,
            due_at=add_span(calendar_of(performer.unit_id), now, span) if span else run_due_at,
            minutes=span.planned_minutes if span else None,
            run_due_at=run_due_at,
            visit=task.visit,
            position=task.position,
            asked_from_id=task.pk,
        )
        for performer in performers
    ]
    return Task.objects.bulk_create(asked)


@transaction.atomic(savepoint=False)
def answer_consultation(
    *,
    task: Task,
    open_tasks: Sequence[Task],
    answer: str,
    user_id: int | None,
    acted_for: int | None,
    now: datetime,
) -> AnswerResult:
    """Record a consulted unit's opinion: one UPDATE. Raises Invalid (empty) and Conflict."""
    if not answer.strip():
        raise Invalid(msg("Hãy ghi ý kiến trả lời."), field="answer")
    move = allowed(engine.answer(as_open(open_tasks), task.pk))
    close(task, outcome="answered", note=answer, user_id=user_id, acted_for=acted_for, now=now)
    assert task.asked_from_id is not None
    return AnswerResult(task.asked_from_id, move.finished)


@transaction.atomic(savepoint=False)
def withdraw_consultation(*, task: Task, open_tasks: Sequence[Task], now: datetime) -> AnswerResult:
    """Stop waiting for a consulted unit: one UPDATE. Raises Conflict."""
    move = allowed(engine.answer(as_open(open_tasks), task.pk))
    cancel([task.pk], now)
    assert task.asked_from_id is not None
    return AnswerResult(task.asked_from_id, move.finished)
