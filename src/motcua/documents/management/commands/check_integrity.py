"""`motcua check-integrity`: stored files and their rows agree, or it says where they do not."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from motcua.documents import integrity
from motcua.documents.actions import sweep_orphans
from motcua.kernel import clock
from motcua.kernel.command import Command as BaseCommand


class Command(BaseCommand):
    help = (
        "Check that every stored file has its content with the right size and SHA-256, that every "
        "content has a row, "
        "that no upload was left half done, that every reference leads to a file, and that signed letters "
        "are the letters that were issued with their signatures whole."
    )
    leaves = ("rows and files agree", "something disagrees (all of it is said)", "used wrongly")

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--quick", action="store_true", help="compare sizes only: hash no contents, check no signatures"
        )
        parser.add_argument(
            "--repair",
            action="store_true",
            help=(
                "first put content without a row, older than a day, into the trash folder and "
                "clear old temporary files"
            ),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        now = clock.now()
        swept = sweep_orphans(now=now) if options["repair"] else None
        report = integrity.check(now=now, hashes=not options["quick"])
        lines = [
            f"rows {report.rows}, contents {report.blobs} ({report.bytes} bytes), "
            f"under way {report.under_way}, in the trash {report.trashed}, "
            f"files nobody points at {report.unreferenced}, signed letters {report.signed}"
        ]
        if swept is not None:
            lines.append("repair: " + ", ".join(f"{name} {count}" for name, count in swept.items()))
        lines += [f"{finding.problem}: {finding.what}" for finding in report.findings]
        lines.append("OK" if report.ok else f"PROBLEMS: {report.count}")
        self.finish(asdict(report) | {"swept": swept}, lines, ok=report.ok)
