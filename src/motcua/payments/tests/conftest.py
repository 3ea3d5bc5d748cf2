"""A ward connected to the platform, signing either way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from motcua.payments.tests.counter import NOW
from motcua.payments.tests.town import Town, connected


@pytest.fixture(params=["sha256", "hmac-sha256"])
def signing(request: Any) -> str:
    return str(request.param)


@pytest.fixture
def town(db: Any, settings: Any, tmp_path: Path) -> Iterator[Town]:
    with time_machine.travel(NOW, tick=False), connected(settings, tmp_path) as made:
        yield made


@pytest.fixture
def either_town(db: Any, settings: Any, tmp_path: Path, signing: str) -> Iterator[Town]:
    with time_machine.travel(NOW, tick=False), connected(settings, tmp_path, signing) as made:
        yield made
