from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand
from motcua.payments import actions
from motcua.payments.errors import BadCollectors


class Command(BaseCommand):
    help = "Collecting units and their bank accounts from a spreadsheet (.xlsx, .csv); all of it or nothing."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", help="a table with the columns of the template (docs/operations/payments.md)"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            self.wrong(f"no such file: {path}")
        try:
            report = actions.import_collectors(
                actor=Actor.system("motcua import-collectors", via="command"),
                data=path.read_bytes(),
                name=path.name,
                now=clock.now(),
                dry_run=options["dry_run"],
            )
        except BadCollectors as refusal:
            self.finish({"problems": refusal.problems}, [*refusal.problems, str(refusal)], ok=False)
            return
        said = {name: value for name, value in asdict(report).items() if name != "rows"}
        self.finish(said, [f"{name}: {count}" for name, count in said.items()])
