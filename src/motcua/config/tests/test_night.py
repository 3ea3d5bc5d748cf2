"""`motcua rehearse-night`: a small night from the afternoon to the morning, in an installation of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

SMALL = ["--dossiers", "60", "--lines", "25", "--procedures", "30", "--communes", "4"]


def night(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DJANGO_"))}
    given["MOTCUA_STATE_DIR"] = str(folder)
    if connection.vendor == "postgresql":
        given["MOTCUA_DATABASE_URL"] = settings.DATABASE_URL
    line = [sys.executable, "-m", "motcua.config.cli", "rehearse-night", *words]
    return subprocess.run(line, env=given, capture_output=True, text=True, check=False, timeout=900)


@pytest.mark.slow
def test_a_small_night_comes_to_its_morning_and_touches_nothing_else(tmp_path: Path) -> None:
    done = night(tmp_path, *SMALL)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["ok"] and found["failures"] == [] and found["database"] == connection.vendor
    assert found["broken_rows"] == {"made": 12, "reported": 12}
    assert sum(found["lines"].values()) == 25
    assert found["counter_over_midnight"]["first"] == 409 and found["counter_over_midnight"]["then"] == 302
    before, after = found["counts_before"], found["counts_after"]
    stopped = sum(found["stopped_by_decision"].values())
    assert before["total"] == after["total"] == found["numbers_found"] == 61  # one was received at 00:03
    assert after["stopped"] - before["stopped"] == stopped
    assert found["moved"] == found["dry_run"] and {"convert", "ask", "finish"} <= set(found["moved"])
    assert sum(found["moved"].values()) >= found["killed_after"] > 0
    assert found["rehearsals"][-1]["failed"] == 0
    assert found["peak_mb"] > 0 and found["seconds"]["succession carried out"] > 0
    assert list(tmp_path.iterdir()) == []


def test_a_night_of_no_size_is_refused(tmp_path: Path) -> None:
    said = night(tmp_path, "--dossiers", "1")
    assert said.returncode == 2 and "--dossiers phải từ 50 đến 100000" in said.stderr
    assert list(tmp_path.iterdir()) == []
