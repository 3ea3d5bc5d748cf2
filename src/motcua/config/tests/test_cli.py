"""`motcua` in a folder that holds no installation: said in a sentence, and nothing is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def motcua(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DJANGO_"))}
    line = [sys.executable, "-m", "motcua.config.cli", *words]
    return subprocess.run(line, cwd=folder, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [["verify-audit"], ["work", "--once"], ["verify_audit"]])
def test_a_command_without_an_installation_says_so_and_writes_nothing(
    tmp_path: Path, words: list[str]
) -> None:
    said = motcua(tmp_path, *words)
    assert said.returncode == 2
    assert "there is no installation here" in said.stderr and "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_refusal_is_json_where_json_was_asked(tmp_path: Path) -> None:
    said = json.loads(motcua(tmp_path, "verify-audit", "--json").stdout)
    assert not said["ok"] and "MOTCUA_STATE_DIR" in said["error"]


def test_a_deadline_is_explained_without_an_installation(tmp_path: Path) -> None:
    words = ["--procedure", "1.004873", "--case", "phai-xac-minh", "--received", "2026-11-20T14:00"]
    said = motcua(tmp_path, "explain-deadline", *words)
    assert said.returncode == 0, said.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_writes_nothing_and_names_commands_as_they_are_typed(tmp_path: Path) -> None:
    assert "usage: motcua explain-deadline" in motcua(tmp_path, "explain-deadline", "--help").stdout
    assert motcua(tmp_path, "--help").returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_told_like_any_program_tells_it(tmp_path: Path) -> None:
    said = motcua(tmp_path, "--version")
    assert (said.returncode, said.stdout.split()[0]) == (0, "motcua")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "motcua.sqlite3").touch()
    said = motcua(tmp_path, "verify-audit")
    assert said.returncode == 2
    assert "no tables" in said.stderr and "Traceback" not in said.stderr
