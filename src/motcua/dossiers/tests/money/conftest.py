"""A ward that collects, and its people."""

from __future__ import annotations

import pytest

from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import Province, Staff
from motcua.dossiers.tests.money import collecting


@pytest.fixture
def place() -> Province:
    found = factories.make_province()
    collecting(found.commune)
    return found


@pytest.fixture
def staff(place: Province) -> Staff:
    return factories.make_staff(place.commune)
