"""The paper list of a reception as ticked: what was handed in, what is shown only, what is missing.

A paper that is always asked and not ticked is missing; a conditional one only when the officer says so
(Decree 118/2025, article 17: one complete list, and nothing outside the published list).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

MOST_COPIES = 99
RECEIVED, PRESENTED, MISSING, NOT_NEEDED = "received", "presented", "missing", "not_needed"


class ListedPaper(Protocol):
    """A paper of the catalogue."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def originals(self) -> int: ...
    @property
    def copies(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def required(self) -> str: ...
    @property
    def condition(self) -> str: ...
    @property
    def case_key(self) -> str: ...
    @property
    def form_code(self) -> str: ...
    @property
    def alternatives(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Ticks:
    """What the officer ticked, by paper key. `originals` and `copies` hold the numbers that could be read."""

    here: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()
    originals: Mapping[str, int] = field(default_factory=dict)
    copies: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of the list on the screen."""

    key: str
    name: str
    presented: bool
    always: bool
    usual: bool
    condition: str
    form_code: str
    alternatives: tuple[str, ...]
    originals: int
    copies: int
    is_here: bool
    is_lacking: bool

    @property
    def state(self) -> str:
        """The state the dossier keeps for this paper."""
        if self.is_here:
            return PRESENTED if self.presented else RECEIVED
        return MISSING if self.is_missing else NOT_NEEDED

    @property
    def is_missing(self) -> bool:
        return not self.is_here and (self.always or self.is_lacking)


def usual_keys(papers: Sequence[ListedPaper], case_key: str) -> frozenset[str]:
    """What one key may tick: asked of everybody in the chosen case, under no condition of its own.

    Where every paper hangs on a condition, the forms to fill in; never a paper that only some people have.
    """
    usual = {
        paper.key
        for paper in papers
        if paper.required == "always" or (case_key and not paper.condition and paper.case_key == case_key)
    }
    return frozenset(usual or {paper.key for paper in papers if paper.kind == "form"})


def paper_rows(
    papers: Sequence[ListedPaper], ticks: Ticks, *, case_key: str = "", form: str = ""
) -> tuple[PaperRow, ...]:
    """The list with the officer's ticks; the always-asked first, in the order of the decision.

    `form` is the code of the form that the department chose: it stands at the first form of the list.
    """
    usual = usual_keys(papers, case_key)
    filled_in = next((paper.key for paper in papers if paper.kind == "form"), None) if form else None
    rows = [
        PaperRow(
            key=paper.key,
            name=paper.name,
            presented=paper.kind == "present",
            always=paper.required == "always",
            usual=paper.key in usual,
            condition=paper.condition,
            form_code=form if paper.key == filled_in else paper.form_code,
            alternatives=tuple(paper.alternatives),
            originals=ticks.originals.get(paper.key, paper.originals),
            copies=ticks.copies.get(paper.key, paper.copies),
            is_here=paper.key in ticks.here,
            is_lacking=paper.key in ticks.lacking,
        )
        for paper in papers
    ]
    return tuple(sorted(rows, key=lambda row: not row.always))


def missing(rows: Iterable[PaperRow]) -> list[PaperRow]:
    """What form 02 must name."""
    return [row for row in rows if row.is_missing]


def with_usual_missing(rows: tuple[PaperRow, ...]) -> tuple[PaperRow, ...]:
    """The list for form 02 where every paper hangs on a condition and none was marked as missing: what one key
    would tick and is not there is what the person must bring.
    """
    if any(row.always or row.is_missing for row in rows):
        return rows
    return tuple(replace(row, is_lacking=row.usual and not row.is_here) for row in rows)


def read_count(text: str, default: int) -> int:
    """A number of originals or copies; what is no number is the decision's own."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 3:
        return default
    return min(int(text), MOST_COPIES)


def read_ticks(data: Mapping[str, Sequence[str]]) -> Ticks:
    """The ticks in a posted form: `paper`, `lacks` (keys) and `originals:<key>`, `copies:<key>` (numbers)."""
    counts: dict[str, dict[str, int]] = {"originals": {}, "copies": {}}
    for name, values in data.items():
        kind, _, key = name.partition(":")
        if kind in counts and key and values:
            number = read_count(values[-1], -1)
            if number >= 0:
                counts[kind][key] = number
    return Ticks(
        here=frozenset(data.get("paper", ())),
        lacking=frozenset(data.get("lacks", ())),
        originals=counts["originals"],
        copies=counts["copies"],
    )
