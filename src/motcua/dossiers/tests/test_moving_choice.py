"""Where a decision leaves it to the applicant: the notice, the choice, and the day of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from motcua.catalogue.models import ChangeSet
from motcua.catalogue.types_changes import ChangeState, Policy
from motcua.documents.queries import letters_of
from motcua.dossiers.actions import moving
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as make
from motcua.dossiers.tests.decisions import make_decision
from motcua.dossiers.tests.moving_world import (
    LATER,
    World,
    again,
    change_of,
    choose,
    snapshot,
)
from motcua.kernel.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def asked(world: World) -> Dossier:
    dossier = world.receive()
    world.apply(make_decision(world.procedure, replace(world.old, limit=make.limit_of(3)), policy=Policy.ASK))
    return dossier


def test_the_applicant_is_asked_by_a_letter_of_the_competent_agency(world: World, asked: Dossier) -> None:
    letter = next(found for found in letters_of(asked.code) if found.kind == "change_notice")
    assert letter.unit_id == world.place.commune.agency.id
    assert letter.data["decision"] == "Quyết định 1513/QĐ-UBND"
    assert again(asked).procedure_version_id == world.procedure.pk


def test_choosing_the_new_provisions_converts(world: World, asked: Dossier) -> None:
    change = choose(world, asked, "convert")
    assert again(asked).procedure_version.number == 2
    assert (change.choice, change.chosen_on, change.chosen_by_id) == (
        "convert",
        LATER.date(),
        world.staff.counter.user_id,
    )


def test_choosing_the_old_provisions_is_written_down_with_its_day(world: World, asked: Dossier) -> None:
    before = snapshot(asked)
    choose(world, asked, "finish", note="Qua điện thoại")
    assert snapshot(asked) == before
    assert change_of(asked).choice_note == "Qua điện thoại"
    with pytest.raises(Conflict):
        choose(world, asked, "convert")


@pytest.mark.parametrize(("days", "field"), [(-1, "chosen_on"), (1, "chosen_on")])
def test_a_choice_before_the_notice_or_to_come_is_refused(
    world: World, asked: Dossier, days: int, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        choose(world, asked, "convert", chosen_on=LATER.date() + timedelta(days=days))
    assert refused.value.field == field


def test_a_strangers_notice_is_unknown(world: World, asked: Dossier) -> None:
    stranger = make.make_officer("one_stop_officer", world.place.other.centre)
    with pytest.raises(NotFound):
        moving.record_choice(
            actor=stranger,
            change_id=change_of(asked).pk,
            choice="finish",
            chosen_on=LATER.date(),
            note="",
            now=LATER,
        )


def test_nobody_is_converted_by_a_decision_that_was_taken_back(world: World, asked: Dossier) -> None:
    ChangeSet.objects.update(state=ChangeState.UNDONE.value)
    with pytest.raises(Conflict, match="đã được hoàn tác"):
        choose(world, asked, "convert")
    assert again(asked).procedure_version_id == world.procedure.pk
    assert choose(world, asked, "finish").choice == "finish"
