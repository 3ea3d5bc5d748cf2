"""A source read anew meets what decisions have published: it overrides nothing that is still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from motcua.catalogue import actions, queries
from motcua.catalogue.actions.periods import require_no_overlap
from motcua.catalogue.actions.processes import _procedures
from motcua.catalogue.errors import InUse
from motcua.catalogue.models import ProcedureVersion, ProcessBinding
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.tests.conftest import SYSTEM, compact_row
from motcua.catalogue.types import ImportReport
from motcua.catalogue.types_changes import ChangeAction, ChangeKind, LineSettings, ProcessChoice
from motcua.catalogue.types_drafts import ChangeSetInfo, DraftLine
from motcua.kernel.actor import Actor
from motcua.workflow.models import ProcessVersion
from motcua.workflow.rules.templates import TEMPLATES

pytestmark = pytest.mark.django_db
CODE = "9.000001"


def published(people: tuple[Actor, Actor], line: DraftLine, **changes: Any) -> ChangeSetInfo:
    ready = d.approved(*people, [line], **changes)
    return actions.publish_change_set(actor=people[1], change_set_id=ready.id, now=d.NOW)


def read_source() -> ImportReport:
    row = compact_row(code=CODE, name="Tên khác từ nguồn", field=d.FIELD)
    return actions.import_procedures(
        actor=SYSTEM, document={"rows": [row]}, now=d.NOW + timedelta(hours=1), source="nguồn"
    )


@pytest.mark.parametrize("action", ["amended", "abolished"])
def test_a_source_does_not_override_a_change_to_come(people: tuple[Actor, Actor], action: str) -> None:
    published(people, d.amended(CODE) if action == "amended" else d.abolished(CODE))
    before = queries.changes.catalogue_hash()
    report = read_source()
    assert [finding.kind for finding in report.findings] == ["decided_already"]
    assert queries.changes.catalogue_hash() == before
    require_no_overlap([d.procedure(CODE).pk])


def test_an_undone_version_is_not_what_processes_are_matched_with(people: tuple[Actor, Actor]) -> None:
    found = published(people, d.amended(CODE, name="Bị hoàn tác"))
    actions.undo_change_set(actor=people[1], change_set_id=found.id, reason="Nhầm", now=d.NOW)
    standing = ProcedureVersion.objects.get(code=CODE, withdrawn_at__isnull=True)
    template = next(iter(TEMPLATES.values())).definition
    matched = _procedures([replace(template, procedure_codes=(CODE,))])
    assert matched[standing.procedure_id].name == standing.name


def bound_line() -> DraftLine:
    process = ProcessVersion.objects.get(key="chung-xa")
    chosen = LineSettings(processes=(ProcessChoice(process.pk, "tinh"),))
    return DraftLine(ChangeAction.CONFIGURED, code=CODE, settings=chosen)


def test_a_configuration_somebody_bound_anew_since_is_not_undone(people: tuple[Actor, Actor]) -> None:
    found = published(people, bound_line(), kind=ChangeKind.CONFIGURATION)
    later = d.EFFECTIVE + timedelta(days=1)
    procedure = d.procedure(CODE)
    held = ProcessBinding.objects.get(procedure=procedure, valid_to__isnull=True)
    ProcessBinding.objects.filter(pk=held.pk).update(valid_to=later)
    ProcessBinding.objects.create(
        procedure=procedure,
        level=held.level,
        process_version_id=held.process_version_id,
        process_key=held.process_key,
        valid_from=later,
    )
    with pytest.raises(InUse, match=CODE):
        actions.undo_change_set(actor=people[1], change_set_id=found.id, reason="Nhầm", now=later)
    assert ProcessBinding.objects.filter(pk=held.pk).exists()
