"""Working on a private copy of the database, where one writer would keep all others waiting."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections


@contextmanager
def apart() -> Iterator[bool]:
    """Within, this thread works on a copy of a SQLite file, thrown away afterwards; gives whether it does.

    Other databases lock rows, not everything: there, in memory, and within a transaction nothing is copied, and what is
    written must be rolled back by whoever wrote it.
    """
    main = connections[DEFAULT_DB_ALIAS]
    name = str(main.settings_dict["NAME"])
    if main.vendor != "sqlite" or main.in_atomic_block or not Path(name).is_file():
        yield False
        return
    folder = Path(tempfile.mkdtemp(prefix="motcua-apart-"))
    try:
        main.ensure_connection()
        with closing(sqlite3.connect(folder / "copy.sqlite3")) as target:
            main.connection.backup(target)
        own = main.copy()
        own.settings_dict["NAME"] = str(folder / "copy.sqlite3")
        connections[DEFAULT_DB_ALIAS] = own
        try:
            yield True
        finally:
            own.close()
            connections[DEFAULT_DB_ALIAS] = main
    finally:
        shutil.rmtree(folder, ignore_errors=True)
