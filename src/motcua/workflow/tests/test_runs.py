from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from pytest import ExceptionInfo

from motcua.kernel.actor import Actor
from motcua.kernel.clock import local
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from motcua.organisation.rules.working_time import Session, WorkCalendar
from motcua.workflow import actions, queries
from motcua.workflow.errors import Immutable, NotPublishable
from motcua.workflow.models import ProcessVersion, Run, Task
from motcua.workflow.rules.definition import ProcessDefinition, SharedTime, Step, StepKind, TimeUnit
from motcua.workflow.rules.walk import walk
from motcua.workflow.tests.tables import days, go, hand_out, parallel, process, reception, simple, step
from motcua.workflow.types import Effect, Performer, Resolve, RunStatus, StepResult, TaskStatus

pytestmark = pytest.mark.django_db

LOADER = Actor.system("test")
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 08:00 in Viet Nam
OFFICE = WorkCalendar(
    {day: (Session(time(7, 30), time(11, 30)), Session(time(13, 30), time(17, 30))) for day in range(5)}
)


@pytest.fixture
def unit() -> int:
    model = apps.get_model("organisation", "Unit")
    row = model.objects.create(
        code="H05.T1", kind="department", name="Sở Thử", full_name="Sở Thử", short_name="ST"
    )
    return int(row.pk)


@pytest.fixture
def user() -> int:
    return int(apps.get_model("kernel", "User").objects.create(username="lan", full_name="Lan").pk)


@pytest.fixture
def other() -> int:
    return int(apps.get_model("kernel", "User").objects.create(username="minh", full_name="Minh").pk)


def publish(definition: ProcessDefinition) -> ProcessVersion:
    return actions.publish_process(actor=LOADER, definition=definition, now=MONDAY)


class Desk:
    """One run and the arguments that never change."""

    def __init__(
        self, definition: ProcessDefinition, unit: int, user: int, resolve: Resolve | None = None
    ) -> None:
        self.definition, self.unit, self.user = definition, unit, user
        self.resolve: Resolve = resolve or (lambda step: Performer(unit, step.role))
        self.due = MONDAY + timedelta(days=10)
        self.run = actions.start_run(
            version_id=publish(definition).pk,
            subject="d1",
            agency_id=unit,
            resolve=self.resolve,
            calendar_of=lambda _unit: OFFICE,
            now=MONDAY,
            starts_at=MONDAY,
            run_due_at=self.due,
            reception_done_by=user,
        )

    @property
    def open(self) -> list[Task]:
        return list(queries.open_tasks_of(self.run.pk))

    def task(self, key: str) -> Task:
        return next(t for t in self.open if t.step_key == key and t.asked_from_id is None)

    def complete(self, key: str, outcome: str = "go", note: str = "", at: datetime = MONDAY) -> StepResult:
        return actions.complete_task(
            task=self.task(key),
            open_tasks=self.open,
            definition=self.definition,
            outcome=outcome,
            user_id=self.user,
            acted_for=None,
            note=note,
            resolve=self.resolve,
            calendar_of=lambda _unit: OFFICE,
            now=at,
            run_due_at=self.due,
        )

    def consult(self, key: str, *units: int, question: str = "Cho ý kiến") -> list[Task]:
        return actions.add_consultation(
            task=self.task(key),
            open_tasks=self.open,
            definition=self.definition,
            performers=[Performer(unit, "specialist") for unit in units],
            question=question,
            time=days("1"),
            calendar_of=lambda _unit: OFFICE,
            now=MONDAY,
            run_due_at=self.due,
        )


@contextmanager
def refuses(kind: type[Refused]) -> Iterator[ExceptionInfo[Refused]]:
    """The refusal, undone to a savepoint as a caller who goes on would do."""
    with pytest.raises(kind) as refusal, transaction.atomic():
        yield refusal


def at(task: Task) -> str:
    assert task.due_at is not None
    return local(task.due_at).strftime("%d/%m %H:%M")


def test_publishing_the_same_content_again_gives_the_same_version() -> None:
    first = publish(simple())
    assert publish(simple()).pk == first.pk
    second = publish(replace(simple(), title="Tên mới"))
    assert (first.number, second.number) == (1, 2)
    latest = queries.latest_version("thu")
    assert latest is not None and latest.pk == second.pk
    assert [v.pk for v in queries.latest_versions()] == [second.pk]


def test_publishing_is_audited() -> None:
    publish(simple())
    entries = apps.get_model("kernel", "AuditEntry").objects.filter(action="workflow.publish_process")
    assert entries.count() == 1


def test_a_process_with_errors_is_not_published_unless_it_is_a_real_table() -> None:
    broken = replace(simple(), limit=days("1"))
    with pytest.raises(NotPublishable) as refusal:
        publish(broken)
    assert [f.code for f in refusal.value.findings] == ["sum_exceeds_limit"]
    version = actions.publish_process(actor=LOADER, definition=broken, now=MONDAY, accept_findings=True)
    assert version.findings[0]["code"] == "sum_exceeds_limit"


def test_officers_do_not_publish() -> None:
    with pytest.raises(NotAllowed):
        actions.publish_process(actor=Actor(1, "Lan"), definition=simple(), now=MONDAY)


def test_a_key_cannot_pass_to_another_field() -> None:
    publish(replace(simple(), field="Hộ tịch"))
    with pytest.raises(Conflict):
        publish(replace(simple(), field="Chứng thực"))


def test_a_published_version_never_changes() -> None:
    version = publish(simple())
    version.title = "khác"
    with pytest.raises(Immutable):
        version.save()
    with pytest.raises(Immutable):
        version.delete()
    with pytest.raises(Immutable):
        ProcessVersion.objects.update(title="khác")
    with pytest.raises(Immutable):
        ProcessVersion.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE workflow_processversion SET title = 'khác'")


def test_the_definition_of_a_version_is_read_once() -> None:
    version = publish(simple())
    queries.process.cache_clear()
    assert queries.process(version.pk) == simple()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        queries.process(version.pk)
    assert len(seen) == 0
    with pytest.raises(NotFound):
        queries.process(1)


def test_starting_a_run_takes_two_inserts(unit: int, user: int) -> None:
    version = publish(simple())
    queries.process(version.pk)
    with CaptureQueriesContext(connection) as seen:
        run = actions.start_run(
            version_id=version.pk,
            subject="d1",
            agency_id=unit,
            resolve=lambda step: Performer(unit, step.role),
            calendar_of=lambda _unit: OFFICE,
            now=MONDAY,
            starts_at=MONDAY,
            run_due_at=None,
            reception_done_by=user,
        )
    assert [query["sql"].split()[0] for query in seen.captured_queries] == ["INSERT", "INSERT"]
    assert [(t.step_key, t.status) for t in queries.tasks_of(run.pk)] == [
        ("receive", "done"),
        ("work", "open"),
    ]


def test_completing_a_step_takes_one_update_and_one_insert(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    task, tasks = desk.task("work"), desk.open
    with CaptureQueriesContext(connection) as seen:
        result = actions.complete_task(
            task=task,
            open_tasks=tasks,
            definition=desk.definition,
            outcome="go",
            user_id=user,
            acted_for=None,
            note="",
            resolve=desk.resolve,
            calendar_of=lambda _unit: OFFICE,
            now=MONDAY,
            run_due_at=desk.due,
        )
    assert [query["sql"].split()[0] for query in seen.captured_queries] == ["UPDATE", "INSERT"]
    assert [t.step_key for t in result.opened] == ["sign"] and result.opened[0].pk
    assert (result.left.key, result.finished, result.at_return) == ("work", False, False)


def test_a_run_without_a_done_reception_starts_with_it(unit: int) -> None:
    run = actions.start_run(
        version_id=publish(simple()).pk,
        subject="d1",
        agency_id=unit,
        resolve=lambda step: Performer(unit, step.role),
        calendar_of=lambda _unit: OFFICE,
        now=MONDAY,
        starts_at=MONDAY,
        run_due_at=None,
    )
    assert [(t.step_key, t.status) for t in queries.tasks_of(run.pk)] == [("receive", "open")]


def test_steps_are_due_on_the_calendar_of_their_unit(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    assert at(desk.task("work")) == "24/11 14:00"
    desk.complete("work")
    assert at(desk.task("sign")) == "24/11 08:00"


def test_the_clock_of_a_late_reception_starts_the_next_morning(unit: int, user: int) -> None:
    evening = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # 15:30, after the cut-off
    run = actions.start_run(
        version_id=publish(simple()).pk,
        subject="d1",
        agency_id=unit,
        resolve=lambda step: Performer(unit, step.role),
        calendar_of=lambda _unit: OFFICE,
        now=evening,
        starts_at=datetime(2026, 11, 24, 0, 30, tzinfo=UTC),
        run_due_at=None,
        reception_done_by=user,
    )
    assert at(queries.open_tasks_of(run.pk)[0]) == "25/11 11:30"


def test_steps_with_a_shared_time_end_together(unit: int, user: int) -> None:
    shared = (SharedTime("s", "chung 01 ngày", days("1")),)
    sign = step("sign", go("return"), kind=StepKind.APPROVAL, role="leader", shared="s")
    definition = process(
        reception(go("work"), shared="s"),
        step("work", go("sign"), shared="s"),
        sign,
        hand_out(),
        limit=days("1"),
        shared=shared,
    )
    desk = Desk(definition, unit, user)
    assert at(desk.task("work")) == "24/11 08:00"
    desk.complete("work", at=MONDAY + timedelta(hours=3))
    assert at(desk.task("sign")) == "24/11 08:00"


def test_a_step_without_time_is_due_with_the_run(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    desk.complete("work")
    result = desk.complete("sign")
    assert result.at_return
    assert desk.task("return").due_at == desk.due


def test_returning_the_result_finishes_the_run(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    desk.complete("work")
    desk.complete("sign")
    result = desk.complete("return", "returned")
    run = queries.run(desk.run.pk)
    assert result.finished and result.returned
    assert (run.status, run.ended_at) == (RunStatus.FINISHED, MONDAY)


def test_a_step_after_the_return_leaves_the_run_returned(unit: int, user: int) -> None:
    definition = process(
        reception(go("sign")),
        step("sign", go("return"), kind=StepKind.APPROVAL, role="leader"),
        hand_out("publish"),
        step("publish", go(), kind=StepKind.AFTER, time=days("5"), counted=False),
        limit=days("0"),
    )
    desk = Desk(definition, unit, user)
    desk.complete("sign")
    result = desk.complete("return", "returned")
    assert (result.returned, result.finished) == (True, False)
    assert queries.run(desk.run.pk).status == RunStatus.RETURNED
    assert at(desk.task("publish")) == "30/11 08:00"
    desk.complete("publish")
    assert queries.run(desk.run.pk).status == RunStatus.FINISHED


def test_two_officers_at_once_one_wins(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    stale, tasks = desk.task("work"), desk.open
    desk.complete("work")
    with refuses(Conflict):
        actions.complete_task(
            task=stale,
            open_tasks=tasks,
            definition=desk.definition,
            outcome="go",
            user_id=user,
            acted_for=None,
            note="",
            resolve=desk.resolve,
            calendar_of=lambda _unit: OFFICE,
            now=MONDAY,
            run_due_at=None,
        )
    assert [t.step_key for t in desk.open] == ["sign"]


def test_sending_back_needs_a_reason_and_opens_a_new_visit(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    desk.complete("work")
    with refuses(Invalid) as refusal:
        desk.complete("sign", "send_back")
    assert refusal.value.field == "note"
    desk.complete("sign", "send_back", note="thiếu căn cứ")
    assert desk.task("work").visit == 2
    desk.complete("work")
    result = actions.send_back(
        task=desk.task("sign"),
        open_tasks=desk.open,
        definition=desk.definition,
        to_step="receive",
        user_id=user,
        acted_for=None,
        note="thiếu giấy tờ",
        resolve=desk.resolve,
        calendar_of=lambda _unit: OFFICE,
        now=MONDAY,
        run_due_at=desk.due,
    )
    assert [(t.step_key, t.visit) for t in result.opened] == [("receive", 3)]


def test_parallel_consultations_have_own_limits_and_a_join(unit: int, user: int) -> None:
    desk = Desk(parallel(), unit, user)
    desk.complete("work")
    assert [at(t) for t in desk.open] == ["24/11 08:00", "25/11 08:00", "26/11 08:00"]
    assert desk.complete("b").waiting_at == ("sum",)
    desk.complete("c")
    assert [t.step_key for t in desk.complete("a").opened] == ["sum"]


def test_one_consultation_step_can_go_to_several_units(unit: int, user: int) -> None:
    def resolve(step: Step) -> tuple[Performer, ...]:
        return tuple(
            Performer(unit, role) for role in (("specialist", "leader") if step.key == "a" else ("clerk",))
        )

    desk = Desk(parallel(), unit, user, resolve)
    desk.complete("work")
    assert [t.step_key for t in desk.open] == ["a", "a", "b", "c"]
    for key in ("a", "b", "c"):
        assert not desk.complete(key).opened
    assert [t.step_key for t in desk.complete("a").opened] == ["sum"]


def test_opinions_asked_for_during_a_step_hold_it(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    first, second = desk.consult("work", unit, unit)
    assert (at(first), first.asked_from_id, first.kind) == ("24/11 08:00", desk.task("work").pk, "consult")
    with refuses(Conflict) as refusal:
        desk.complete("work")
    assert refusal.value.code == "consultations_open"
    answered = actions.answer_consultation(
        task=first, open_tasks=desk.open, answer="Đồng ý", user_id=user, acted_for=None, now=MONDAY
    )
    assert not answered.all_answered
    assert actions.withdraw_consultation(task=second, open_tasks=desk.open, now=MONDAY).all_answered
    desk.complete("work")
    with refuses(Conflict):
        actions.answer_consultation(
            task=second, open_tasks=desk.open, answer="Muộn", user_id=user, acted_for=None, now=MONDAY
        )


def test_a_consultation_needs_units_a_question_and_an_answer(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    with refuses(Invalid):
        desk.consult("work")
    with refuses(Invalid):
        desk.consult("work", unit, question=" ")
    asked = desk.consult("work", unit)[0]
    with refuses(Invalid):
        actions.answer_consultation(
            task=asked, open_tasks=desk.open, answer="", user_id=user, acted_for=None, now=MONDAY
        )


def test_one_claims_a_task_and_the_other_is_told(unit: int, user: int, other: int) -> None:
    desk = Desk(simple(), unit, user)
    task = desk.task("work")
    actions.claim_task(task=task, user_id=user, now=MONDAY)
    actions.claim_task(task=task, user_id=user, now=MONDAY)
    with refuses(Conflict):
        actions.claim_task(task=desk.task("work"), user_id=other, now=MONDAY)
    actions.reassign_task(task=task, performer=Performer(unit, "leader", other))
    again = desk.task("work")
    assert (again.assignee_id, again.role, again.claimed_at) == (other, "leader", None)


def test_ones_own_forward_is_taken_back_while_untouched(unit: int, user: int, other: int) -> None:
    desk = Desk(simple(), unit, user)
    mine = desk.task("work")
    desk.complete("work")

    def take(by: int) -> Task:
        mine.refresh_from_db()
        return actions.take_back(
            previous=mine, open_tasks=desk.open, definition=desk.definition, user_id=by, now=MONDAY
        )

    with refuses(Conflict):
        take(other)
    taken = take(user)
    assert (taken.step_key, taken.visit, taken.assignee_id) == ("work", 2, user)
    assert Task.objects.get(step_key="sign").status == TaskStatus.CANCELLED
    mine = taken
    desk.complete("work")
    actions.claim_task(task=desk.task("sign"), user_id=other, now=MONDAY)
    with refuses(Conflict) as refusal:
        take(user)
    assert refusal.value.code == "already_begun"


def test_a_stopped_run_has_no_open_tasks(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    assert actions.cancel_run(run_id=desk.run.pk, now=MONDAY) == 1
    assert desk.open == []
    assert Run.objects.get().status == RunStatus.CANCELLED


def test_a_pause_moves_due_times_by_the_working_time_left(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    before = at(desk.task("work"))
    new_due = desk.due + timedelta(days=7)
    actions.shift_open_tasks(
        open_tasks=desk.open,
        definition=desk.definition,
        calendar_of=lambda _unit: OFFICE,
        run_due_at=new_due,
        paused_at=MONDAY,
        resumed_at=MONDAY + timedelta(days=7),
    )
    task = desk.task("work")
    assert (before, at(task)) == ("24/11 14:00", "01/12 14:00")
    assert task.run_due_at == new_due
    actions.shift_open_tasks(
        open_tasks=desk.open,
        definition=desk.definition,
        calendar_of=lambda _unit: OFFICE,
        run_due_at=new_due,
        resumed_at=MONDAY,
        restart=True,
    )
    assert at(desk.task("work")) == "24/11 14:00"


def test_an_extension_moves_what_follows_the_run(unit: int, user: int) -> None:
    desk = Desk(simple(), unit, user)
    desk.complete("work")
    desk.complete("sign")
    later = desk.due + timedelta(days=3)
    actions.shift_open_tasks(
        open_tasks=desk.open, definition=desk.definition, calendar_of=lambda _unit: OFFICE, run_due_at=later
    )
    assert desk.task("return").due_at == later


def test_a_step_without_a_performer_is_refused(unit: int, user: int) -> None:
    def resolve(step: Step) -> tuple[Performer, ...]:
        return () if step.key == "sign" else (Performer(unit, step.role),)

    desk = Desk(simple(), unit, user, resolve)
    with refuses(Refused):
        desk.complete("work")
    assert desk.task("work").status == TaskStatus.OPEN


def test_every_carried_process_runs_in_the_database(
    unit: int, user: int, processes: dict[str, ProcessDefinition]
) -> None:
    for key in ("bn-1582-1", "ty-gpxd", "ty-ltkt", "ct-ncnnn", "qn-caplai"):
        definition = processes[key]
        path = max(walk(definition).paths, key=lambda path: len(path.steps))
        version = actions.publish_process(actor=LOADER, definition=definition, now=MONDAY)
        desk = Desk.__new__(Desk)
        desk.definition, desk.unit, desk.user, desk.due = definition, unit, user, MONDAY + timedelta(days=400)
        desk.resolve = lambda step: Performer(unit, step.role)
        desk.run = actions.start_run(
            version_id=version.pk,
            subject=key,
            agency_id=unit,
            resolve=desk.resolve,
            calendar_of=lambda _unit: OFFICE,
            now=MONDAY,
            starts_at=MONDAY,
            run_due_at=desk.due,
            reception_done_by=user,
        )
        for step_key, outcome in path.steps[1:]:
            result = desk.complete(step_key, outcome, note="lý do")
        assert result.finished, key
        assert queries.run(desk.run.pk).status == RunStatus.FINISHED


def test_effects_of_outcomes_are_told(unit: int, user: int, processes: dict[str, ProcessDefinition]) -> None:
    definition = processes["dt-17-2"]
    desk = Desk(definition, unit, user)
    result = desk.complete("b2", "return_unresolved", note="đang thế chấp")
    assert result.effect is Effect.RETURN_UNRESOLVED and result.at_return


def test_a_file_is_imported_once_with_its_findings(source: dict[str, Any]) -> None:
    first = actions.import_processes(actor=LOADER, data=source, now=MONDAY)
    assert (len(first.published), first.refused) == (63, ())
    again = actions.import_processes(actor=LOADER, data=source, now=MONDAY)
    assert {v.pk for v in again.published} == {v.pk for v in first.published}
    assert ProcessVersion.objects.count() == 63
    assert [v.key for v in queries.versions_for_code("1.009645.H05")] == ["bn-1582-1"]
    assert {v.key for v in queries.versions_for_code("1.004873")} == {"ct-qt33-tthn-0", "ct-qt33-tthn-1"}


def test_units_of_time_are_those_of_the_source(processes: dict[str, ProcessDefinition]) -> None:
    assert processes["bn-1582-1"].limit is not None
    assert processes["bn-1582-1"].limit.unit is TimeUnit.CALENDAR_DAY


def test_a_dossier_changes_its_branch_and_goes_on_where_it_stands(
    unit: int, user: int, processes: dict[str, ProcessDefinition]
) -> None:
    desk = Desk(processes["ct-qt33-tthn-0"], unit, user)
    actions.cancel_run(run_id=desk.run.pk, now=MONDAY)
    version = publish(processes["ct-qt33-tthn-1"])

    def go_on(step: str) -> Run:
        return actions.start_run(
            version_id=version.pk,
            subject="d1",
            agency_id=unit,
            resolve=desk.resolve,
            calendar_of=lambda _unit: OFFICE,
            now=MONDAY,
            starts_at=MONDAY,
            run_due_at=desk.due,
            begin_at=step,
        )

    task = queries.open_tasks_of(go_on("b2").pk)[0]
    assert (task.step_key, task.minutes) == ("b2", 20 * 480)
    with refuses(Conflict):
        go_on("b99")
