"""When a step should be done: its own time on the calendar of the unit that does it."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from motcua.organisation.rules.working_time import WorkCalendar, local_day
from motcua.workflow.rules.definition import MINUTES_PER_DAY, ProcessDefinition, Span, Step, StepKind


def add_span(calendar: WorkCalendar, start: datetime, span: Span) -> datetime:
    """`start` plus the span.

    Working days and hours are working minutes (480 a day). Whole calendar days keep the hour; a day off moves
    to the next working day (Civil Code Art. 148.5); the fraction of a calendar day is worked time, as the
    0.25-day steps of real tables mean it. Raises NoWorkingTime on an empty calendar.
    """
    minutes = span.working_minutes
    if minutes is not None:
        return calendar.add_working_minutes(start, minutes)
    whole = int(span.amount)
    at = start
    if whole:
        day = calendar.working_day_from(local_day(start) + timedelta(days=whole))
        at = calendar.same_hour_on(day, start)
    rest = span.amount - whole
    return calendar.add_working_minutes(at, _ceiling(rest * MINUTES_PER_DAY)) if rest else at


def step_due(
    definition: ProcessDefinition,
    step: Step,
    start: datetime,
    calendar: WorkCalendar,
    run_due_at: datetime | None,
    *,
    group_due: datetime | None = None,
) -> datetime | None:
    """When `step`, opened at `start`, should be done; without time of its own, when the run should be.

    `group_due` is the end of the step's shared time if an earlier step of the group has begun it. A counted step
    never ends after the run: "one working day" of a table is not longer than the law's "within the day". Once
    the run is late, a step has its own time again, or every desk would be late on arrival.
    """
    own = _own_due(definition, step, start, calendar, group_due)
    if own is None:
        return run_due_at
    capped = (
        step.counted and step.kind is not StepKind.AFTER and run_due_at is not None and start < run_due_at
    )
    return min(own, run_due_at) if capped and run_due_at is not None else own


def _own_due(
    definition: ProcessDefinition,
    step: Step,
    start: datetime,
    calendar: WorkCalendar,
    group_due: datetime | None,
) -> datetime | None:
    group = definition.shared_time(step.shared_group)
    if group is not None:
        return group_due or add_span(calendar, start, group.time)
    if step.time is None or not step.time.amount:
        return None
    return add_span(calendar, start, step.time)


def planned_minutes(definition: ProcessDefinition, step: Step) -> int | None:
    """Planned work of a step in working minutes; None where the table gives none."""
    if step.time is not None:
        return step.time.planned_minutes
    group = definition.shared_time(step.shared_group)
    return group.time.planned_minutes if group else None


def _ceiling(amount: Fraction) -> int:
    return -int(-amount // 1)
