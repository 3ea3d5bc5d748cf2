"""Both programs run from beginning to end, at a tiny size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def run(module: str, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", module, "--json", *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_the_bench_measures_both_acts_within_their_statements() -> None:
    figures = run("bench", "--tiny", "--databases", "sqlite", "--parts", "acts,lists")["figures"]
    measured = {figure["operation"]: figure for figure in figures}
    assert measured["receive a dossier"]["statements"] <= 11
    assert measured["complete a step"]["statements"] <= 6
    assert measured["find by code"]["statements"] == 1
    assert measured["worklist page, tab hom-nay"]["statements"] <= 3
    assert all(figure["product"] > 0 for figure in figures)


def test_nothing_is_lost_when_server_and_worker_are_killed() -> None:
    found = run("bench.faults", "--receptions", "40", "--kills", "3")
    assert found["problems"] == []
    assert found["acknowledged"] == found["dossiers"] == 40
    assert sum(found["killed"].values()) == 3
