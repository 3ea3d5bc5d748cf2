"""Periods from one instant to another: which stands when, what is between them, what was believed when. Pure.

Every period is half open: `starts` is the first instant it counts, `ends` the first it no longer does (None: open).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


def stands(starts: datetime | None, ends: datetime | None, at: datetime) -> bool:
    """Whether a half-open period covers an instant."""
    return (starts is None or starts <= at) and (ends is None or at < ends)


@dataclass(frozen=True, slots=True)
class Period:
    """When a version counts; `number` is its place in the row of versions."""

    version_id: int
    number: int
    starts: datetime
    ends: datetime | None = None

    def stands_at(self, at: datetime) -> bool:
        return stands(self.starts, self.ends, at)

    def meets(self, other: Period) -> bool:
        """Whether the two share an instant."""
        return (self.ends is None or other.starts < self.ends) and (
            other.ends is None or self.starts < other.ends
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """From `starts` until `ends` no version counts although one did before and one does after."""

    starts: datetime
    ends: datetime


def without_overlap(periods: Iterable[Period]) -> list[Period]:
    """The periods by time, so cut that no instant has two: where several are stored the highest number counts.

    A version cut in two keeps its first part only: what lies behind a later version is not given back to the one it
    interrupted, because nobody decided that again; it is a gap, and reported.
    """
    stored = list(periods)
    moments = sorted({m for period in stored for m in (period.starts, period.ends) if m is not None})
    kept: dict[int, Period] = {}
    last = None
    for moment, following in zip(moments, [*moments[1:], None], strict=False):
        winner = max((p for p in stored if p.stands_at(moment)), key=lambda p: p.number, default=None)
        if winner is not None and winner.number not in kept:
            kept[winner.number] = replace(winner, starts=moment, ends=following)
        elif winner is not None and winner.number == last:
            kept[winner.number] = replace(kept[winner.number], ends=following)
        # A winner that was interrupted keeps its first part, so that the row stays one period a version.
        last = winner.number if winner is not None and kept[winner.number].ends == following else None
    return list(kept.values())


def overlaps(periods: Sequence[Period]) -> list[tuple[Period, Period]]:
    """Every two periods that share an instant, the earlier number first."""
    ordered = sorted(periods, key=lambda p: p.number)
    return [
        (one, other)
        for place, one in enumerate(ordered)
        for other in ordered[place + 1 :]
        if one.meets(other)
    ]


def gaps(periods: Iterable[Period]) -> list[Gap]:
    """Where nothing counts between the first beginning and the last end."""
    found: list[Gap] = []
    reached: datetime | None = None
    for period in sorted(periods, key=lambda p: p.starts):
        if reached is not None and period.starts > reached:
            found.append(Gap(reached, period.starts))
        if period.ends is None:
            return found
        reached = period.ends if reached is None else max(reached, period.ends)
    return found


@dataclass(frozen=True, slots=True)
class Belief:
    """That a version counts from `starts` until `ends`, held from `known_from` until `known_to`."""

    version_id: int
    number: int
    starts: datetime
    ends: datetime | None
    known_from: datetime
    known_to: datetime | None = None

    def held_at(self, known_at: datetime) -> bool:
        return stands(self.known_from, self.known_to, known_at)

    @property
    def period(self) -> Period:
        return Period(self.version_id, self.number, self.starts, self.ends)


def believed(beliefs: Iterable[Belief], known_at: datetime) -> list[Period]:
    """The row of versions as somebody who looked at `known_at` saw it."""
    return without_overlap(belief.period for belief in beliefs if belief.held_at(known_at))


def beliefs_without_record(rows: Sequence[tuple[Period, datetime, datetime | None]]) -> list[Belief]:
    """What must have been believed about versions of which nobody kept a record: (period, created, withdrawn) each.

    A version is known from when it was written. The end that its successor set was unknown until that one came.
    """
    found: list[Belief] = []
    for period, created, withdrawn in rows:
        closing = [
            other_created
            for other, other_created, _gone in rows
            if other.number > period.number and other.starts == period.ends and other_created > created
        ]
        if not closing:
            found.append(_belief(period, period.ends, created, withdrawn))
            continue
        learned = min(closing)
        if withdrawn is not None and withdrawn <= learned:
            found.append(_belief(period, None, created, withdrawn))
            continue
        found.append(_belief(period, None, created, learned))
        found.append(_belief(period, period.ends, learned, withdrawn))
    return found


def _belief(period: Period, ends: datetime | None, known_from: datetime, known_to: datetime | None) -> Belief:
    return Belief(period.version_id, period.number, period.starts, ends, known_from, known_to)


class Eras:
    """The stretches of time within which nothing begins or ends, so that an answer may be kept for each."""

    def __init__(self, moments: Iterable[datetime | None]) -> None:
        self._moments = sorted({moment for moment in moments if moment is not None})

    def number(self, at: datetime) -> int:
        """The stretch an instant lies in."""
        return bisect_right(self._moments, at)
