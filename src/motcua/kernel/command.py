"""What every `motcua` command shares: `--json`, plain lines, and an exit code that means something."""

from __future__ import annotations

import json
import re
import sys
from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from motcua.kernel.errors import Refused

OK, PROBLEM, WRONG_USE = 0, 1, 2
DJANGOS = frozenset(
    {"version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks"}
)
NO_TABLE = re.compile(r"no such table|relation .* does not exist|unable to open database file")


class Command(BaseCommand):
    """Exit codes: 0 all well, 1 a problem was found, 2 the command was used wrongly."""

    requires_system_checks: list[str] = []
    leaves: tuple[str, str, str] = ("all well", "a problem was found", "the command was used wrongly")
    """What the exit codes 0, 1 and 2 mean; `--help` says it."""

    def add_arguments(self, parser: CommandParser) -> None:
        self.arguments(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's parser, with the name of the command as people type it, its exit codes, and without the options
        that only people who write Django need (they still work).
        """
        codes = "; ".join(f"{code} {meaning}" for code, meaning in enumerate(self.leaves))
        kwargs.setdefault("epilog", f"exit codes: {codes}")
        parser = super().create_parser(prog_name, subcommand.replace("_", "-"), **kwargs)
        for action in parser._actions:
            if action.dest in DJANGOS:
                action.help = SUPPRESS
        return parser

    def arguments(self, parser: ArgumentParser) -> None:
        """The command's own arguments."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.as_json = bool(options.get("json"))
        try:
            return super().execute(*args, **options)
        except Refused as refusal:
            self.wrong(refusal.message.source())
        except (OperationalError, ProgrammingError) as error:
            if not NO_TABLE.search(str(error)):
                raise
            self.wrong("The database has no tables yet: run `motcua migrate`, or start `motcua run`.")
        except CommandError as error:
            if error.returncode == 1:
                error.returncode = WRONG_USE
            raise
        return None

    def finish(self, data: dict[str, Any], lines: list[str], *, ok: bool = True) -> None:
        """Print the answer in the asked form and leave with 0 or 1."""
        if self.as_json:
            self.stdout.write(json.dumps({"ok": ok, **data}, ensure_ascii=False, default=str))
        else:
            self.stdout.write("\n".join(lines))
        self.stdout.flush()
        if not ok:
            sys.exit(PROBLEM)

    def wrong(self, sentence: str) -> None:
        """Say what was wrong with the call and leave with 2."""
        if self.as_json:
            self.stdout.write(json.dumps({"ok": False, "error": sentence}, ensure_ascii=False))
        else:
            self.stderr.write(sentence)
        sys.exit(WRONG_USE)
