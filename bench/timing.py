"""Taking turns and taking medians; counting statements."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

FRAME = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians of two sides that took turns, in milliseconds."""

    raw: float
    product: float


def once(work: Callable[[], object]) -> float:
    """Milliseconds that one call takes."""
    begun = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - begun) / 1e6


def median_ms(work: Callable[[], object], *, rounds: int, warm: int = 3) -> float:
    """The median of `rounds` calls, after `warm` calls that do not count."""
    for _ in range(warm):
        work()
    with undisturbed():
        return median(once(work) for _ in range(rounds))


def in_turns(raw: Callable[[], object], product: Callable[[], object], *, rounds: int, warm: int = 3) -> Pair:
    """A B A B …: whatever slows the machine down slows both sides down."""
    for _ in range(warm):
        raw()
        product()
    sides: tuple[list[float], list[float]] = ([], [])
    with undisturbed():
        for _ in range(rounds):
            sides[0].append(once(raw))
            sides[1].append(once(product))
    return Pair(median(sides[0]), median(sides[1]))


def statements(work: Callable[[], object]) -> list[str]:
    """The statements one call sends, without the frame of its transaction."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(FRAME)]


class undisturbed:  # noqa: N801 - reads as a word
    """No garbage collection while the clock runs."""

    def __enter__(self) -> None:
        gc.collect()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        gc.enable()
