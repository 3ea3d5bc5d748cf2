"""Looking at running processes through /proc: children, and the processor time they have used."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def children_of(pid: int) -> list[int]:
    """Ids of the direct children of a process, oldest first."""
    found = []
    for entry in Path("/proc").iterdir():
        fields = _stat(int(entry.name)) if entry.name.isdigit() else None
        if fields is not None and int(fields[1]) == pid:
            found.append((int(fields[19]), int(entry.name)))
    return [number for _started, number in sorted(found)]


def cpu_seconds(pid: int) -> float:
    """Processor time used by a process and those of its children that still run."""
    return sum(_own_seconds(number) for number in (pid, *children_of(pid)))


def _own_seconds(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICK if fields is not None else 0.0


def _stat(pid: int) -> list[str] | None:
    """The fields after the name: state, parent, …; None when the process is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()
