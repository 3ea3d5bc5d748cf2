"""An installation of its own for the night: SQLite in a temporary folder, or a database of its own on a server."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@contextmanager
def own_place(url: str, *, keep: bool) -> Iterator[Mapping[str, str]]:
    """The environment of processes that work there; thrown away afterwards unless it is to be kept.

    `url` is the server's address (its own database is never opened for writing), or "" for SQLite.
    """
    folder = Path(tempfile.mkdtemp(prefix="motcua-night-"))
    try:
        if url.startswith(("postgres://", "postgresql://")):
            with _own_database(url, keep=keep) as own:
                yield _environment(folder, own)
        else:
            yield _environment(folder, f"sqlite:///{folder / 'motcua.sqlite3'}")
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, url: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
        "MOTCUA_STATE_DIR": str(folder),
        "MOTCUA_DATABASE_URL": url,
        "MOTCUA_LOG_LEVEL": "ERROR",
    }


@contextmanager
def _own_database(url: str, *, keep: bool) -> Iterator[str]:
    name = f"motcua_night_{secrets.token_hex(4)}"
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield _named(url, name)
        finally:
            if not keep:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
