"""Words of the workflow that others may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from motcua.organisation.rules.working_time import WorkCalendar
from motcua.workflow.rules.definition import Effect, ProcessDefinition, Step, StepKind

if TYPE_CHECKING:
    from motcua.workflow.models import Task


class RunStatus(TextChoices):
    """`returned`: the result is out, only steps after the return are left."""

    ACTIVE = "active", _("Đang giải quyết")
    RETURNED = "returned", _("Đã trả kết quả")
    FINISHED = "finished", _("Đã xong")
    CANCELLED = "cancelled", _("Đã dừng")


class TaskStatus(TextChoices):
    OPEN = "open", _("Đang mở")
    DONE = "done", _("Đã xong")
    CANCELLED = "cancelled", _("Đã hủy")


class DraftStatus(TextChoices):
    """`submitted` waits for a second person; nobody changes it meanwhile."""

    DRAFTING = "drafting", _("Đang soạn")
    SUBMITTED = "submitted", _("Chờ duyệt")
    PUBLISHED = "published", _("Đã ban hành")
    DISCARDED = "discarded", _("Đã bỏ")


class DraftSource(TextChoices):
    """What a draft began from."""

    TABLE = "table", _("Bảng của quyết định")
    BPMN = "bpmn", _("Tệp BPMN")
    VERSION = "version", _("Bản đã ban hành")
    TEMPLATE = "template", _("Mẫu")


@dataclass(frozen=True, slots=True)
class Performer:
    """Who gets a task: a role in a unit, and the person if known."""

    unit_id: int
    role: str
    assignee_id: int | None = None


Resolve = Callable[[Step], "Performer | tuple[Performer, ...]"]
"""Turns a step into its performer in one run; several performers get one task each, in parallel."""

CalendarOf = Callable[[int], WorkCalendar]
"""The work calendar of a unit, by the unit's id."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a transition did. `opened` are saved tasks; `entered` their steps, each once, in order.

    `at_return`: the run now stands at the return of the result. `returned`: it was just returned.
    `finished`: nothing is open any more. `waiting_at`: join steps that wait for other branches.
    `effect`: what the outcome means for the subject; carrying it out is the caller's job.
    """

    left: Step
    opened: list[Task]
    entered: tuple[Step, ...]
    finished: bool
    at_return: bool
    returned: bool = False
    waiting_at: tuple[str, ...] = ()
    cancelled: tuple[int, ...] = ()
    effect: Effect = Effect.NONE


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """After a consultation was answered or withdrawn; `all_answered` when its host waits for no other."""

    host_id: int
    all_answered: bool


__all__ = [
    "AnswerResult",
    "CalendarOf",
    "DraftSource",
    "DraftStatus",
    "Effect",
    "Performer",
    "ProcessDefinition",
    "Resolve",
    "RunStatus",
    "Step",
    "StepKind",
    "StepResult",
    "TaskStatus",
]
