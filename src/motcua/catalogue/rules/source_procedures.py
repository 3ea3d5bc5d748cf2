"""Reading the source files of procedures: the detailed document and the compact catalogue of the portal
crawl.

Pure. `read_document` takes any JSON document of these two shapes and gives definitions plus findings; a
row that cannot become a procedure is refused with its reason, and the rest is still read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from motcua.catalogue.rules.source_compact import read_compact
from motcua.catalogue.rules.source_detailed import read_detailed
from motcua.catalogue.rules.source_reading import RowRefused, raw_text
from motcua.catalogue.types import ProcedureDefinition, SourceFinding
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import fold


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What a document says: definitions in source order, findings, and how many rows were refused."""

    source: str
    rows: int
    definitions: tuple[ProcedureDefinition, ...]
    findings: tuple[SourceFinding, ...]
    refused: int


_KNOWN_TOP = frozenset({"schema_note", "snapshot", "count", "procedures", "source", "rows", "note"})


def read_document(document: object, *, name: str = "") -> ReadDocument:
    """Definitions and findings of a document; raises `Invalid` when it has neither known shape."""
    if not isinstance(document, Mapping):
        raise Invalid(
            msg("Tệp phải là một đối tượng JSON có danh sách “procedures” hoặc “rows”."), field="document"
        )
    detailed = "procedures" in document
    rows = document.get("procedures") if detailed else document.get("rows")
    if not isinstance(rows, list):
        raise Invalid(
            msg(
                "Không tìm thấy danh sách thủ tục: cần trường “procedures” (chi tiết) hoặc “rows” (dạng gọn)."
            ),
            field="procedures",
        )
    reader = _Reader(detailed)
    for index, row in enumerate(rows, 1):
        reader.read(index, row)
    findings = [*_about_document(document, len(rows)), *reader.findings, *_doubles(reader.definitions)]
    definitions = [_resolved(d, reader.definitions) for d in _without_second_codes(reader.definitions)]
    refused = reader.refused + len(reader.definitions) - len(definitions)
    return ReadDocument(
        source=name or str(document.get("source") or document.get("snapshot") or ""),
        rows=len(rows),
        definitions=tuple(definitions),
        findings=tuple(findings),
        refused=refused,
    )


_AS_OTHER = re.compile(r"^như (\d\.\d{6})$")


def _resolved(definition: ProcedureDefinition, known: Sequence[ProcedureDefinition]) -> ProcedureDefinition:
    """A limit noted "như 1.011441" takes the cut-off and the start of that procedure, when the limit is
    the same.
    """
    codes = [found.group(1) for note in definition.limit_notes if (found := _AS_OTHER.match(note))]
    other = next((d for d in known if codes and d.code == codes[0]), None)
    if other is None or other.limit is None or definition.limit is None:
        return definition
    if other.limit.phases != definition.limit.phases:
        return definition
    limit = replace(definition.limit, cutoff=other.limit.cutoff, starts=other.limit.starts)
    return replace(definition, limit=limit)


class _Reader:
    """Collects definitions and findings row by row."""

    def __init__(self, detailed: bool) -> None:
        self._read = read_detailed if detailed else read_compact
        self.definitions: list[ProcedureDefinition] = []
        self.findings: list[SourceFinding] = []
        self.refused = 0

    def read(self, index: int, row: object) -> None:
        if not isinstance(row, Mapping):
            self._refuse(
                SourceFinding(
                    "",
                    f"[{index}]",
                    "row_refused",
                    msg("Dòng %(row)s không phải là một thủ tục.", row=index),
                    raw_text(row),
                )
            )
            return
        try:
            definition, findings = self._read(row, index)
        except RowRefused as refusal:
            self._refuse(refusal.finding)
            return
        self.definitions.append(definition)
        self.findings.extend(findings)

    def _refuse(self, finding: SourceFinding) -> None:
        self.refused += 1
        self.findings.append(finding)


def _about_document(document: Mapping[str, Any], rows: int) -> list[SourceFinding]:
    found = [
        SourceFinding(
            "",
            str(key),
            "unknown_key",
            msg("Không hiểu trường “%(key)s” của nguồn; chưa dùng đến.", key=str(key)),
            raw_text(document[key]),
        )
        for key in document
        if key not in _KNOWN_TOP
    ]
    count = document.get("count")
    if count is not None and count != rows:
        found.append(
            SourceFinding(
                "",
                "count",
                "count_differs",
                msg("Tệp nói có %(count)s thủ tục nhưng có %(rows)s dòng.", count=count, rows=rows),
                raw_text(count),
            )
        )
    return found


def _doubles(definitions: Sequence[ProcedureDefinition]) -> list[SourceFinding]:
    """Codes used twice (the second row is refused) and names used by several procedures."""
    found: list[SourceFinding] = []
    codes = Counter(d.display_code for d in definitions if d.display_code)
    for code, times in codes.items():
        if times > 1:
            found.append(
                SourceFinding(
                    code,
                    "code",
                    "code_duplicate",
                    msg("Mã %(code)s có %(times)s dòng; chỉ nạp dòng đầu.", code=code, times=times),
                    code,
                )
            )
    names: dict[str, list[ProcedureDefinition]] = {}
    for definition in definitions:
        names.setdefault(fold(definition.name), []).append(definition)
    for group in names.values():
        if len(group) > 1:
            listed = ", ".join(d.display_code or "—" for d in group)
            found.append(
                SourceFinding(
                    group[0].display_code,
                    "name",
                    "name_duplicate",
                    msg("%(times)s thủ tục cùng tên: %(codes)s.", times=len(group), codes=listed),
                    group[0].name,
                    group[0].name,
                )
            )
    return found


def _without_second_codes(definitions: Sequence[ProcedureDefinition]) -> list[ProcedureDefinition]:
    seen: set[str] = set()
    kept: list[ProcedureDefinition] = []
    for definition in definitions:
        key = definition.display_code or f"name:{fold(definition.name)}"
        if key in seen:
            continue
        seen.add(key)
        kept.append(definition)
    return kept
