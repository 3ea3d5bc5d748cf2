"""Which procedure of the catalogue a line means: by any of its codes, else by its name.

A name is taken by itself only when it is the same but for abbreviations and filler words; what is merely alike
is proposed with a number and chosen by a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Literal, Protocol

from motcua.catalogue.rules.decisions.names import features, is_cut, likeness, meaningful, words_of_name
from motcua.catalogue.rules.decisions.values import DecisionLine
from motcua.catalogue.rules.search import plain_code
from motcua.catalogue.types import Level
from motcua.catalogue.types_changes import ChangeAction

MatchedBy = Literal["", "code", "former_code", "old_code", "name"]
ALIKE = 0.55
"""Below this two names are not worth showing next to each other."""

PROPOSED = 5
LOOKED_AT = 40
"""Names whose beginning is compared with a name that was cut."""


@dataclass(frozen=True, slots=True)
class Known:
    """A procedure of the catalogue as matching sees it; `codes` are all its codes, present and former."""

    procedure_id: int
    code: str
    name: str
    levels: tuple[Level, ...] = ()
    codes: tuple[str, ...] = ()


class CatalogueIndex(Protocol):
    """The procedures that exist, as the caller fills it from the catalogue."""

    def by_code(self, code: str) -> Sequence[Known]:
        """Procedures that have or had the code."""

    def by_name(self, name: str) -> Sequence[Known]:
        """Procedures whose name says the same."""

    def near(self, name: str) -> Sequence[Candidate]:
        """Procedures with a name alike, best first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure that may be meant; `score` from 0 to 1."""

    known: Known
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a line. `found` None with candidates: a person chooses; `ambiguous`: several fit alike."""

    line: DecisionLine
    found: Known | None = None
    matched_by: MatchedBy = ""
    candidates: tuple[Candidate, ...] = ()
    ambiguous: bool = False


class KnownProcedures:
    """A `CatalogueIndex` over a list: codes, names and words looked up without the database."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._known = list(known)
        self._codes: dict[str, list[Known]] = defaultdict(list)
        self._names: dict[tuple[str, ...], list[Known]] = defaultdict(list)
        self._holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._sizes: list[int] = []
        for place, one in enumerate(self._known):
            for code in dict.fromkeys(plain_code(code) for code in (one.code, *one.codes) if code):
                self._codes[code].append(one)
            words = words_of_name(one.name)
            for key in {words, meaningful(one.name)}:
                self._names[key].append(one)
            parts = features(words)
            self._sizes.append(len(parts))
            for part in parts:
                self._holders[part].append(place)

    def by_code(self, code: str) -> Sequence[Known]:
        """Procedures that have or had the code, the present owner first."""
        plain = plain_code(code)
        found = self._codes.get(plain, [])
        return sorted(found, key=lambda one: plain_code(one.code) != plain)

    def by_name(self, name: str) -> Sequence[Known]:
        """Procedures whose name says the same but for abbreviations and filler words."""
        return self._names.get(meaningful(name)) or self._names.get(words_of_name(name), [])

    def near(self, name: str) -> Sequence[Candidate]:
        """The most alike names; the beginning of a name that was cut counts as the whole."""
        words = words_of_name(name)
        cut = len(words) if is_cut(name) else None
        wanted = features(words)
        shared: Counter[int] = Counter()
        for part in wanted:
            shared.update(self._holders.get(part, ()))
        scores = {
            place: count / len(wanted) if cut else 2 * count / (len(wanted) + self._sizes[place])
            for place, count in shared.items()
        }
        best = nlargest(LOOKED_AT if cut else PROPOSED, scores, key=lambda place: (scores[place], -place))
        scored = [
            Candidate(one, round(likeness(words, words_of_name(one.name)[:cut]) if cut else scores[place], 3))
            for place, one in ((place, self._known[place]) for place in best)
        ]
        alike = sorted((c for c in scored if c.score >= ALIKE), key=lambda c: (-c.score, c.known.code))
        return alike[:PROPOSED]


def match(lines: Iterable[DecisionLine], index: CatalogueIndex) -> tuple[Match, ...]:
    """One match for each line, in order."""
    return tuple(_match(line, index) for line in lines)


def _match(line: DecisionLine, index: CatalogueIndex) -> Match:
    for code, by in ((line.code, "code"), (line.old_code, "old_code")):
        if not code:
            continue
        found = index.by_code(code)
        if found:
            return _by_code(line, found, code, old=by == "old_code")
    if line.code and line.action is ChangeAction.NEW:
        return Match(line, candidates=_same_name(line, index))
    if line.code:
        return Match(line, candidates=_candidates(line.name, index))
    return _by_name(line, index)


def _by_code(line: DecisionLine, found: Sequence[Known], code: str, *, old: bool) -> Match:
    """The present owner of the code; several owners are told apart by level and name, else a person chooses."""
    owners = [one for one in found if plain_code(one.code) == plain_code(code)] or list(found)
    if len(owners) > 1:
        owners = _told_apart(line, owners)
    if len(owners) > 1:
        return Match(line, candidates=tuple(Candidate(one, 1.0) for one in owners), ambiguous=True)
    owner = owners[0]
    present = plain_code(owner.code) == plain_code(code)
    return Match(line, owner, "old_code" if old else "code" if present else "former_code")


def _by_name(line: DecisionLine, index: CatalogueIndex) -> Match:
    names = [name for name in (str(line.values.get("old_name", "")), line.name) if name]
    for name in names:
        if is_cut(name):
            continue
        found = _told_apart(line, list(index.by_name(name)))
        if len(found) == 1:
            return Match(line, found[0], "name")
        if found:
            return Match(line, candidates=tuple(Candidate(one, 1.0) for one in found), ambiguous=True)
    return Match(line, candidates=_candidates(names[0] if names else "", index))


def _told_apart(line: DecisionLine, found: list[Known]) -> list[Known]:
    """Those of the level the line states, when that leaves fewer; those of the same name likewise."""
    levels = line.values.get("levels")
    if len(found) > 1 and isinstance(levels, tuple):
        found = [one for one in found if set(one.levels) & set(levels)] or found
    if len(found) > 1 and line.name:
        found = [one for one in found if meaningful(one.name) == meaningful(line.name)] or found
    return found


def _candidates(name: str, index: CatalogueIndex) -> tuple[Candidate, ...]:
    return tuple(index.near(name)) if name else ()


def _same_name(line: DecisionLine, index: CatalogueIndex) -> tuple[Candidate, ...]:
    """A new procedure that is called like one there is: perhaps the same under a new code."""
    return tuple(Candidate(one, 1.0) for one in index.by_name(line.name)) if line.name else ()
