from __future__ import annotations

from collections.abc import Iterator

import pytest

from motcua.kernel.tests.kept_rows import made_alike
from motcua.organisation import actions, queries
from motcua.organisation.snapshot import touch
from motcua.organisation.tests.factories import NOW, SYSTEM


@pytest.fixture(autouse=True)
def _fresh_picture() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def province(db: None) -> actions.LoadReport:
    """Bắc Ninh as carried with the product."""
    loaded = made_alike("organisation", lambda: actions.load_organisation(actor=SYSTEM, now=NOW))
    touch()
    return loaded
