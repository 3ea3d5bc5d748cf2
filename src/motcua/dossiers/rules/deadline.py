"""The legal deadline of a dossier, computed from its limit and the events of its clock.

`compute` is the whole door: pure, deterministic, in whole minutes. Nothing it returns is ever edited by hand;
store the inputs, keep `due_at` only as a copy for sorting. Every date says why in `explanation`.

Law: Decree 118/2025 Art. 17-22; Civil Code 2015 Art. 144-148; per rule see docs/law/deadlines.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.dossiers.rules.deadline_explain import Line, explain
from motcua.dossiers.rules.deadline_terms import DeadlinePolicy, Pause, PauseMode, TermEnd
from motcua.dossiers.rules.deadline_timeline import (
    ClockEvent,
    EventKind,
    InvalidTimeline,
    LimitChange,
    Segment,
    SegmentStart,
    Timeline,
    in_order,
    is_undated,
    phase_groups,
)
from motcua.organisation.rules.working_time import WorkCalendar

__all__ = [
    "Appointment",
    "ClockEvent",
    "ClockState",
    "Deadline",
    "DeadlinePolicy",
    "EventKind",
    "InvalidTimeline",
    "LimitChange",
    "Line",
    "PauseMode",
    "TermEnd",
    "compute",
]


class ClockState(StrEnum):
    """Whether the clock runs."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One promised date; `due_at` is None until the phase it ends can begin, `done_at` until that is done."""

    label: str
    due_at: datetime | None
    done_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether the phase was done after its date."""
        return self.due_at is not None and self.done_at is not None and self.done_at > self.due_at


@dataclass(frozen=True)
class Deadline:
    """Where the clock stands. All instants are aware, Asia/Ho_Chi_Minh.

    due_at: the date now owed. None without limit, between two phases, and while a pause lasts that will start
        the count again (there is no date to be late for); during other pauses it is `projected`: as if the
        pause ended now, or at its planned end.
    original_due_at: the date given at reception.
    due_without_extension: the date as if no extension had been given.
    legal_due_at: by the law's own limit where the province promised less, else due_without_extension.
    counted_minutes: working minutes the clock has run since it last started from zero.
    changes: every change of limit with both dates, refused ones too.
    """

    limit: TimeLimit
    received_at: datetime
    started_at: datetime
    state: ClockState
    due_at: datetime | None
    projected: bool
    original_due_at: datetime | None
    due_without_extension: datetime | None
    legal_due_at: datetime | None
    appointments: tuple[Appointment, ...]
    paused_since: datetime | None
    pause_reason: str
    finished_at: datetime | None
    counted_minutes: int
    extended: int
    changes: tuple[LimitChange, ...]
    timeline: Timeline = field(repr=False, compare=False)
    open_pause: Pause | None = field(repr=False, compare=False)

    @cached_property
    def explanation(self) -> tuple[Line, ...]:
        """Why this date, line by line; made when first asked for."""
        return explain(self.timeline, self.open_pause, self.due_at, is_undated(self.limit))


def compute(
    limit: TimeLimit,
    received_at: datetime,
    calendar: WorkCalendar,
    events: Sequence[ClockEvent] = (),
    policy: DeadlinePolicy | None = None,
    now: datetime | None = None,
) -> Deadline:
    """The deadline of what was received at `received_at`, as seen at `now` (None: after the last event).

    `received_at` is the event the limit's start rule names. Events after `now` are not seen yet. Raises
    InvalidTimeline for contradicting events, NoWorkingTime for an empty calendar.
    """
    timeline = Timeline(limit, received_at, calendar, policy or DeadlinePolicy())
    original = timeline.placed(timeline.current).due
    ordered, planned_end = in_order(events, now)
    for event in ordered:
        timeline.apply(event)
    moment = timeline.finished_at or now or (ordered[-1].at if ordered else received_at)
    open_pause = _open_pause(timeline, moment, planned_end)
    segment = timeline.current
    stands = bool(timeline.waiting_for) or (open_pause is not None and open_pause.mode is PauseMode.RESTART)
    dated = not stands and not is_undated(segment.limit)
    return Deadline(
        limit=segment.limit,
        received_at=received_at,
        started_at=segment.start.at,
        state=_state(timeline),
        due_at=timeline.placed(segment, open_pause).due if dated else None,
        projected=dated and open_pause is not None,
        original_due_at=original,
        due_without_extension=timeline.placed(segment, open_pause).unextended if dated else None,
        legal_due_at=timeline.legal_due(segment, open_pause) if dated else None,
        appointments=_appointments(timeline, open_pause, stands=stands),
        paused_since=None if timeline.finished_at else timeline.paused_since,
        pause_reason=timeline.pause_reason,
        finished_at=timeline.finished_at,
        counted_minutes=_counted(timeline, moment),
        extended=timeline.extended,
        changes=tuple(change for part in timeline.segments for change in part.changes),
        timeline=timeline,
        open_pause=open_pause,
    )


def _state(timeline: Timeline) -> ClockState:
    if timeline.finished_at is not None:
        return ClockState.FINISHED
    return ClockState.PAUSED if timeline.paused_since is not None else ClockState.RUNNING


def _open_pause(timeline: Timeline, moment: datetime, planned_end: datetime | None) -> Pause | None:
    """The pause that lasts at `moment`, as if it ended then or at its planned end."""
    since = timeline.paused_since
    if since is None or timeline.waiting_for:
        return None
    until = max(moment, since)
    if planned_end is not None and timeline.finished_at is None:
        until = max(until, planned_end)
    restarts = timeline.pause_restarts and not timeline.pause_is_late
    mode = PauseMode.RESTART if restarts else PauseMode.EXTEND
    return Pause(since, until, timeline.pause_reason, mode, late=timeline.pause_is_late)


def _appointments(timeline: Timeline, open_pause: Pause | None, *, stands: bool) -> tuple[Appointment, ...]:
    current = timeline.current
    groups = phase_groups(current.limit.effective_phases())
    last_of_group: dict[int, Segment] = {segment.group: segment for segment in timeline.segments}
    made = []
    for index, group in enumerate(groups):
        label = group[-1].label if group else ""
        segment = last_of_group.get(index)
        if segment is None:
            made.append(Appointment(label, None))  # it waits for something that has not happened
            continue
        is_open = segment is current and segment.done_at is None
        due = None if stands and is_open else timeline.placed(segment, open_pause if is_open else None).due
        made.append(Appointment(label, due, segment.done_at))
    return tuple(made)


def _counted(timeline: Timeline, moment: datetime) -> int:
    """Working minutes run since the last start from zero, pauses taken out."""
    total = 0
    for index, segment in enumerate(timeline.segments):
        if segment.opened is SegmentStart.RESTART:
            total = 0
        following = timeline.segments[index + 1 :]
        end = min(moment, timeline.paused_since or moment)
        if following:
            nxt = following[0]
            end = nxt.start.at if nxt.opened is SegmentStart.CHAINED else segment.done_at or moment
        total += _run_minutes(timeline.calendar, segment, min(end, moment))
    return total


def _run_minutes(calendar: WorkCalendar, segment: Segment, end: datetime) -> int:
    start = segment.start.at
    if end <= start:
        return 0
    ran = calendar.working_minutes_between(start, end)
    return ran - _paused_minutes(calendar, segment.pauses, start, end)


def _paused_minutes(calendar: WorkCalendar, pauses: Iterable[Pause], start: datetime, end: datetime) -> int:
    total = 0
    for pause in pauses:
        since, until = max(pause.since, start), min(pause.until, end)
        if until > since:
            total += calendar.working_minutes_between(since, until)
    return total
