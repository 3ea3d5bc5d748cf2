"""What the imports did and doubted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from motcua.catalogue.models import SourceFindingRow, SourceImport
from motcua.catalogue.types import SourceFinding
from motcua.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of findings about the sources."""

    rows: tuple[SourceFinding, ...]
    total: int


def findings(*, kind: str = "", code: str = "", offset: int = 0, limit: int = 50) -> Findings:
    """What the sources got wrong, newest import first (two statements)."""
    rows = SourceFindingRow.objects.order_by("-source_import_id", "id")
    if kind:
        rows = rows.filter(kind=kind)
    if code:
        rows = rows.filter(code=code)
    page = rows[offset : offset + limit]
    return Findings(
        tuple(
            SourceFinding(row.code, row.field, row.kind, Message(row.text, row.params), row.raw, row.name)
            for row in page
        ),
        rows.count(),
    )


def finding_kinds() -> list[tuple[str, int]]:
    """How many findings there are of each kind, the most frequent first (one statement)."""
    counted = SourceFindingRow.objects.order_by().values_list("kind").annotate(n=Count("id"))
    return sorted(((kind, n) for kind, n in counted), key=lambda pair: (-pair[1], pair[0]))


def imports() -> list[SourceImport]:
    """The imports of sources, newest first (one statement)."""
    return list(SourceImport.objects.order_by("-id")[:20])
