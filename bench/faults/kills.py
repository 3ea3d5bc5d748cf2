"""kill -9 of server and worker while receptions pour in."""

from __future__ import annotations

import time
from datetime import date, timedelta
from random import Random

from django.db import connection

from bench.cast import Cast
from bench.faults import facts, oracle
from bench.faults.load import Clients, Record, deliveries
from bench.faults.report import Report
from bench.faults.system import TARGETS, System
from bench.place import Place

CENTRES = ("07210", "07228", "07246", "07264", "07282", "07288", "09187", "09193")
FIRST_DAY_OFF = date(2027, 3, 1)


def run(place: Place, cast: Cast, *, receptions: int, kills: int, seed: int) -> Report:
    """The script of the reliability goals R1, R3 and R7: nothing lost, nothing doubled, no hole in any series."""
    random = Random(seed)
    record = Record()
    work = deliveries(receptions, [f"{code}.TTPVHCC" for code in CENTRES], cast.case_name, random)
    connection.close()
    system = System(place)
    begun = time.monotonic()
    try:
        clients = Clients(system.port, work, record)
        clients.start()
        killed, changes = _meanwhile(system, record, len(work), kills, random)
        clients.join()
        seconds = time.monotonic() - begun
        found = facts.gather(record.acknowledged, record.answers, changes)
    finally:
        system.stop()
    wrong = [f"key {key} was never answered" for key in record.unanswered]
    wrong += oracle.problems(found)
    wrong += [said for name in ("verify-audit", "check-integrity") if (said := facts.command(place, name))]
    stored = list(found.stored)
    return Report(
        "kill -9",
        {
            "receptions": receptions,
            "deliveries": len(work),
            "acknowledged": len(record.acknowledged),
            "dossiers": len(stored),
            "series": len(found.series),
            "killed": killed,
            "ended by themselves": system.ended_by_itself,
            "calendar changes recounted": len(changes),
            "answers": dict(sorted(record.answers.items())),
            "longest wait for an answer, s": round(max(record.waits, default=0), 1),
            "seconds": round(seconds, 1),
        },
        wrong,
    )


def _meanwhile(
    system: System, record: Record, total: int, kills: int, random: Random
) -> tuple[dict[str, int], list[facts.Change]]:
    """At random points of the load: a death, and work for the job worker."""
    points = sorted(random.uniform(0.05, 0.92) * total for _ in range(kills))
    targets = [TARGETS[number % len(TARGETS)] for number in range(kills)]
    random.shuffle(targets)
    killed: dict[str, int] = {}
    changes: list[facts.Change] = []
    for number, (point, target) in enumerate(zip(points, targets, strict=True)):
        while record.done < point:
            time.sleep(0.02)
        changes.append(
            facts.change_calendar(CENTRES[number % len(CENTRES)], FIRST_DAY_OFF + timedelta(days=number))
        )
        name = system.kill(target, random)
        killed[name] = killed.get(name, 0) + 1
    return killed, changes
