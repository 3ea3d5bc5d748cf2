"""Doing what the outbox asks for: claim under a lease, run, mark; back off, and park what keeps failing."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, connections, transaction
from django.db.models import Q
from django.db.utils import InterfaceError, OperationalError

from motcua.kernel import clock
from motcua.kernel.outbox import registry
from motcua.kernel.outbox.models import Job
from motcua.kernel.outbox.write import EVENT

log = logging.getLogger("motcua.worker")

LEASE = timedelta(seconds=60)
BACK_OFF = (5, 30, 120, 600, 1800, 3600, 3600, 3600)


def claim(now: datetime) -> Job | None:
    """Take the next due job, or one whose worker died; None when there is nothing to do."""
    with transaction.atomic():
        waiting = Job.objects.filter(
            Q(lease_until__isnull=True) | Q(lease_until__lt=now),
            done_at__isnull=True,
            dead_at__isnull=True,
            run_at__lte=now,
        ).order_by("run_at", "id")
        skip = connection.features.has_select_for_update_skip_locked
        taken = waiting.select_for_update(skip_locked=skip).first()
        if taken is not None and taken.attempts > len(BACK_OFF):
            # It was begun often enough and never came to an end: it kills its worker. Park it.
            Job.objects.filter(pk=taken.pk).update(dead_at=now, lease_until=None)
            return None
        if taken is not None:
            taken.attempts += 1
            taken.lease_until = now + LEASE
            taken.save(update_fields=["attempts", "lease_until"])
        return taken


def run(taken: Job, now: datetime) -> None:
    """Run one claimed job; failure leaves it waiting for the next try or parks it as dead."""
    try:
        if taken.name.startswith(EVENT):
            _fan_out(taken, now)
        else:
            with _Heartbeat(taken.pk):
                result = registry.jobs[taken.name](taken.payload, now)
            Job.objects.filter(pk=taken.pk).update(
                done_at=clock.now(),
                lease_until=None,
                error="",
                result=result if isinstance(result, dict) else None,
            )
    except (OperationalError, InterfaceError):
        raise  # the database is away: the lease runs out and the job is tried again
    except Exception:
        _failed(taken, now)


def _fan_out(taken: Job, now: datetime) -> None:
    names = registry.listeners.get(taken.name.removeprefix(EVENT), [])
    with transaction.atomic():
        Job.objects.bulk_create(
            [
                Job(name=name, payload=taken.payload, key=f"{taken.pk}>{name}", created_at=now, run_at=now)
                for name in names
            ],
            ignore_conflicts=True,
        )
        Job.objects.filter(pk=taken.pk).update(done_at=now, lease_until=None)


def _failed(taken: Job, now: datetime) -> None:
    error = traceback.format_exc()[-4000:]
    log.exception("job %s %s failed (attempt %s)", taken.pk, taken.name, taken.attempts)
    if taken.attempts > len(BACK_OFF):
        Job.objects.filter(pk=taken.pk).update(dead_at=now, lease_until=None, error=error)
        return
    wait = timedelta(seconds=BACK_OFF[taken.attempts - 1])
    Job.objects.filter(pk=taken.pk).update(run_at=now + wait, lease_until=None, error=error)


def schedule_due(now: datetime) -> None:
    """Make sure each periodic job has its row for the period that contains `now`."""
    rows = []
    for periodic in registry.schedule:
        period = int(now.timestamp()) // periodic.seconds
        rows.append(Job(name=periodic.name, key=f"{periodic.name}@{period}", created_at=now, run_at=now))
    Job.objects.bulk_create(rows, ignore_conflicts=True)


def drain(now: datetime, *, limit: int = 10_000) -> int:
    """Run everything due now, in this process; used by commands and tests. Returns how many ran."""
    done = 0
    while done < limit and (taken := claim(now)) is not None:
        run(taken, now)
        done += 1
    return done


def work(stop: threading.Event, *, tell: Callable[[str], None] = log.info) -> None:
    """Work until told to stop; the database going away and coming back is not the end."""
    scheduled = clock.now() - timedelta(hours=1)
    while not stop.is_set():
        try:
            now = clock.now()
            if now - scheduled >= timedelta(seconds=10):
                schedule_due(now)
                scheduled = now
            taken = claim(now)
            if taken is None:
                stop.wait(0.5)
            else:
                run(taken, now)
        except (OperationalError, InterfaceError):
            tell("database unavailable, waiting")
            connections.close_all()
            stop.wait(2)


class _Heartbeat:
    """Extends the lease of a long job from a thread of its own."""

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()

    def _beat(self) -> None:
        while not self.stop.wait(LEASE.total_seconds() / 3):
            try:
                Job.objects.filter(pk=self.job_id).update(lease_until=clock.now() + LEASE)
            except (OperationalError, InterfaceError):
                log.warning("could not extend the lease of job %s, trying again", self.job_id)
            finally:
                connection.close()
