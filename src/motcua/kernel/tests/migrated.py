"""An SQLite database as the migrations leave it, kept in `var/` between runs: making it takes longer than most tests.

Its name is a digest of every migration, so that a changed one makes another database. Whoever is given a copy still
migrates: nothing is left to do there, and what is not yet in the copy is done.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import django
from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).parents[4]
KEPT = ROOT / "var" / "tests"


def path() -> Path:
    """Where it is, or will be."""
    digest = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for migration in sorted((ROOT / "src" / "motcua").glob("*/migrations/*.py")):
        digest.update(f"{migration.relative_to(ROOT)}".encode() + migration.read_bytes())
    return KEPT / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


def fill(*, connection: BaseDatabaseWrapper, **_signal: object) -> None:
    """Lay the kept tables into a database in memory that has none; a receiver of `connection_created`."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db() or not path().exists():  # type: ignore[attr-defined]  # SQLite's own
        return
    here = connection.connection
    if here.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        with closing(sqlite3.connect(f"file:{path()}?mode=ro", uri=True)) as kept:
            kept.backup(here)


def keep(connection: BaseDatabaseWrapper) -> None:
    """Keep this database, just migrated; the ones of older migrations go."""
    found = path()
    if connection.vendor != "sqlite" or found.exists():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    unfinished = found.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(unfinished)) as target:
        connection.connection.backup(target)
    older = [other for other in KEPT.glob("migrated-*.sqlite3") if other != found]
    unfinished.replace(found)
    for other in older:
        other.unlink(missing_ok=True)


def copy_to(database: Path) -> None:
    """Give a program that will migrate this file most of its work, where it has been done before."""
    if path().exists():
        shutil.copyfile(path(), database)
