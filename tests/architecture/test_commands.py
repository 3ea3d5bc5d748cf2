"""Every command explains itself, speaks JSON, and leaves with a code that means something."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
from django.core.management import get_commands, load_command_class

from motcua.kernel.command import Command as ProductCommand
from tests.architecture.source import ROOT

OURS = sorted(name for name, app in get_commands().items() if str(app).startswith("motcua."))

# The commands the first release promises (README, docs/operations).
PROMISED = {
    "run",
    "setup",
    "work",
    "verify_audit",
    "check_integrity",
    "import_procedures",
    "import_processes",
    "run_process",
    "explain_deadline",
    "simulate_day",
    "rehearse_night",
    "check_messages",
    "make_messages",
    "load_province",
}


def test_every_promised_command_is_there() -> None:
    assert sorted(PROMISED - set(OURS)) == []


@pytest.mark.parametrize("name", OURS)
def test_command_has_help_json_and_the_common_exit_codes(name: str) -> None:
    command = load_command_class(str(get_commands()[name]), name)
    assert isinstance(command, ProductCommand), "start from motcua.kernel.command.Command"
    assert command.help.strip(), "say in one sentence what it does"
    parser = command.create_parser("motcua", name)
    told = " ".join(parser.format_help().split())
    assert "--json" in told
    assert "exit codes: 0 " in told and "; 1 " in told and "; 2 " in told
    assert "--pythonpath" not in told, "options of Django hide the command's own"
    for action in parser._actions:
        assert action.help, f"{name}: {action.dest} has no help"


def test_a_command_that_is_not_there_is_wrong_use() -> None:
    line = [sys.executable, "-m", "motcua.config.cli", "no-such-command"]
    asked = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert "no-such-command" in asked.stderr


def test_command_names_do_not_collide() -> None:
    modules = [import_module(f"{get_commands()[name]}.management.commands.{name}") for name in OURS]
    assert len({module.__name__ for module in modules}) == len(OURS)
