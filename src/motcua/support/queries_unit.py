"""One agency's procedures with what is open about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from motcua.organisation import queries as organisation
from motcua.support.queries import decided_by, gaps_of, marks_in
from motcua.support.rules.readiness import WORSE, Aspect, Mark, worst
from motcua.support.types import Board, Collecting, Item, UnitState

PAGE = 50
Row = tuple[Item, dict[Aspect, Mark]]


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """Which rows, and which page of them; bad input in an address falls back to everything."""

    aspect: Aspect | None = None
    mark: Mark = Mark.BLOCKED
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        aspect = given.get("muc", "")
        mark = given.get("tinh-trang", "")
        page = given.get("trang", "")
        return cls(
            aspect=next((known for known in Aspect if known == aspect), None),
            mark=next((known for known in Mark if known == mark), Mark.BLOCKED),
            page=int(page[:4]) if page.isascii() and page.isdigit() and int(page[:4]) else 1,
        )


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A page of rows, the worst first."""

    state: UnitState
    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int


def unit_page(board: Board, unit_id: int, asked: UnitFilter) -> UnitPage:
    """The rows of one agency; nothing for a unit that decides nothing."""
    state = board.units.get(unit_id) or UnitState(organisation.unit(unit_id))
    rows = [
        row for row in _rows(board, unit_id) if asked.aspect is None or row[1].get(asked.aspect) is asked.mark
    ]
    rows.sort(key=lambda row: (-WORSE[worst(row[1].values())], row[0].field, row[0].name, row[0].code))
    pages = max(1, -(-len(rows) // PAGE))
    page = min(asked.page, pages)
    shown = rows[(page - 1) * PAGE : page * PAGE]
    return UnitPage(state, tuple(shown), len(rows), page, pages)


def _rows(board: Board, unit_id: int) -> list[Row]:
    missing = gaps_of(board, unit_id)
    collecting = board.collecting.get(unit_id, Collecting())
    return [(item, marks_in(item, missing[item.key], collecting)) for item in decided_by(board, unit_id)]
