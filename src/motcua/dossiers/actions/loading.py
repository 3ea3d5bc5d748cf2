"""The first half of every act: the dossier, seen by this actor and locked, with its open tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from motcua.dossiers import permissions
from motcua.dossiers.models import Dossier
from motcua.dossiers.types import Act
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, NotFound
from motcua.kernel.messages import msg
from motcua.workflow import queries as workflow
from motcua.workflow.models import Task


@dataclass(frozen=True, slots=True)
class Locked:
    """A dossier under lock and its open tasks, oldest first."""

    dossier: Dossier
    tasks: Sequence[Task]

    def task(self, task_id: int) -> Task:
        """The open task of that id; `Conflict` says who was faster."""
        for found in self.tasks:
            if found.pk == task_id:
                return found
        raise gone(self.dossier, task_id)


def lock(actor: Actor, code: str) -> Locked:
    """Load and lock (one statement while tasks are open). Foreign and unknown dossiers are alike: `NotFound`."""
    rows = workflow.open_tasks().filter(run__dossier__code=code).select_related("run__dossier")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self", "run__dossier"))
    tasks = list(rows.order_by("pk"))
    if tasks:
        dossier: Dossier = tasks[0].run.dossier
        for task in tasks[1:]:
            task.run = tasks[0].run
    else:
        found = (
            Dossier.objects.select_for_update(of=("self",)).select_related("run").filter(code=code).first()
        )
        if found is None:
            raise unknown(code)
        dossier = found
    if not permissions.can_read(actor, dossier, (task.unit_id for task in tasks)):
        raise unknown(code)
    return Locked(dossier, tasks)


def lock_for(act: Act, actor: Actor, code: str) -> Locked:
    """Lock, and refuse unless the act is lawful now and this actor may do it."""
    found = lock(actor, code)
    permissions.can(act, actor, found.dossier, found.tasks).or_raise()
    return found


def unknown(code: str) -> NotFound:
    return NotFound(msg("Không tìm thấy hồ sơ %(code)s trong phạm vi của bạn.", code=code[:60]), field="code")


def gone(dossier: Dossier, task_id: int) -> Conflict:
    """What became of a task that is no longer open, in words."""
    done = task_of(dossier, task_id)
    if done is None:
        return Conflict(msg("Bước này không thuộc hồ sơ %(code)s. Hãy tải lại trang.", code=dossier.code))
    if done.completed_by is None or done.completed_at is None:
        return Conflict(msg("Bước “%(step)s” không còn mở. Hãy tải lại trang.", step=done.name))
    return Conflict(
        msg(
            "%(person)s đã xử lý bước “%(step)s” lúc %(at)s. Hãy tải lại trang để xem hồ sơ đang ở đâu.",
            person=done.completed_by.full_name,
            step=done.name,
            at=_moment(done.completed_at),
        ),
        code="already_done",
    )


def task_of(dossier: Dossier, task_id: int) -> Task | None:
    """A task of this dossier, open or not."""
    if dossier.run_id is None:
        return None
    return workflow.tasks_of(dossier.run_id).select_related("completed_by").filter(pk=task_id).first()


def _moment(at: datetime) -> str:
    return clock.local(at).strftime("%H:%M ngày %d/%m/%Y")
