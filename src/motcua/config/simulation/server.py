"""Our own server for the day, on a free port of the loopback address."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from motcua.config.serving import free_port, server_command, wait_until_ready
from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg

WORKERS = 2
START_SECONDS = 60
NO_LIMIT = "1000000"


@contextmanager
def own_server() -> Iterator[str]:
    """Start it on the same database, give its address, stop it by its process when done."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
        "MOTCUA_API_LIMIT": NO_LIMIT,
        "MOTCUA_LOGIN_LIMIT_ADDRESS": NO_LIMIT,
    }
    process = subprocess.Popen(  # noqa: S603 - our own words
        server_command("127.0.0.1", port, WORKERS), env=environment, stdout=sys.stderr
    )
    try:
        if not wait_until_ready(
            "127.0.0.1", port, seconds=START_SECONDS, goes_on=lambda: process.poll() is None
        ):
            raise Conflict(msg("Máy chủ không khởi động được sau %(seconds)s giây.", seconds=START_SECONDS))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
