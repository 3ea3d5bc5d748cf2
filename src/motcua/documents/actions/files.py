"""Taking files in, looking again at those that wait for the scanner, clearing what no row speaks of."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from motcua.documents import blobs, scanning
from motcua.documents.errors import ScannerDown, UploadRefused
from motcua.documents.events import FileFoundInfected
from motcua.documents.models import FileState, StoredFile
from motcua.documents.rules.uploads.inspecting import inspect
from motcua.documents.rules.uploads.limits import UploadLimits
from motcua.documents.types import Inspection
from motcua.kernel.messages import msg
from motcua.kernel.outbox import publish

MEGABYTE = 1024 * 1024
SCANS_A_RUN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFile:
    """A file that passed the checks and lies in the blob store, not yet known to the database."""

    sha256: str
    size: int
    state: FileState
    inspection: Inspection


def upload_limits() -> UploadLimits:
    """The limits of this installation (MOTCUA_UPLOAD_MAX_MB)."""
    return UploadLimits(max_bytes=int(settings.UPLOAD_MAX_MB) * MEGABYTE)


def take_in(*, content: BinaryIO, name: str) -> TakenFile:
    """Check, scan and write the content to disk (fsync, rename). Touches no database: call it before the
    transaction.

    Raises UploadRefused with a sentence for people and a code naming the check ("too_big", "type",
    "infected", ...).
    A scanner that is set up but silent does not refuse: the file is kept with state `held` and shown to
    nobody.
    """
    limits = upload_limits()
    with blobs.receive(content, max_bytes=limits.max_bytes) as incoming:
        with incoming.path.open("rb") as source:
            inspection = inspect(source, name=name, limits=limits)
            state = _scan(source)
        incoming.keep()
        return TakenFile(sha256=incoming.sha256, size=incoming.size, state=state, inspection=inspection)


@transaction.atomic(savepoint=False)
def record_file(*, taken: TakenFile, now: datetime) -> StoredFile:
    """The row of a taken file. The same content twice gives the same row."""
    found = StoredFile.objects.filter(sha256=taken.sha256).first()
    if found is None:
        seen = taken.inspection
        row = StoredFile(
            sha256=taken.sha256,
            size=taken.size,
            mime=seen.mime,
            kind=seen.kind,
            pages=seen.pages,
            width=seen.width,
            height=seen.height,
            state=taken.state,
            created_at=now,
            scanned_at=now if taken.state == FileState.CLEAN else None,
        )
        # Two people may bring the same paper at the same moment: the second insert does nothing.
        StoredFile.objects.bulk_create([row], ignore_conflicts=True)
        found = StoredFile.objects.get(sha256=taken.sha256)
    elif taken.state == FileState.CLEAN and found.state != FileState.CLEAN:
        _settle(found, FileState.CLEAN, now)
    return found


def store_file(*, content: BinaryIO, name: str, now: datetime) -> StoredFile:
    """`take_in` and `record_file` in one call. The caller keeps the name
    (`rules.uploads.names.clean_name`)."""
    return record_file(taken=take_in(content=content, name=name), now=now)


def keep_made(*, content: bytes, now: datetime) -> StoredFile:
    """Store a PDF the product made itself. Written to disk before its row, like everything that is taken in."""
    with blobs.receive(io.BytesIO(content), max_bytes=max(len(content), 1)) as incoming:
        incoming.keep()
        seen = Inspection(name="", kind="pdf", mime="application/pdf")
        taken = TakenFile(
            sha256=incoming.sha256, size=incoming.size, state=FileState.UNSCANNED, inspection=seen
        )
    return record_file(taken=taken, now=now)


def rescan_held(*, now: datetime, limit: int = SCANS_A_RUN) -> dict[str, int]:
    """Scan what waits (held first, then never scanned) and say how many became clean, infected, or still
    wait.

    Without a scanner, held files become `unscanned`: the operator has decided to live without one.
    """
    counts = {"clean": 0, "infected": 0, "waiting": 0}
    if not scanning.configured():
        StoredFile.objects.filter(state=FileState.HELD).update(state=FileState.UNSCANNED)
        return counts
    waiting = StoredFile.objects.filter(state__in=[FileState.HELD, FileState.UNSCANNED]).order_by(
        "state", "id"
    )
    for row in waiting[:limit]:
        path = blobs.path_of(row.sha256)
        if not path.exists():
            counts["waiting"] += 1  # check-integrity names it
            continue
        try:
            with path.open("rb") as source:
                found = scanning.scan(source)
        except ScannerDown:
            counts["waiting"] += 1
            break
        state = FileState.INFECTED if found else FileState.CLEAN
        _settle(row, state, now)
        counts[state.value] += 1
    return counts


def sweep_orphans(*, now: datetime) -> dict[str, int]:
    """Put away blobs no row speaks of (an upload whose transaction did not commit) and old temporary files.

    Only what is older than `blobs.GRACE` is touched; it waits in the trash that long again before it is
    deleted.
    Returns how many were trashed, restored, deleted.
    """
    return blobs.sweep(now=now, known=known_hashes)


def known_hashes(names: list[str]) -> set[str]:
    """Which of these hashes have a row (one statement)."""
    return set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True))


def _scan(source: BinaryIO) -> FileState:
    if not scanning.configured():
        return FileState.UNSCANNED
    try:
        found = scanning.scan(source)
    except ScannerDown:
        return FileState.HELD
    if found:
        raise UploadRefused(
            msg(
                "Tệp có mã độc (%(virus)s) nên không được nhận. Hãy quét vi-rút máy tính rồi quét "
                "lại giấy tờ.",
                virus=found,
            ),
            code="infected",
        )
    return FileState.CLEAN


@transaction.atomic
def _settle(row: StoredFile, state: FileState, now: datetime) -> None:
    row.state = state
    row.scanned_at = now
    row.save(update_fields=["state", "scanned_at"])
    if state == FileState.INFECTED:
        publish(FileFoundInfected(file_id=row.pk, sha256=row.sha256), now=now)
