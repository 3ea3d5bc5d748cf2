"""The web server as a process: its command line, and whether it answers yet."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

THREADS = 4
PAUSE = 0.2


def server_command(host: str, port: int, workers: int, *options: str) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(THREADS), *options, "--log-level", "warning",
        "motcua.config.wsgi:application",
    ]  # fmt: skip


def wait_until_ready(host: str, port: int, *, seconds: float, goes_on: Callable[[], bool]) -> bool:
    """Ask `/readyz` until it answers; False after `seconds`, or as soon as `goes_on` is False."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and goes_on():
        if _is_ready(_reachable(host), port):
            return True
        time.sleep(PAUSE)
    return False


def is_taken(host: str, port: int) -> bool:
    """Whether another program listens there already."""
    try:
        with socket.create_connection((_reachable(host), port), timeout=1):
            return True
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _reachable(host: str) -> str:
    """A server that listens everywhere is asked on the machine itself."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, never bound


def _is_ready(host: str, port: int) -> bool:
    line = HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return (
            line.getresponse().status < 500
        )  # a proxy's name or scheme may be asked of us: it still answers
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
