"""Reading processes, runs and tasks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold

# The row types are passed on for annotations: other contexts never import `models`.
from motcua.workflow.models import ProcessVersion as ProcessVersion
from motcua.workflow.models import Run as Run
from motcua.workflow.models import Task as Task
from motcua.workflow.queries_drafts import DraftPage as DraftPage
from motcua.workflow.queries_drafts import DraftView as DraftView
from motcua.workflow.queries_drafts import draft as draft
from motcua.workflow.queries_drafts import draft_revision as draft_revision
from motcua.workflow.queries_drafts import drafts as drafts
from motcua.workflow.queries_drafts import findings_of as findings_of
from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.types import TaskStatus

CARRIED = Path(__file__).parent / "data" / "internal_processes.json"
"""The process tables that come with the product (see data/README.md)."""

PAGE_SIZE = 50


@lru_cache(maxsize=1024)
def process(version_id: int) -> ProcessDefinition:
    """The definition of a published version; cached for ever, because an id fixes its content. NotFound."""
    return ProcessDefinition.from_dict(version(version_id).definition)


def version(version_id: int) -> ProcessVersion:
    """A published version. Raises NotFound."""
    found = ProcessVersion.objects.filter(pk=version_id).first()
    if found is None:
        raise NotFound(msg("Không có quy trình này."))
    return found


def latest_version(key: str) -> ProcessVersion | None:
    """The newest version of a process, or None."""
    return ProcessVersion.objects.filter(key=key).order_by("-number").first()


def latest_versions() -> QuerySet[ProcessVersion]:
    """The newest version of every process, by title; definitions are left out until asked for."""
    newest = (
        ProcessVersion.objects.filter(key=OuterRef("key"))
        .values("key")
        .annotate(newest=Max("number"))
        .values("newest")
    )
    return ProcessVersion.objects.filter(number=Subquery(newest)).defer("definition").order_by("title", "key")


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One page of the list of processes; `total` counts all that match."""

    rows: list[ProcessVersion]
    total: int
    page: int
    pages: int


def versions_page(*, text: str = "", page: int = 1) -> VersionPage:
    """Newest versions whose words all contain the folded words of `text`: two statements."""
    found = latest_versions()
    for word in fold(text).split():
        found = found.filter(search_text__contains=word)
    total = found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = list(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return VersionPage(rows, total, page, pages)


def numbers_of(key: str) -> list[ProcessVersion]:
    """All versions of a process, newest first, without their definitions."""
    return list(ProcessVersion.objects.filter(key=key).defer("definition").order_by("-number"))


def versions_for_code(code: str) -> list[ProcessVersion]:
    """Newest versions whose key is `code` or that serve the procedure `code` (a local suffix is ignored)."""
    by_key = latest_version(code)
    if by_key is not None:
        return [by_key]
    return [found for found in latest_versions() if serves(found.procedure_codes, code)]


def serves(codes: list[str] | tuple[str, ...], code: str) -> bool:
    """Whether a procedure code is among `codes`; "1.009645.H05" is 1.009645 with the province's suffix."""
    return code in codes or code.partition(".H")[0] in codes


def open_tasks() -> QuerySet[Task]:
    """Every open task. Filter by unit and role, or by assignee: both have an index ordered by due_at."""
    return Task.objects.filter(status=TaskStatus.OPEN)


def open_tasks_of(run_id: int) -> QuerySet[Task]:
    """Open tasks of one run, for the owner to lock (`select_for_update`)."""
    return Task.objects.filter(run_id=run_id, status=TaskStatus.OPEN).order_by("id")


def open_work(user_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """How many open tasks are assigned to people, by (user, unit) (one statement)."""
    rows = (
        Task.objects.filter(status=TaskStatus.OPEN, assignee_id__in=user_ids)
        .values("assignee_id", "unit_id")
        .annotate(count=Count("pk"))
    )
    return {(row["assignee_id"], row["unit_id"]): row["count"] for row in rows}


def tasks_done_by(user_id: int, *, since: datetime) -> QuerySet[Task]:
    """What a person has finished lately; has an index ordered by completed_at."""
    return Task.objects.filter(status=TaskStatus.DONE, completed_by_id=user_id, completed_at__gte=since)


def tasks_by_id(task_ids: Collection[int]) -> QuerySet[Task]:
    """Tasks chosen by hand, open or not, in no order."""
    return Task.objects.filter(pk__in=task_ids)


def tasks_of(run_id: int) -> QuerySet[Task]:
    """The whole history of a run in the order it happened."""
    return Task.objects.filter(run_id=run_id).order_by("opened_at", "id")


def run(run_id: int) -> Run:
    """A run. Raises NotFound."""
    found = Run.objects.select_related("process_version").defer("process_version__definition")
    row = found.filter(pk=run_id).first()
    if row is None:
        raise NotFound(msg("Không có lượt giải quyết này."))
    return row


def definitions(version_ids: Collection[int]) -> dict[int, ProcessDefinition]:
    """The definitions of many versions: one statement for those not read before, none otherwise."""
    missing = [pk for pk in set(version_ids) if pk not in _definitions]
    if missing:
        if len(_definitions) + len(missing) > DEFINITIONS_KEPT:
            _definitions.clear()
        for pk, content in ProcessVersion.objects.filter(pk__in=missing).values_list("pk", "definition"):
            _definitions[pk] = ProcessDefinition.from_dict(content)
    return {pk: _definitions[pk] for pk in version_ids if pk in _definitions}


DEFINITIONS_KEPT = 2_000
_definitions: dict[int, ProcessDefinition] = {}
PROCESSES_AT_ONCE = 400


def processes(version_ids: Collection[int]) -> dict[int, ProcessDefinition]:
    """Many definitions by id, 400 a statement; read anew, so that a rolled-back rehearsal leaves nothing behind."""
    wanted = sorted(set(version_ids))
    found: dict[int, ProcessDefinition] = {}
    for start in range(0, len(wanted), PROCESSES_AT_ONCE):
        rows = ProcessVersion.objects.filter(pk__in=wanted[start : start + PROCESSES_AT_ONCE])
        for pk, definition in rows.values_list("pk", "definition"):
            found[pk] = ProcessDefinition.from_dict(definition)
    return found
