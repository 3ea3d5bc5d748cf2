"""A system under faults leaves nothing behind, not even where it never became ready."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.faults import system
from bench.place import SQLITE, Place

IDLE = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_what_was_started_ends_when_the_server_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    def never(_port: int) -> None:
        raise TimeoutError("not ready")

    def start(self: system.System, command: list[str]) -> object:
        started.append(begin(self, IDLE))
        return started[-1]

    begin = system.System._start
    monkeypatch.setattr(system, "wait_until_ready", never)
    monkeypatch.setattr(system.System, "_start", start)
    with pytest.raises(TimeoutError):
        system.System(Place(SQLITE, tmp_path, f"sqlite:///{tmp_path / 'motcua.sqlite3'}"))
    assert len(started) == 2
    assert [process.poll() is None for process in started] == [False, False]
