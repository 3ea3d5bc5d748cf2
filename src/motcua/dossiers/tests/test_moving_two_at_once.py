"""An officer and a run meet on one dossier: one waits for the other, and nothing is done twice or lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from motcua.catalogue import actions as catalogue
from motcua.catalogue.errors import InUse
from motcua.catalogue.types_changes import ChangeAction, Policy
from motcua.catalogue.types_drafts import DraftLine
from motcua.dossiers import actions
from motcua.dossiers.actions import moving
from motcua.dossiers.models import DossierChange
from motcua.dossiers.tests import factories as make
from motcua.dossiers.tests.decisions import make_decision
from motcua.dossiers.tests.moving_world import NIGHT, World, again
from motcua.dossiers.tests.test_pins import published
from motcua.workflow.models import Task

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time: nothing to race"
    ),
]


def _together(first: Callable[[], object], second: Callable[[], object]) -> None:
    """`second` begins while `first` is done but not committed."""
    done, raised = threading.Event(), list[BaseException]()

    def hold() -> None:
        try:
            with transaction.atomic():
                first()
                done.set()
                threading.Event().wait(0.5)
        except BaseException as error:  # shown by the assertion below
            raised.append(error)
            done.set()
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    done.wait(10)
    second()
    thread.join(10)
    assert raised == []


@pytest.mark.parametrize("officer_first", [True, False])
def test_the_step_is_done_once_and_the_dossier_is_converted_once(officer_first: bool) -> None:
    world = World()
    dossier = world.receive()
    decision = make_decision(
        world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT
    )
    batch = moving.start_moving(actor=world.controller, change_set_id=decision.pk, agency_id=None, now=NIGHT)
    task = make.open_task(dossier)

    def officer() -> None:
        actions.complete_step(
            actor=world.staff.specialist, code=dossier.code, task_id=task.pk, outcome="trinh", now=NIGHT
        )

    def run() -> None:
        moving.run_batch(batch_id=batch.pk, now=NIGHT)

    _together(officer, run) if officer_first else _together(run, officer)
    found = again(dossier)
    assert found.procedure_version.number == 2
    assert DossierChange.objects.count() == 1
    open_now = Task.objects.get(run=found.run, status="open")
    assert open_now.step_key == "duyet"
    assert open_now.run_due_at == found.due_at == make.at(19, 9)


def test_a_decision_is_not_undone_under_a_run_that_is_not_committed_yet() -> None:
    world = World()
    dossier = world.receive(now=make.MONDAY - timedelta(hours=3))
    line = DraftLine(ChangeAction.ABOLISHED, code=world.procedure.code, policy=Policy.STOP)
    decision = published(world.controller, line)
    batch = moving.start_moving(actor=world.controller, change_set_id=decision, agency_id=None, now=NIGHT)

    def undo() -> None:
        with pytest.raises(InUse, match=dossier.code):
            catalogue.undo_change_set(
                actor=world.controller, change_set_id=decision, reason="Nhầm", now=NIGHT
            )

    _together(lambda: moving.run_batch(batch_id=batch.pk, now=NIGHT), undo)
    assert again(dossier).status == "stopped"
