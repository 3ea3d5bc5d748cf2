"""Everything the page of one procedure shows, on a day, perhaps as known on a date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from motcua.catalogue.errors import UnknownProcedure
from motcua.catalogue.queries.in_time import (
    ComingChange,
    KnownVersion,
    PastVersion,
    coming_changes,
    history,
    known_at,
)
from motcua.catalogue.queries.matrix import Row, rows_of
from motcua.catalogue.queries.versions import ProcedurePage, definition, page
from motcua.catalogue.rules.matrix import COMMUNE, Kind
from motcua.catalogue.snapshot import current
from motcua.kernel.errors import Refused
from motcua.kernel.messages import Message
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo


@dataclass(frozen=True, slots=True)
class Where:
    """Where a procedure is done: who decides, who receives, who gives the result back.

    `communes`: how many communes decide for themselves. `only_at`: the only units that receive; empty with
    `centre_only` False: every centre of the province.
    """

    communes: int = 0
    agencies: tuple[UnitInfo, ...] = ()
    only_at: tuple[UnitInfo, ...] = ()
    centre_only: bool = False
    own_centre_only: bool = False
    returned_by_decider: bool = False
    centre: UnitInfo | None = None
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A procedure on a day. `known` is set where it was asked as known on a date; `unknown` says nothing was then."""

    page: ProcedurePage
    at: datetime
    where: Where
    history: tuple[PastVersion, ...]
    coming: tuple[ComingChange, ...]
    known: KnownVersion | None = None
    unknown: Message | None = None

    @property
    def standing(self) -> KnownVersion | None:
        """The shown version in the history, with the mark of a late decision."""
        found = (row.known for row in self.history if row.known is not None)
        return self.known or next((known for known in found if known.info.id == self.page.info.id), None)


def procedure_sheet(code: str, *, now: datetime, at: datetime, known: datetime | None = None) -> Sheet:
    """The page of a procedure for an instant; `known` shows what was known then (six statements at most).

    Raises `UnknownProcedure` (404) for a code nobody has.
    """
    found = page(code, at)
    procedure_id = found.info.procedure_id
    as_known, unknown = None, None
    if known is not None:
        try:
            as_known = known_at(procedure_id, at=at, known_at=known)
        except UnknownProcedure as refused:
            unknown = refused.message
        else:
            content = definition(as_known.info.id)
            found = replace(found, info=as_known.info, definition=content, in_force=True)
    return Sheet(
        page=found,
        at=at,
        where=_where(found.info.id, at),
        history=history(procedure_id, known_at=known or now),
        coming=coming_changes(procedure_id, now),
        known=as_known,
        unknown=unknown,
    )


def _where(version_id: int, at: datetime) -> Where:
    if version_id not in current().entries:
        return Where()
    row = rows_of([version_id], at)[0]
    cells = [part.cell for part in row.parts if part.cell.kind is Kind.DECIDED]
    if not cells:
        return Where(reason=row.parts[0].cell.reason if row.parts else None)
    units = organisation.units()
    codes = dict.fromkeys(code for one in cells for code in one.receiving)
    return Where(
        communes=_communes(row),
        agencies=tuple(units[pk] for pk in dict.fromkeys(_deciders(row))),
        only_at=tuple(unit for unit in units.values() if unit.code in codes),
        centre_only=any(one.centre_only for one in cells),
        own_centre_only=any(one.rule is not None and one.rule.reception == "deciding_only" for one in cells),
        returned_by_decider=any(one.returns_to_deciding for one in cells),
        centre=_centre(),
    )


def _communes(row: Row) -> int:
    return sum(len(part.units) for part in row.parts if part.cell.decides_here and part.cell.level == COMMUNE)


def _deciders(row: Row) -> list[int]:
    """The provincial agencies that decide, each once."""
    found = []
    for part in row.parts:
        if part.cell.kind is Kind.DECIDED and part.cell.level != COMMUNE:
            found.append(part.cell.deciding_id if part.cell.deciding_id is not None else part.units[0].id)
    return found


def _centre() -> UnitInfo | None:
    """The provincial centre."""
    try:
        return organisation.centre_of(organisation.province().id)
    except Refused:
        return None
