from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from motcua.catalogue.queries import changes
from motcua.dossiers.actions.rehearse import RehearsalReport, rehearse
from motcua.dossiers.rules.rehearsal import KIND_WORDS, FailureKind
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand

SHOWN = 20
"""Failures printed in full for each kind."""
PHASES = {"before": "bản trước", "check": "xét cấu hình", "real": "chạy hồ sơ thật"}
TOLD_EVERY = 250


class Command(BaseCommand):
    help = (
        "Rehearse a change-set as if it were published, or the catalogue as it stands: every unit, every branch, by "
        "the real acts, then taken back."
    )
    leaves = ("everything would work", "something would not", "used wrongly")

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--procedure", default="", metavar="CODE", help="only the procedure of this code")
        parser.add_argument(
            "--change-set", default="", metavar="NUMBER", help="number of a drafted or approved change-set"
        )
        parser.add_argument("--unit", default="", metavar="CODE", help="only what this unit receives")

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["change_set"]
        report = rehearse(
            actor=Actor.system("motcua rehearse", via="command"),
            now=clock.now(),
            change_set_id=changes.change_set(number).id if number else None,
            procedure=options["procedure"],
            unit=options["unit"],
            progress=None if self.as_json else self.tell,
        )
        self.finish(as_data(report, number), as_lines(report, number), ok=report.green)

    def tell(self, phase: str, done: int, of: int) -> None:
        """Progress for a person who watches; silent in a pipe."""
        if done % TOLD_EVERY == 0 and done and sys.stderr.isatty():
            self.stderr.write(f"  {PHASES.get(phase, phase)}: {done}/{of}")


def as_data(report: RehearsalReport, number: str) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "rehearsal": report.id,
        "change_set": number,
        "digest": report.digest,
        "seconds": report.seconds,
        "procedures": report.procedures,
        "units": report.units,
        "trials": report.trials,
        "real": report.real,
        "by_class": report.trials - report.real,
        "failed": report.failed,
        "passed": {why: len(codes) for why, codes in report.passed.items()},
        "failures": [
            {
                "kind": failure.kind.value,
                "message": failure.message.source(),
                "unit_id": failure.where.unit_id,
                "role": failure.where.role,
                "case": failure.where.case_key,
                "procedures": failure.codes,
                "count": failure.count,
            }
            for failure in report.failures
        ],
    }


def as_lines(report: RehearsalReport, number: str) -> list[str]:
    """The report for people, in Vietnamese, grouped by what is to be done."""
    what = f"gói {number}" if number else "danh mục hiện hành"
    lines = [
        f"Diễn tập {what}: {report.procedures} thủ tục, {report.units} nơi tiếp nhận, {report.seconds} giây.",
        f"Đã thử {report.trials} lần: {report.real} hồ sơ chạy thật, "
        f"{report.trials - report.real} theo nhóm đơn vị như nhau.",
    ]
    for kind in FailureKind:
        found = [failure for failure in report.failures if failure.kind is kind]
        if not found:
            continue
        title, advice = KIND_WORDS[kind]
        lines.append(f"ĐỎ · {title.source()} ({len(found)}): {advice.source()}")
        lines += [f"  - {failure.message.source()} (×{failure.count})" for failure in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"  … và {len(found) - SHOWN} điều nữa, xem trang /dien-tap/.")
    lines += [f"Không phải diễn tập ({len(codes)}): {why}" for why, codes in report.passed.items()]
    lines.append("XANH: mọi lần thử đều đạt." if report.green else f"ĐỎ: {report.failed} lần thử không đạt.")
    return lines
