"""A decision on which dossiers stand is not undone: the refusal names them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from motcua.catalogue import actions as catalogue
from motcua.catalogue import queries
from motcua.catalogue.errors import InUse
from motcua.catalogue.models import ProcedureVersion, ProcessBinding
from motcua.catalogue.tests.decisions import rehearsed
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import (
    ChangeAction,
    ChangeKind,
    LineSettings,
    Policy,
    ProcessChoice,
)
from motcua.catalogue.types_drafts import ChangeHead, DraftLine
from motcua.dossiers.actions import moving
from motcua.dossiers.queries_page import shown_changes
from motcua.dossiers.queries_page_facts import change_fact
from motcua.dossiers.tests import factories as f
from motcua.dossiers.tests.moving_world import LATER, NIGHT, World
from motcua.kernel.actor import Actor
from motcua.organisation.types import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> f.Province:
    return f.make_province()


def published(controller: Actor, line: DraftLine, kind: ChangeKind = ChangeKind.PUBLISH) -> int:
    head = ChangeHead("7/QĐ-UBND", kind=kind, effective_at=f.MONDAY - timedelta(hours=1))
    drafted = catalogue.draft_change_set(actor=f.SYSTEM, head=head, lines=[line], now=f.MONDAY)
    rehearsed(drafted.id)
    catalogue.approve_change_set(actor=controller, change_set_id=drafted.id, now=f.MONDAY)
    catalogue.publish_change_set(actor=controller, change_set_id=drafted.id, now=f.MONDAY)
    return drafted.id


def amended(procedure: ProcedureVersion) -> DraftLine:
    content = replace(ProcedureDefinition.from_dict(procedure.definition), conditions=("Điều kiện mới",))
    return DraftLine(ChangeAction.AMENDED, code=procedure.code, content=content)


def test_a_dossier_on_the_new_version_keeps_its_decision(place: f.Province) -> None:
    here = f.make_staff(place.commune)
    procedure = f.make_procedure()
    controller = f.make_officer(Role.PROCEDURE_CONTROLLER, place.centre)
    change_set = published(controller, amended(procedure))
    now = f.MONDAY + timedelta(hours=1)
    newest = ProcedureVersion.objects.get(procedure_id=procedure.procedure_id, number=2)
    dossier = f.receive(here.counter, newest, now=now)
    with pytest.raises(InUse, match=dossier.code):
        catalogue.undo_change_set(actor=controller, change_set_id=change_set, reason="Nhầm", now=now)
    assert queries.changes.change_set(change_set).state == "published"


def test_a_dossier_received_before_does_not_stand_in_the_way(place: f.Province) -> None:
    here = f.make_staff(place.commune)
    procedure = f.make_procedure()
    f.receive(here.counter, procedure, now=f.MONDAY - timedelta(hours=3))
    controller = f.make_officer(Role.PROCEDURE_CONTROLLER, place.centre)
    before = queries.changes.catalogue_hash()
    change_set = published(controller, amended(procedure))
    catalogue.undo_change_set(actor=controller, change_set_id=change_set, reason="Nhầm", now=f.MONDAY)
    assert queries.changes.catalogue_hash() == before


def test_a_dossier_that_runs_a_process_of_the_configuration_keeps_it(place: f.Province) -> None:
    here = f.make_staff(place.commune)
    procedure = f.make_procedure()
    bound = ProcessBinding.objects.get(procedure_id=procedure.procedure_id)
    settings = LineSettings(processes=(ProcessChoice(bound.process_version_id, bound.level, bound.case_key),))
    controller = f.make_officer(Role.PROCEDURE_CONTROLLER, place.centre)
    line = DraftLine(ChangeAction.CONFIGURED, code=procedure.code, settings=settings)
    before = queries.changes.catalogue_hash()
    change_set = published(controller, line, ChangeKind.CONFIGURATION)
    assert queries.changes.catalogue_hash() != before
    catalogue.undo_change_set(actor=controller, change_set_id=change_set, reason="Nhầm", now=f.MONDAY)
    assert queries.changes.catalogue_hash() == before
    again = published(controller, line, ChangeKind.CONFIGURATION)
    now = f.MONDAY + timedelta(hours=1)
    dossier = f.receive(here.counter, procedure, now=now)
    with pytest.raises(InUse, match=dossier.code):
        catalogue.undo_change_set(actor=controller, change_set_id=again, reason="Nhầm", now=now)


@pytest.mark.parametrize("policy", [Policy.STOP, Policy.ASK])
def test_what_a_decision_did_to_dossiers_is_taken_back_before_it(policy: Policy) -> None:
    world = World()
    dossier = world.receive(now=f.MONDAY - timedelta(hours=3))
    earlier = replace(world.old, limit=f.limit_of(3)) if policy is Policy.ASK else None
    action = ChangeAction.AMENDED if policy is Policy.ASK else ChangeAction.ABOLISHED
    line = DraftLine(action, code=world.procedure.code, content=earlier, policy=policy)
    change_set = published(world.controller, line)
    batch = moving.start_moving(actor=world.controller, change_set_id=change_set, agency_id=None, now=NIGHT)
    moving.run_batch(batch_id=batch.pk, now=NIGHT)
    with pytest.raises(InUse, match=dossier.code):
        catalogue.undo_change_set(actor=world.controller, change_set_id=change_set, reason="Nhầm", now=LATER)
    moving.undo_moving(actor=world.controller, batch_id=batch.pk, reason="Nhầm", now=LATER)
    moving.run_undo(batch_id=batch.pk, now=LATER)
    catalogue.undo_change_set(actor=world.controller, change_set_id=change_set, reason="Nhầm", now=LATER)
    assert queries.changes.change_set(change_set).state == "undone"


def test_the_line_of_a_decision_that_was_undone_is_marked_in_the_timeline() -> None:
    world = World()
    dossier = world.receive(now=f.MONDAY - timedelta(hours=3))
    change_set = published(world.controller, amended(world.procedure))
    batch = moving.tell_those_who_finish(change_set_id=change_set, now=NIGHT)
    assert batch is not None
    moving.run_batch(batch_id=batch.pk, now=NIGHT)
    (told,) = (change_fact(change) for change in shown_changes(dossier.pk))
    assert told.text == ""
    catalogue.undo_change_set(actor=world.controller, change_set_id=change_set, reason="Nhầm", now=LATER)
    (told,) = (change_fact(change) for change in shown_changes(dossier.pk))
    assert "đã được hoàn tác" in str(told.text)
