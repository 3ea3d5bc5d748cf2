"""The history of one legal clock: events in, segments out.

A segment is a stretch counted from one start: reception, a restart after a supplement, or the start of the
phase that waited for payment. Events are replayed in order of time; nothing derived is ever stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from motcua.catalogue.rules.time_limits import NO_CUTOFF, Cutoff, LimitPhase, LimitUnit, TimeLimit
from motcua.dossiers.rules.deadline_terms import (
    DeadlinePolicy,
    Pause,
    PauseMode,
    Push,
    Start,
    Term,
    end_of_day,
    place,
    push_end,
    start_of,
)
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.organisation.rules.working_time import WorkCalendar, instant_text, local_day


class InvalidTimeline(Invalid):
    """The events contradict each other, e.g. a clock started again that was not stopped."""

    code = "invalid_timeline"


class EventKind(StrEnum):
    """What can happen to a clock."""

    PAUSE = "pause"
    RESUME = "resume"
    NOT_COUNTED = "not_counted"
    EXTEND = "extend"
    CHANGE_LIMIT = "change_limit"
    PHASE_DONE = "phase_done"
    FINISH = "finish"


class SegmentStart(StrEnum):
    """Why a segment began."""

    RECEPTION = "reception"
    RESTART = "restart"
    NEXT_PHASE = "next_phase"
    CHAINED = "chained"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One fact about the clock.

    PAUSE: `mode` (None = the policy's). RESUME ends one PAUSE, or begins the phase that waited.
    NOT_COUNTED: from `at` to `until` (None = still open), e.g. public posting; always counted as EXTEND.
    EXTEND: `new_due` (a date means the end of that day). CHANGE_LIMIT: `new_limit`.
    PHASE_DONE: a phase before a waiting one is done; `waits` False = nothing to wait for, the next runs on.
    `by` names who decided.
    """

    kind: EventKind
    at: datetime
    reason: str = ""
    mode: PauseMode | None = None
    until: datetime | None = None
    new_due: datetime | date | None = None
    new_limit: TimeLimit | None = None
    waits: bool = True
    by: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", EventKind(self.kind))


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A change of case on the way. `refused`: it came after the due date and changes nothing."""

    at: datetime
    reason: str
    by: str
    old_limit: TimeLimit
    new_limit: TimeLimit
    old_due: datetime | None
    new_due: datetime | None
    refused: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment on the calendar: its terms, the date without extension, the pushes after one, the date."""

    terms: tuple[Term, ...]
    unextended: datetime | None
    extended_pushes: tuple[Push, ...]
    due: datetime | None


@dataclass(slots=True)
class Segment:
    """One stretch of the clock; grows while the events are read."""

    opened: SegmentStart
    start: Start
    limit: TimeLimit
    group: int
    pauses: list[Pause] = field(default_factory=list)
    extension: ClockEvent | None = None
    changes: list[LimitChange] = field(default_factory=list)
    restarted_by: Pause | None = None
    done_at: datetime | None = None
    memo: dict[tuple[int, ...], Placed] = field(default_factory=dict, repr=False)

    @property
    def phases(self) -> tuple[LimitPhase, ...]:
        """The phases of this segment."""
        return phase_groups(self.limit.effective_phases())[self.group]


def phase_groups(phases: Iterable[LimitPhase]) -> tuple[tuple[LimitPhase, ...], ...]:
    """Phases cut where one waits for something outside: one group for each appointment date."""
    groups: list[list[LimitPhase]] = [[]]
    for phase in phases:
        if phase.waits_for and groups[-1]:
            groups.append([])
        groups[-1].append(phase)
    return tuple(tuple(group) for group in groups)


class Timeline:
    """Replays events one by one; afterwards `segments` and the open pause say everything."""

    def __init__(
        self, limit: TimeLimit, received_at: datetime, calendar: WorkCalendar, policy: DeadlinePolicy
    ) -> None:
        self.calendar = calendar
        self.policy = policy
        self.segments = [self._open(SegmentStart.RECEPTION, received_at, limit, 0, limit.cutoff)]
        self.paused_since: datetime | None = None
        self.pause_reason = ""
        self.pause_restarts = False
        self.pause_is_late = False
        self.waiting_for = ""
        self.finished_at: datetime | None = None
        self.extended = 0
        self._open_pauses = 0

    @property
    def current(self) -> Segment:
        """The segment that runs."""
        return self.segments[-1]

    @property
    def has_next_phase(self) -> bool:
        """Whether phases that wait for something follow those that run, under the limit as it is by now."""
        return self.current.group + 1 < len(phase_groups(self.current.limit.effective_phases()))

    def apply(self, event: ClockEvent) -> None:
        """Take one event; events after FINISH change nothing. Raises InvalidTimeline."""
        if self.finished_at is None:
            _HANDLERS[event.kind](self, event)

    def placed(self, segment: Segment, open_pause: Pause | None = None) -> Placed:
        """Where a segment ends; `open_pause` is a pause that has not ended yet, as if it had."""
        key = (id(segment.limit), id(segment.extension), id(open_pause), len(segment.pauses))
        found = segment.memo.get(key)
        if found is None:
            found = segment.memo[key] = self._place(segment, open_pause)
        return found

    def _place(self, segment: Segment, open_pause: Pause | None) -> Placed:
        pauses = [*segment.pauses, *([open_pause] if open_pause else [])]
        terms = place(segment.phases, segment.start.at, pauses, self.calendar, self.policy)
        if not terms:
            return Placed((), None, (), None)
        unextended = terms[-1].end
        extension = segment.extension
        if extension is None:
            return Placed(terms, unextended, (), unextended)
        base = self.extension_end(extension)
        later = [pause for pause in pauses if pause.since >= extension.at]
        is_calendar = terms[-1].raw_day is not None
        raw = local_day(base) if is_calendar else None
        pushes = push_end(base, raw, later, segment.start.at, self.calendar, self.policy)
        return Placed(terms, unextended, pushes, pushes[-1].end if pushes else base)

    def extension_end(self, extension: ClockEvent) -> datetime:
        """The instant an extension promises."""
        assert extension.new_due is not None, "checked when the event is read"
        if isinstance(extension.new_due, datetime):
            return extension.new_due
        return end_of_day(extension.new_due, self.calendar)

    def legal_due(self, segment: Segment, open_pause: Pause | None) -> datetime | None:
        """The law's own due date with the same pauses, when the province promises a shorter one."""
        legal = segment.limit.effective_legal_phases()
        if legal is None:
            return self.placed(segment, open_pause).unextended
        groups = phase_groups(legal)
        if len(groups) != len(phase_groups(segment.limit.effective_phases())):
            return None
        pauses = [*segment.pauses, *([open_pause] if open_pause else [])]
        terms = place(groups[segment.group], segment.start.at, pauses, self.calendar, self.policy)
        return terms[-1].end if terms else None

    def _open(
        self, opened: SegmentStart, at: datetime, limit: TimeLimit, group: int, cutoff: Cutoff
    ) -> Segment:
        return Segment(opened, start_of(at, cutoff, self.calendar, self.policy), limit, group)

    # -- one method per kind of event -----------------------------------------------------------------------

    def _pause(self, event: ClockEvent) -> None:
        self._open_pauses += 1
        mode = event.mode or self.policy.pause_mode
        if self._open_pauses == 1 and not self.waiting_for:
            due = self.placed(self.current).due
            self.paused_since, self.pause_reason = event.at, event.reason
            self.pause_is_late = due is not None and event.at > due
            self.pause_restarts = False
        self.pause_restarts = self.pause_restarts or mode is PauseMode.RESTART

    def _resume(self, event: ClockEvent) -> None:
        if self._open_pauses:
            self._open_pauses -= 1
            if self._open_pauses or self.waiting_for:
                return
            self._end_pause(event)
        elif self.waiting_for:
            group = self.current.group + 1
            self.segments.append(
                self._open(SegmentStart.NEXT_PHASE, event.at, self.current.limit, group, NO_CUTOFF)
            )
            self.waiting_for, self.paused_since, self.pause_reason = "", None, ""
        else:
            raise InvalidTimeline(
                msg("Đồng hồ không dừng nên không thể chạy tiếp lúc %(at)s.", at=instant_text(event.at))
            )

    def _end_pause(self, event: ClockEvent) -> None:
        assert self.paused_since is not None, "a pause is open"
        restarts = self.pause_restarts and not self.pause_is_late
        mode = PauseMode.RESTART if restarts else PauseMode.EXTEND
        pause = Pause(self.paused_since, event.at, self.pause_reason, mode, late=self.pause_is_late)
        self.paused_since, self.pause_reason = None, ""
        segment = self.current
        if not restarts:
            segment.pauses.append(pause)
            return
        promised = self.placed(segment, pause).due
        segment.restarted_by = pause
        again = self._open(SegmentStart.RESTART, event.at, segment.limit, segment.group, segment.limit.cutoff)
        self.segments.append(again)
        due = self.placed(again).due
        # A later date already promised in an extension letter stays promised.
        if segment.extension and promised and due and promised > due:
            again.extension = replace(segment.extension, at=event.at, new_due=promised)

    def _not_counted(self, event: ClockEvent) -> None:
        self._pause(replace(event, mode=PauseMode.EXTEND))

    def _extend(self, event: ClockEvent) -> None:
        if event.new_due is None:
            raise InvalidTimeline(msg("Gia hạn phải ghi ngày hẹn mới."))
        self.current.extension = event
        self.extended += 1

    def _change_limit(self, event: ClockEvent) -> None:
        if event.new_limit is None:
            raise InvalidTimeline(msg("Đổi trường hợp phải có thời hạn mới."))
        segment = self.current
        old, old_due = segment.limit, self.placed(segment).due
        refused = old_due is not None and event.at > old_due
        if not refused:
            segment.limit = event.new_limit
            segment.group = min(segment.group, len(phase_groups(event.new_limit.effective_phases())) - 1)
            segment.extension = None
            if segment.opened in (SegmentStart.RECEPTION, SegmentStart.RESTART):
                segment.start = start_of(
                    segment.start.received, event.new_limit.cutoff, self.calendar, self.policy
                )
        new_due = self.placed(segment).due
        segment.changes.append(
            LimitChange(event.at, event.reason, event.by, old, event.new_limit, old_due, new_due, refused)
        )

    def _phase_done(self, event: ClockEvent) -> None:
        segment = self.current
        groups = phase_groups(segment.limit.effective_phases())
        if self.paused_since is not None:
            raise InvalidTimeline(msg("Đồng hồ đang dừng; phải chạy tiếp trước khi kết thúc giai đoạn."))
        segment.done_at = event.at
        if not self.has_next_phase:
            return
        if event.waits:
            self.paused_since = event.at
            self.waiting_for = groups[segment.group + 1][0].waits_for
            self.pause_reason = event.reason or self.waiting_for
            return
        # Nothing to wait for: the whole limit runs on from the date the first phase was promised for.
        due = self.placed(segment).due or event.at
        chained = Start(due, due, after_cutoff=False)
        self.segments.append(Segment(SegmentStart.CHAINED, chained, segment.limit, segment.group + 1))

    def _finish(self, event: ClockEvent) -> None:
        self.finished_at = event.at


_HANDLERS: Mapping[EventKind, Callable[[Timeline, ClockEvent], None]] = {
    EventKind.PAUSE: Timeline._pause,
    EventKind.RESUME: Timeline._resume,
    EventKind.NOT_COUNTED: Timeline._not_counted,
    EventKind.EXTEND: Timeline._extend,
    EventKind.CHANGE_LIMIT: Timeline._change_limit,
    EventKind.PHASE_DONE: Timeline._phase_done,
    EventKind.FINISH: Timeline._finish,
}


def in_order(
    events: Iterable[ClockEvent], until: datetime | None
) -> tuple[list[ClockEvent], datetime | None]:
    """Events up to `until` by time, not-counted intervals split into their two ends.

    Also the planned end, after `until`, of an interval that is open then.
    """
    split: list[ClockEvent] = []
    for event in events:
        split.append(event)
        if event.kind is EventKind.NOT_COUNTED and event.until is not None:
            if event.until < event.at:
                raise InvalidTimeline(msg("Khoảng không tính phải kết thúc sau khi bắt đầu."))
            split.append(ClockEvent(EventKind.RESUME, event.until, event.reason))
    ordered = sorted(split, key=lambda event: event.at)
    if until is None:
        return ordered, None
    past = [event for event in ordered if event.at <= until]
    planned = [
        event.until
        for event in past
        if event.kind is EventKind.NOT_COUNTED and event.until is not None and event.until > until
    ]
    return past, max(planned, default=None)


def is_undated(limit: TimeLimit) -> bool:
    """Whether a limit promises no date at all."""
    phases = limit.effective_phases()
    return not phases or any(phase.unit is LimitUnit.NONE for phase in phases)
