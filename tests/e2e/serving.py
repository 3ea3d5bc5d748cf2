"""The real server on a fresh database, for tests that drive a browser: own folder, own port, ended by its id."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from motcua.kernel.tests import migrated

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120  # a busy machine needs some


@contextmanager
def served(state: Path, build: Sequence[str]) -> Iterator[str]:
    """Run `build` (arguments for python) on the database in `state`, then serve it; gives the address."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")},
        "MOTCUA_STATE_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    migrated.copy_to(state / "motcua.sqlite3")
    subprocess.run([sys.executable, *build], cwd=ROOT, env=environment, check=True)
    port = _free_port()
    line = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "2", "--log-level", "error", "motcua.config.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(line, cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, server)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
