from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand
from motcua.payments import actions
from motcua.payments.queries import statements as queries
from motcua.payments.rules.statements import StatementRead


class Command(BaseCommand):
    help = "Take in a bank statement (CSV, XLSX, camt.053) and book what is certain; again changes nothing."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the statement as the bank exported it")
        parser.add_argument("--account", required=True, help="number of the unit's account")
        parser.add_argument(
            "--layout", default="", help="how columns are read (vietcombank, bidv, …); else found out"
        )
        parser.add_argument("--dry-run", action="store_true", help="only read and say what was read")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            data = file.read_bytes()
        except OSError as error:
            self.wrong(f"{file}: {error.strerror}")
        actor = Actor.system("motcua import-statement", via="command")
        said: dict[str, Any] = {
            "actor": actor,
            "account_id": queries.account_by_number(options["account"]),
            "name": file.name,
            "data": data,
            "layout": options["layout"],
        }
        read = queries.read_for(**said)
        if options["dry_run"] or not read.clean:
            self._finish_read(read)
            return
        done = actions.import_statement(**said, now=clock.now())
        settled = actions.settle_automatic(actor=actor, account_id=said["account_id"], now=clock.now())
        told = {
            "layout": read.layout,
            "lines": len(read.lines),
            "new": done.new,
            "known": done.known,
            "repeated": done.repeated,
            "booked": settled["booked"],
            "proposed": done.proposed + settled["left"],
            "total": read.total,
        }
        lines = [
            f"{told['lines']} credits of {read.total} đồng ({read.layout}): {done.new} new, {done.known} known",
            f"{settled['booked']} booked, {told['proposed']} proposed, the rest waits",
        ]
        self.finish(told, lines)

    def _finish_read(self, read: StatementRead) -> None:
        problems = [{"cell": note.cell, "problem": note.message.source()} for note in read.problems]
        remarks = [{"cell": note.cell, "remark": note.message.source()} for note in read.remarks]
        told = {
            "layout": read.layout,
            "lines": len(read.lines),
            "total": read.total,
            "debits": read.debits,
            "problems": problems,
            "remarks": remarks,
        }
        lines = [
            f"{len(read.lines)} credits of {read.total} đồng ({read.layout}), {read.debits} debits left out",
            *(f"{one['cell']}: {one['problem']}" for one in problems),
            *(f"{one['cell']}: {one['remark']}" for one in remarks),
        ]
        self.finish(told, lines, ok=read.clean)
