"""Keeping what an import did and doubted."""

from __future__ import annotations

from datetime import datetime

from motcua.catalogue.models import SourceFindingRow, SourceImport
from motcua.catalogue.rules.source_reading import storable
from motcua.catalogue.types import ImportReport, SourceFinding
from motcua.kernel.messages import Message


def store_findings(*, kind: str, report: ImportReport, digest: str, by: str, now: datetime) -> int:
    """Store an import with its findings in the caller's transaction; the import's id.

    The same document read again replaces the findings of its last reading instead of doubling them.
    """
    SourceImport.objects.filter(kind=kind, digest=digest).delete()
    row = SourceImport.objects.create(
        kind=kind,
        source=report.source[:255],
        digest=digest,
        at=now,
        by=by[:160],
        rows=report.rows,
        created=report.created,
        unchanged=report.unchanged,
        refused=report.refused,
    )
    SourceFindingRow.objects.bulk_create(
        [_row(row.pk, finding) for finding in report.findings], batch_size=1_000
    )
    return row.pk


def _row(import_id: int, finding: SourceFinding) -> SourceFindingRow:
    return SourceFindingRow(
        source_import_id=import_id,
        code=storable(finding.code)[:64],
        name=storable(finding.name),
        field=storable(finding.field)[:160],
        kind=finding.kind[:32],
        text=finding.message.text,
        params=_plain(finding.message),
        raw=storable(finding.raw),
    )


def _plain(message: Message) -> dict[str, str]:
    """The values of a message as text; a message inside a message in Vietnamese."""
    return {
        name: storable(value.source() if isinstance(value, Message) else str(value))
        for name, value in message.params.items()
    }
