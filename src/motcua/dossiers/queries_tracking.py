"""A dossier as the person it is about may see it, found by the secret of its slip or by what only they know.

Nothing here checks an actor: the token (128 bits) or the check value is the right to look. What is returned is
whole; the public site masks it. Nobody's name but the owner's leaves this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from motcua.catalogue import queries as catalogue
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.documents import queries as documents
from motcua.dossiers.actions import timing
from motcua.dossiers.models import ClockEvent, Dossier, Party, Supplement
from motcua.dossiers.queries_page import shown_changes
from motcua.dossiers.queries_page_facts import change_line, is_undone
from motcua.dossiers.rules import worklist
from motcua.dossiers.rules.appointments import label_text
from motcua.dossiers.rules.deadline import Deadline, EventKind
from motcua.dossiers.rules.deadline_lines import LineKind
from motcua.dossiers.types import PartyRole, ReturnMethod, Stage, Status
from motcua.kernel.messages import Message
from motcua.organisation import queries as organisation
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task


@dataclass(frozen=True, slots=True)
class Key:
    """What somebody must know of a dossier to look at it by its code: numbers of its owner and its submitter."""

    token: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrackedStep:
    """A step of the process: its kind and unit. `until` is None while it is open."""

    kind: str
    unit_id: int
    since: datetime
    until: datetime | None
    is_consultation: bool = False


@dataclass(frozen=True, slots=True)
class TrackedPause:
    """A stretch in which the clock stood. `items` is what the person was asked to bring."""

    since: datetime
    until: datetime | None
    reason: str
    items: tuple[str, ...] = ()
    number: int = 0
    respond_by: date | None = None
    is_intake: bool = False


@dataclass(frozen=True, slots=True)
class TrackedExtension:
    at: datetime
    new_due_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """What a decision that changed the procedure made of this dossier, in one plain line."""

    at: datetime
    line: Message


@dataclass(frozen=True, slots=True)
class TrackedPromise:
    """A promised date, with the working time to it; `label` is empty where there is only one."""

    label: str
    due_at: datetime | None
    days: Fraction | None = None
    hours: Fraction | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tracked:
    """Everything a public page about a dossier is made of."""

    code: str
    status: Status
    procedure: str
    short_name: str
    procedure_code: str
    case: str
    owner: str
    owner_is_organisation: bool
    owner_id_number: str
    private: tuple[str, ...]
    created_at: datetime
    received_at: datetime | None
    limit: Message | None
    promises: tuple[TrackedPromise, ...]
    due_at: datetime | None
    original_due_at: datetime | None
    why: tuple[Message, ...]
    restarted: bool
    steps: tuple[TrackedStep, ...]
    pauses: tuple[TrackedPause, ...]
    extensions: tuple[TrackedExtension, ...]
    changes: tuple[TrackedChange, ...]
    paused_since: datetime | None
    pause_reason: str
    completed_at: datetime | None
    returned_at: datetime | None
    closed_at: datetime | None
    outcome: str
    return_method: ReturnMethod
    result_number: str
    result_issued_on: date | None
    granted: bool
    end_reasons: tuple[str, ...]
    papers_returned: tuple[str, ...]
    receiving_unit_id: int
    competent_agency_id: int
    returning_unit_id: int

    @property
    def is_late(self) -> bool:
        return self.outcome == "overdue"


def key_of(code: str) -> Key | None:
    """What opens a dossier of this code (one statement, whether there is one or not)."""
    rows = list(
        Party.objects.filter(
            dossier__code=code, role__in=(PartyRole.OWNER.value, PartyRole.SUBMITTER.value)
        ).values_list("dossier__tracking_token", "id_number", "phone")
    )
    if not rows:
        return None
    return Key(rows[0][0], tuple(number for _token, *numbers in rows for number in numbers if number))


def code_of_token(token: str) -> str | None:
    """The code of the dossier a token opens (one statement)."""
    return Dossier.objects.filter(tracking_token=token).values_list("code", flat=True).first()


def tracked(token: str, now: datetime) -> Tracked | None:
    """The dossier of a token, or None. At most seven statements."""
    dossier = Dossier.objects.select_related("result").filter(tracking_token=token).first()
    if dossier is None:
        return None
    events = list(dossier.clock_events.all()) if dossier.received_at else []
    supplements = list(dossier.supplements.all()) if dossier.supplement_count else []
    tasks = list(workflow.tasks_of(dossier.run_id)) if dossier.run_id else []
    parties = list(dossier.parties.all())
    deadline = timing.deadline_of(dossier, events, now) if dossier.received_at else None
    lines = deadline.explanation if deadline else ()
    result = getattr(dossier, "result", None)
    reasons, returned = _said_at_the_end(dossier)
    owner = next((party for party in parties if party.role == PartyRole.OWNER.value), None)
    return Tracked(
        code=dossier.code,
        status=dossier.state,
        procedure=dossier.procedure_name,
        short_name=catalogue.version(dossier.procedure_version_id).short_name,
        procedure_code=dossier.procedure_code,
        case=dossier.case_name,
        owner=dossier.owner_name,
        owner_is_organisation=owner.is_organisation if owner else False,
        owner_id_number=dossier.owner_id_number,
        private=_private(parties),
        created_at=dossier.created_at,
        received_at=dossier.received_at,
        limit=TimeLimit.from_dict(dossier.limit).text() if dossier.limit else None,
        promises=_promises(dossier, deadline, now),
        due_at=deadline.due_at if deadline else None,
        original_due_at=dossier.original_due_at,
        why=tuple(line.message for line in lines),
        restarted=any(line.kind is LineKind.RESTARTED for line in lines),
        steps=tuple(_steps(tasks)),
        pauses=tuple(sorted(_pauses(events, supplements), key=lambda pause: pause.since)),
        extensions=tuple(_extensions(events)),
        changes=tuple(
            TrackedChange(change.at, change_line(change))
            for change in shown_changes(dossier.pk)
            if not is_undone(change)
        ),
        paused_since=dossier.paused_since,
        pause_reason=dossier.pause_reason,
        completed_at=dossier.completed_at,
        returned_at=dossier.returned_at,
        closed_at=dossier.closed_at,
        outcome=dossier.outcome,
        return_method=ReturnMethod(dossier.return_method),
        result_number=result.number if result else "",
        result_issued_on=result.issued_on if result else None,
        granted=result.granted if result else True,
        end_reasons=reasons,
        papers_returned=returned,
        receiving_unit_id=dossier.receiving_unit_id,
        competent_agency_id=dossier.competent_agency_id,
        returning_unit_id=dossier.returning_unit_id,
    )


def _private(parties: Sequence[Party]) -> tuple[str, ...]:
    """What free text must not repeat: names, numbers and addresses of everybody in the dossier."""
    found: set[str] = set()
    for party in parties:
        found |= {party.name, party.id_number, party.phone, party.email, party.address}
    return tuple(sorted((text for text in found if len(text) > 1), key=len, reverse=True))


def _promises(dossier: Dossier, deadline: Deadline | None, now: datetime) -> tuple[TrackedPromise, ...]:
    """The promised dates as the explanation under them derives them; of a single phase the end of the whole."""
    if deadline is None:
        return ()
    calendar = organisation.calendar_for(dossier.competent_agency_id)
    many = len(deadline.appointments) > 1
    return tuple(
        TrackedPromise(
            label_text(item.label) if many else "",
            item.due_at,
            *worklist.working_time(calendar, item.due_at, now),
            done_at=item.done_at if many and item.done_at else dossier.completed_at,
        )
        for item in deadline.appointments
    )


def _steps(tasks: Sequence[Task]) -> Iterator[TrackedStep]:
    for task in tasks:
        if task.status == "cancelled" and task.completed_at is None:
            continue
        yield TrackedStep(
            kind=task.kind,
            unit_id=task.unit_id,
            since=task.opened_at,
            until=task.completed_at or (None if task.status == "open" else task.opened_at),
            is_consultation=task.asked_from_id is not None or task.kind == "consult",
        )


def _pauses(events: Sequence[ClockEvent], supplements: Sequence[Supplement]) -> Iterator[TrackedPause]:
    """Each pause with the moment it ended; what was asked at that moment says what for."""
    asked = {supplement.requested_at: supplement for supplement in supplements}
    waiting: list[ClockEvent] = []
    for event in events:
        if event.kind in (EventKind.PAUSE, EventKind.PHASE_DONE):
            waiting.append(event)
        elif event.kind == EventKind.RESUME and waiting:
            yield _pause(waiting.pop(0), event.at, asked)
        elif event.kind == EventKind.FINISH:
            yield from (_pause(pause, event.at, asked) for pause in waiting)
            waiting = []
    yield from (_pause(pause, None, asked) for pause in waiting)
    yield from (
        _of_supplement(supplement, supplement.requested_at, supplement.answered_at)
        for supplement in supplements
        if supplement.stage == Stage.INTAKE
    )


def _pause(event: ClockEvent, until: datetime | None, asked: dict[datetime, Supplement]) -> TrackedPause:
    supplement = asked.get(event.at)
    if supplement is None:
        return TrackedPause(event.at, until, event.reason)
    return _of_supplement(supplement, event.at, until)


def _of_supplement(supplement: Supplement, since: datetime, until: datetime | None) -> TrackedPause:
    return TrackedPause(
        since=since,
        until=until,
        reason=supplement.reason,
        items=tuple(str(item["text"]) for item in supplement.items),
        number=supplement.number,
        respond_by=supplement.respond_by,
        is_intake=supplement.stage == Stage.INTAKE,
    )


def _extensions(events: Sequence[ClockEvent]) -> Iterator[TrackedExtension]:
    for event in events:
        if event.kind == EventKind.EXTEND:
            day = event.data.get("new_due")
            yield TrackedExtension(event.at, date.fromisoformat(day) if day else None, event.reason)


def _said_at_the_end(dossier: Dossier) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Why it ended without a result and what was given back, as the letter to the person says it."""
    if dossier.state not in (Status.REFUSED, Status.STOPPED, Status.WITHDRAWN):
        return (), ()
    for letter in reversed(documents.letters_of(dossier.code)):
        if letter.kind == "refusal":
            return tuple(letter.data.get("reasons", ())), ()
        if letter.kind == "change_stop_notice":
            return (str(letter.data.get("decision", "")),), ()
        if letter.kind == "stop_notice":
            reason = str(letter.data.get("request_reason", ""))
            return (reason,) if reason else (), tuple(letter.data.get("returned_papers", ()))
    return (), ()
