"""What this person can do with a dossier, as the buttons of its page and the choices of each act's form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from motcua.dossiers import permissions, queries
from motcua.dossiers.form_parts import Choices
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries_page_choices import Way, choices_for, step_choices, ways_of
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.types import Act
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task
from motcua.workflow.rules.definition import ProcessDefinition, Step, StepKind
from motcua.workflow.types import TaskStatus

ON_TASK = frozenset(
    {
        Act.COMPLETE_STEP,
        Act.CLAIM,
        Act.REASSIGN,
        Act.TAKE_BACK,
        Act.CONSULT,
        Act.ANSWER,
        Act.WITHDRAW_CONSULTATION,
    }
)
"""Acts on one step rather than on the dossier."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An open step: where it lies and since when."""

    task_id: int
    step: str
    unit: str
    person: str
    role: str
    since: datetime
    due_at: datetime | None
    days: Fraction | None
    hours: Fraction | None
    is_mine: bool
    is_consultation: bool
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class PageActs:
    """The step to finish (if one is this person's) with its ways on, and the other acts with their step."""

    task: Task | None
    step: Step | None
    ways: tuple[Way, ...]
    others: Mapping[Act, int | None]
    choices: Choices


@dataclass(frozen=True, slots=True)
class ActPage:
    """What an act's form needs."""

    dossier: Dossier
    act: Act
    task: Task | None
    choices: Choices
    unit: str
    question: str


def acts_on(
    actor: Actor,
    dossier: Dossier,
    tasks: Sequence[Task],
    definition: ProcessDefinition | None,
    *,
    task_id: int | None = None,
) -> PageActs:
    """Every act this person may do now. `tasks` is the whole history of the run."""
    open_tasks = [task for task in tasks if task.status == TaskStatus.OPEN]
    mine = _to_finish(actor, dossier, open_tasks, task_id)
    step = definition.step(mine.step_key) if mine and definition else None
    allowed = permissions.possible_acts(actor, dossier, open_tasks)
    others: dict[Act, int | None] = {}
    for act, verdict in allowed.items():
        if not verdict.allowed or act in (Act.COMPLETE_STEP, Act.REFUSE):
            continue
        if act not in ON_TASK:
            others[act] = None
            continue
        task = _task_for(act, actor, open_tasks, tasks, mine)
        if task is not None:
            others[act] = task.pk
    ways = ways_of(step) if step and mine else ()
    return PageActs(mine, step, ways, others, step_choices(dossier, step, ways))


def act_page(actor: Actor, code: str, act: Act, *, now: datetime, task_id: int | None = None) -> ActPage:
    """The form page of one act. `NotFound`, `NotAllowed`, or `Conflict` when it is no longer possible."""
    dossier = queries.readable_dossier(actor, code)
    rows = workflow.tasks_of(dossier.run_id) if dossier.run_id else None
    tasks = list(rows.select_related("assignee", "completed_by")) if rows is not None else []
    definition = workflow.process(dossier.run.process_version_id) if dossier.run else None
    open_tasks = [task for task in tasks if task.status == TaskStatus.OPEN]
    if act is Act.COMPLETE_STEP:
        task = _to_finish(actor, dossier, open_tasks, task_id)
    else:
        permissions.can(act, actor, dossier, open_tasks).or_raise()
        mine = _to_finish(actor, dossier, open_tasks, None)
        task = _task_for(act, actor, open_tasks, tasks, mine, task_id) if act in ON_TASK else None
    if act in ON_TASK and (task is None or (task_id is not None and task.pk != task_id)):
        raise _moved_on(tasks, task_id)
    choices = choices_for(act, actor, dossier, task, definition, now)
    if act is Act.RECORD_RESULT:
        may_attach = permissions.can(Act.ATTACH, actor, dossier, open_tasks).allowed
        choices = replace(choices, may_attach=may_attach)
    unit = organisation.unit(task.unit_id).full_name if task else ""
    question = task.name if task and task.asked_from_id else ""
    return ActPage(dossier, act, task, choices, unit, question)


def _moved_on(tasks: Sequence[Task], task_id: int | None) -> Conflict:
    """Who was faster, if the step a person came for is gone."""
    gone = next((task for task in tasks if task.pk == task_id), None)
    if gone is not None and gone.completed_by and gone.completed_at:
        done_at = clock.local(gone.completed_at)
        return Conflict(
            msg(
                "%(person)s đã xử lý bước “%(step)s” lúc %(at)s.",
                person=gone.completed_by.full_name,
                step=gone.name,
                at=msg("%(time)s ngày %(day)s", time=f"{done_at:%H:%M}", day=f"{done_at:%d/%m/%Y}"),
            )
        )
    return Conflict(
        msg("Bước này không còn trên bàn của bạn: hồ sơ đã chuyển đi hoặc được giao cho người khác.")
    )


def may_finish(actor: Actor, dossier: Dossier, task: Task) -> bool:
    """Whether the actor may complete this very step now."""
    if task.asked_from_id is not None or task.kind == StepKind.RETURN:
        return False
    if not permissions.is_own_task(actor, task):
        return False
    if task.kind == StepKind.AFTER:
        return True
    if task.kind == StepKind.WAIT:
        return dossier.status in lifecycle.OPEN
    return lifecycle.allows(Act.COMPLETE_STEP.value, dossier.status)


def _to_finish(
    actor: Actor, dossier: Dossier, open_tasks: Sequence[Task], task_id: int | None
) -> Task | None:
    """The step the person came for, else their first one."""
    own = [task for task in open_tasks if may_finish(actor, dossier, task)]
    if task_id is not None:
        chosen = next((task for task in own if task.pk == task_id), None)
        if chosen is not None:
            return chosen
    return own[0] if own else None


def _task_for(
    act: Act,
    actor: Actor,
    open_tasks: Sequence[Task],
    tasks: Sequence[Task],
    mine: Task | None,
    wanted: int | None = None,
) -> Task | None:
    fitting = _FITTING[act](actor, open_tasks, tasks)
    for preferred in (wanted, mine.pk if mine else None):
        chosen = next((task for task in fitting if task.pk == preferred), None)
        if chosen is not None:
            return chosen
    return fitting[0] if fitting else None


def _free(actor: Actor, open_tasks: Sequence[Task], tasks: Sequence[Task]) -> list[Task]:
    return [task for task in open_tasks if task.assignee_id is None and permissions.is_own_task(actor, task)]


def _any_desk(actor: Actor, open_tasks: Sequence[Task], tasks: Sequence[Task]) -> list[Task]:
    return [task for task in open_tasks if task.kind != StepKind.RETURN]


def _asked_of_me(actor: Actor, open_tasks: Sequence[Task], tasks: Sequence[Task]) -> list[Task]:
    return [task for task in open_tasks if task.asked_from_id and permissions.is_own_task(actor, task)]


def _to_withdraw(actor: Actor, open_tasks: Sequence[Task], tasks: Sequence[Task]) -> list[Task]:
    asked = [task for task in open_tasks if task.asked_from_id]
    return [task for task in asked if permissions.can_withdraw_consultation(actor, task, open_tasks).allowed]


_MAY_ASK = frozenset(
    {StepKind.WORK.value, StepKind.APPROVAL.value, StepKind.CLERK.value, StepKind.CONSULT.value}
)


def _may_ask(actor: Actor, open_tasks: Sequence[Task], tasks: Sequence[Task]) -> list[Task]:
    own = [task for task in open_tasks if not task.asked_from_id and permissions.is_own_task(actor, task)]
    return [task for task in own if task.kind in _MAY_ASK]


def _just_sent(actor: Actor, open_tasks: Sequence[Task], tasks: Sequence[Task]) -> list[Task]:
    """One's own last step, while what it opened lies untouched."""
    untouched = {task.opened_at for task in open_tasks if task.claimed_at is None}
    done = [task for task in tasks if task.status == TaskStatus.DONE and task.asked_from_id is None]
    return [
        task
        for task in reversed(done)
        if task.completed_by_id == actor.user_id and task.completed_at in untouched and task.kind != "return"
    ]


_FITTING = {
    Act.CLAIM: _free,
    Act.REASSIGN: _any_desk,
    Act.CONSULT: _may_ask,
    Act.ANSWER: _asked_of_me,
    Act.WITHDRAW_CONSULTATION: _to_withdraw,
    Act.TAKE_BACK: _just_sent,
}
