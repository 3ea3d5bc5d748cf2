"""Chosen rows of a worklist and what one act would mean for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.dossiers import permissions
from motcua.dossiers.actions import Target
from motcua.dossiers.form_parts import Choices
from motcua.dossiers.queries_page_choices import people_of
from motcua.dossiers.queries_worklist import read_tasks
from motcua.dossiers.queries_worklist_rows import Choice, Row, beside, row_of_task
from motcua.dossiers.rules import worklist as rules
from motcua.dossiers.rules.worklist import Tab
from motcua.dossiers.types import Act
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Task


@dataclass(frozen=True, slots=True)
class Skipped:
    """A chosen dossier that the act does not fit, and why."""

    code: str
    why: Message

    @property
    def message(self) -> str:
        """The sentence, under the name that the outcome of an act has too."""
        return self.why.render()


@dataclass(frozen=True, slots=True)
class BulkPage:
    """What will happen: `rows` take part, `skipped` do not. `act` is None when nothing is common to all."""

    act: Act | None
    label: str
    outcome: str
    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]
    choices: Choices
    targets: tuple[Target, ...]
    common: tuple[Choice, ...]


def bulk_page(actor: Actor, targets: Sequence[Target], choice_key: str, *, now: datetime) -> BulkPage:
    """The chosen rows sorted into those the choice fits and those it does not (at most four statements)."""
    ids = [target.task_id for target in targets if target.task_id is not None]
    tasks = {
        task.pk: task for task in read_tasks(workflow.tasks_by_id(ids).filter(run__dossier__isnull=False))
    }
    rows: list[Row] = []
    skipped: list[Skipped] = []
    done = any(task.completed_at for task in tasks.values())
    others = beside(actor, list(tasks.values()), Tab.SENT if done else Tab.UNIT)
    found: list[tuple[Row, Task]] = []
    for target in targets:
        task = tasks.get(target.task_id or 0)
        if task is None or not _is_seen(actor, task, target):
            skipped.append(Skipped(target.code, msg("Không tìm thấy việc này trong phạm vi của bạn.")))
        else:
            found.append((row_of_task(actor, task, Tab.UNIT, now, others), task))
    common = _common([row for row, _task in found])
    wanted = next((c for row, _task in found for c in row.choices if c.key == choice_key), None)
    taking: list[Task] = []
    for row, task in found:
        if wanted is not None and any(choice.key == choice_key for choice in row.choices):
            rows.append(row)
            taking.append(task)
        else:
            skipped.append(Skipped(row.code, _why(row, task)))
    return BulkPage(
        act=wanted.act if wanted else None,
        label=wanted.label if wanted else "",
        outcome=wanted.outcome if wanted else "",
        rows=tuple(rows),
        skipped=tuple(skipped),
        choices=_choices(wanted, taking, now) if wanted else Choices(),
        targets=tuple(targets),
        common=common,
    )


def _is_seen(actor: Actor, task: Task, target: Target) -> bool:
    dossier = task.run.dossier
    return dossier.code == target.code and permissions.can_read(actor, dossier, [task.unit_id])


def _common(rows: Sequence[Row]) -> tuple[Choice, ...]:
    by_key = {choice.key: choice for row in rows for choice in row.choices}
    keys = rules.in_common([[choice.key for choice in row.choices] for row in rows])
    return tuple(by_key[key] for key in keys)


def _why(row: Row, task: Task) -> Message:
    if task.status != "open":
        return msg("Bước “%(step)s” không còn mở.", step=row.step)
    if not row.choices:
        return msg("Bước “%(step)s” không thuộc việc của bạn.", step=row.step)
    return msg("Bước “%(step)s” không có việc này.", step=row.step)


def _choices(wanted: Choice, tasks: Sequence[Task], now: datetime) -> Choices:
    """The lists of the one form: people only where all rows want the same role of the same unit."""
    if wanted.act is Act.COMPLETE_STEP:
        noted = any(_needs_note(task, wanted.outcome) for task in tasks)
        return Choices(
            outcomes=[(wanted.outcome, wanted.label)],
            noted_outcomes=frozenset({wanted.outcome} if noted else ()),
        )
    if wanted.act is Act.REASSIGN:
        desks = {(task.unit_id, task.role) for task in tasks}
        if len(desks) == 1:
            ((unit_id, role),) = desks
            return Choices(people=people_of(organisation.holders(unit_id, role, clock.today(now))))
    return Choices()


def _needs_note(task: Task, outcome: str) -> bool:
    step = workflow.process(task.run.process_version_id).step(task.step_key)
    found = step.outcome(outcome) if step else None
    return bool(found and found.needs_note)
