"""The hours of the night, and the clock of a process that lives through them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from motcua.kernel import clock
from motcua.kernel.clock import VN

LONG_BEFORE = datetime(2024, 1, 1, tzinfo=VN)
"""Since when the catalogue of June is in force and its people hold their posts."""
AFTERNOON = datetime(2025, 6, 30, 15, 0, tzinfo=VN)
EVENING = datetime(2025, 6, 30, 20, 0, tzinfo=VN)
LATE = datetime(2025, 6, 30, 23, 58, tzinfo=VN)
LAST_SECOND = datetime(2025, 6, 30, 23, 59, 59, tzinfo=VN)
MIDNIGHT = datetime(2025, 7, 1, tzinfo=VN)
JUST_AFTER = datetime(2025, 7, 1, 0, 3, tzinfo=VN)
SUCCESSION = datetime(2025, 7, 1, 0, 5, tzinfo=VN)
MOVING = datetime(2025, 7, 1, 0, 30, tzinfo=VN)
MOVING_AGAIN = datetime(2025, 7, 1, 0, 45, tzinfo=VN)
MORNING = datetime(2025, 7, 1, 6, 0, tzinfo=VN)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Within, this process takes `moment` for the present: views, commands and jobs of a night that is only played.

    For processes made for the night alone; nothing else may set the clock.
    """
    before = clock.now
    clock.now = lambda: moment
    try:
        yield moment
    finally:
        clock.now = before
