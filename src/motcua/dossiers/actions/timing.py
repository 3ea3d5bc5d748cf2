"""Turning clock events into the due dates a dossier shows. Derived, never edited by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.dossiers.models import ClockEvent, Dossier
from motcua.dossiers.rules import deadline, deadline_checks
from motcua.dossiers.rules.deadline import Deadline, DeadlinePolicy, EventKind, PauseMode, TermEnd
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.workflow import actions as workflow
from motcua.workflow import queries as workflow_queries
from motcua.workflow.queries import Task

DUE_FIELDS = [
    "due_at",
    "original_due_at",
    "legal_due_at",
    "appointments",
    "paused_since",
    "pause_reason",
    "extended",
    "updated_at",
]


def policy() -> DeadlinePolicy:
    """Boundaries the law leaves open, as this installation decided them (defaults: docs/law/deadlines.md)."""
    chosen = settings.DEADLINE_POLICY
    return DeadlinePolicy(
        first_day_counts=chosen["first_day_counts"],
        cutoff_exact_is_after=chosen["cutoff_exact_is_after"],
        working_day_time=TermEnd(chosen["working_day_time"]),
        pause_mode=PauseMode(chosen["pause_mode"]),
    )


def deadline_of(
    dossier: Dossier, events: Sequence[ClockEvent] | None = None, now: datetime | None = None
) -> Deadline:
    """The deadline with its explanation; loads the events (one statement) unless they are given."""
    assert dossier.received_at is not None
    stored = list(dossier.clock_events.all()) if events is None else events
    limit = TimeLimit.from_dict(dossier.limit) if dossier.limit else TimeLimit.none()
    return deadline.compute(
        limit,
        dossier.received_at,
        organisation.calendar_for(dossier.competent_agency_id),
        [as_rule(event) for event in stored],
        policy(),
        now=now,
    )


def as_rule(event: ClockEvent) -> deadline.ClockEvent:
    """The stored event as the pure engine reads it."""
    data = event.data
    new_due = data.get("new_due")
    return deadline.ClockEvent(
        kind=EventKind(event.kind),
        at=event.at,
        reason=event.reason,
        mode=PauseMode(data["mode"]) if data.get("mode") else None,
        until=datetime.fromisoformat(data["until"]) if data.get("until") else None,
        new_due=date.fromisoformat(new_due) if new_due else None,
        new_limit=TimeLimit.from_dict(data["new_limit"]) if data.get("new_limit") else None,
        waits=bool(data.get("waits", True)),
        by=str(data.get("by", "")),
    )


def happened(
    actor: Actor, dossier: Dossier, kind: EventKind, *, reason: str, now: datetime, **data: object
) -> ClockEvent:
    """Store one clock event; never before the one before it, whatever the clock of this node says."""
    last = dossier.clock_events.order_by("-id").values_list("at", flat=True).first()
    return ClockEvent.objects.create(
        dossier=dossier,
        kind=kind.value,
        at=max(now, last) if last else now,
        reason=reason[:500],
        data={"by": actor.name, **data},
        by_id=actor.user_id,
    )


def pause(
    actor: Actor, dossier: Dossier, *, reason: str, mode: PauseMode, now: datetime, **data: object
) -> None:
    """Stop the clock; how it will go on is said now, because the applicant is told now."""
    happened(actor, dossier, EventKind.PAUSE, reason=reason, now=now, mode=mode.value, **data)


def wait(
    actor: Actor, dossier: Dossier, *, reason: str, payment: bool, now: datetime, **data: object
) -> None:
    """Stop the clock for something outside: payment ends an appointment if another follows, else nothing counts."""
    if payment and deadline_of(dossier, now=now).timeline.has_next_phase:
        happened(actor, dossier, EventKind.PHASE_DONE, reason=reason, now=now, **data)
    else:
        pause(actor, dossier, reason=reason, mode=PauseMode.EXTEND, now=now, **data)


BILLS, NOTICE = "bills", "notice"
"""What a wait for money is for: our own bills, which end it when they are paid, or what others ask for."""


def awaits(dossier: Dossier) -> str:
    """What the last wait that stopped the clock is for; "" where it is not for money."""
    stopped = dossier.clock_events.filter(kind__in=("pause", "phase_done")).order_by("-id").first()
    return str(stopped.data.get("awaits", "")) if stopped else ""


def resume(actor: Actor, dossier: Dossier, *, reason: str, now: datetime) -> ClockEvent:
    """Let the clock go on."""
    return happened(actor, dossier, EventKind.RESUME, reason=reason, now=now)


def refresh(dossier: Dossier, now: datetime) -> Deadline:
    """Derive the due dates again from all events; the caller saves DUE_FIELDS."""
    found = deadline_of(dossier, now=now)
    apply(dossier, found, now)
    return found


def apply(dossier: Dossier, found: Deadline, now: datetime) -> None:
    """Copy what was derived onto the dossier."""
    dossier.due_at = found.due_at
    dossier.original_due_at = found.original_due_at
    dossier.legal_due_at = found.legal_due_at
    dossier.appointments = (
        [
            {"label": item.label, "due_at": item.due_at.isoformat() if item.due_at else None}
            for item in found.appointments
        ]
        if len(found.appointments) > 1
        else []
    )
    dossier.paused_since = found.paused_since
    dossier.pause_reason = found.pause_reason[:255] if found.paused_since else ""
    dossier.extended = found.extended > 0
    dossier.updated_at = now


def complete(dossier: Dossier, now: datetime) -> None:
    """Processing is over: early, on time or overdue is fixed here (Decree 118/2025 Art. 22)."""
    found = deadline_of(dossier, now=now)
    apply(dossier, found, now)
    dossier.completed_at = now
    if dossier.counted_late:
        dossier.outcome = "overdue"
    else:
        verdict = deadline_checks.outcome(found, now).verdict
        dossier.outcome = "" if verdict is deadline_checks.Verdict.NO_DUE else verdict.value


def shift_tasks(
    dossier: Dossier,
    tasks: Sequence[Task],
    *,
    paused_at: datetime | None = None,
    resumed_at: datetime | None = None,
    restart: bool = False,
) -> None:
    """Give the open steps due times that fit the dossier's new due date."""
    if dossier.run is None or not tasks:
        return
    workflow.shift_open_tasks(
        open_tasks=tasks,
        definition=workflow_queries.process(dossier.run.process_version_id),
        calendar_of=organisation.calendar_for,
        run_due_at=dossier.due_at,
        paused_at=paused_at,
        resumed_at=resumed_at,
        restart=restart,
    )
