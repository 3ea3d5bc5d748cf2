"""Do rows and files agree? Every row's content is hashed, every content is looked for among the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Exists, OuterRef, QuerySet

from motcua.documents import blobs
from motcua.documents.actions.files import known_hashes
from motcua.documents.models import Signing, StoredFile
from motcua.documents.references import references

UNDER_WAY = timedelta(hours=1)
"""An upload this young may still be waiting for its row; it is counted, not reported."""
SHOWN = 200


@dataclass(slots=True)
class Finding:
    """One disagreement: what (`missing`, `size`, `hash`, `orphan`, `leftover`, `dangling`, `misplaced`; of signed
    letters `paper`: not the letter that was issued, `signature`: broken, changed or not the one in the row) and where.
    """

    problem: str
    what: str


@dataclass(slots=True)
class IntegrityReport:
    """Counts, and the first findings of each run; `count` has them all."""

    rows: int = 0
    blobs: int = 0
    bytes: int = 0
    under_way: int = 0
    trashed: int = 0
    unreferenced: int = 0
    signed: int = 0
    count: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.count

    def add(self, problem: str, what: str) -> None:
        self.count[problem] = self.count.get(problem, 0) + 1
        if len(self.findings) < SHOWN:
            self.findings.append(Finding(problem, what))


def check(*, now: datetime, hashes: bool = True) -> IntegrityReport:
    """Compare database and blob store, streaming both. `hashes=False` compares sizes only."""
    report = IntegrityReport()
    for row in StoredFile.objects.order_by("id").iterator(chunk_size=500):
        report.rows += 1
        _check_row(row, report, hashes)
    for batch in blobs.batches(blobs.all_blobs()):
        _check_blobs(batch, report, now)
    for path in blobs.leftovers():
        if blobs.age(path, now) > UNDER_WAY:
            report.add("leftover", path.name)
        else:
            report.under_way += 1
    report.trashed = sum(1 for _ in blobs.trashed())
    for reference, file_id in _dangling():
        report.add("dangling", f"{reference}: {file_id}")
    report.unreferenced = _unreferenced(now)
    for signing in (
        Signing.objects.filter(signed__isnull=False)
        .select_related("letter", "signed", "unsigned")
        .order_by("id")
        .iterator(chunk_size=200)
    ):
        report.signed += 1
        _check_signed(signing, report, hashes=hashes, now=now)
    return report


def _check_signed(signing: Signing, report: IntegrityReport, *, hashes: bool, now: datetime) -> None:
    """A signed letter begins with the very bytes that were issued; its signatures are whole and those of its rows."""
    assert signing.signed is not None and signing.unsigned is not None
    path = blobs.path_of(signing.signed.sha256)
    if not path.is_file():
        return  # told as missing already
    content = path.read_bytes()
    what = f"{signing.letter.number_text} {signing.signed.sha256}"
    if hashlib.sha256(content[: signing.unsigned.size]).hexdigest() != signing.unsigned.sha256:
        report.add("paper", what)
    if hashes and not _signatures_hold(signing, content, now):
        report.add("signature", what)


def _signatures_hold(signing: Signing, content: bytes, now: datetime) -> bool:
    from motcua.documents.signing import checking

    try:
        seen = checking.check(content, authorities=(), now=now)
    except checking.NotReadable:
        return False
    put = list(
        signing.signatures.filter(signed_at__isnull=False).order_by("position").values_list("role", "serial")
    )
    return seen.intact and seen.covered and [(one.field, one.serial) for one in seen.signatures] == put


def _check_row(row: StoredFile, report: IntegrityReport, hashes: bool) -> None:
    path = blobs.path_of(row.sha256)
    if not path.is_file():
        report.add("missing", row.sha256)
        return
    size = path.stat().st_size
    report.bytes += size
    if size != row.size:
        report.add("size", row.sha256)
    elif hashes and blobs.hash_of(path) != row.sha256:
        report.add("hash", row.sha256)


def _check_blobs(batch: list[Path], report: IntegrityReport, now: datetime) -> None:
    rows = known_hashes([path.name for path in batch])
    for path in batch:
        report.blobs += 1
        if not blobs.HASH.fullmatch(path.name) or path != blobs.path_of(path.name):
            report.add("misplaced", str(path.relative_to(blobs.root())))
        elif path.name not in rows:
            if blobs.age(path, now) > UNDER_WAY:
                report.add("orphan", path.name)
            else:
                report.under_way += 1


def _dangling() -> Iterator[tuple[str, int]]:
    """References to rows that are not there (a foreign key should make this impossible)."""
    for reference in references():
        target = StoredFile.objects.filter(pk=OuterRef(reference.column))
        rows = reference.rows().filter(**{f"{reference.column}__isnull": False}).exclude(Exists(target))
        for file_id in rows.values_list(reference.column, flat=True).iterator(chunk_size=500):
            yield reference.label, file_id


def _unreferenced(now: datetime) -> int:
    """How many rows nobody points at: abandoned uploads. Told, but no disagreement between rows and files."""
    known = references()
    if not known:
        return 0
    rows: QuerySet[StoredFile] = StoredFile.objects.filter(created_at__lt=now - UNDER_WAY)
    for reference in known:
        rows = rows.exclude(Exists(reference.rows().filter(**{reference.column: OuterRef("pk")})))
    return rows.count()
