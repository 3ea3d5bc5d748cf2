"""The disk under the database fills up and is emptied again."""

from __future__ import annotations

import http.client
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from django.db import connection

from bench.cast import Cast
from bench.faults import facts, oracle
from bench.faults.load import Clients, Record, deliveries
from bench.faults.report import Report
from bench.faults.system import System
from bench.place import Place

LEFT_KB = 1500


def run(place: Place, cast: Cast, *, receptions: int, seed: int) -> Report:
    """Receptions until nothing fits any more, space back, the rest: acknowledged ones are there, refusals are clear."""
    random = Random(seed)
    record = Record()
    centres = ["07210.TTPVHCC", "07228.TTPVHCC"]
    work = deliveries(receptions, centres, cast.case_name, random)
    connection.close()
    ballast = place.state / "ballast"
    system = System(place)
    try:
        clients = Clients(system.port, work, record, count=6)
        _fill(ballast)
        clients.start()
        refused = _wait_for(lambda: record.answers["503"] + record.answers["507"] > 20, 40)
        before, health_full = len(record.acknowledged), _health(system.port)
        ballast.unlink()
        clients.join()
        health_after = _health(system.port)
        found = facts.gather(record.acknowledged, record.answers, [])
    finally:
        system.stop()
    wrong = [f"key {key} was never answered" for key in record.unanswered]
    wrong += [] if refused else ["the disk never was too full to receive"]
    wrong += [] if health_full == 503 else [f"health answered {health_full} while the disk was full"]
    wrong += [] if health_after == 200 else [f"health answered {health_after} after space came back"]
    wrong += oracle.problems(found)
    wrong += [said for name in ("verify-audit", "check-integrity") if (said := facts.command(place, name))]
    return Report(
        "disk full",
        {
            "receptions": receptions,
            "acknowledged before the disk was full": before,
            "acknowledged in the end": len(record.acknowledged),
            "answers": dict(sorted(record.answers.items())),
            "a refusal says": record.samples.get("507") or record.samples.get("503", ""),
        },
        wrong,
    )


def _fill(ballast: Path) -> None:
    """Leave a little: the database must fill the rest by itself."""
    free = shutil.disk_usage(ballast.parent).free - LEFT_KB * 1024
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free)


def _wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _health(port: int) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    link.request("GET", "/readyz")
    return link.getresponse().status
