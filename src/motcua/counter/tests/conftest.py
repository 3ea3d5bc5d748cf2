"""The counter of the small province on a Wednesday morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from motcua.counter import queries
from motcua.counter.tests.counter_desk import NOW, Counter, make_counter


@pytest.fixture
def counter(db: None) -> Iterator[Counter]:
    made = make_counter()
    queries.forget_popularity()
    with time_machine.travel(NOW, tick=False):
        yield made
