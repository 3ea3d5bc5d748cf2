"""One line of a worklist as it is shown, with what may be done from the list itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from django.utils.translation import get_language

from motcua.dossiers import permissions
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries_page_acts import may_finish
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.rules import worklist as rules
from motcua.dossiers.rules.worklist import Cursor, Tab
from motcua.dossiers.types import Act, Status
from motcua.kernel.accounts import queries as accounts
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task
from motcua.workflow.rules.slug import slug
from motcua.workflow.rules.words import outcome_text


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be done with a row: an act, with the outcome when the act is finishing a step."""

    key: str
    label: str
    act: Act
    outcome: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. `days` or `hours` is the working time to `due_at`, on whichever side of now.

    `due_at` is the step's own limit or the dossier's, whichever comes first; `dossier_due_at` the latter where
    it is another. `own_unit` tells a unit that needs no saying.
    """

    code: str
    task_id: int | None
    person: str
    procedure: str
    field: str
    step: str
    unit: str
    assignee: str
    status: Status
    due_at: datetime | None
    paused: bool
    urgency: str
    cursor: str
    choices: tuple[Choice, ...]
    days: Fraction | None = None
    hours: Fraction | None = None
    note: str = ""
    on_behalf_of: str = ""
    is_mine: bool = False
    is_consultation: bool = False
    moved_at: datetime | None = None
    late: bool = False
    done_at: datetime | None = None
    own_unit: bool = False
    dossier_due_at: datetime | None = None

    @property
    def target(self) -> str:
        """What a tick in the list stands for."""
        return f"{self.code}:{self.task_id or ''}"

    @property
    def next_act(self) -> Choice | None:
        """What one key does: the ordinary way on."""
        return next((choice for choice in self.choices if choice.primary), None)


@dataclass(frozen=True, slots=True)
class Beside:
    """What rows need besides themselves: names of those one stands in for, and the open steps of their runs."""

    names: Mapping[int, str]
    open_steps: Mapping[int, Sequence[Task]]


def beside(actor: Actor, tasks: Sequence[Task], tab: Tab) -> Beside:
    """At most two statements a page; none where no row needs them."""
    grants = (_for_whom(actor, task) for task in tasks)
    names = accounts.names(user_id for user_id in grants if user_id is not None)
    by_run: dict[int, list[Task]] = {}
    if tab in (Tab.SENT, Tab.CONSULT) and tasks:
        for task in workflow.open_tasks().filter(run_id__in={task.run_id for task in tasks}).order_by("pk"):
            by_run.setdefault(task.run_id, []).append(task)
    return Beside(names, by_run)


def _for_whom(actor: Actor, task: Task) -> int | None:
    """Whom the actor stands in for on this step; nobody where it is their own."""
    if task.assignee_id == actor.user_id:
        return None
    grant = actor.grant_for([task.role], unit_id=task.unit_id)
    return grant.on_behalf_of if grant else None


def row_of_task(actor: Actor, task: Task, tab: Tab, now: datetime, others: Beside) -> Row:
    dossier: Dossier = task.run.dossier
    steps = others.open_steps.get(task.run_id, ())
    paused = dossier.paused_since is not None
    due_at = rules.earliest(task.due_at, dossier.due_at)
    days, hours = rules.working_time(organisation.calendar_for(task.unit_id), due_at, now)
    sorted_by = task.completed_at if tab is Tab.SENT else task.due_at
    return Row(
        code=dossier.code,
        task_id=task.pk,
        person=dossier.owner_name,
        procedure=dossier.procedure_name,
        field=dossier.field_name,
        step=task.name,
        unit=organisation.unit(task.unit_id).full_name,
        assignee=task.assignee.full_name if task.assignee else "",
        status=dossier.state,
        due_at=due_at,
        paused=paused,
        urgency="" if task.completed_at else rules.urgency(due_at, now, paused=paused),
        cursor=Cursor(sorted_by, task.pk).encode(),
        choices=_sent_choices(dossier, task, steps) if task.completed_at else _choices(actor, dossier, task),
        days=days,
        hours=hours,
        note=_whereabouts(task, tab, steps),
        on_behalf_of=others.names.get(_for_whom(actor, task) or 0, ""),
        is_mine=task.assignee_id == actor.user_id,
        is_consultation=task.asked_from_id is not None,
        moved_at=task.completed_at or task.opened_at,
        late=dossier.counted_late,
        done_at=task.completed_at,
        own_unit=tab is not Tab.UNIT and task.unit_id in actor.unit_ids,
        dossier_due_at=dossier.due_at if dossier.due_at != due_at else None,
    )


def row_of_dossier(actor: Actor, dossier: Dossier, tab: Tab, now: datetime) -> Row:
    returning = tab is Tab.RETURN
    unit = organisation.unit(dossier.returning_unit_id if returning else dossier.competent_agency_id)
    days, hours = rules.working_time(organisation.calendar_for(unit.id), dossier.due_at, now)
    act = Act.HAND_OVER if returning else Act.REGISTER_SUPPLEMENT if dossier.received_at else Act.RECEIVE
    verdict = permissions.can(act, actor, dossier, [])
    choices = (Choice(act.value, str(act.label), act, primary=True),) if verdict.allowed else ()
    moved_at = dossier.completed_at if returning else dossier.paused_since or dossier.updated_at
    return Row(
        code=dossier.code,
        task_id=None,
        person=dossier.owner_name,
        procedure=dossier.procedure_name,
        field=dossier.field_name,
        step=str(dossier.state.label),
        unit=unit.full_name,
        assignee="",
        status=dossier.state,
        due_at=dossier.due_at,
        paused=not returning,
        urgency="",
        cursor=Cursor(dossier.completed_at if returning else dossier.updated_at, dossier.pk).encode(),
        choices=choices,
        days=days,
        hours=hours,
        note=dossier.pause_reason if dossier.state is not Status.AWAITING_SUPPLEMENT else "",
        moved_at=moved_at,
        late=dossier.counted_late,
        done_at=dossier.completed_at if returning else None,
        own_unit=unit.agency_id in actor.agency_ids,
    )


def _choices(actor: Actor, dossier: Dossier, task: Task) -> tuple[Choice, ...]:
    """What can be done with a row from the list, the ordinary way on first."""
    found: list[Choice] = []
    if task.asked_from_id is not None:
        found += _allowed(Act.ANSWER, actor, dossier, task, primary=True)
    elif may_finish(actor, dossier, task):
        found += _outcomes(task.run.process_version_id, task.step_key, get_language())
    found += _allowed(Act.CLAIM, actor, dossier, task)
    found += _allowed(Act.REASSIGN, actor, dossier, task)
    return tuple(found)


def _allowed(
    act: Act, actor: Actor, dossier: Dossier, task: Task, *, primary: bool = False
) -> Iterable[Choice]:
    if permissions.can(act, actor, dossier, [task]).allowed:
        yield Choice(act.value, str(act.label), act, primary=primary)


@lru_cache(maxsize=4096)
def _outcomes(version_id: int, step_key: str, language: str | None) -> tuple[Choice, ...]:
    """The outcomes of a step that a list can offer; supplement requests need their own page.

    Kept for ever in each language, because a version of a process never changes.
    """
    step = workflow.process(version_id).step(step_key)
    if step is None:
        return ()
    return tuple(
        Choice(
            f"{Act.COMPLETE_STEP.value}.{outcome.key}.{slug(outcome.label)}",
            outcome_text(outcome.label),
            Act.COMPLETE_STEP,
            outcome=outcome.key,
            primary=outcome is step.default_outcome,
        )
        for outcome in step.outcomes
        if not outcome.effect and not outcome.stay
    )


def _sent_choices(dossier: Dossier, task: Task, steps: Sequence[Task]) -> tuple[Choice, ...]:
    """What one passed on can be taken back while nobody has begun what it opened."""
    untouched = any(step.opened_at == task.completed_at and step.claimed_at is None for step in steps)
    if not untouched or not lifecycle.allows(Act.TAKE_BACK.value, dossier.status):
        return ()
    return (Choice(Act.TAKE_BACK.value, str(Act.TAKE_BACK.label), Act.TAKE_BACK, primary=True),)


def _whereabouts(task: Task, tab: Tab, steps: Sequence[Task]) -> str:
    """Where a dossier one passed on is now, or whose opinion is awaited."""
    if tab is Tab.CONSULT:
        awaited = [
            organisation.unit(step.unit_id).full_name for step in steps if step.asked_from_id == task.pk
        ]
        return msg("Chờ %(units)s", units=", ".join(awaited)).render() if awaited else ""
    if tab is Tab.SENT:
        now_at = [
            f"{step.name} · {organisation.unit(step.unit_id).full_name}"
            for step in steps
            if step.asked_from_id is None
        ]
        return "; ".join(now_at)
    return ""
