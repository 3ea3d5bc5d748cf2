"""Dossiers under way in the first hour: the worker that is killed half-way, and the one that goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime

from motcua.config.night.hours import MOVING, MOVING_AGAIN
from motcua.config.night.steps import Steps
from motcua.dossiers import queries_moving
from motcua.dossiers.actions import moving
from motcua.dossiers.models import MoveBatch, MoveState
from motcua.dossiers.queries_moving_plan import Planner, in_batches
from motcua.dossiers.rules.moving import Outcome
from motcua.kernel.actor import Actor

LONGEST_SECONDS = 900
SAMPLE, BATCH = 5, 500


def dry_run(steps: Steps, actor: Actor, change_set_id: int) -> int:
    """What would become of every dossier; how many there are."""
    found = queries_moving.dry_run(actor, change_set_id, agency_id=None, outcome="", page=1, now=MOVING)
    counts = {group.outcome.value: group.count for group in found.counts.groups}
    steps.found["dry_run"] = counts
    return sum(counts.values())


def sample(change_set_id: int) -> list[int]:
    """The first dossiers of each outcome, by number."""
    planner = Planner(change_set_id, MOVING)
    taken: Counter[Outcome] = Counter()
    found = []
    for dossiers in in_batches(planner.candidates(None), BATCH):
        for planned in planner.plan(dossiers):
            outcome = planned.plan.outcome
            if taken[outcome] < SAMPLE:
                taken[outcome] += 1
                found.append(planned.dossier.pk)
    return found


def move_all(steps: Steps, actor: Actor, change_set_id: int, expected: int) -> MoveBatch:
    """Start the run, kill its worker with SIGKILL half-way, let another go on; each dossier is done once."""
    batch = moving.start_moving(actor=actor, change_set_id=change_set_id, agency_id=None, now=MOVING)
    killed_at = _killed_half_way(batch.pk, expected)
    steps.found["killed_after"] = killed_at
    steps.check(killed_at > 0 or expected == 0, "the worker was killed before it had done anything")
    _worker(MOVING_AGAIN).wait(LONGEST_SECONDS)
    batch.refresh_from_db()
    steps.check(batch.state == MoveState.DONE, f"the run over the dossiers is {batch.state}")
    steps.check(
        batch.looked_at == expected, f"{expected} dossiers were to be looked at, {batch.looked_at} were"
    )
    moved: Counter[str] = Counter()
    for key, number in batch.counts.items():
        moved[key.split(":")[0]] += number
    steps.found["moved"] = dict(moved)
    steps.check(
        dict(moved) == {name: number for name, number in steps.found["dry_run"].items() if number},
        "the run did something else than the dry run said",
    )
    return batch


def _killed_half_way(batch_id: int, expected: int) -> int:
    """How many dossiers were done when the first worker died."""
    worker = _worker(MOVING)
    until = time.monotonic() + LONGEST_SECONDS
    while worker.poll() is None and time.monotonic() < until:
        if MoveBatch.objects.values_list("looked_at", flat=True).get(pk=batch_id) * 2 >= max(1, expected):
            break
        time.sleep(0.02)
    if worker.poll() is None:
        os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    return MoveBatch.objects.values_list("looked_at", flat=True).get(pk=batch_id)


def _worker(now: datetime) -> subprocess.Popen[bytes]:
    """A process that does the jobs due at an hour of this night."""
    command = [sys.executable, "-m", "motcua.config.night", "work", now.isoformat()]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
