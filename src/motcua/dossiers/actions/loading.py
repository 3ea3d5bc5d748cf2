"""The first half of every act: the dossier, seen by this actor and locked, with its open tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection

from motcua.dossiers import permissions
from motcua.dossiers.models import Dossier
from motcua.dossiers.types import Act
from motcua.kernel import clock, rows
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, NotFound
from motcua.kernel.messages import Message, msg
from motcua.workflow import queries as workflow
from motcua.workflow.queries import Run, Task
from motcua.workflow.types import TaskStatus


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
    tasks = _locked_tasks(code)
    if tasks:
        dossier: Dossier = tasks[0].run.dossier
    else:
        found = (
            Dossier.objects.select_for_update(of=("self",), no_key=True)
            .select_related("run")
            .filter(code=code)
            .first()
        )
        if found is None:
            raise unknown(code)
        # Whoever was first may have closed every task we saw and opened others.
        tasks = _locked_tasks(code) if found.run_id is not None else []
        dossier = tasks[0].run.dossier if tasks else found
    if not permissions.can_read(actor, dossier, (task.unit_id for task in tasks)):
        _require_former_part(actor, dossier)
    return Locked(dossier, tasks)


def _require_former_part(actor: Actor, dossier: Dossier) -> None:
    """Those who had a step of it may read it, and hear from the act itself why it is no longer theirs."""
    units = workflow.tasks_of(dossier.run_id).values_list("unit_id", flat=True) if dossier.run_id else []
    if not permissions.can_read(actor, dossier, units):
        raise unknown(dossier.code)


_TASK, _RUN, _DOSSIER = (
    rows.Reader(Task),
    rows.Reader(Run),
    rows.Reader(Dossier, without=["search_text", "fees"]),
)


def _locked_tasks(code: str) -> list[Task]:
    """Open tasks of a dossier, all with the same run and dossier, which later acts write through.

    On PostgreSQL a statement that waited for the lock knows the dossier as it is now, but no task that was opened
    meanwhile; every act that opens tasks writes the dossier, so a newer dossier means: read again, now in peace.
    """
    statement = _lock_statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, [code, TaskStatus.OPEN.value])
        found = cursor.fetchall()
        if any(row[-1] for row in found):
            cursor.execute(statement, [code, TaskStatus.OPEN.value])
            found = cursor.fetchall()
    tasks: list[Task] = []
    for row in found:
        values = iter(row)
        task = _TASK.read(values)
        if tasks:
            task.run = tasks[0].run
        else:
            task.run = _RUN.read(values)
            task.run.dossier = _DOSSIER.read(values)
        tasks.append(task)
    return tasks


@cache
def _lock_statement(vendor: str) -> str:
    """The last column says whether the dossier was written between the statement's snapshot and its lock.

    The dossier is locked before its tasks, as everywhere; without its key, which others may refer to meanwhile.
    """
    task, run, dossier = (model._meta.db_table for model in (Task, Run, Dossier))
    columns = f"{_TASK.columns('t')}, {_RUN.columns('r')}, {_DOSSIER.columns('d')}"
    locks = vendor == "postgresql"
    newer = f"d.ctid <> (SELECT s.ctid FROM {dossier} s WHERE s.id = d.id)" if locks else "0"  # noqa: S608 - as below
    return (
        f"SELECT {columns}, {newer} "  # noqa: S608 - names of our own tables
        f"FROM {dossier} d JOIN {run} r ON r.id = d.run_id JOIN {task} t ON t.run_id = r.id "
        "WHERE d.code = %s AND t.status = %s ORDER BY t.id" + (" FOR NO KEY UPDATE OF d, t" if locks else "")
    )


def open_desks(code: str) -> list[Task]:
    """Open tasks of a dossier with their run and dossier, for somebody who follows it step by step (one statement)."""
    return _locked_tasks(code)


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


def _moment(at: datetime) -> Message:
    local = clock.local(at)
    return msg("%(time)s ngày %(day)s", time=f"{local:%H:%M}", day=f"{local:%d/%m/%Y}")
