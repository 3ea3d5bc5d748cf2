"""A worker that carries dossiers over and tells each batch while it is still uncommitted, for the test that kills it.

`prepare COUNT` makes the database; `work` works until the run is done and then prints what is left behind.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from motcua.dossiers.actions.moving import batches, start_moving  # noqa: E402
from motcua.dossiers.models import MoveBatch  # noqa: E402
from motcua.dossiers.queries_moving_plan import Planned  # noqa: E402
from motcua.dossiers.tests import crowd  # noqa: E402
from motcua.dossiers.tests.decisions import EFFECTIVE  # noqa: E402
from motcua.kernel import clock  # noqa: E402
from motcua.kernel.actor import Actor  # noqa: E402
from motcua.kernel.outbox import worker  # noqa: E402

worker.LEASE = timedelta(seconds=1)
batches.LARGEST = 20
NIGHT = EFFECTIVE + timedelta(minutes=5)
_apply = batches._apply


def slowly(actor: Actor, batch: MoveBatch, planned: Sequence[Planned], now: datetime) -> Counter[str]:
    done = _apply(actor, batch, planned, now)
    sys.stdout.write(f"written after {batch.looked_at}\n")
    sys.stdout.flush()
    time.sleep(0.15)
    return done


if sys.argv[1] == "prepare":
    call_command("migrate", verbosity=0)
    made = crowd.make_crowd(int(sys.argv[2]))
    start_moving(actor=made.controller, change_set_id=made.decision.pk, agency_id=None, now=NIGHT)
else:
    batches._apply = slowly
    while not MoveBatch.objects.filter(state="done").exists():
        if (taken := worker.claim(clock.now())) is not None:
            worker.run(taken, NIGHT)
        time.sleep(0.05)
    sys.stdout.write(crowd.outcome())
