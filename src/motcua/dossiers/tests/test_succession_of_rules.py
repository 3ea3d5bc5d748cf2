"""What the catalogue says of units follows their succession: rules, processes of one unit, places to hand in."""

from __future__ import annotations

from typing import Any

import pytest

from motcua.catalogue import queries
from motcua.catalogue.models import CompetenceRule, ConfigurationMove, ProcedureSetting, ProcessBinding
from motcua.catalogue.snapshot import touch
from motcua.dossiers.tests import factories as f
from motcua.dossiers.tests.test_succession import DAY, NEW, carry_out, merged, unit_id
from motcua.organisation import actions as organisation
from motcua.organisation.models import Succession

pytestmark = pytest.mark.django_db


@pytest.fixture
def procedure() -> Any:
    place = f.make_province()
    f.make_staff(place.commune)
    f.make_staff(place.other)
    return f.make_procedure()


def own_process(procedure: Any, code: str, process: Any = None) -> ProcessBinding:
    """The process that one ward has for itself."""
    general = ProcessBinding.objects.filter(procedure=procedure.procedure, agency__isnull=True)[0]
    made = ProcessBinding.objects.create(
        procedure=procedure.procedure,
        level=general.level,
        case_key=general.case_key,
        agency_id=unit_id(code),
        process_version_id=process or general.process_version_id,
        valid_from=f.BEGINNING,
    )
    touch()
    return made


def test_what_named_a_ward_names_its_successor_from_that_day_on(procedure: Any) -> None:
    bound = own_process(procedure, "09187")
    received = ProcedureSetting.objects.create(
        procedure=procedure.procedure,
        key="receiving",
        value={"units": ["09187", "09190", "TTPVHCC"]},
        valid_from=f.BEGINNING,
    )
    touch()
    before = queries.changes.catalogue_hash()
    report = carry_out(merged())
    assert report.problems == [] and any("đổi theo đơn vị kế thừa" in note for note in report.notes)
    bound.refresh_from_db()
    heir = ProcessBinding.objects.get(procedure=procedure.procedure, agency_id=unit_id(NEW))
    assert bound.valid_to == heir.valid_from and heir.process_version_id == bound.process_version_id
    standing = ProcedureSetting.objects.get(procedure=procedure.procedure, valid_to__isnull=True)
    assert standing.value == {"units": [NEW, "TTPVHCC"]} and standing.pk != received.pk
    organisation.undo_succession(actor=f.SYSTEM, succession_id=Succession.objects.get().pk, now=DAY)
    assert queries.changes.catalogue_hash() == before
    assert not ConfigurationMove.objects.filter(undone_at__isnull=True).exists()


def test_of_two_that_become_one_one_process_is_kept_and_the_other_named(procedure: Any) -> None:
    other = f.make_procedure(process=f.process_definition("thu.qt-khac"))
    another = ProcessBinding.objects.filter(procedure=other.procedure)[0].process_version_id
    own_process(procedure, "09187")
    own_process(procedure, "09190", another)
    report = carry_out(merged())
    assert any("khác với của đơn vị kế thừa" in note for note in report.notes)
    assert ProcessBinding.objects.filter(agency_id=unit_id(NEW), valid_to__isnull=True).count() == 1
    assert not ProcessBinding.objects.filter(agency_id=unit_id("09187"), valid_to__isnull=True).exists()


def test_a_rule_that_names_a_ward_follows_it(procedure: Any) -> None:
    rule = CompetenceRule.objects.create(
        procedure=procedure.procedure,
        level="tinh",
        deciding_unit_id=unit_id("09187"),
        source="thử",
        valid_from=f.BEGINNING,
    )
    touch()
    carry_out(merged())
    rule.refresh_from_db()
    heir = CompetenceRule.objects.get(procedure=procedure.procedure, valid_to__isnull=True, level="tinh")
    assert rule.valid_to == heir.valid_from and heir.deciding_unit_id == unit_id(NEW)
