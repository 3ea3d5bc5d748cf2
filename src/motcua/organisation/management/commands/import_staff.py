from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand
from motcua.organisation import actions
from motcua.organisation.errors import BadStaffList


class Command(BaseCommand):
    help = (
        "Create, move and close accounts and posts from a staff list (workbook, CSV); all of it or nothing."
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the staff list, with the columns of the template")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            self.wrong(f"no such file: {path}")
        try:
            report = actions.import_staff(
                actor=Actor.system("motcua import-staff", via="command"),
                data=path.read_bytes(),
                name=path.name,
                now=clock.now(),
                dry_run=options["dry_run"],
            )
        except BadStaffList as refusal:
            self.finish({"problems": refusal.problems}, [*refusal.problems, str(refusal)], ok=False)
            return
        lines = [f"{name}: {count}" for name, count in report.counts.items()]
        lines += [f"leaves {one['tasks']} tasks: {one['name']}, {one['unit']}" for one in report.leaving]
        if report.accounts:
            lines.append("one-time passwords, shown only now:")
            lines += [f"  {one.username}\t{one.password}\t{one.full_name}" for one in report.accounts]
        self.finish(asdict(report), [report.state, *lines])
