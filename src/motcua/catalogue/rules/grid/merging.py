"""What wishes for cells would change: the values, the mistakes by cell, and what others changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from motcua.catalogue.rules.grid.cells import CellEdit, Choices, Row, live_steps, parse, plain, text_of
from motcua.catalogue.rules.grid.columns import Column, RowKey, mark_of
from motcua.kernel.messages import Message, msg

ORDER = {column: place for place, column in enumerate(Column)}
"""The process before its steps: steps are read against the process that will run."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A cell as somebody wants it. `seen` is the mark of the value they looked at, None when they looked at none.

    `cell` names where it is written: a cell of the file, empty on the screen.
    """

    key: RowKey
    column: Column
    text: str
    seen: str | None = None
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that would change, in tokens; `seen` goes along so that applying later checks again."""

    key: RowKey
    column: Column
    before: str
    after: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A wish that cannot be: which cell, what was written, what to do."""

    cell: str
    key: RowKey | None
    column: Column | None
    text: str
    message: Message


class Keep(StrEnum):
    """Whose value stands where two people changed one cell."""

    THEIRS = "theirs"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell that somebody else changed since it was looked at: what stands now and what was wanted."""

    key: RowKey
    column: Column
    now: str
    mine: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The outcome of all wishes, nothing written yet. `rows` are the rows as they would be."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    clashes: tuple[Clash, ...]
    unchanged: int
    rows: Mapping[RowKey, Row]

    @property
    def row_count(self) -> int:
        """How many rows would change."""
        return len({change.key for change in self.changes})


NOBODY: frozenset[tuple[RowKey, Column]] = frozenset()


def plan(
    wishes: Iterable[Wish],
    rows: Mapping[RowKey, Row],
    choices: Choices,
    *,
    mine: Set[tuple[RowKey, Column]] = NOBODY,
) -> Plan:
    """Judge every wish. Cells in `mine` were decided for the one who wishes; elsewhere a clash keeps what stands."""
    state = dict(rows)
    changes: list[Change] = []
    problems: list[Problem] = []
    clashes: list[Clash] = []
    unchanged = 0
    for wish in sorted(wishes, key=lambda w: ORDER[w.column]):
        row = state.get(wish.key)
        if row is None or wish.column not in row.columns:
            problems.append(_no_cell(wish, row))
            continue
        now = row.token(wish.column)
        if _untouched(wish, row, rows[wish.key], choices):
            unchanged += 1
            continue
        token = parse(row, wish.column, wish.text, choices)
        if isinstance(token, Message):
            problems.append(Problem(wish.cell, wish.key, wish.column, wish.text, token))
        elif token == now or wish.seen == mark_of(text_of(row, wish.column, token, choices)):
            unchanged += 1
        elif _clashes(wish, rows[wish.key], choices, mine):
            clashes.append(Clash(wish.key, wish.column, now, token, wish.cell))
        else:
            changes.append(Change(wish.key, wish.column, now, token, wish.cell))
            state[wish.key] = with_change(row, wish.column, token, choices)
    return Plan(tuple(changes), tuple(problems), tuple(clashes), unchanged, state)


def with_change(row: Row, column: Column, token: str, choices: Choices) -> Row:
    """The row with one more changed cell. Another process brings its own steps: those changed before give way."""
    live = row.live.get(column, "")
    draft = dict(row.draft)
    draft.pop(column, None)
    if token != live:
        draft[column] = CellEdit(live, token)
    if column is Column.PROCESS:
        draft.pop(Column.STEPS, None)
        lives = dict(row.live)
        lives[Column.STEPS] = live_steps(choices.definitions.get(token, row.generic), choices)
        return replace(row, draft=draft, live=lives)
    return replace(row, draft=draft)


def _no_cell(wish: Wish, row: Row | None) -> Problem:
    message = (
        msg(
            "Dòng này không phải thủ tục thuộc lĩnh vực của đơn vị bạn, hoặc không còn hiệu lực; không sửa được."
        )
        if row is None
        else msg("Ô này không dùng cho dòng này; hãy để trống.")
    )
    return Problem(wish.cell, wish.key, wish.column, wish.text, message)


def _untouched(wish: Wish, row: Row, before: Row, choices: Choices) -> bool:
    """The cell says what it said when it was looked at, or what it says now; untouched cells are never judged.

    Steps also count as untouched while they repeat the process that stood there before the one beside was changed.
    """
    written = plain(wish.text)
    if wish.seen == mark_of(written):
        return True
    rows = (row, before) if wish.column is Column.STEPS else (row,)
    for known in rows:
        token = known.token(wish.column)
        if written in (token, text_of(known, wish.column, token, choices)):
            return True
    return False


def _clashes(wish: Wish, before: Row, choices: Choices, mine: Set[tuple[RowKey, Column]]) -> bool:
    if wish.seen is None or (wish.key, wish.column) in mine:
        return False
    return mark_of(text_of(before, wish.column, before.token(wish.column), choices)) != wish.seen
