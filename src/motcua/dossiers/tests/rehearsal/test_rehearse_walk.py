from __future__ import annotations

import pytest

from motcua.dossiers.actions.rehearse_walk import People, Walk, side_letters, walk_every_outcome
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules.golden import Given
from motcua.dossiers.rules.golden_process import branches
from motcua.dossiers.tests import factories as f
from motcua.dossiers.tests.money import APPRAISAL, collecting, waiting_for
from motcua.kernel import clock
from motcua.payments.models import Bill

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> f.Province:
    return f.make_province()


def test_a_dossier_is_walked_to_the_hand_over_and_leaves_nothing(place: f.Province) -> None:
    f.make_staff(place.commune)
    version = f.make_procedure()
    given = Given("09187.TT", "thuong", papers=("to-khai", "can-cuoc"))
    people = People.on(clock.today(f.MONDAY))
    walked = Walk(version.pk, given, people, f.MONDAY, set())()
    assert walked.trouble is None and walked.returned
    assert [step for step, _unit, _role in walked.tasks].count("xu-ly") == 3, "both ways back are taken"
    assert walked.due == "2026-11-23T09:00"
    assert [letter.kind for letter in walked.letters] == ["reception_slip", "supplement_request"]
    assert not Dossier.objects.exists()


def test_every_outcome_is_tried(place: f.Province) -> None:
    version = f.make_procedure()
    people = People.on(clock.today(f.MONDAY))
    ways = [branch.choices for branch in branches(f.process_definition())]
    found = walk_every_outcome(version.pk, Given("09187.TT", "thuong"), ways, people, f.MONDAY)
    assert all(walked.trouble is None for walked in found)
    side = side_letters(version.pk, Given("09187.TT", "thuong"), people, f.MONDAY)
    assert side.trouble is None
    assert [letter.kind for letter in side.letters] == ["refusal", "apology", "stop_notice"]


def test_a_step_that_waits_for_our_money_is_walked_without_anybody_paying(place: f.Province) -> None:
    collecting(place.commune)
    f.make_staff(place.commune)
    content = f.procedure_definition(fees=(APPRAISAL,))
    version = f.make_procedure(content, process=waiting_for("đã nộp lệ phí"))
    given = Given("09187.TT", "thuong", papers=("to-khai", "can-cuoc"))
    walked = Walk(version.pk, given, People.on(clock.today(f.MONDAY)), f.MONDAY, set(), thorough=False)()
    assert walked.trouble is None and walked.returned
    assert "cho-nop" in [step for step, _unit, _role in walked.tasks]
    assert not Bill.objects.exists()
