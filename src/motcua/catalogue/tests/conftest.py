from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from motcua.catalogue import actions, queries
from motcua.catalogue import snapshot as catalogue_picture
from motcua.catalogue.rules.source_procedures import ReadDocument, read_document
from motcua.catalogue.snapshot import DATA
from motcua.catalogue.types import ProcedureDefinition
from motcua.kernel.actor import Actor
from motcua.kernel.tests.kept_rows import made_alike, made_once
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation import snapshot as organisation_picture

SYSTEM = Actor.system("tests", via="command")
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Carried:
    """The detailed document that comes with the product, read by the pure rules."""

    document: ReadDocument

    def __getitem__(self, code: str) -> ProcedureDefinition:
        return next(d for d in self.document.definitions if d.code == code)

    def kinds(self, code: str) -> set[str]:
        return {finding.kind for finding in self.document.findings if finding.code == code}


@pytest.fixture(scope="session")
def carried() -> Carried:
    return Carried(read_document(json.loads((DATA / "procedures.json").read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[actions.LoadReport]:
    """The whole catalogue, in the database for a module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_all()
        transaction.set_rollback(True)
    queries.forget()
    units.forget()


def load_all() -> actions.LoadReport:
    """Units, calendars and the whole catalogue as they come with the product: loaded once, then put back."""

    def load() -> actions.LoadReport:
        organisation.load_organisation(actor=SYSTEM, now=NOW)
        return actions.load_catalogue(actor=SYSTEM, now=NOW)

    report = made_once("catalogue", load)
    organisation_picture.touch()
    catalogue_picture.touch()
    return report


@pytest.fixture
def people(db: None) -> tuple[Actor, Actor]:
    """Who drafts and who approves, with twelve procedures to change."""
    from motcua.catalogue.tests import decisions
    from motcua.organisation.types import Role

    def make() -> tuple[Actor, Actor]:
        decisions.make_units()
        decisions.seed(12)
        return (
            decisions.person("soạn", Role.IT_ADMIN, "TTPVHCC"),
            decisions.person("duyệt", Role.PROCEDURE_CONTROLLER, "TTPVHCC"),
        )

    made = made_alike("two people and twelve procedures", make)
    organisation_picture.touch()
    catalogue_picture.touch()
    return made


def detailed_row(**changes: Any) -> dict[str, Any]:
    """A small row of the detailed format."""
    return {
        "code": "9.000001",
        "name": "Cấp giấy thử nghiệm",
        "short_name": "Giấy thử nghiệm",
        "field": "Thử nghiệm",
        "level": ["xa"],
        "ministry": "Bộ Thử",
        "applicants": ["Công dân Việt Nam"],
        "authority": "UBND cấp xã",
        "online_level": {"value": "toàn trình", "confidence": "high"},
        "time_limit": {"value": 3, "unit": "working_day", "counts_from": "từ khi nhận đủ hồ sơ hợp lệ"},
        "portal_channels_raw": [],
        "fees": [],
        "documents": [],
        "cases": [],
        "results": [{"name": "Giấy thử"}],
        "legal_bases": ["01/2025/NĐ-CP"],
        "sources": ["thử"],
        "confidence": {"name": "high"},
        **changes,
    }


def compact_row(**changes: Any) -> dict[str, Any]:
    """A small row of the compact format."""
    channel = {"channel": "online", "value": 5, "unit": "working_day", "portal_fee_fields": []}
    return {
        "code": "9.000002",
        "name": "Cấp giấy gọn",
        "field": "Thử nghiệm",
        "level": ["tinh"],
        "ministry_code": None,
        "ministry": "Bộ Thử",
        "decision": "1/QĐ",
        "channels": [channel, {**channel, "channel": "in_person"}],
        "n_documents": 2,
        "n_groups": 1,
        "results": ["KQ.1"],
        "legal_bases": [],
        **changes,
    }
