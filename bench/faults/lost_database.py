"""PostgreSQL goes away and comes back: every session cut, nobody let in for a while."""

from __future__ import annotations

import time
from random import Random
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from psycopg import sql

from bench.cast import Cast
from bench.faults import facts, oracle
from bench.faults.kills import CENTRES
from bench.faults.load import Clients, Record, deliveries
from bench.faults.report import Report
from bench.faults.system import System
from bench.place import Place

AWAY = 1.5


def run(place: Place, cast: Cast, *, receptions: int, outages: int, seed: int) -> Report:
    """The client's side of a crash of the database: 503 with Retry-After, and nothing lost."""
    random = Random(seed)
    record = Record()
    work = deliveries(receptions, [f"{code}.TTPVHCC" for code in CENTRES], cast.case_name, random)
    connection.close()
    system = System(place)
    try:
        clients = Clients(system.port, work, record)
        clients.start()
        for point in sorted(random.uniform(0.1, 0.9) * len(work) for _ in range(outages)):
            while record.done < point:
                time.sleep(0.02)
            _cut(place)
        clients.join()
        found = facts.gather(record.acknowledged, record.answers, [])
    finally:
        system.stop()
    wrong = [f"key {key} was never answered" for key in record.unanswered]
    wrong += oracle.problems(found)
    wrong += [said for name in ("verify-audit", "check-integrity") if (said := facts.command(place, name))]
    counts: dict[str, object] = {
        "receptions": receptions,
        "outages": outages,
        "acknowledged": len(record.acknowledged),
        "answers": dict(sorted(record.answers.items())),
        "a refusal says": record.samples.get("503", ""),
    }
    return Report("database lost", counts, wrong)


def _cut(place: Place) -> None:
    """End every session of this one database and keep new ones out for a moment; others are left alone."""
    parts = urlsplit(place.url)
    name = sql.Identifier(parts.path.lstrip("/"))
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [parts.path.lstrip("/")],
            )
            time.sleep(AWAY)
        finally:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
