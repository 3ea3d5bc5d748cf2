"""Which lines of a statement are new: nothing is taken twice, nothing that looks alike is lost.

A line is known by the bank's own number with its day and amount (numbers begin anew with some banks). Lines without
a number are told apart by counting: a statement that has three lines alike has one new line where two are stored.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from motcua.payments.rules.statements.lines import BankLine


@dataclass(frozen=True, slots=True)
class Stored:
    """A line of the account that is there already."""

    key: str
    content: str

    @property
    def numbered(self) -> bool:
        return self.key.startswith("n:")


@dataclass(frozen=True, slots=True)
class Fresh:
    """`new` lines with their keys; `adopted` stored lines without a number that now get one: old key -> new key."""

    new: tuple[tuple[str, BankLine], ...]
    adopted: dict[str, str]


def fresh(stored: Iterable[Stored], incoming: Sequence[BankLine]) -> Fresh:
    """What a statement adds to the lines of its account."""
    known = {line.key: line.content for line in stored}
    there = Counter(known.values())
    bare: dict[str, list[str]] = defaultdict(list)
    for key, content in known.items():
        if not key.startswith("n:"):
            bare[content].append(key)
    new: list[tuple[str, BankLine]] = []
    adopted: dict[str, str] = {}
    taken = set(known)
    matched: Counter[str] = Counter()
    for key, line in _numbered(incoming):
        if key in known:
            matched[known[key]] += 1
        elif bare[line.content]:
            adopted[bare[line.content].pop(0)] = key
            matched[line.content] += 1
        else:
            new.append((key, line))
        taken.add(key)
    seen: Counter[str] = Counter()
    for line in incoming:
        if line.number:
            continue
        content = line.content
        seen[content] += 1
        if seen[content] <= there[content] - matched[content]:
            continue
        key = _free(content, taken)
        taken.add(key)
        new.append((key, line))
    order = {id(line): place for place, line in enumerate(incoming)}
    new.sort(key=lambda found: order[id(found[1])])
    return Fresh(tuple(new), adopted)


def _numbered(incoming: Sequence[BankLine]) -> Iterable[tuple[str, BankLine]]:
    """Lines with a number, each once; the same number with another text in one file is another line."""
    contents: dict[str, list[str]] = defaultdict(list)
    for line in incoming:
        if not line.number:
            continue
        key = number_key(line)
        if line.content in contents[key]:
            continue
        contents[key].append(line.content)
        place = len(contents[key])
        yield key if place == 1 else f"{key}:{place}", line


def number_key(line: BankLine) -> str:
    """How a line with a number is known."""
    return f"n:{line.number.upper()}:{line.day:%Y%m%d}:{line.amount}"


def _free(content: str, taken: set[str]) -> str:
    place = 1
    while f"c:{content}:{place}" in taken:
        place += 1
    return f"c:{content}:{place}"
