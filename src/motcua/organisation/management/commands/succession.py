from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand
from motcua.organisation import actions
from motcua.organisation.errors import BadSuccession
from motcua.organisation.office_files import succession_file


class Command(BaseCommand):
    help = "Merge, split, rename or end units by a decision (JSON or workbook): open work goes to the successors."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file of the succession, as organisation/README.md describes it")
        parser.add_argument(
            "--dry-run", action="store_true", help="do it in a transaction that is rolled back, and tell"
        )
        parser.add_argument("--undo", action="store_true", help="put it back, while nothing depends on it")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            self.wrong(f"no such file: {path}")
        now, actor = clock.now(), Actor.system("motcua succession", via="command")
        try:
            file = succession_file(path.read_bytes(), name=path.name)
            report = actions.succeed(
                actor=actor, file=file, now=now, dry_run=options["dry_run"], undo=options["undo"]
            )
        except BadSuccession as refusal:
            self.finish({"problems": refusal.problems}, [*refusal.problems, str(refusal)], ok=False)
            return
        self.finish(report.to_dict(), lines_of(report), ok=not report.problems)


def lines_of(report: actions.SuccessionReport) -> list[str]:
    """The report for a terminal: totals first, then from unit to unit, then what is in the way."""
    lines = [
        f"{report.number}, {report.effective_on}: {report.state}",
        f"units: {report.units_recorded} recorded, {report.units_ended} ended, {report.units_created} created, "
        f"{report.units_renamed} renamed",
        *(f"{name}: {count}" for name, count in sorted(report.totals.items())),
    ]
    for row in report.rows:
        what = ", ".join(f"{name} {row[name]}" for name in row if name not in {"from", "to"})
        lines.append(f"  {row['from']} -> {row['to'] or '-'}: {what}")
    if report.before:
        lines.append(f"dossiers before: {report.before}")
        lines.append(f"dossiers after:  {report.after}")
    return [
        *lines,
        *(f"note: {note}" for note in report.notes),
        *(f"problem: {one}" for one in report.problems),
    ]
