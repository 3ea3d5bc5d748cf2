"""The judge of the fault scenarios bites: what a careless implementation does is found."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import replace

import pytest

from bench.faults.oracle import Facts, Stored, problems

GOOD = Facts(
    acknowledged={"a": ["H05.1-261123-0001"], "b": ["H05.1-261123-0002"]},
    stored=[Stored("H05.1-261123-0001", "a"), Stored("H05.1-261123-0002", "b")],
    series={"dossier:H05.1:261123": ([1, 2], 2)},
    answers={"201": 2, "409": 1, "503": 4, "connection": 3, "dropped": 1},
)


class CountPlusOne:
    """How not to draw numbers: count, think, insert; and look for the key before inserting."""

    def __init__(self) -> None:
        self.stored: list[Stored] = []
        self.answered: dict[str, list[str]] = defaultdict(list)

    def receive(self, key: str) -> None:
        known = next((found for found in self.stored if found.key == key), None)
        number = len(self.stored) + 1
        time.sleep(0.002)
        made = known or Stored(f"H05.1-261123-{number:04d}", key)
        if known is None:
            self.stored.append(made)
        self.answered[key].append(made.code)


def test_a_clean_run_has_no_problems() -> None:
    assert problems(GOOD) == []


def test_a_number_generator_that_counts_plus_one_is_caught() -> None:
    careless = CountPlusOne()
    keys = [f"reception-{number // 2}" for number in range(200)]  # everything delivered twice
    gate = threading.Barrier(8)

    def client(share: list[str]) -> None:
        gate.wait()
        for key in share:
            careless.receive(key)

    threads = [threading.Thread(target=client, args=(keys[start::8],)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = [int(found.code[-4:]) for found in careless.stored]
    found = problems(Facts(careless.answered, careless.stored, {"dossier:H05.1:261123": (used, max(used))}))
    assert any("is there" in problem and problem.startswith("number") for problem in found)
    assert any("has 2 dossiers" in problem for problem in found)
    assert any("more than once" in problem for problem in found)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"stored": GOOD.stored[:1]}, "is lost"),  # type: ignore[index]  # a list above
        ({"acknowledged": {"a": ["H05.1-261123-0001", "H05.1-261123-0002"]}}, "key a was answered with"),
        ({"acknowledged": {"a": ["H05.1-261123-0001"], "c": ["H05.1-261123-0001"]}}, "was given to 2 keys"),
        ({"series": {"letter:1": ([1, 3], 3)}}, "numbers [2] are missing"),
        ({"series": {"letter:1": ([1, 2, 2], 2)}}, "numbers [2] are there more than once"),
        ({"series": {"letter:1": ([1, 2], 1)}}, "numbers [2] were never drawn"),
        ({"series": {"letter:1": ([1], 2)}}, "numbers [2] are missing"),
        ({"jobs_waiting": 1}, "1 jobs were not done"),
        ({"jobs_dead": 2}, "2 jobs were given up"),
        ({"jobs_missing": ("recounting",)}, "lost: recounting"),
        ({"answers": {"500": 1}}, "1 answers of status 500"),
    ],
)
def test_each_kind_of_loss_is_named(wrong: dict[str, object], said: str) -> None:
    assert any(said in problem for problem in problems(replace(GOOD, **wrong)))  # type: ignore[arg-type]  # as named


@pytest.mark.parametrize("part", ["runs", "tasks", "slips", "entries", "events"])
def test_a_dossier_without_one_of_its_parts_is_named(part: str) -> None:
    half = replace(
        GOOD, stored=[Stored("H05.1-261123-0001", "a", **{part: 0}), Stored("H05.1-261123-0002", "b")]
    )
    assert any(f"H05.1-261123-0001 has 0 {part}" in problem for problem in problems(half))
