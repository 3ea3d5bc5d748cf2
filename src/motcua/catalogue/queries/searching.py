"""Finding and listing procedures; no statement but, every two seconds, the check that the picture is
fresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from motcua.catalogue.rules.competence import HERE
from motcua.catalogue.rules.search import Entry
from motcua.catalogue.snapshot import current
from motcua.catalogue.types import SearchHit

NO_COUNTS: Mapping[int, int] = {}


def search(
    text: str,
    *,
    receiving_unit_id: int | None = None,
    field: str = "",
    level: str = "",
    limit: int = 12,
    at: datetime,
    popularity: Mapping[int, int] = NO_COUNTS,
) -> list[SearchHit]:
    """Procedures that stand at an instant and match what was typed, best first.

    With a receiving unit only what centres of the province may receive. `popularity` (dossiers by
    procedure id) lifts what a unit often does.
    """
    levels = frozenset({level}) if level else frozenset(HERE) if receiving_unit_id is not None else None
    snapshot = current()
    found = snapshot.index.find(
        text,
        levels=levels,
        offered=snapshot.offered_at(at),
        field=field,
        at=at,
        popularity=popularity,
        limit=limit,
    )
    return [hit_of(entry) for entry in found]


def fields(*, at: datetime) -> list[str]:
    """Names of the fields that have procedures in force at an instant, in alphabetical order."""
    return sorted(
        {entry.field for entry in current().entries.values() if entry.stands_at(at) and entry.field}
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of procedures, how many there are in all, and whether more follow."""

    hits: tuple[SearchHit, ...]
    total: int
    more: bool


def listing(
    text: str = "",
    *,
    field: str = "",
    level: str = "",
    offset: int = 0,
    after: int | None = None,
    limit: int = 50,
    at: datetime,
) -> Listing:
    """A page of the procedures that stand at an instant; without a text, the detailed ones first, by field and name.

    The page begins at `offset`, or behind the version `after` (the first page if that is not in the list).
    """
    found = _listed(text, field, level, at)
    if after is not None:
        offset = next((n for n, entry in enumerate(found, 1) if entry.version_id == after), 0)
    page = found[offset : offset + limit]
    return Listing(tuple(hit_of(entry) for entry in page), len(found), offset + len(page) < len(found))


def _listed(text: str, field: str, level: str, at: datetime) -> list[Entry]:
    if text.strip():
        levels = frozenset({level}) if level else None
        return current().index.find(text, levels=levels, field=field, at=at, limit=len(current().index))
    found = [
        entry
        for entry in current().entries.values()
        if entry.stands_at(at) and field in ("", entry.field) and (not level or level in entry.levels)
    ]
    return sorted(found, key=lambda e: (not e.detailed, e.field, e.name, e.code))


def hit_of(entry: Entry) -> SearchHit:
    return SearchHit(
        version_id=entry.version_id,
        procedure_id=entry.procedure_id,
        code=entry.code,
        name=entry.name,
        short_name=entry.short_name,
        field=entry.field,
        levels=entry.levels,
        detailed=entry.detailed,
        online=entry.online,
    )
