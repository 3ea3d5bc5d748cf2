"""How fast the search answers, for `make bench` and for whoever doubts it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.catalogue import queries

TYPED = (
    "k",
    "kh",
    "khai",
    "khai s",
    "khai sinh",
    "dkks",
    "qsdd",
    "cccd",
    "giay phep xay dung",
    "1.0011",
    "độc thân",
)
"""What an officer types on the way to a procedure, key by key."""


@dataclass(frozen=True, slots=True)
class SearchTiming:
    """Milliseconds per answer over all procedures in force, and statements asked in all."""

    procedures: int
    answers: int
    p50_ms: float
    p95_ms: float
    slowest_ms: float
    statements: int


def measure_search(typed: Sequence[str] = TYPED, *, rounds: int = 5, now: datetime) -> SearchTiming:
    """Time the search on what is loaded, warm, restricted to what a centre receives."""
    procedures = queries.listing(limit=1, at=now).total
    queries.search("warm", receiving_unit_id=1, at=now)
    times: list[float] = []
    with CaptureQueriesContext(connection) as asked:
        for _ in range(rounds):
            for text in typed:
                started = time.perf_counter()
                queries.search(text, receiving_unit_id=1, at=now)
                times.append((time.perf_counter() - started) * 1000)
    return SearchTiming(
        procedures=procedures,
        answers=len(times),
        p50_ms=statistics.median(times),
        p95_ms=statistics.quantiles(times, n=20)[-1],
        slowest_ms=max(times),
        statements=len(asked),
    )
