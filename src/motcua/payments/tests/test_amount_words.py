"""Amounts in words: by table, and read back by another method over the whole range."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.payments.rules.amount_words import LARGEST, dong_in_words, in_words

TABLE = [
    (0, "không"),
    (1, "một"),
    (4, "bốn"),
    (5, "năm"),
    (10, "mười"),
    (11, "mười một"),
    (14, "mười bốn"),
    (15, "mười lăm"),
    (20, "hai mươi"),
    (21, "hai mươi mốt"),
    (24, "hai mươi bốn"),
    (25, "hai mươi lăm"),
    (55, "năm mươi lăm"),
    (100, "một trăm"),
    (101, "một trăm linh một"),
    (105, "một trăm linh năm"),
    (110, "một trăm mười"),
    (111, "một trăm mười một"),
    (115, "một trăm mười lăm"),
    (121, "một trăm hai mươi mốt"),
    (1_000, "một nghìn"),
    (1_001, "một nghìn không trăm linh một"),
    (1_010, "một nghìn không trăm mười"),
    (1_015, "một nghìn không trăm mười lăm"),
    (2_000, "hai nghìn"),
    (8_000, "tám nghìn"),
    (10_000, "mười nghìn"),
    (21_000, "hai mươi mốt nghìn"),
    (105_000, "một trăm linh năm nghìn"),
    (200_000, "hai trăm nghìn"),
    (1_000_000, "một triệu"),
    (1_000_005, "một triệu không trăm linh năm"),
    (1_005_000, "một triệu không trăm linh năm nghìn"),
    (1_005_021, "một triệu không trăm linh năm nghìn không trăm hai mươi mốt"),
    (10_500_000, "mười triệu năm trăm nghìn"),
    (1_000_000_000, "một tỷ"),
    (1_000_000_001, "một tỷ không trăm linh một"),
    (2_015_000_000, "hai tỷ không trăm mười lăm triệu"),
    (
        999_999_999_999,
        "chín trăm chín mươi chín tỷ chín trăm chín mươi chín triệu "
        "chín trăm chín mươi chín nghìn chín trăm chín mươi chín",
    ),
]


@pytest.mark.parametrize(("number", "words"), TABLE)
def test_a_number_is_read_as_people_read_it(number: int, words: str) -> None:
    assert in_words(number) == words


SAID = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "lăm": 5,
    "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
SCALE = {"nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9}


def heard(words: str) -> int:
    """The number somebody hears: an ear that adds up as words come, nothing of the speaker's groups in it."""
    total, group, digit = 0, 0, 0
    for word in words.split():
        if word in SAID:
            digit = SAID[word]
        elif word == "mười":
            group, digit = group + 10, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "trăm":
            group, digit = group + digit * 100, 0
        elif word == "linh":
            digit = 0
        else:
            total, group, digit = total + (group + digit) * SCALE[word], 0, 0
    return total + group + digit


def test_every_number_up_to_a_hundred_thousand_is_heard_as_it_was_said() -> None:
    assert [n for n in range(100_000) if heard(in_words(n)) != n] == []


def test_numbers_of_every_size_are_heard_as_they_were_said() -> None:
    rng = random.Random(9494)
    numbers = [rng.randrange(10**size) for size in range(1, 13) for _number in range(3_000)]
    edges = [k * 10**size + d for size in range(12) for k in range(1, 10) for d in (-1, 0, 1, 5, 15, 21)]
    wrong = [n for n in [*numbers, *edges, LARGEST] if 0 <= n <= LARGEST and heard(in_words(n)) != n]
    assert wrong == []


@given(st.integers(0, LARGEST))
def test_the_reading_follows_the_rules_of_the_language(number: int) -> None:
    words = in_words(number).split()
    pairs = list(pairwise(words))
    assert ("mươi", "một") not in pairs  # mốt
    assert ("mươi", "năm") not in pairs  # lăm
    assert ("mười", "mốt") not in pairs
    assert ("mười", "năm") not in pairs
    assert ("một", "mươi") not in pairs  # mười
    assert all(before == "trăm" for before, word in pairs if word == "linh")
    assert words[0] != "linh"
    assert number == 0 or words[0] != "không"


def test_an_amount_begins_with_a_capital_and_names_the_dong() -> None:
    assert dong_in_words(8_000) == "Tám nghìn đồng"
    assert dong_in_words(0) == "Không đồng"


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_no_receipt_can_carry_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        in_words(number)
