"""`motcua check-signature`: who signed a PDF, when, whether it is whole, and who stands behind it."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from motcua.documents.signing import signers
from motcua.kernel import clock
from motcua.kernel.command import Command as BaseCommand


class Command(BaseCommand):
    help = (
        "Check the signatures of a PDF: who, when, unchanged, trusted by which authority. Exit code 1 when there is "
        "none, or one that is broken, changed afterwards or not trusted."
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the PDF")
        parser.add_argument(
            "--ca",
            type=Path,
            action="append",
            default=[],
            help="PEM file with trusted authorities, instead of MOTCUA_SIGNING_CA; may be repeated",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        from motcua.documents.signing import checking

        path, authorities = options["file"], options["ca"] or signers.authorities()
        try:
            content = path.read_bytes()
        except OSError as error:
            self.wrong(f"{path}: {error.strerror}")
        try:
            report = checking.check(content, authorities=authorities, now=clock.now())
        except checking.NotReadable as error:
            self.wrong(f"{path}: no PDF that can be read ({error})")
        except (OSError, ValueError) as error:
            self.wrong(f"the authorities cannot be read: {error}")
        data = {
            "signatures": [asdict(one) | {"ok": one.ok} for one in report.signatures],
            "whole_file_covered": report.covered,
            "authorities": [str(one) for one in authorities],
        }
        lines = [_line(one) for one in report.signatures] or ["no signature"]
        if report.signatures and not report.covered:
            lines.append("something was added after the last signature")
        if report.signatures and not authorities:
            lines.append("no authority is trusted here: set MOTCUA_SIGNING_CA or give --ca")
        self.finish(data, [*lines, "OK" if report.ok else "PROBLEMS"], ok=report.ok)


def _line(seen: Any) -> str:
    parts = [
        f"{seen.field}: {seen.name}" + (f" ({seen.organisation})" if seen.organisation else ""),
        f"serial {seen.serial}, issued by {seen.issuer}",
        f"signed {_moment(seen.at)}" + (f", time-stamp {_moment(seen.timestamp)}" if seen.timestamp else ""),
        "intact" if seen.intact else "BROKEN",
        "CHANGED AFTERWARDS" if seen.changed else "",
        f"trusted through {seen.authority}" if seen.trusted else f"NOT TRUSTED {seen.problem}".strip(),
        "demo certificate, worth nothing" if seen.demo else "",
    ]
    return "; ".join(part for part in parts if part)


def _moment(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M:%S %z}" if at else "at no stated time"
