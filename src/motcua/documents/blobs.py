"""The blob store: content under its own SHA-256 in `<MEDIA_DIR>/ab/cd/<sha256>`, outside the web root.

Written to a temporary file, fsynced and renamed, so a file under its hash is always whole. Nothing here
knows the
database; `sweep` is told which hashes are known.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from motcua.documents.errors import StorageFull, UploadRefused
from motcua.kernel.messages import msg

CHUNK = 1024 * 1024
GRACE = timedelta(hours=24)
"""Longer than any transaction: a blob this young may belong to one that has not committed yet."""
HASH = re.compile(r"[0-9a-f]{64}")
BATCH = 500


def root() -> Path:
    return Path(settings.MEDIA_DIR)


def path_of(sha256: str) -> Path:
    """Where the content with this hash lies. Raises ValueError for anything that is not a hash."""
    if not HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256 in lower-case hex")
    return root() / sha256[:2] / sha256[2:4] / sha256


@dataclass(slots=True)
class Incoming:
    """A temporary file with its size and hash; `keep` moves it to its place."""

    path: Path
    size: int = 0
    sha256: str = ""
    _kept: bool = field(default=False)

    def keep(self) -> None:
        target = path_of(self.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Also when the content is there already: the fresh date keeps the sweep away from it.
        self.path.replace(target)
        _sync_folder(target.parent)
        self._kept = True


@contextmanager
def receive(content: BinaryIO, *, max_bytes: int) -> Iterator[Incoming]:
    """Copy to a temporary file, hashing, never reading more than `max_bytes`; removed again unless kept.

    Raises UploadRefused ("too_big") and StorageFull.
    """
    folder = root() / "tmp"
    incoming = Incoming(folder / secrets.token_hex(16))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy(content, incoming, max_bytes)
        yield incoming
    except OSError as error:
        raise StorageFull(str(error)) from error
    finally:
        if not incoming._kept:
            incoming.path.unlink(missing_ok=True)


def _copy(content: BinaryIO, incoming: Incoming, max_bytes: int) -> None:
    digest = hashlib.sha256()
    with incoming.path.open("xb") as target:
        while chunk := content.read(CHUNK):
            incoming.size += len(chunk)
            if incoming.size > max_bytes:
                raise UploadRefused(
                    msg(
                        "Tệp lớn hơn %(limit)s MB. Hãy quét lại ở độ phân giải 200–300 dpi hoặc "
                        "tách thành nhiều tệp.",
                        limit=max_bytes // (1024 * 1024),
                    ),
                    code="too_big",
                )
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    incoming.sha256 = digest.hexdigest()


def hash_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def all_blobs() -> Iterator[Path]:
    """Every file in the sharded folders, one folder in memory at a time."""
    for first in _folders(root()):
        for second in _folders(first):
            yield from sorted(entry for entry in second.iterdir() if entry.is_file())


def leftovers() -> Iterator[Path]:
    """Files in the temporary folder: uploads under way, or cut off."""
    folder = root() / "tmp"
    yield from sorted(folder.iterdir()) if folder.is_dir() else ()


def trashed() -> Iterator[Path]:
    folder = root() / "trash"
    yield from sorted(folder.iterdir()) if folder.is_dir() else ()


def age(path: Path, now: datetime) -> timedelta:
    return timedelta(seconds=now.timestamp() - path.stat().st_mtime)


def batches(paths: Iterator[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    for path in paths:
        batch.append(path)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def sweep(*, now: datetime, known: Callable[[list[str]], set[str]]) -> dict[str, int]:
    """See `actions.sweep_orphans`. `known` says which of a list of hashes have a row."""
    counts = {"trashed": 0, "restored": 0, "deleted": 0}
    for path in leftovers():
        if age(path, now) > GRACE:
            path.unlink(missing_ok=True)
            counts["deleted"] += 1
    for batch in batches(trashed()):
        rows = known([path.name.partition(".")[0] for path in batch])
        for path in batch:
            _empty_trash(path, path.name.partition(".")[0] in rows, now, counts)
    for batch in batches(all_blobs()):
        rows = known([path.name for path in batch])
        for path in batch:
            if path.name not in rows and age(path, now) > GRACE:
                _trash(path, now)
                counts["trashed"] += 1
    return counts


def _trash(path: Path, now: datetime) -> None:
    folder = root() / "trash"
    folder.mkdir(parents=True, exist_ok=True)
    # The stamp is part of the name: the file's own date must stay, it says when the content was last brought.
    shutil.move(path, folder / f"{path.name}.{int(now.timestamp())}")


def _empty_trash(path: Path, has_row: bool, now: datetime, counts: dict[str, int]) -> None:
    sha256, _dot, stamp = path.name.partition(".")
    if has_row and HASH.fullmatch(sha256):
        target = path_of(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        counts["restored"] += 1
    elif stamp.isdigit() and now.timestamp() - int(stamp) > GRACE.total_seconds():
        path.unlink(missing_ok=True)
        counts["deleted"] += 1


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(
        entry for entry in parent.iterdir() if entry.is_dir() and re.fullmatch("[0-9a-f]{2}", entry.name)
    )


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
