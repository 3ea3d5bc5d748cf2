"""Saying how far a long job is, from a thread of its own: never in the job's transaction, never in its way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from django.db import connection
from django.db.utils import InterfaceError, OperationalError

from motcua.kernel.outbox.models import Job

log = logging.getLogger("motcua.worker")
EVERY_SECONDS = 2.0


class Progress:
    """`with Progress(key) as progress: … progress.tell(done=3, of=9)`: the latest is kept on the job's row.

    A database that is busy loses a message or two, nothing else.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self._latest: Mapping[str, object] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)

    def tell(self, **said: object) -> None:
        """Keep this to be written next; costs nothing."""
        self._latest = said

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def _write(self) -> None:
        written: Mapping[str, object] = {}
        while not self._stop.wait(EVERY_SECONDS):
            latest = self._latest
            if latest is written:
                continue
            try:
                Job.objects.filter(key=self.key, done_at__isnull=True).update(result=dict(latest))
                written = latest
            except (OperationalError, InterfaceError):
                log.info("could not say how far job %s is, trying again", self.key)
            finally:
                connection.close()
