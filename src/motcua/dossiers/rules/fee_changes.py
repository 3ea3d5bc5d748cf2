"""From what is owed now and what was paid already to what is still owed and what goes back. Pure; whole đồng.

Fees (phí) and charges (lệ phí) are never set off against each other: they have receipts and budgets of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sum:
    """A line of money: its key, its kind (`phi`, `le_phi`), đồng."""

    key: str
    kind: str
    amount: int


@dataclass(frozen=True, slots=True)
class Difference:
    """`owed` by key of a line, `back` by kind; neither holds a nought."""

    owed: Mapping[str, int]
    back: Mapping[str, int]


def difference(due: Sequence[Sum], kept: Sequence[Sum]) -> Difference:
    """What is still owed of the lines `due`, and what is too much of what was paid and not given back (`kept`).

    Within a kind a line that fell pays for one that rose: changing the case of a dossier asks for the difference only.

    >>> difference([Sum("b", "phi", 15_000)], [Sum("a", "phi", 10_000)])
    Difference(owed={'b': 5000}, back={})
    """
    owed: dict[str, int] = {}
    back: dict[str, int] = {}
    for kind in dict.fromkeys(line.kind for line in (*due, *kept)):
        need = total(due, kind) - total(kept, kind)
        if need < 0:
            back[kind] = -need
        for line in due:
            if line.kind != kind or need <= 0:
                continue
            paid = sum(one.amount for one in kept if one.key == line.key and one.kind == kind)
            here = min(max(line.amount - paid, 0), need)
            if here:
                owed[line.key] = owed.get(line.key, 0) + here
            need -= here
    return Difference(owed, back)


def total(lines: Iterable[Sum], kind: str = "") -> int:
    """The sum of the lines, of one kind or of all."""
    return sum(line.amount for line in lines if not kind or line.kind == kind)


def without(lines: Sequence[Sum], given_back: Mapping[str, int]) -> list[Sum]:
    """The lines less what was given back of their kind, from the last line up."""
    left = dict(given_back)
    found = []
    for line in reversed(lines):
        taken = min(line.amount, left.get(line.kind, 0))
        left[line.kind] = left.get(line.kind, 0) - taken
        found.append(Sum(line.key, line.kind, line.amount - taken))
    return [line for line in reversed(found) if line.amount]
