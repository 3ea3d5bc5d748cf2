"""Nothing of a statement is taken twice, nothing that looks alike is lost: whatever is brought, in whatever order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.clock import VN
from motcua.payments.rules.statements import BankLine, Stored, fresh

DAY = datetime(2025, 12, 1, tzinfo=VN)


def line(number: str = "", day: int = 0, amount: int = 8_000, text: str = "nop phi") -> BankLine:
    return BankLine("dòng 1", DAY + timedelta(days=day), amount, text, number=number)


def brought(store: dict[str, str], lines: list[BankLine]) -> int:
    """Import into a store of key -> content; how many were new."""
    found = fresh([Stored(key, content) for key, content in store.items()], lines)
    for old, new in found.adopted.items():
        store[new] = store.pop(old)
    keys = [key for key, _ in found.new]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & store.keys()
    store.update({key: one.content for key, one in found.new})
    return len(found.new)


def test_a_line_twice_in_a_file_under_one_number_is_one_line() -> None:
    assert brought({}, [line("FT1"), line("FT1")]) == 1


def test_lines_alike_with_different_numbers_are_different_money() -> None:
    assert brought({}, [line("FT1"), line("FT2")]) == 2


def test_lines_alike_without_numbers_are_counted() -> None:
    store: dict[str, str] = {}
    assert [brought(store, [line()] * n) for n in (1, 2, 2, 3)] == [1, 1, 0, 1]


def test_a_number_that_begins_anew_every_day_is_another_line() -> None:
    store: dict[str, str] = {}
    assert [brought(store, [line("1", day)]) for day in (0, 1, 0)] == [1, 1, 0]


def test_the_same_money_in_a_file_with_numbers_and_in_one_without_is_one_line() -> None:
    bare, numbered = [line(), line()], [line("FT1"), line("FT2")]
    for first, second in ((bare, numbered), (numbered, bare)):
        store: dict[str, str] = {}
        assert [brought(store, first), brought(store, second), brought(store, first)] == [2, 0, 0]


def test_a_number_learnt_later_tells_a_third_one_apart() -> None:
    store: dict[str, str] = {}
    assert [brought(store, [line()]), brought(store, [line("FT1")]), brought(store, [line("FT2")])] == [
        1,
        0,
        1,
    ]


MONEY = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([8_000, 13_000]), st.sampled_from(["a", "b"])), max_size=10
)
FILES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), min_size=1, max_size=6)


@given(MONEY, FILES)
def test_files_of_whole_days_with_and_without_numbers_come_to_the_account_itself(
    money: list[tuple[int, int, str]], files: list[tuple[int, int, bool]]
) -> None:
    account = [line(f"FT{n}", day, amount, text) for n, (day, amount, text) in enumerate(sorted(money))]
    store: dict[str, str] = {}
    covered: set[int] = set()
    for first, last, with_numbers in files:
        days = set(range(first, last + 1))
        covered |= days
        part = [one for one in account if (one.day - DAY.date()).days in days]
        brought(store, part if with_numbers else [replace(one, number="") for one in part])
    there = [one.content for one in account if (one.day - DAY.date()).days in covered]
    assert Counter(store.values()) == Counter(there)


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "1", "2", "3"]), st.integers(0, 1), st.sampled_from("ab")), max_size=8
    )
)
def test_the_same_file_again_never_adds_anything(rows: list[tuple[str, int, str]]) -> None:
    lines = [line(number, day, text=text) for number, day, text in rows]
    store: dict[str, str] = {}
    brought(store, lines)
    assert brought(store, lines) == 0
