from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from motcua.catalogue import queries
from motcua.catalogue.rules.instants import read_instant
from motcua.catalogue.rules.matrix_problems import Problem
from motcua.kernel import clock
from motcua.kernel.command import Command as BaseCommand

SHOWN = 100


class Command(BaseCommand):
    help = (
        "Check that each procedure has one decider, or says not here, for each unit; name holes and overlaps"
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at",
            default="",
            help="the instant asked about (2025-07-01 or 2025-07-01T00:00:00), now without it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = read_instant(options["at"]) if options["at"] else clock.now()
        if at is None:
            self.wrong(f"“{options['at']}” is no instant: write 2025-07-01 or 2025-07-01T00:00:00.")
            return
        started = time.perf_counter()
        report = queries.matrix.check(at)
        seconds = round(time.perf_counter() - started, 2)
        lines = [
            f"{report.procedures} thủ tục x {report.units} đơn vị = {report.pairs} cặp ({seconds} giây): "
            f"{report.decided} có nơi giải quyết, {report.not_here} không làm ở đó, {report.undecided} chưa rõ"
        ]
        lines += [f"LỖ HỔNG {_line(hole)}" for hole in report.holes[:SHOWN]]
        lines += [f"CHỒNG LẤN {_line(overlap)}" for overlap in report.overlaps[:SHOWN]]
        lines.append(
            f"{len(report.holes)} lỗ hổng, {len(report.overlaps)} chồng lấn, "
            f"{len(report.gaps)} khoảng trống giữa các phiên bản"
        )
        data = {
            "at": clock.local(at).isoformat(),
            "procedures": report.procedures,
            "units": report.units,
            "pairs": report.pairs,
            "decided": report.decided,
            "not_here": report.not_here,
            "undecided": report.undecided,
            "seconds": seconds,
            "holes": [_data(hole) for hole in report.holes],
            "overlaps": [_data(overlap) for overlap in report.overlaps],
            "gaps": [
                {"code": found.code, "from": found.gap.starts.isoformat(), "to": found.gap.ends.isoformat()}
                for found in report.gaps
            ],
        }
        self.finish(data, lines, ok=report.ok)


def _line(problem: Problem) -> str:
    where = "mọi đơn vị" if problem.everywhere else "; ".join(problem.units[:5])
    more = (
        f" và {len(problem.units) - 5} nơi khác" if not problem.everywhere and len(problem.units) > 5 else ""
    )
    rule = f" [{problem.rule}{': ' + problem.source if problem.source else ''}]" if problem.rule else ""
    return f"{problem.code or '—'} {problem.name}: {problem.text.source()} ({where}{more}){rule}"


def _data(problem: Problem) -> dict[str, Any]:
    names = ("code", "name", "case_key", "units", "everywhere", "rule", "source")
    return {
        "kind": problem.kind.value,
        "text": problem.text.source(),
        **{name: getattr(problem, name) for name in names},
    }
