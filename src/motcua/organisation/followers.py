"""What hangs on units in the contexts above: it follows when units are succeeded, and answers before an undo.

Contexts above register here when the app is ready, so that one act can move everything and still ask downward only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from motcua.kernel.actor import Actor
from motcua.kernel.messages import Message
from motcua.organisation.rules.succession import Problem, Succession, Tally


@dataclass(frozen=True, slots=True)
class Moves:
    """A succession over ids. `at` is the instant of effect, `staffed_*` who can be found in a (unit, role)."""

    reference: int
    decision: str
    effective_on: date
    at: datetime
    whole: Succession
    ids: Mapping[str, int]
    codes: Mapping[int, str]
    function_of: Callable[[str, str], str]
    staffed_before: frozenset[tuple[int, str]] = frozenset()
    staffed_after: frozenset[tuple[int, str]] = frozenset()
    held_after: frozenset[tuple[int, int, str]] = frozenset()

    def concerned(self) -> frozenset[int]:
        """The units whose work may go elsewhere."""
        return frozenset(self.ids[code] for code in self.whole.parts if self.whole.concerns(code))

    def unit_for(self, unit_id: int, field: str = "") -> int | None:
        """The unit that takes over what lies in a unit; itself when it stays, None when nobody does."""
        target = self.whole.target_of(self.codes[unit_id], field)
        return None if target is None else self.ids[target.code]

    def agency_for(self, agency_id: int, field: str = "") -> int | None:
        """The agency that becomes competent for a field in place of an agency."""
        code = self.codes[agency_id]
        target = self.whole.agency_of(code, field, self.function_of(code, field) if field else "")
        return None if target is None else self.ids[target.code]

    def name(self, unit_id: int) -> str:
        return self.whole.parts[self.codes[unit_id]].name


@dataclass(slots=True)
class Followed:
    """What a follower did: counts from unit to unit, totals before and after by state, what stands in the way."""

    tally: Tally = field(default_factory=Tally)
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


class Follower(Protocol):
    """Moves what it keeps; `hindrances` says what has been built on a succession since, which forbids the undo."""

    def move(self, *, actor: Actor, moves: Moves, now: datetime) -> Followed: ...

    def hindrances(self, *, reference: int, unit_ids: Collection[int], since: datetime) -> list[Message]: ...

    def undo(self, *, actor: Actor, reference: int, decision: str, now: datetime) -> int: ...


OpenWork = Callable[[Collection[int]], Mapping[tuple[int, int], int]]
"""How many open tasks are on whose desk: by (user, unit), for the users asked."""

_followers: dict[str, Follower] = {}
_open_work: dict[str, OpenWork] = {}


def register_follower(label: str, *, follower: Follower) -> None:
    """Let something follow successions. Call it once, when the app is ready."""
    _followers[label] = follower


def register_open_work(label: str, *, count: OpenWork) -> None:
    """Say how open work of people is counted. Call it once, when the app is ready."""
    _open_work[label] = count


def followers() -> Mapping[str, Follower]:
    return _followers


def open_work(user_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Open work of people by (user, unit), over all contexts that have any."""
    found: dict[tuple[int, int], int] = {}
    for count in _open_work.values():
        for key, number in count(user_ids).items():
            found[key] = found.get(key, 0) + number
    return found
