"""Decisions applied to dossiers under way are taken back whole or one by one; who may, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from motcua.catalogue.events import ChangeSetPublished
from motcua.catalogue.models import ChangeSet
from motcua.catalogue.types_changes import (
    ChangeAction,
    ChangeKind,
    ChangeState,
    Policy,
)
from motcua.documents.queries import letters_of
from motcua.dossiers import actions
from motcua.dossiers.actions import moving
from motcua.dossiers.actions.moving.images import FIELDS, fingerprints
from motcua.dossiers.models import Dossier, DossierChange, MoveBatch
from motcua.dossiers.tests import factories as make
from motcua.dossiers.tests.decisions import EFFECTIVE, add_line, make_decision
from motcua.dossiers.tests.moving_world import (
    LATER,
    NEW_PAPER,
    NIGHT,
    World,
    again,
    change_of,
    choose,
    snapshot,
)
from motcua.kernel import outbox
from motcua.kernel.errors import Conflict, NotAllowed
from motcua.kernel.outbox import worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def asked(world: World) -> Dossier:
    dossier = world.receive()
    world.apply(make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.ASK))
    return dossier


# --- taking back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {"policy": Policy.CONVERT, "mapping": {"papers_article": "Điều 3"}, "convert": True},
        {"policy": Policy.TRANSFER, "action": ChangeAction.REDELEGATED, "mapping": {"transfer_to": "STP"}},
        {"policy": Policy.STOP, "action": ChangeAction.ABOLISHED},
        {"policy": Policy.ASK, "convert": True},
        {"policy": Policy.FINISH},
    ],
    ids=lambda given: given["policy"].value,
)
def test_what_was_done_can_be_taken_back_whole(world: World, given: dict[str, Any]) -> None:
    dossier = world.receive()
    before = snapshot(dossier)
    content = None
    if given.pop("convert", False):
        content = replace(world.old, limit=make.limit_of(3), papers=(*world.old.papers, NEW_PAPER))
    batch = world.apply(make_decision(world.procedure, content, **given))
    moving.undo_moving(actor=world.controller, batch_id=batch.pk, reason="Công bố nhầm", now=LATER)
    done = moving.run_undo(batch_id=batch.pk, now=LATER)
    assert snapshot(dossier) == before
    assert (done.state, done.undone, done.not_undone) == ("undone", 1, 0)
    notices = [letter for letter in letters_of(dossier.code) if letter.kind.startswith("change_")]
    assert all(letter.cancelled_at for letter in notices)


def test_a_choice_is_taken_back_with_what_followed_from_it(world: World, asked: Dossier) -> None:
    before = snapshot(asked)
    change = choose(world, asked, "convert")
    moving.undo_change(actor=world.controller, change_id=change.pk, reason="Ghi nhầm", now=LATER)
    assert snapshot(asked) == before


def test_a_dossier_that_went_on_keeps_what_was_done(world: World) -> None:
    first, second = world.receive(), world.receive()
    batch = world.apply(
        make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT)
    )
    actions.complete_step(
        actor=world.staff.specialist,
        code=first.code,
        task_id=make.open_task(first).pk,
        outcome="trinh",
        now=LATER,
    )
    with pytest.raises(Conflict):
        moving.undo_change(
            actor=world.controller, change_id=change_of(first).pk, reason="Công bố nhầm", now=LATER
        )
    moving.undo_moving(actor=world.controller, batch_id=batch.pk, reason="Công bố nhầm", now=LATER)
    done = moving.run_undo(batch_id=batch.pk, now=LATER)
    assert (done.undone, done.not_undone) == (1, 1)
    assert again(first).procedure_version.number == 2
    assert again(second).procedure_version.number == 1


@pytest.mark.parametrize("act", ["claim", "supplement"])
def test_any_act_afterwards_counts_as_something_that_happened(world: World, act: str) -> None:
    dossier = world.receive()
    world.apply(
        make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT)
    )
    before = fingerprints([dossier])
    if act == "claim":
        actions.claim_task(
            actor=world.staff.specialist,
            code=dossier.code,
            task_id=make.open_task(dossier).pk,
            now=LATER,
        )
    else:
        actions.request_supplement(
            actor=world.staff.specialist,
            code=dossier.code,
            items=[actions.SupplementItem("can-cuoc", "Bản sao căn cước")],
            reason="Căn cước đã hết hạn",
            now=LATER,
        )
    assert fingerprints([dossier]) != before


def test_after_taking_back_the_decision_can_be_applied_again(world: World) -> None:
    dossier = world.receive()
    decision = make_decision(
        world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT
    )
    batch = world.apply(decision)
    moving.undo_moving(actor=world.controller, batch_id=batch.pk, reason="Công bố nhầm", now=LATER)
    moving.run_undo(batch_id=batch.pk, now=LATER)
    assert world.apply(decision, LATER + timedelta(minutes=1)).looked_at == 1
    assert again(dossier).procedure_version.number == 2


# --- who, when, and as a job ----------------------------------------------------------------------------------


def test_only_controllers_and_leaders_of_the_agency_may_and_only_for_it(world: World) -> None:
    decision = make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)))
    own, foreign = world.place.commune.agency.id, world.place.other.agency.id
    for actor, agency_id in (
        (world.staff.counter, own),
        (world.staff.head, own),
        (world.staff.leader, foreign),
        (world.staff.leader, None),
    ):
        with pytest.raises(NotAllowed):
            moving.start_moving(actor=actor, change_set_id=decision.pk, agency_id=agency_id, now=NIGHT)
    moving.start_moving(actor=world.staff.leader, change_set_id=decision.pk, agency_id=own, now=NIGHT)


def test_an_agencys_run_takes_its_own_dossiers_only(world: World) -> None:
    ours = world.receive()
    other = make.make_staff(world.place.other)
    theirs = make.receive(other.counter, world.procedure)
    decision = make_decision(
        world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT
    )
    batch = moving.start_moving(
        actor=world.staff.leader,
        change_set_id=decision.pk,
        agency_id=world.place.commune.agency.id,
        now=NIGHT,
    )
    assert moving.run_batch(batch_id=batch.pk, now=NIGHT).looked_at == 1
    assert again(ours).procedure_version.number == 2
    assert again(theirs).procedure_version.number == 1


@pytest.mark.parametrize(
    ("given", "now"),
    [
        ({"state": ChangeState.DRAFT}, NIGHT),
        ({"state": ChangeState.APPROVED}, NIGHT),
        ({}, EFFECTIVE - timedelta(seconds=1)),
    ],
)
def test_nothing_is_applied_before_the_decision_counts(
    world: World, given: dict[str, Any], now: datetime
) -> None:
    decision = make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)), **given)
    with pytest.raises(Conflict):
        world.apply(decision, now)


def test_two_runs_of_one_decision_at_once_are_refused(world: World) -> None:
    decision = make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)))
    moving.start_moving(actor=world.controller, change_set_id=decision.pk, agency_id=None, now=NIGHT)
    with pytest.raises(Conflict), transaction.atomic():
        moving.start_moving(actor=world.controller, change_set_id=decision.pk, agency_id=None, now=NIGHT)


def test_the_worker_does_it(world: World) -> None:
    dossier = world.receive()
    decision = make_decision(
        world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.CONVERT
    )
    batch = moving.start_moving(actor=world.controller, change_set_id=decision.pk, agency_id=None, now=NIGHT)
    worker.drain(NIGHT)
    assert MoveBatch.objects.get(pk=batch.pk).state == "done"
    assert again(dossier).procedure_version.number == 2


def test_from_its_instant_a_published_decision_is_told_to_those_who_finish_and_to_nobody_else(
    world: World,
) -> None:
    finishing = world.receive()
    other = make.make_procedure(make.procedure_definition(code="1.009999"))
    waiting = make.receive(world.staff.counter, other)
    decision = make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)))
    add_line(decision, other, None, policy=Policy.STOP, action=ChangeAction.ABOLISHED)
    outbox.publish(ChangeSetPublished(decision.pk, decision.number, 1), now=make.MONDAY)
    worker.drain(make.MONDAY)
    assert not DossierChange.objects.exists()
    worker.drain(NIGHT)
    assert (change_of(finishing).outcome, change_of(finishing).decision) == ("finish", decision.number)
    assert again(waiting).status == waiting.status
    moving.tell_those_who_finish(change_set_id=decision.pk, now=NIGHT)
    assert MoveBatch.objects.get().state == "done"
    assert DossierChange.objects.count() == 1
    world.apply(decision)
    assert change_of(waiting).outcome == "stop"


def test_of_a_decision_undone_before_its_instant_nothing_is_told(world: World) -> None:
    world.receive()
    decision = make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)))
    outbox.publish(ChangeSetPublished(decision.pk, decision.number, 1), now=make.MONDAY)
    worker.drain(make.MONDAY)
    ChangeSet.objects.filter(pk=decision.pk).update(state=ChangeState.UNDONE.value)
    worker.drain(NIGHT)
    assert not MoveBatch.objects.exists()


def test_a_configuration_is_told_to_nobody(world: World) -> None:
    world.receive()
    decision = make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)))
    ChangeSet.objects.filter(pk=decision.pk).update(kind=ChangeKind.CONFIGURATION.value)
    outbox.publish(ChangeSetPublished(decision.pk, decision.number, 1), now=make.MONDAY)
    worker.drain(make.MONDAY)
    worker.drain(NIGHT)
    assert not MoveBatch.objects.exists()


def test_the_fields_of_a_picture_are_fields_of_the_dossier() -> None:
    assert set(FIELDS) <= {field.attname for field in Dossier._meta.concrete_fields}
