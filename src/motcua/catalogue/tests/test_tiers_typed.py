"""Tiers as people type them come back as they were meant, or with the line that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.catalogue.rules.fees.tariff import FeeRule, Tier
from motcua.catalogue.rules.fees.tiers_typed import MOST_AMOUNT, read_tiers, typed_tiers

BOUNDS = st.lists(st.integers(1, 10**6), min_size=1, max_size=8, unique=True).map(sorted)


@pytest.mark.parametrize(
    "text",
    [
        "đến 2: 2.000\ncòn lại: 1.000",
        "Đến trang 2 | 2000 đồng\nCòn lại | 1000 đ",
        "den 2 = 2000\n\ntừ 3 trở lên: 1000",
        "  đến hết 2: 2.000  \n  trên 2: 1.000",
    ],
)
def test_the_usual_ways_to_write_the_tiers_of_certified_copies(text: str) -> None:
    assert read_tiers(text) == (Tier(2, 2_000), Tier(None, 1_000))


@pytest.mark.parametrize("last", ["từ 4: 1.000", "từ 2 trở lên: 1.000", "trên 3: 1.000", "trên 1: 1.000"])
def test_tiers_leave_no_hole_and_do_not_overlap(last: str) -> None:
    read = read_tiers(f"đến 2: 2.000\n{last}")
    assert not isinstance(read, tuple)
    assert "nối tiếp dòng trước" in read.render()


@given(BOUNDS, st.data())
def test_what_is_written_is_read_again_and_makes_a_rule(bounds: list[int], data: st.DataObject) -> None:
    amounts = st.integers(0, MOST_AMOUNT)
    tiers = (*(Tier(bound, data.draw(amounts)) for bound in bounds), Tier(None, data.draw(amounts)))
    assert read_tiers(typed_tiers(tiers)) == tiers
    parts = [{"amount": tier.amount, "up_to": tier.up_to} for tier in tiers]
    FeeRule.from_dict({"key": "x", "kind": "phi", "name": "x", "counts": "pages", "tiers": parts})


@given(st.text(max_size=60))
def test_any_text_is_tiers_or_a_sentence(text: str) -> None:
    read = read_tiers(text)
    assert isinstance(read, tuple) or read.render()
