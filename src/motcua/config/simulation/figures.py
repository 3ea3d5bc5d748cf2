"""How long each act took, and what went wrong."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

KEPT_FAILURES = 50


@dataclass
class Figures:
    """Shared by all threads of a day. Durations are in seconds."""

    durations: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    server_errors: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def timed(self, act: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - began
            with self._lock:
                self.durations[act].append(took)

    def count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def answered(self, status: int) -> None:
        with self._lock:
            self.statuses[status] += 1
            if status >= 500:
                self.server_errors += 1

    def failed(self, what: str) -> None:
        """Something that should not happen in an ordinary day."""
        with self._lock:
            self.counts["failures"] += 1
            if len(self.failures) < KEPT_FAILURES:
                self.failures.append(what[:400])

    def table(self) -> dict[str, dict[str, float]]:
        """Per act: how many, p50 and p95 in milliseconds."""
        return {act: _row(taken) for act, taken in sorted(self.durations.items())}


def _row(taken: list[float]) -> dict[str, float]:
    cuts = quantiles(taken, n=100, method="inclusive") if len(taken) > 1 else taken * 99
    return {"n": len(taken), "p50_ms": round(cuts[49] * 1000, 1), "p95_ms": round(cuts[94] * 1000, 1)}
