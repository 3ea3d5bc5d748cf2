from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings

from motcua.config.night.place import own_place
from motcua.config.night.size import Size
from motcua.kernel.command import PROBLEM
from motcua.kernel.command import Command as BaseCommand
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg

WHOLE = Size()
LEAST = {"dossiers": 50, "lines": 15}
MOST = {"dossiers": 100_000, "lines": 2_000}


class Command(BaseCommand):
    help = (
        "Rehearse the night of 30 June to 1 July 2025: a decision of 1,500 lines published, 313 old communes becoming "
        "99, 10,000 dossiers under way. Works in an installation of its own, made for it and thrown away; yours is "
        "not touched. The last line is one JSON object."
    )
    leaves = ("everything held", "something did not hold", "used wrongly")

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dossiers", type=int, default=WHOLE.dossiers, help="dossiers (default 10000)")
        parser.add_argument(
            "--lines", type=int, default=WHOLE.lines, help="lines of the decision (default 1500)"
        )
        parser.add_argument(
            "--procedures", type=int, default=None, help="only so many of each source (trials)"
        )
        parser.add_argument("--communes", type=int, default=None, help="only so many old communes (trials)")
        parser.add_argument("--keep", action="store_true", help="leave the installation, and say where it is")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, least in LEAST.items():
            if not least <= options[name] <= MOST[name]:
                raise Invalid(
                    msg("--%(name)s phải từ %(least)s đến %(most)s.", name=name, least=least, most=MOST[name])
                )
        size = Size(**{name: options[name] for name in asdict(WHOLE)})
        with own_place(settings.DATABASE_URL, keep=options["keep"]) as environment:
            if options["keep"]:
                self.stderr.write(
                    f"MOTCUA_STATE_DIR={environment['MOTCUA_STATE_DIR']} "
                    f"MOTCUA_DATABASE_URL={environment['MOTCUA_DATABASE_URL']}"
                )
            command = [sys.executable, "-m", "motcua.config.night", "run", json.dumps(asdict(size))]
            night = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
            try:
                told, _nothing = night.communicate()
            finally:
                if night.poll() is None:  # whoever ends this command ends the night
                    night.kill()
                    night.wait()
        last = told.strip().splitlines()[-1:] or [
            json.dumps({"ok": False, "error": "the night came to no end"})
        ]
        self.stdout.write(last[0])
        self.stdout.flush()
        if night.returncode:
            sys.exit(PROBLEM)
