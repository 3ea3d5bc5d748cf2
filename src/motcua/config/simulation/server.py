"""Our own server for the day, on a free port of the loopback address."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg

WORKERS, THREADS = 2, 4
START_SECONDS = 60
NO_LIMIT = "1000000"


@contextmanager
def own_server() -> Iterator[str]:
    """Start it on the same database, give its address, stop it by its process when done."""
    port = _free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
        "MOTCUA_API_LIMIT": NO_LIMIT,
        "MOTCUA_LOGIN_LIMIT_ADDRESS": NO_LIMIT,
    }
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "warning",
        "motcua.config.wsgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr)  # noqa: S603 - our own words
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            line = HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/readyz")
            if line.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise Conflict(msg("Máy chủ không khởi động được sau %(seconds)s giây.", seconds=START_SECONDS))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
