"""Telling the world through a row: events and jobs, written in the transaction they belong to."""

from motcua.kernel.outbox.progress import Progress
from motcua.kernel.outbox.registry import Event, every, job, on
from motcua.kernel.outbox.write import enqueue, publish

__all__ = ["Event", "Progress", "enqueue", "every", "job", "on", "publish"]
