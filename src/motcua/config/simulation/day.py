"""The day itself: officers at the counter and people at the desks, each a thread with a browser and the API."""

from __future__ import annotations

import queue
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random
from typing import Any

from django.db import connection

from motcua.config.simulation import people as staff
from motcua.config.simulation.desks import Desk
from motcua.config.simulation.figures import Figures
from motcua.config.simulation.officers import Officer
from motcua.config.simulation.people import People
from motcua.config.simulation.talking import Line, Partner
from motcua.config.simulation.work import Visitors, offers_of
from motcua.organisation.types import Role, UnitInfo

SEED = 20251123
LONGEST_SECONDS = 1800
TOLD_EVERY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class DayPlan:
    """How busy the day is. `now` reads the clock: a simulated day takes real time."""

    centre: UnitInfo
    dossiers: int
    officers: int
    base_url: str
    now: Callable[[], datetime]


@dataclass
class Day:
    """What the threads share: queues of work, and the tallies that must agree with the database at the end."""

    plan: DayPlan
    people: People
    visitors: Visitors
    figures: Figures = field(default_factory=Figures)
    to_desks: queue.Queue[tuple[str, dict[str, Any] | None, str]] = field(default_factory=queue.Queue)
    to_counter: queue.Queue[tuple[str, str, dict[str, Any]]] = field(default_factory=queue.Queue)
    codes: list[str] = field(default_factory=list)
    client_ids: list[int] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    numbers: count[int] = field(default_factory=count)
    open_dossiers: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_visitor(self) -> tuple[dict[str, Any], str] | None:
        """The next person in the queue and the fate of their dossier; None when the hall is empty."""
        with self.lock:
            number = next(self.numbers)
            if number >= self.plan.dossiers:
                return None
            return self.visitors.reception(), self.visitors.fates[number]

    def came_in(self, code: str) -> None:
        with self.lock:
            self.codes.append(code)
            self.open_dossiers += 1

    def ended(self, how: str) -> None:
        with self.lock:
            self.ends[how] += 1
            self.open_dossiers -= 1

    @property
    def is_over(self) -> bool:
        with self.lock:
            return len(self.codes) >= self.plan.dossiers and self.open_dossiers <= 0


def simulate(plan: DayPlan, *, tell: Callable[[str], object]) -> Day:
    """Work through the day; raises nothing for single failures, they are in the figures."""
    random = Random(SEED)  # noqa: S311 - invented visitors, not secrets
    visitors = Visitors(random, plan.centre, offers_of(plan.centre, plan.now()))
    visitors.plan(plan.dossiers)
    day = Day(plan, People(random), visitors)
    officers = day.people.of(
        plan.centre, Role.ONE_STOP_OFFICER.value, at_least=plan.officers, now=plan.now()
    )[: plan.officers]

    def partner() -> Partner:
        client_id, token = staff.partner_token(f"Mô phỏng {uuid.uuid4().hex[:12]}", plan.now())
        day.client_ids.append(client_id)
        return Partner(Line(plan.base_url, day.figures), token)

    workers: list[Officer | Desk] = [Officer(day, name, partner()) for name in officers]
    workers += [Desk(day, number, partner()) for number in range(max(2, plan.officers))]
    threads = [threading.Thread(target=_safely, args=(worker, day), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    _watch(day, threads, tell)
    for client_id in day.client_ids:
        staff.close_partner(client_id, plan.now())
    return day


def _safely(worker: Officer | Desk, day: Day) -> None:
    try:
        worker.work()
    except Exception as problem:
        day.figures.failed(f"{type(worker).__name__}: {type(problem).__name__}: {problem}")
    finally:
        connection.close()


def _watch(day: Day, threads: list[threading.Thread], tell: Callable[[str], object]) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    told_at = time.monotonic()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.1)
        if time.monotonic() - told_at >= TOLD_EVERY_SECONDS:
            told_at = time.monotonic()
            tell(f"{len(day.codes)}/{day.plan.dossiers} dossiers, {sum(day.ends.values())} finished")
        if time.monotonic() > until:
            day.figures.failed(f"the day was not over after {LONGEST_SECONDS} s")
            return
