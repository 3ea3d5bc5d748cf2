"""A decision over the real catalogue: read into lines, carried out, tried out; and the matrix of competence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from bench.figures import Figure, Goal
from bench.place import Place
from motcua.catalogue import actions as catalogue
from motcua.catalogue import queries
from motcua.catalogue.queries import matrix
from motcua.catalogue.queries.facts import in_force
from motcua.catalogue.types_changes import ChangeAction
from motcua.catalogue.types_drafts import ChangeHead, ChangeSetInfo, DraftLine
from motcua.dossiers.actions.rehearse import rehearse
from motcua.kernel import clock
from motcua.kernel.actor import Actor

T = TypeVar("T")
LINES, FEW = 1_500, 5
PUBLISH, MATRIX = Goal(value=60), Goal(value=30)
PRODUCT = Actor.system("bench", via="command")


def measure(place: Place, *, tiny: bool) -> Iterator[Figure]:
    """On whichever database; nothing of it stays but two drafts and a rehearsal."""
    now = clock.now()
    report, taken = _timed(lambda: matrix.check(now))
    yield Figure(
        "matrix of competence, all pairs",
        place.database,
        taken,
        "s",
        goal=MATRIX,
        note=f"{report.pairs:,} pairs, {len(report.holes)} holes, {len(report.overlaps)} overlaps",
    )
    count = 40 if tiny else LINES
    drafted, taken = _timed(lambda: _draft("9001/QĐ-UBND", count))
    yield Figure("decision drafted", place.database, taken, "s", note=f"{count:,} lines, each compared")
    _none, taken = _timed(lambda: _carry_out(drafted))
    yield Figure(
        "decision carried out",
        place.database,
        taken,
        "s",
        goal=PUBLISH,
        note=f"{count:,} lines in one transaction, rolled back",
    )
    few = _draft("9002/QĐ-UBND", FEW)
    tried, taken = _timed(lambda: rehearse(actor=PRODUCT, change_set_id=few.id, now=now))
    yield Figure(
        "decision rehearsed",
        place.database,
        taken,
        "s",
        note=f"{FEW} lines: {tried.trials:,} trials, {tried.real} dossiers walked by the real acts",
    )


def _draft(number: str, count: int) -> ChangeSetInfo:
    """Amends the first procedures on offer: one condition more."""
    now = clock.now()
    lines = [
        DraftLine(
            ChangeAction.AMENDED,
            code=found.code,
            name=found.name,
            content=replace(queries.definition(found.version_id), conditions=(f"Điều kiện {number}",)),
        )
        for found in [one for one in in_force(now) if one.code][:count]
    ]
    head = ChangeHead(number, title="Đo", signed_on=clock.today(now), effective_at=now + timedelta(days=2))
    return catalogue.draft_change_set(actor=PRODUCT, head=head, lines=lines, now=now)


def _carry_out(drafted: ChangeSetInfo) -> None:
    with catalogue.as_if_published(change_set_id=drafted.id, day=clock.today(clock.now()), now=clock.now()):
        pass


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gave, and how many seconds it took."""
    begun = time.perf_counter()
    given = work()
    return given, time.perf_counter() - begun
