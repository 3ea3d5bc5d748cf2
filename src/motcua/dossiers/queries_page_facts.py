"""The facts of a dossier's timeline, gathered from rows that are already loaded."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.documents import queries as documents
from motcua.documents.queries import Letter
from motcua.dossiers.models import ClockEvent, Dossier, DossierChange, Supplement, UnitMove
from motcua.dossiers.rules import moving_words, timeline
from motcua.dossiers.rules.deadline import EventKind
from motcua.dossiers.rules.moving import Kept, Outcome, Reason
from motcua.dossiers.rules.timeline import Fact, Facts, Kind, LetterFact, PauseFact, StepFact
from motcua.dossiers.types import PAUSED, ReturnMethod, Stage, Status
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import grouped
from motcua.organisation import queries as organisation
from motcua.payments.queries.subjects import Came
from motcua.workflow.queries import Task
from motcua.workflow.rules.definition import ProcessDefinition, StepKind
from motcua.workflow.rules.words import outcome_text


def entries(
    dossier: Dossier,
    *,
    tasks: Sequence[Task],
    events: Sequence[ClockEvent],
    supplements: Sequence[Supplement],
    letters: Sequence[Letter],
    definition: ProcessDefinition | None,
    moves: Sequence[UnitMove] = (),
    changes: Sequence[DossierChange] = (),
    taken_back: Sequence[Came] = (),
) -> tuple[timeline.Entry, ...]:
    """The life of the dossier; makes no statement of its own. `moves` are the successions it went through."""
    status = dossier.state
    received_at_unit = moves[0].receiving_from_id if moves else dossier.receiving_unit_id
    facts = Facts(
        received_at=dossier.received_at,
        created_at=dossier.created_at,
        receiving_unit=organisation.unit(received_at_unit).full_name,
        received_by=dossier.created_by.full_name if dossier.created_by else "",
        steps=[step_fact(task, definition) for task in tasks if not _is_told_otherwise(task)],
        pauses=_pauses(events, supplements),
        others=[
            *_events(events),
            *_moves(moves, dossier),
            *_ends(dossier, events),
            *(change_fact(change) for change in changes),
            *(_taken_back(one) for one in taken_back),
        ],
        letters=[LetterFact(letter.pk, letter_label(letter), letter.issued_at) for letter in letters],
        due_at=dossier.due_at,
        expects_return=not status.is_final and status is not Status.COMPLETED and status not in PAUSED,
        returning_unit=organisation.unit(dossier.returning_unit_id).full_name,
        awaits_intake=status is Status.AWAITING_SUPPLEMENT,
        refused=status is Status.REFUSED,
    )
    return timeline.build(facts)


def _moves(moves: Sequence[UnitMove], dossier: Dossier) -> list[Fact]:
    """One plain line for each succession: from whom, to whom, by which decision."""
    after = [*(move.competent_from_id for move in moves), dossier.competent_agency_id][1:]
    return [
        Fact(
            at=move.at,
            title=msg("Chuyển sang đơn vị kế thừa"),
            who=organisation.unit(to_id).full_name,
            text=msg(
                "Tiếp nhận từ %(unit)s theo %(decision)s.",
                unit=organisation.unit(move.competent_from_id).full_name,
                decision=f"{move.succession.number} ngày {move.succession.decided_on:%d/%m/%Y}",
            ),
        )
        for move, to_id in zip(moves, after, strict=True)
    ]


def _is_told_otherwise(task: Task) -> bool:
    """Reception and hand-over have entries of their own, with what only they know."""
    return task.kind == StepKind.RECEPTION or (task.kind == StepKind.RETURN and task.completed_at is not None)


def step_fact(task: Task, definition: ProcessDefinition | None) -> StepFact:
    step = definition.step(task.step_key) if definition else None
    outcome = step.outcome(task.outcome) if step and task.outcome else None
    asked = task.asked_from_id is not None
    person = task.completed_by or task.assignee
    return StepFact(
        name=task.name,
        status=task.status,
        opened_at=task.opened_at,
        unit=organisation.unit(task.unit_id).full_name,
        person=person.full_name if person else "",
        due_at=task.due_at,
        completed_at=task.completed_at,
        outcome=outcome_text(outcome.label)
        if outcome and outcome is not (step.default_outcome if step else None)
        else "",
        note=task.note,
        is_consultation=asked,
        asked=task.name if asked else "",
        for_whom=task.acted_for.full_name if task.acted_for else "",
    )


def change_fact(change: DossierChange) -> Fact:
    """What a decision that changed the procedure made of this dossier, in one plain line."""
    reason = Reason(change.reason)
    why = "" if reason is Reason.BY_DECISION else moving_words.REASONS[reason]
    if is_undone(change):
        why = msg("Quyết định này đã được hoàn tác; hồ sơ tiếp tục như trước.")
    return Fact(change.at, change_line(change), text=why)


def _taken_back(one: Came) -> Fact:
    """A payment that does not count any more."""
    assert one.taken_back_at is not None
    return Fact(
        one.taken_back_at,
        msg("Hủy khoản thu %(amount)s đồng", amount=grouped(one.amount)),
        text=one.why,
        kind=Kind.STOPPED,
    )


def is_undone(change: DossierChange) -> bool:
    """Whether the decision was taken back after it was told here (of rows that were read with it)."""
    return bool(getattr(change, "decision_undone", False))


def change_line(change: DossierChange) -> Message:
    """The line of a change with the name of the unit it was transferred to."""
    return moving_words.line(
        Outcome(change.outcome),
        number=change.decision,
        effective_at=change.effective_at,
        kept=[Kept(kept) for kept in change.kept],
        unit=organisation.unit(change.unit_id).full_name if change.unit_id else "",
        choice=change.choice,
    )


def letter_label(letter: Letter) -> str:
    """`Giấy tiếp nhận hồ sơ và hẹn trả kết quả số 12/TNHS`."""
    title = documents.letter_kind(letter.kind).title
    words = msg("%(title)s số %(number)s", title=msg(title), number=letter.number_text)
    if letter.cancelled_at:
        words = msg("%(letter)s (đã hủy)", letter=words)
    return words.render()


def _pauses(events: Sequence[ClockEvent], supplements: Sequence[Supplement]) -> list[PauseFact]:
    """Each PAUSE with the RESUME that ended it; a supplement asked at that moment says what for."""
    found: list[PauseFact] = []
    open_pauses: list[ClockEvent] = []
    for event in events:
        if event.kind in (EventKind.PAUSE, EventKind.PHASE_DONE):
            open_pauses.append(event)
        elif event.kind == EventKind.RESUME and open_pauses:
            found.append(_pause(open_pauses.pop(0), event, supplements))
        elif event.kind == EventKind.FINISH:
            found += [_pause(pause, event, supplements) for pause in open_pauses]
            open_pauses = []
    found += [_pause(pause, None, supplements) for pause in open_pauses]
    found += [_intake(supplement) for supplement in supplements if supplement.stage == Stage.INTAKE]
    return found


def _pause(event: ClockEvent, end: ClockEvent | None, supplements: Sequence[Supplement]) -> PauseFact:
    asked = next((s for s in supplements if s.requested_at == event.at), None)
    if asked is None:
        by = event.by.full_name if event.by else ""
        return PauseFact(since=event.at, until=end.at if end else None, reason=event.reason, by=by)
    return _of_supplement(asked, event, end)


def _of_supplement(asked: Supplement, event: ClockEvent, end: ClockEvent | None) -> PauseFact:
    return PauseFact(
        since=event.at,
        until=end.at if end else None,
        reason=asked.reason,
        items=tuple(str(item["text"]) for item in asked.items),
        number=asked.number,
        by=asked.requested_by.full_name if asked.requested_by else "",
        answer=asked.answer_note,
        respond_by=asked.respond_by,
    )


def _intake(asked: Supplement) -> PauseFact:
    """Asked at the counter: the clock had not started, yet the person waits all the same."""
    return PauseFact(
        since=asked.requested_at,
        until=asked.answered_at,
        reason=asked.reason,
        items=tuple(str(item["text"]) for item in asked.items),
        number=asked.number,
        by=asked.requested_by.full_name if asked.requested_by else "",
        answer=asked.answer_note,
        respond_by=asked.respond_by,
    )


def _events(events: Sequence[ClockEvent]) -> list[Fact]:
    found = []
    for event in events:
        by = event.by.full_name if event.by else ""
        if event.kind == EventKind.EXTEND:
            day = str(event.data.get("new_due", ""))
            shown = "/".join(reversed(day.split("-")))
            title = msg("Xin lỗi và hẹn lại ngày %(day)s", day=shown)
            found.append(Fact(event.at, title, who=by, text=event.reason, kind=Kind.LATE))
        elif event.kind == EventKind.CHANGE_LIMIT:
            new = event.data.get("new_limit")
            limit = TimeLimit.from_dict(new).text() if new else msg("không hẹn ngày trả")
            title = msg("Đổi trường hợp, thời hạn mới: %(limit)s", limit=limit)
            if event.data.get("decision"):
                title = msg("Thời hạn ngắn hơn theo quyết định mới: %(limit)s", limit=limit)
            found.append(Fact(event.at, title, who=by, text=event.reason))
    return found


def _ends(dossier: Dossier, events: Sequence[ClockEvent]) -> list[Fact]:
    """The result, the hand-over, and an end without a result."""
    found = []
    result = getattr(dossier, "result", None)
    if result is not None:
        by = result.recorded_by.full_name if result.recorded_by else ""
        title = msg("Có kết quả số %(number)s", number=result.number)
        if not result.granted:
            title = msg("Có văn bản từ chối số %(number)s", number=result.number)
        found.append(Fact(result.recorded_at, title, who=by, text=result.summary))
    handover = getattr(dossier, "handover", None)
    if handover is not None:
        by = handover.by.full_name if handover.by else ""
        how = str(ReturnMethod(handover.method).label)
        text = msg("%(name)s · %(how)s", name=handover.name, how=how)
        found.append(Fact(handover.at, msg("Đã trả kết quả"), who=by, text=text))
    if dossier.state in (Status.STOPPED, Status.WITHDRAWN) and dossier.closed_at is not None:
        withdrawn = dossier.state is Status.WITHDRAWN
        title = msg("Công dân rút hồ sơ") if withdrawn else msg("Dừng giải quyết")
        end = next((event for event in reversed(events) if event.kind == EventKind.FINISH), None)
        by = end.by.full_name if end and end.by else ""
        reason = end.reason if end else ""
        found.append(Fact(dossier.closed_at, title, who=by, text=reason, kind=Kind.STOPPED))
    return found
