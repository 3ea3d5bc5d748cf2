"""Throw-away places to measure in: a state folder, and on PostgreSQL a database of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

DEFAULT_POSTGRES = "postgresql://postgres@127.0.0.1:5432/"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
SMALL_DISK_MB = 160


@dataclass(frozen=True)
class Place:
    """Where one database is measured. `env` is what a process needs to work there."""

    database: str
    state: Path
    url: str
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
            "MOTCUA_STATE_DIR": str(self.state),
            "MOTCUA_DATABASE_URL": self.url,
            "MOTCUA_API_LIMIT": "100000000",
            "MOTCUA_LOG_LEVEL": "ERROR",
            **self.extra,
        }


def admin_url() -> str:
    return os.environ.get("MOTCUA_BENCH_POSTGRES_URL", DEFAULT_POSTGRES)


def postgres_answers(url: str) -> str:
    """Why PostgreSQL cannot be measured, or ""."""
    try:
        with psycopg.connect(_named(url, "postgres"), connect_timeout=3):
            return ""
    except psycopg.Error as error:
        return str(error).splitlines()[0]


@contextmanager
def sqlite_place(**extra: str) -> Iterator[Place]:
    """A folder with an SQLite file, gone afterwards."""
    with _folder() as folder:
        yield Place(SQLITE, folder, f"sqlite:///{folder / 'motcua.sqlite3'}", extra)


@contextmanager
def postgres_place(url: str, **extra: str) -> Iterator[Place]:
    """A database with a name nobody else has, dropped afterwards."""
    name = f"motcua_bench_{secrets.token_hex(4)}"
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with _folder() as folder:
                yield Place(POSTGRES, folder, _named(url, name), extra)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A tmpfs of its own, or None where nobody may mount one."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def server_command(port: int, workers: int = 2) -> list[str]:
    """The server as `motcua run` starts it."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--respawn-failed-workers", "--log-level", "critical",
        "motcua.config.wsgi:application",
    ]  # fmt: skip


def worker_command() -> list[str]:
    return [sys.executable, "-m", "motcua.config.cli", "work"]


@contextmanager
def running(place: Place, command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the product, ended afterwards."""
    process = subprocess.Popen(command, env=place.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(port: int, seconds: float = 120) -> None:
    """Return when the server can work; raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"the server at port {port} was not ready within {seconds:.0f} s")


def set_up_here(place: Place) -> None:
    """Make this process one of the product's own, at this place. Once in a process."""
    for name in [name for name in os.environ if name.startswith("MOTCUA_")]:
        del os.environ[name]
    os.environ.update(place.env)
    import django

    django.setup()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
