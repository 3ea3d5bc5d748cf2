"""What the two import commands share: opening the file, and saying what was read and what was not."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import NoReturn

from motcua.catalogue.types import ImportReport, SourceFinding
from motcua.catalogue.words import finding_words
from motcua.kernel.command import PROBLEM, Command

LARGEST = 64 * 1024 * 1024
"""Bytes after decompression. The whole national catalogue is 2 MB."""

SHOWN = 200
"""Findings printed as lines; `--json` has all of them."""


class SourceCommand(Command):
    """Base of the import commands."""

    def document(self, file: str) -> object:
        """The parsed file. Leaves with 2 when it cannot be opened, with 1 when it is not JSON."""
        try:
            data = self._bytes(Path(file))
        except (OSError, EOFError, zlib.error) as problem:
            self.wrong(f"Không mở được tệp {file}: {problem}")
            raise AssertionError("left above") from problem
        try:
            found: object = json.loads(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.refuse(f"Tệp {file} không phải là văn bản UTF-8; cần tệp JSON.")
        except (ValueError, RecursionError) as problem:
            self.refuse(f"Tệp {file} không phải là JSON đọc được: {problem}")
        return found

    def answer(self, report: ImportReport) -> None:
        """Print the report and leave with 0, or 1 when a row was refused."""
        kinds = Counter(finding.kind for finding in report.findings)
        lines = [
            f"{report.source}: {report.rows} dòng, {report.created} bản mới, {report.unchanged} không đổi, "
            f"{report.refused} không nạp được, {len(report.findings)} điều cần xem"
        ]
        lines += [f"  {n:5d}  {finding_words(kind)}" for kind, n in kinds.most_common()]
        refused = [finding for finding in report.findings if finding.kind == "row_refused"]
        others = [finding for finding in report.findings if finding.kind != "row_refused"]
        shown = [*refused, *others][:SHOWN]
        lines += [self._line(finding) for finding in shown]
        if len(report.findings) > len(shown):
            lines.append(f"… và {len(report.findings) - len(shown)} điều nữa (dùng --json để xem hết)")
        self.finish(
            {
                "source": report.source,
                "rows": report.rows,
                "created": report.created,
                "unchanged": report.unchanged,
                "refused": report.refused,
                "kinds": dict(kinds.most_common()),
                "findings": [self._data(finding) for finding in report.findings],
            },
            lines,
            ok=report.clean,
        )

    def refuse(self, sentence: str) -> NoReturn:
        """Say why nothing could be read and leave with 1."""
        if self.as_json:
            self.stdout.write(json.dumps({"ok": False, "error": sentence}, ensure_ascii=False))
        else:
            self.stderr.write(sentence)
        self.stdout.flush()
        sys.exit(PROBLEM)

    @staticmethod
    def name_of(file: str) -> str:
        """The file's own name, without compression's ending."""
        return Path(file).name.removesuffix(".gz")

    @staticmethod
    def _bytes(path: Path) -> bytes:
        if path.stat().st_size > LARGEST:
            raise OSError(f"tệp lớn hơn {LARGEST // 1024 // 1024} MB")
        data = path.read_bytes()
        if not data.startswith(b"\x1f\x8b"):
            return data
        with gzip.open(path) as packed:
            data = packed.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise OSError(f"tệp lớn hơn {LARGEST // 1024 // 1024} MB sau khi giải nén")
        return data

    @staticmethod
    def _line(finding: SourceFinding) -> str:
        where = " ".join(part for part in (finding.code, finding.field) if part)
        raw = f" [{finding.raw[:80]}]" if finding.raw else ""
        return f"- {where}: {finding.message.source()}{raw}"

    @staticmethod
    def _data(finding: SourceFinding) -> dict[str, str]:
        return {
            "code": finding.code,
            "name": finding.name,
            "field": finding.field,
            "kind": finding.kind,
            "message": finding.message.source(),
            "raw": finding.raw,
        }
