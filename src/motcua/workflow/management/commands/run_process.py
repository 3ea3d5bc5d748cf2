"""`motcua run-process CODE`: walk every branch of a process on the real engine."""

from __future__ import annotations

import json
import string
from argparse import ArgumentParser
from typing import Any

from motcua.kernel.command import Command as Base
from motcua.workflow import queries
from motcua.workflow.rules.checks import check, has_errors
from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.rules.drawing import as_table
from motcua.workflow.rules.source_tables import read_file
from motcua.workflow.rules.walk import Path, walk
from motcua.workflow.rules.words import span_text, totals_text


class Command(Base):
    help = (
        "Walk every branch of a process on the real engine: steps, performers, limits, sums, findings. CODE is the "
        "key of a process or the code of a procedure. Published processes are looked at first, then the tables that "
        "come with the product."
    )
    leaves = (
        "every branch reaches its end",
        "the checks found errors, or a branch ends nowhere",
        "no process of that code",
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "code", metavar="CODE", help="process key (bn-1582-1) or procedure code (1.009645)"
        )
        parser.add_argument(
            "--most", type=int, default=50, help="paths to print (default 50); all are walked"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = find(options["code"])
        if not found:
            self.wrong(
                f"Không có quy trình nào mang mã hoặc phục vụ thủ tục {options['code']}. Thủ tục chưa có quy trình "
                "riêng chạy theo quy trình chung: chung-xa hoặc chung-tinh."
            )
        reports = [_Report(definition) for definition in found]
        lines: list[str] = []
        for report in reports:
            lines += [*report.lines(options["most"]), ""]
        data = {"processes": [report.data() for report in reports]}
        self.finish(data, lines[:-1], ok=all(report.ok for report in reports))


def find(code: str) -> list[ProcessDefinition]:
    """Definitions for a key or a procedure code: published ones, else those carried with the product."""
    published = [queries.process(version.pk) for version in queries.versions_for_code(code)]
    if published:
        return published
    carried = read_file(json.loads(queries.CARRIED.read_text(encoding="utf-8"))).definitions
    by_key = [definition for definition in carried if definition.key == code]
    return by_key or [d for d in carried if queries.serves(d.procedure_codes, code)]


def _letter(position: int, of: int) -> str:
    """What tells one way out of a step from the others; nothing where there is only one."""
    letters = string.ascii_lowercase
    return letters[position % len(letters)] * (position // len(letters) + 1) if of > 1 else ""


def _marks(definition: ProcessDefinition) -> dict[tuple[str, str], str]:
    """How a line names a step and the way taken there: `7b` is the second way of step 7."""
    return {
        (step.key, outcome.key): f"{number}{_letter(position, len(step.outcomes))}"
        for number, step in enumerate(definition.steps, 1)
        for position, outcome in enumerate(step.outcomes)
    }


class _Report:
    def __init__(self, definition: ProcessDefinition) -> None:
        self.definition = definition
        self.findings = check(definition)
        self.walked = walk(definition)
        self.straight = walk(definition, loops=0)

    @property
    def ok(self) -> bool:
        ended = all(path.returned and path.finished for path in self.walked.paths)
        return ended and not has_errors(self.findings)

    def data(self) -> dict[str, Any]:
        definition = self.definition
        return {
            "key": definition.key,
            "title": definition.title,
            "procedure_codes": list(definition.procedure_codes),
            "limit": span_text(definition.limit).source() if definition.limit else None,
            "sum": totals_text(self.straight.longest).source(),
            "steps": [
                {
                    "number": row.number,
                    "key": row.key,
                    "name": row.name,
                    "kind": step.kind.value,
                    "performer": row.performer,
                    "role": step.role,
                    "unit": step.unit_ref.which.value,
                    "time": row.time,
                    "counted": step.counted,
                    "ways": list(row.ways),
                }
                for row, step in zip(as_table(definition), definition.steps, strict=True)
            ],
            "paths": [self._path(path) for path in self.walked.paths],
            "truncated": self.walked.truncated,
            "findings": [
                {"severity": f.severity, "code": f.code, "step": f.step_key, "message": f.message.source()}
                for f in self.findings
            ],
        }

    def _path(self, path: Path) -> dict[str, Any]:
        return {
            "steps": [list(pair) for pair in path.steps],
            "total": totals_text(path.total).source(),
            "returned": path.returned,
            "finished": path.finished,
            "stuck": path.stuck.message.source() if path.stuck else None,
        }

    def lines(self, most: int) -> list[str]:
        definition = self.definition
        limit = span_text(definition.limit).source() if definition.limit else "không ghi"
        lines = [
            f"{definition.key}: {definition.title}"
            + (f" ({definition.branch})" if definition.branch else ""),
            f"  Thời hạn: {limit}; các bước cộng lại: {totals_text(self.straight.longest).source()}",
        ]
        for row in as_table(definition):
            lines.append(f"  {row.number:>2}. {row.name}")
            lines.append(f"      {row.performer} | {row.time}")
            for position, way in enumerate(row.ways):
                letter = _letter(position, len(row.ways))
                lines.append(f"      -> {letter}) {way}" if letter else f"      -> {way}")
        lines.append(f"  Đã chạy {len(self.walked.paths)} nhánh trên máy quy trình:")
        marks = _marks(definition)
        for path in self.walked.paths[:most]:
            trail = " ".join(marks[pair] for pair in path.steps)
            end = (
                path.stuck.message.source()
                if path.stuck
                else "tới cùng"
                if path.returned
                else "không trả kết quả"
            )
            lines.append(f"    {trail} | {totals_text(path.total).source()} | {end}")
        if len(self.walked.paths) > most:
            lines.append(f"    … và {len(self.walked.paths) - most} nhánh nữa (--most)")
        names = {"error": "LỖI", "warning": "Lưu ý", "info": "Ghi nhận"}
        lines += [f"  {names[f.severity]}: {f.message.source()} [{f.code}]" for f in self.findings]
        if not self.findings:
            lines.append("  Kiểm tra: đạt.")
        return lines
