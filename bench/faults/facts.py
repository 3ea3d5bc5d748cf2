"""Reading from the database what the oracle judges."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from bench.faults.oracle import Facts, Stored
from bench.place import Place
from motcua.dossiers.handlers import RECOMPUTE
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.outbox.models import Job
from motcua.organisation import actions as organisation
from motcua.organisation import queries

DRAIN_SECONDS = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A calendar change that was committed: its recounting must run, whatever dies meanwhile."""

    unit_id: int
    day: str


def change_calendar(unit_code: str, day: date) -> Change:
    """Give the job worker something to do: a day off, hence open dossiers to count again. Tells what is due."""
    unit = queries.unit_by_code(unit_code)
    organisation.set_calendar_day(
        actor=Actor.system("faults", "command"),
        now=clock.now(),
        unit_id=unit.id,
        day=day,
        kind="off",
        name="Ngày nghỉ thử",
        decision="01/QĐ-THU",
    )
    return Change(unit.id, day.isoformat())


def gather(
    acknowledged: Mapping[str, Iterable[str]], answers: Mapping[str, int], changes: list[Change]
) -> Facts:
    """Everything there is to judge, once the worker has had time to finish."""
    waiting = _drained()
    return Facts(
        acknowledged={key: list(codes) for key, codes in acknowledged.items()},
        stored=list(_stored()),
        series=_series(),
        jobs_waiting=waiting,
        jobs_dead=_number("SELECT count(*) FROM kernel_job WHERE dead_at IS NOT NULL"),
        jobs_missing=tuple(_missing(changes)),
        answers=answers,
    )


def command(place: Place, name: str) -> str:
    """Run one of the product's own checks; its last words when it found something, else ""."""
    line = [sys.executable, "-m", "motcua.config.cli", name]
    ended = subprocess.run(line, env=place.env, capture_output=True, text=True, timeout=120, check=False)
    return "" if ended.returncode == 0 else f"{name}: {(ended.stdout + ended.stderr).strip()[-400:]}"


def _drained() -> int:
    """How many jobs are still waiting after as long as it should take."""
    until = time.monotonic() + DRAIN_SECONDS
    while True:
        left = _number("SELECT count(*) FROM kernel_job WHERE done_at IS NULL AND dead_at IS NULL")
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.5)


def _stored() -> Iterable[Stored]:
    runs = _counts("SELECT subject, count(*) FROM workflow_run GROUP BY subject")
    tasks = _counts(
        "SELECT r.subject, count(*) FROM workflow_task t JOIN workflow_run r ON r.id = t.run_id GROUP BY r.subject"
    )
    slips = _counts(
        "SELECT subject, count(*) FROM documents_letter WHERE kind = 'reception_slip' GROUP BY subject"
    )
    entries = _counts(
        "SELECT subject, count(*) FROM kernel_auditentry WHERE action = 'dossiers.received' GROUP BY subject"
    )
    told = Job.objects.filter(name="event:dossiers.received").values_list("payload", flat=True)
    events = Counter(str(payload["code"]) for payload in told)
    for code, key in _rows("SELECT code, idempotency_key FROM dossiers_dossier"):
        yield Stored(
            code, str(key).partition(":")[2].partition(":")[2], runs[code], tasks[code], slips[code], entries[code],
            events[code],
        )  # fmt: skip


def _series() -> dict[str, tuple[list[int], int]]:
    """Numbers in use of each series of codes and of slips, with the last one drawn."""
    used: dict[str, list[int]] = defaultdict(list)
    for (code,) in _rows("SELECT code FROM dossiers_dossier"):
        prefix, _, number = str(code).rpartition("-")
        agency, _, day = prefix.rpartition("-")
        used[f"dossier:{agency}:{day}"].append(int(number))
    for unit, kind, year, number in _rows("SELECT unit_id, kind, year, number FROM documents_letter"):
        used[f"letter:{unit}:{kind}:{year}"].append(int(number))
    drawn = {key: int(value) for key, value in _rows("SELECT key, value FROM documents_numberseries")}
    return {name: (used.get(name, []), drawn.get(name, 0)) for name in used.keys() | drawn.keys()}


def _missing(changes: list[Change]) -> Iterable[str]:
    """Calendar changes whose recounting never ran."""
    done = list(Job.objects.filter(name=RECOMPUTE, done_at__isnull=False).values_list("payload", flat=True))
    for change in changes:
        if not any(ran["unit_id"] == change.unit_id and change.day in ran["reason"] for ran in done):
            yield f"recounting after the calendar of unit {change.unit_id} changed on {change.day}"


def _counts(statement: str) -> Counter[str]:
    return Counter({str(subject): int(count) for subject, count in _rows(statement)})


def _number(statement: str) -> int:
    return int(_rows(statement)[0][0])


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
