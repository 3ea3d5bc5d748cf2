from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from motcua.organisation.snapshot import touch
from motcua.workflow import actions
from motcua.workflow.models import ProcessDraft
from motcua.workflow.queries import CARRIED
from motcua.workflow.rules.definition import ProcessDefinition, Span, TimeUnit
from motcua.workflow.rules.pasted import About
from motcua.workflow.rules.source_tables import SourceReport, read_file
from motcua.workflow.tests.browsing import actor, browser
from motcua.workflow.tests.desks import NOW, People, make_people
from motcua.workflow.tests.test_pasted_tables import BAC_NINH, table


@pytest.fixture(scope="session")
def source() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(CARRIED.read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="session")
def report(source: dict[str, Any]) -> SourceReport:
    return read_file(source)


@pytest.fixture(scope="session")
def processes(report: SourceReport) -> dict[str, ProcessDefinition]:
    return {definition.key: definition for definition in report.definitions}


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def agency() -> int:
    model = apps.get_model("organisation", "Unit")
    row = model.objects.create(
        code="STC", kind="department", name="Sở Tài chính", full_name="Sở Tài chính", short_name="STC"
    )
    row.agency = row
    row.save()
    touch()
    return int(row.pk)


@pytest.fixture
def it(agency: int) -> Client:
    return browser("tin", agency, "it_admin")


@pytest.fixture
def leader(agency: int) -> Client:
    return browser("lanh", agency, "leader")


@pytest.fixture
def draft(it: Client, agency: int) -> ProcessDraft:
    about = About(title="Chấp thuận chủ trương", limit=Span(Fraction(17), TimeUnit.CALENDAR_DAY))
    return actions.draft_from_table(
        actor=actor(it), agency_id=agency, table=table(BAC_NINH), about=about, now=NOW
    )
