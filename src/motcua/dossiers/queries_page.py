"""The dossier page: where it is, who has it, why that date, and what this person can do with it.

One reading is one audit entry. Twelve statements for a dossier under way (the audit log itself included), at most six
more where it costs money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from django.db.models import Q, QuerySet

from motcua.catalogue import queries as catalogue
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types_changes import ChangeState
from motcua.documents import queries as documents
from motcua.documents.queries import Letter
from motcua.documents.types_signing import SigningView
from motcua.dossiers import permissions, queries
from motcua.dossiers.actions import timing
from motcua.dossiers.adapters.letters import SLIP, same_form
from motcua.dossiers.models import (
    Attachment,
    Dossier,
    DossierChange,
    DossierPaper,
    HandOver,
    Party,
    Result,
    Supplement,
)
from motcua.dossiers.queries_history import moves_of
from motcua.dossiers.queries_money import DossierMoney, money_of
from motcua.dossiers.queries_page_acts import Desk, PageActs, acts_on
from motcua.dossiers.queries_page_facts import entries, is_undone, letter_label
from motcua.dossiers.rules import worklist as rules
from motcua.dossiers.rules.appointments import label_text
from motcua.dossiers.rules.deadline import Deadline, Line
from motcua.dossiers.rules.moving import Outcome
from motcua.dossiers.rules.timeline import Entry
from motcua.dossiers.types import PAUSED, Act, PaperState, PartyRole, Status
from motcua.kernel.actor import Actor
from motcua.kernel.audit import queries as audit
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task
from motcua.workflow.rules.definition import ProcessDefinition

INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif"})
"""Kinds a browser may show in our own origin: no script runs in them."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """An attached file. `blocked` says why it is not served (virus scan), "" when it is."""

    id: int
    name: str
    size: int
    kind: str
    pages: int | None
    blocked: str
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    id: int
    name: str
    state: PaperState
    originals: int
    copies: int
    note: str
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody with a part in the dossier."""

    role: PartyRole
    party: Party

    @property
    def label(self) -> str:
        return str(self.role.label)


@dataclass(frozen=True, slots=True)
class LetterLine:
    id: int
    label: str
    issued_at: datetime
    is_cancelled: bool
    is_slip: bool = False
    signing: SigningView | None = None
    may_sign: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised date; `label` is empty where there is only one."""

    label: str
    due_at: datetime | None
    days: Fraction | None = None
    hours: Fraction | None = None


@dataclass(frozen=True, slots=True)
class DossierPage:
    """Everything the page shows. `log` is None for those who may not see it.

    `old_version`: it goes on under provisions that no longer count for others. `choice` is the change whose choice the
    applicant still owes and this person may write down.
    """

    dossier: Dossier
    status: Status
    paused: bool
    deadline: Deadline | None
    explanation: tuple[Line, ...]
    limit: Message | None
    promises: tuple[Promise, ...]
    desks: tuple[Desk, ...]
    acts: PageActs
    people: tuple[PersonLine, ...]
    papers: tuple[PaperLine, ...]
    files: tuple[FileLine, ...]
    timeline: tuple[Entry, ...]
    letters: tuple[LetterLine, ...]
    definition: ProcessDefinition | None
    done_steps: frozenset[str]
    open_steps: frozenset[str]
    receiving_unit: str
    competent_agency: str
    returning_unit: str
    log: tuple[audit.Entry, ...] | None
    old_version: bool = False
    choice: int | None = None
    money: DossierMoney | None = None
    papers_known: bool = True
    """Whether an empty list of papers means that the procedure asks for none."""

    @property
    def ended(self) -> Message | None:
        """How it stood with the date when it ended without a result; no date runs after that."""
        if self.status not in (Status.STOPPED, Status.WITHDRAWN):
            return None
        due_at, at = self.dossier.due_at, self.dossier.closed_at
        if due_at is not None and at is not None and at > due_at:
            return msg("Dừng khi đã quá hạn")
        return msg("Dừng trước hạn")

    @property
    def unsigned(self) -> bool:
        """Whether some letter that counts bears no electronic signature."""
        return any(letter.signing is None and not letter.is_cancelled for letter in self.letters)

    @property
    def result(self) -> Result | None:
        return getattr(self.dossier, "result", None)

    @property
    def handover(self) -> HandOver | None:
        return getattr(self.dossier, "handover", None)

    @property
    def missing(self) -> int:
        return sum(paper.state is PaperState.MISSING for paper in self.papers)


def dossier_page(actor: Actor, code: str, *, now: datetime, task_id: int | None = None) -> DossierPage:
    """One dossier for its page; `NotFound` for unknown and foreign ones alike. Writes the audit entry.

    `task_id` is the step the person came for, where several are open.
    """
    dossier = _with_ends(queries.dossier_for_reading(actor, code, now))
    tasks = _tasks(dossier)
    events = list(dossier.clock_events.select_related("by")) if dossier.received_at else []
    supplements = _supplements(dossier)
    letters = documents.letters_of(dossier.code)
    signings = documents.signings_of(letters)
    changes = list(shown_changes(dossier.pk))
    definition = workflow.process(dossier.run.process_version_id) if dossier.run else None
    deadline = timing.deadline_of(dossier, events, now) if dossier.received_at else None
    content = catalogue.definition(dossier.procedure_version_id)
    loose, papers = _papers(dossier)
    open_tasks = [task for task in tasks if task.status == "open"]
    money = money_of(dossier)
    log = audit.entries_about("dossier", code) if permissions.can_see_audit(actor, dossier) else None
    return DossierPage(
        dossier=dossier,
        status=dossier.state,
        paused=dossier.paused_since is not None or dossier.state in PAUSED,
        deadline=deadline,
        explanation=deadline.explanation if deadline else (),
        limit=TimeLimit.from_dict(dossier.limit).text() if dossier.limit else None,
        promises=_promises(dossier, now),
        desks=_desks(actor, dossier, open_tasks, now),
        acts=acts_on(actor, dossier, tasks, definition, task_id=task_id),
        people=_people(dossier),
        papers=papers,
        files=loose,
        timeline=entries(
            dossier,
            tasks=tasks,
            events=events,
            supplements=supplements,
            letters=letters,
            definition=definition,
            moves=moves_of(dossier),
            changes=changes,
            taken_back=[one for one in money.history.came if one.taken_back] if money else (),
        ),
        old_version=_is_old(dossier, changes, now),
        choice=_choice(actor, dossier, changes),
        money=money,
        papers_known=content.papers_known and not content.doubtful("documents"),
        letters=tuple(_letter(actor, letter, signings.get(letter.pk)) for letter in letters),
        definition=definition,
        done_steps=frozenset(task.step_key for task in tasks if task.status == "done"),
        open_steps=frozenset(task.step_key for task in open_tasks if task.asked_from_id is None),
        receiving_unit=organisation.unit(dossier.receiving_unit_id).full_name,
        competent_agency=organisation.unit(dossier.competent_agency_id).full_name,
        returning_unit=organisation.unit(dossier.returning_unit_id).full_name,
        log=tuple(log) if log is not None else None,
    )


def _letter(actor: Actor, letter: Letter, signing: SigningView | None) -> LetterLine:
    """A letter with its signatures; they can be asked for once, and again when something stood in the way."""
    cancelled = letter.cancelled_at is not None
    to_ask = (
        signing.problem is not None if signing else not cancelled and documents.signing_is_declared(letter)
    )
    return LetterLine(
        letter.pk,
        letter_label(letter),
        letter.issued_at,
        cancelled,
        letter.kind in same_form(SLIP),
        signing,
        to_ask and permissions.can_have_signed(actor, letter.unit_id),
    )


def shown_changes(dossier_id: int) -> QuerySet[DossierChange]:
    """What decisions made of a dossier, oldest first; those that left it alone are not told. `decision_undone` marks
    the line of a decision that was taken back afterwards: what stood in the log stays readable.
    """
    rows = DossierChange.objects.filter(dossier_id=dossier_id, undone_at__isnull=True)
    rows = rows.annotate(decision_undone=Q(change_line__change_set__state=ChangeState.UNDONE.value))
    return rows.exclude(outcome=Outcome.LEFT.value).defer("before", "made").order_by("pk")


def _is_old(dossier: Dossier, changes: Sequence[DossierChange], now: datetime) -> bool:
    if dossier.state.is_final:
        return False
    ended = catalogue.version(dossier.procedure_version_id).valid_to
    counting = [change for change in changes if not is_undone(change)]
    kept = any(change.outcome in ("finish", "ask") and change.choice != "convert" for change in counting[-1:])
    return kept or (ended is not None and ended <= now)


def _choice(actor: Actor, dossier: Dossier, changes: Sequence[DossierChange]) -> int | None:
    owed = next((found for found in changes if found.outcome == "ask" and not found.choice), None)
    if owed is None or not permissions.can_record_choice(actor, dossier).allowed:
        return None
    return int(owed.pk)


def _with_ends(dossier: Dossier) -> Dossier:
    """Put what ended the dossier and the names around it onto the row that was read (one statement)."""
    full = (
        Dossier.objects.select_related(
            "created_by", "related", "result__recorded_by", "handover__by", "handover__unit"
        )
        .only(
            "pk",
            "created_by__full_name",
            "related__code",
            "result",
            "handover",
        )
        .get(pk=dossier.pk)
    )
    dossier.created_by, dossier.related = full.created_by, full.related
    for name in ("result", "handover"):
        dossier._state.fields_cache[name] = full._state.fields_cache.get(name)
    return dossier


def _tasks(dossier: Dossier) -> list[Task]:
    if dossier.run_id is None:
        return []
    rows = workflow.tasks_of(dossier.run_id)
    return list(rows.select_related("assignee", "completed_by", "acted_for"))


def _supplements(dossier: Dossier) -> list[Supplement]:
    if not dossier.supplement_count:
        return []
    return list(dossier.supplements.select_related("requested_by", "answered_by"))


def _promises(dossier: Dossier, now: datetime) -> tuple[Promise, ...]:
    calendar = organisation.calendar_for(dossier.competent_agency_id)
    found = []
    for item in dossier.appointments:
        due_at = datetime.fromisoformat(item["due_at"]) if item["due_at"] else None
        found.append(
            Promise(label_text(str(item["label"])), due_at, *rules.working_time(calendar, due_at, now))
        )
    if not found:
        found = [Promise("", dossier.due_at, *rules.working_time(calendar, dossier.due_at, now))]
    return tuple(found)


def _desks(actor: Actor, dossier: Dossier, open_tasks: Sequence[Task], now: datetime) -> tuple[Desk, ...]:
    lawful = permissions.can(Act.WITHDRAW_CONSULTATION, actor, dossier, open_tasks).allowed
    found = [_desk(actor, task, now) for task in open_tasks]
    return tuple(
        replace(
            desk,
            may_withdraw=lawful
            and desk.is_consultation
            and permissions.can_withdraw_consultation(actor, task, open_tasks).allowed,
        )
        for desk, task in zip(found, open_tasks, strict=True)
    )


def _desk(actor: Actor, task: Task, now: datetime) -> Desk:
    days, hours = rules.working_time(organisation.calendar_for(task.unit_id), task.due_at, now)
    return Desk(
        task_id=task.pk,
        step=task.name,
        unit=organisation.unit(task.unit_id).full_name,
        person=task.assignee.full_name if task.assignee else "",
        role=task.role,
        since=task.opened_at,
        due_at=task.due_at,
        days=days,
        hours=hours,
        is_mine=permissions.is_own_task(actor, task),
        is_consultation=task.asked_from_id is not None,
    )


def _people(dossier: Dossier) -> tuple[PersonLine, ...]:
    order = list(PartyRole)
    found = [PersonLine(PartyRole(party.role), party) for party in dossier.parties.all()]
    return tuple(sorted(found, key=lambda line: order.index(line.role)))


def _papers(dossier: Dossier) -> tuple[tuple[FileLine, ...], tuple[PaperLine, ...]]:
    """Files of no paper, and the papers with theirs (two statements)."""
    by_paper: dict[int | None, list[FileLine]] = {}
    for attachment in dossier.attachments.select_related("file", "added_by"):
        by_paper.setdefault(attachment.paper_id, []).append(_file(attachment))
    papers = tuple(_paper(paper, by_paper.get(paper.pk, ())) for paper in dossier.papers.all())
    return tuple(by_paper.get(None, ())), papers


def _paper(paper: DossierPaper, files: Sequence[FileLine]) -> PaperLine:
    return PaperLine(
        id=paper.pk,
        name=paper.name,
        state=PaperState(paper.state),
        originals=paper.originals,
        copies=paper.copies,
        note=paper.note,
        files=tuple(files),
    )


def _file(attachment: Attachment) -> FileLine:
    stored = attachment.file
    blocked = stored.get_state_display() if stored.state in ("held", "infected") else ""
    return FileLine(
        id=attachment.pk,
        name=attachment.name,
        size=stored.size,
        kind=attachment.kind,
        pages=stored.pages,
        blocked=blocked,
        added_at=attachment.added_at,
        added_by=attachment.added_by.full_name if attachment.added_by else "",
    )


__all__ = ["INLINE", "DossierPage", "dossier_page"]
