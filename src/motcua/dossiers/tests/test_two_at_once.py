"""Two officers act on one dossier in the same moment: the second sees what the first has done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection, transaction

from motcua.catalogue import actions as catalogue
from motcua.catalogue.errors import InUse
from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.tests.decisions import rehearsed
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction
from motcua.catalogue.types_drafts import ChangeHead, DraftLine
from motcua.dossiers import actions
from motcua.dossiers.actions.reception_hold import hold
from motcua.dossiers.errors import VersionChanged
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import Province, Staff, at, open_task
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict
from motcua.organisation.types import Role
from motcua.workflow import queries as workflow
from motcua.workflow.rules.definition import Outcome, ProcessDefinition, StepKind

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time: nothing to race"
    ),
]


@pytest.fixture
def place() -> Province:
    return factories.make_province()


@pytest.fixture
def staff(place: Province) -> Staff:
    return factories.make_staff(place.commune)


def _branches() -> ProcessDefinition:
    """After the appraisal two branches: `mot` then `duyet`, and `hai`; the leader's `ky` waits for both."""
    base = factories.process_definition("thu.qt-nhanh")
    steps = []
    for step in base.steps:
        if step.key == "xu-ly":
            steps.append(replace(step, outcomes=(Outcome("trinh", "Trình", ("mot", "hai")),)))
            for key, to in (("mot", "duyet"), ("hai", "ky")):
                out = (Outcome("xong", "Xong", (to,)),)
                steps.append(replace(step, key=key, name=f"Nhánh {key}", kind=StepKind.WORK, outcomes=out))
        else:
            steps.append(step)
    return replace(base, steps=tuple(steps))


def _together(first: Callable[[], object], second: Callable[[], object]) -> list[Exception]:
    """`second` begins while `first` is done but not committed; gives what `second` raised."""
    done, raised = threading.Event(), list[Exception]()

    def hold() -> None:
        with transaction.atomic():
            first()
            done.set()
            _wait_until_somebody_waits()
        connection.close()

    def follow() -> None:
        done.wait(10)
        try:
            second()
        except Exception as refusal:
            raised.append(refusal)
        connection.close()

    threads = [threading.Thread(target=hold), threading.Thread(target=follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def _wait_until_somebody_waits() -> None:
    pause = threading.Event()
    for _try in range(100):
        pause.wait(0.05)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return


def _complete(staff: Staff, dossier: Dossier, step: str, outcome: str) -> Callable[[], object]:
    task = open_task(dossier, step)
    return lambda: actions.complete_step(
        actor=staff.specialist, code=dossier.code, task_id=task.pk, outcome=outcome, now=at(17)
    )


def test_a_join_waits_for_a_step_that_opened_a_moment_ago(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, factories.make_procedure(process=_branches()))
    _complete(staff, dossier, "xu-ly", "trinh")()
    one, two = _complete(staff, dossier, "mot", "xong"), _complete(staff, dossier, "hai", "xong")
    assert _together(one, two) == []
    assert [task.step_key for task in workflow.open_tasks_of(dossier.run_id or 0)] == ["duyet"]


def test_a_step_waits_for_an_opinion_asked_for_a_moment_ago(staff: Staff, place: Province) -> None:
    dossier = factories.receive(staff.counter, factories.make_procedure())
    task = open_task(dossier)

    def ask() -> None:
        actions.request_consultation(
            actor=staff.specialist,
            code=dossier.code,
            task_id=task.pk,
            unit_ids=[place.department.id],
            question="Có vướng mắc gì không?",
            days=Decimal(2),
            now=at(17),
        )

    raised = _together(ask, _complete(staff, dossier, "xu-ly", "trinh"))
    assert [type(refusal) for refusal in raised] == [Conflict]


def test_the_second_to_finish_a_step_hears_who_was_first(staff: Staff) -> None:
    dossier = factories.receive(staff.counter, factories.make_procedure())
    finish = _complete(staff, dossier, "xu-ly", "trinh")
    raised = _together(finish, finish)
    assert "Trần Văn Chuyên" in str(raised)


def _published(place: Province) -> tuple[Actor, int, ProcedureVersion]:
    """A decision that has just put a second version in force: who may undo it, its id, the version."""
    procedure = factories.make_procedure()
    controller = factories.make_officer(Role.PROCEDURE_CONTROLLER, place.centre)
    content = replace(ProcedureDefinition.from_dict(procedure.definition), conditions=("Điều kiện mới",))
    head = ChangeHead("7/QĐ-UBND", effective_at=at(16, 1))
    line = DraftLine(ChangeAction.AMENDED, code=procedure.code, content=content)
    made = catalogue.draft_change_set(actor=factories.SYSTEM, head=head, lines=[line], now=at(16, 2))
    rehearsed(made.id)
    catalogue.approve_change_set(actor=controller, change_set_id=made.id, now=at(16, 2))
    catalogue.publish_change_set(actor=controller, change_set_id=made.id, now=at(16, 2))
    return controller, made.id, ProcedureVersion.objects.get(procedure_id=procedure.procedure_id, number=2)


def test_undoing_waits_for_a_reception_and_then_finds_it(place: Province, staff: Staff) -> None:
    controller, change_set_id, version = _published(place)
    raised = _together(
        lambda: factories.receive(staff.counter, version, now=at(16, 9)),
        lambda: catalogue.undo_change_set(
            actor=controller, change_set_id=change_set_id, reason="Nhầm", now=at(16, 9)
        ),
    )
    assert [type(refusal) for refusal in raised] == [InUse]
    assert Dossier.objects.get().code in str(raised[0])


def test_a_reception_waits_for_undoing_and_is_told(place: Province, staff: Staff) -> None:
    controller, change_set_id, version = _published(place)
    raised = _together(
        lambda: catalogue.undo_change_set(
            actor=controller, change_set_id=change_set_id, reason="Nhầm", now=at(16, 9)
        ),
        lambda: factories.receive(staff.counter, version, now=at(16, 9)),
    )
    assert [type(refusal) for refusal in raised] == [VersionChanged]
    assert not Dossier.objects.exists()


def test_receptions_of_one_version_do_not_wait_for_each_other(place: Province, staff: Staff) -> None:
    """The lock on the version is one that many hold at once."""
    version = factories.make_procedure()
    held, waited = threading.Event(), list[float]()

    def first() -> None:
        with transaction.atomic():
            hold(factories.reception_of(staff.counter, version))
            held.set()
            threading.Event().wait(1)
        connection.close()

    def second() -> None:
        held.wait(10)
        begun = time.monotonic()
        with transaction.atomic():
            hold(factories.reception_of(staff.counter, version))
        waited.append(time.monotonic() - begun)
        connection.close()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waited[0] < 0.5
