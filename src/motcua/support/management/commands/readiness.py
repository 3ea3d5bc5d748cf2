from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from motcua.kernel import clock
from motcua.kernel.command import Command as BaseCommand
from motcua.support import queries, workbook
from motcua.support.queries_steps import province_steps


class Command(BaseCommand):
    help = "How far every unit is from receiving what it decides, and what to do next."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--xlsx", type=Path, help="write the workbook for the weekly meeting to this file"
        )
        parser.add_argument("--steps", type=int, default=10, help="how many next steps to print")

    def handle(self, *args: Any, **options: Any) -> None:
        board = queries.board(clock.now())
        if options["xlsx"]:
            options["xlsx"].write_bytes(workbook.write(board))
        steps = province_steps(board)[: max(options["steps"], 0)]
        states = sorted((s for s in board.units.values() if s.total), key=lambda s: (s.share, s.unit.code))
        data = {
            "procedures": len({item.procedure_id for item in board.items}),
            "pairs": board.total,
            "blocked": board.blocked,
            "doubtful": board.doubtful,
            "late": board.late,
            "units": [
                {"code": s.unit.code, "total": s.total, "blocked": s.blocked, "share": s.share}
                for s in states
            ],
            "next": [{"text": step.text().source(), "who": step.who} for step in steps],
        }
        lines = [
            f"{data['procedures']} procedures, {board.total} pairs with the units that decide them",
            f"{board.blocked} cannot be received, {board.doubtful} with something to settle, {board.late} late",
            *(f"- {step.text().source()} ({step.who})" for step in steps),
        ]
        self.finish(data, lines)
