"""A small province whose every desk is held, one procedure, and who drafts decisions in it."""

from __future__ import annotations

import pytest

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers.tests import factories as f
from motcua.dossiers.tests.rehearsal.rehearsing import make_place
from motcua.kernel.actor import Actor
from motcua.organisation.types import Role


@pytest.fixture
def place() -> f.Province:
    return make_place()


@pytest.fixture
def version(place: f.Province) -> ProcedureVersion:
    return f.make_procedure()


@pytest.fixture
def controller(place: f.Province) -> Actor:
    return f.make_officer(Role.PROCEDURE_CONTROLLER, place.committee)
