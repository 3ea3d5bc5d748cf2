"""What must be true after any fault, over plain facts: no database and no product code in here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stored:
    """One dossier as the database has it, with how many rows of each kind belong to it."""

    code: str
    key: str
    runs: int = 1
    tasks: int = 2
    slips: int = 1
    entries: int = 1
    events: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """`acknowledged`: the codes each key was answered with. `series`: name -> (numbers in use, last drawn)."""

    acknowledged: Mapping[str, Iterable[str]]
    stored: Iterable[Stored]
    series: Mapping[str, tuple[list[int], int]] = field(default_factory=dict)
    jobs_waiting: int = 0
    jobs_dead: int = 0
    jobs_missing: tuple[str, ...] = ()
    answers: Mapping[str, int] = field(default_factory=dict)


WANTED = {"runs": 1, "tasks": 2, "slips": 1, "entries": 1, "events": 1}
EXPECTED_ANSWERS = frozenset({"200", "201", "409", "503", "507", "connection", "dropped"})


def problems(facts: Facts) -> list[str]:
    """Every way in which the facts are wrong; none when nothing was lost or doubled."""
    stored = list(facts.stored)
    return [
        *_keys_and_numbers(facts.acknowledged, stored),
        *_series(facts.series),
        *_parts(stored),
        *_jobs(facts),
        *(
            f"{count} answers of status {answer}"
            for answer, count in sorted(facts.answers.items())
            if answer not in EXPECTED_ANSWERS
        ),
    ]


def _keys_and_numbers(acknowledged: Mapping[str, Iterable[str]], stored: list[Stored]) -> Iterable[str]:
    codes, keys = Counter(found.code for found in stored), Counter(found.key for found in stored)
    yield from (f"number {code} is there {count} times" for code, count in codes.items() if count > 1)
    yield from (f"key {key} has {count} dossiers" for key, count in keys.items() if count > 1)
    kept = {(found.key, found.code) for found in stored}
    by_code: dict[str, set[str]] = defaultdict(set)
    for key, answered in acknowledged.items():
        given = set(answered)
        if len(given) > 1:
            yield f"key {key} was answered with {', '.join(sorted(given))}"
        for code in given:
            by_code[code].add(key)
            if (key, code) not in kept:
                yield f"{code}, acknowledged for key {key}, is lost"
    yield from (
        f"number {code} was given to {len(given)} keys" for code, given in by_code.items() if len(given) > 1
    )


def _series(series: Mapping[str, tuple[list[int], int]]) -> Iterable[str]:
    for name, (used, last) in series.items():
        counted = Counter(used)
        doubled = sorted(number for number, times in counted.items() if times > 1)
        holes = sorted(set(range(1, last + 1)) - set(counted))
        beyond = sorted(number for number in counted if number > last)
        if doubled:
            yield f"series {name}: numbers {doubled} are there more than once"
        if holes:
            yield f"series {name}: numbers {holes} are missing"
        if beyond:
            yield f"series {name}: numbers {beyond} were never drawn"


def _parts(stored: list[Stored]) -> Iterable[str]:
    for found in stored:
        for name, wanted in WANTED.items():
            if getattr(found, name) != wanted:
                yield f"{found.code} has {getattr(found, name)} {name} instead of {wanted}"


def _jobs(facts: Facts) -> Iterable[str]:
    if facts.jobs_waiting:
        yield f"{facts.jobs_waiting} jobs were not done"
    if facts.jobs_dead:
        yield f"{facts.jobs_dead} jobs were given up"
    yield from (f"lost: {what}" for what in facts.jobs_missing)
