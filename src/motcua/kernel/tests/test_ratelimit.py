"""Brakes that are pulled at the right moment and cost those who call all day next to nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.kernel import ratelimit
from motcua.kernel.errors import TooMany

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, 30, tzinfo=UTC)


def passes(bucket: str, *, limit: int, calls: int, now: datetime = NOW) -> int:
    """How many of so many calls get through."""
    through = 0
    for _call in range(calls):
        try:
            ratelimit.check_often(bucket, limit=limit, seconds=60, now=now)
        except TooMany as refused:
            assert 1 <= refused.retry_after <= 60
        else:
            through += 1
    return through


@pytest.mark.parametrize("limit", [1, 3, 49, 50, 99, 120, 900])
def test_one_process_gets_exactly_the_limit_through(limit: int) -> None:
    assert passes(f"one {limit}", limit=limit, calls=limit + 30) == limit


def test_the_next_window_starts_again() -> None:
    assert passes("again", limit=2, calls=5) == 2
    assert passes("again", limit=2, calls=5, now=NOW.replace(minute=1)) == 2


def test_two_processes_share_the_places() -> None:
    mine = passes("shared", limit=100, calls=60)
    ratelimit._held.clear()  # another process holds nothing
    assert mine + passes("shared", limit=100, calls=100) <= 100


def test_most_calls_ask_the_database_nothing() -> None:
    with CaptureQueriesContext(connection) as captured:
        passes("cheap", limit=900, calls=180)
    assert len(captured) == 10
