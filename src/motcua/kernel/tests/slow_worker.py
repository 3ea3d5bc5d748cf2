"""A worker with one slow job and a lease of a second, for the test that kills it."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from motcua.kernel import clock, outbox  # noqa: E402
from motcua.kernel.outbox import worker  # noqa: E402
from motcua.kernel.outbox.models import Job  # noqa: E402

worker.LEASE = timedelta(seconds=1)


@outbox.job("test.slow")
def slow(payload: dict[str, Any], now: datetime) -> None:
    attempt = Job.objects.get(name="test.slow").attempts
    sys.stdout.write(f"start {attempt}\n")
    sys.stdout.flush()
    time.sleep(2 if attempt == 1 else 0.1)
    sys.stdout.write(f"end {attempt}\n")


if sys.argv[1] == "prepare":
    call_command("migrate", verbosity=0)
    outbox.enqueue("test.slow", {}, now=clock.now())
else:
    while not Job.objects.filter(name="test.slow", done_at__isnull=False).exists():
        if (taken := worker.claim(clock.now())) is not None:
            worker.run(taken, clock.now())
        time.sleep(0.05)
