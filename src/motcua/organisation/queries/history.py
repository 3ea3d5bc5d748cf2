"""Units through time: what became of one, what it was made of, how it was called on a day (no statement)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from motcua.organisation.snapshot import Snapshot, current
from motcua.organisation.types import FormerName, Succeeded, UnitInfo


@dataclass(frozen=True, slots=True)
class Origin:
    """A unit that this one took over from, in whole or in part."""

    unit: UnitInfo
    kind: str
    parts: tuple[str, ...]
    effective_on: date
    decision: str


def predecessors(unit_id: int) -> tuple[Origin, ...]:
    """What a unit was formed from, by name."""
    return _joined(current().succeeds.get(unit_id, ()), of_predecessors=True)


def successors(unit_id: int) -> tuple[Origin, ...]:
    """What became of a unit, the successor of most of its work first."""
    return _joined(
        [line for line in current().succeeded.get(unit_id, ()) if line.successor_id != unit_id],
        of_predecessors=False,
    )


def keeper_of(agency_id: int) -> int:
    """The standing agency that keeps what an agency has finished: itself, or the successor of all its rest.

    Goes on through successors that have ended in their turn; the agency itself when nobody is known.
    """
    snapshot = current()
    known = snapshot.keepers.get(agency_id)
    if known is None:
        known = snapshot.keepers[agency_id] = _find_keeper(snapshot, agency_id)
    return known


def _find_keeper(snapshot: Snapshot, agency_id: int) -> int:
    seen, here = {agency_id}, agency_id
    while snapshot.units[here].is_former:
        lines = sorted(
            snapshot.succeeded.get(here, ()), key=lambda line: (bool(line.field), bool(line.function))
        )
        after = next((snapshot.units[line.successor_id].agency_id for line in lines), None)
        if after is None or after in seen:
            return here
        seen.add(after)
        here = after
    return here


def kept_by(agency_ids: Collection[int]) -> frozenset[int]:
    """The ended agencies whose finished work these agencies keep."""
    ended = [unit.id for unit in current().units.values() if unit.is_former and unit.is_agency]
    return frozenset(each for each in ended if keeper_of(each) in agency_ids)


def name_on(unit_id: int, day: date) -> FormerName:
    """What a unit was called on a day: letters and registers of that day carry this name."""
    unit = current().units[unit_id]
    for name in unit.former_names:
        after = name.starts_on is None or name.starts_on <= day
        if after and name.ends_on is not None and day <= name.ends_on and name.full_name:
            return name
    return FormerName(
        name=unit.name,
        full_name=unit.full_name,
        short_name=unit.short_name,
        agency_code=unit.agency_code,
        code=unit.code,
        letter_head=unit.letter_head,
    )


def _joined(lines: Collection[Succeeded], *, of_predecessors: bool) -> tuple[Origin, ...]:
    found: dict[tuple[int, date], list[Succeeded]] = {}
    for line in sorted(lines, key=lambda line: (bool(line.function), bool(line.field))):
        other = line.predecessor_id if of_predecessors else line.successor_id
        found.setdefault((other, line.effective_on), []).append(line)
    units = current().units
    return tuple(
        Origin(
            units[other],
            group[0].kind,
            tuple(line.field or line.function for line in group if line.field or line.function),
            day,
            group[0].decision,
        )
        for (other, day), group in found.items()
    )
