"""What the night measures: seconds of each step, what was counted, and everything that did not hold."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

MOST_NAMED = 10


def peak_mb() -> float:
    """The most memory this process has held, in MB."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(kilobytes / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


@dataclass
class Steps:
    """The record of one night. `tell` hears each step as it ends."""

    tell: Callable[[str], object]
    seconds: dict[str, float] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step; what it raises ends the night."""
        begun = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - begun, 2)
        self.tell(f"{name}: {self.seconds[name]} s, {peak_mb():.0f} MB")

    def check(self, holds: bool, otherwise: str) -> None:
        """Keep what should have held and did not; the night goes on, to find everything."""
        if not holds:
            self.failures.append(otherwise)
            self.tell(f"FAILED: {otherwise}")

    def none_of(self, strange: list[Any], what: str) -> None:
        """Nothing of a kind may be there; the first few are named."""
        shown = ", ".join(str(one) for one in strange[:MOST_NAMED])
        self.check(not strange, f"{what} ({len(strange)}): {shown}")

    def as_json(self) -> str:
        """The last line of the output."""
        data = {
            "ok": not self.failures,
            **self.found,
            "seconds": self.seconds,
            "total_s": round(sum(self.seconds.values()), 1),
            "peak_mb": peak_mb(),
            "failures": self.failures,
        }
        return json.dumps(data, ensure_ascii=False, default=str)
