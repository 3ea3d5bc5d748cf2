"""Every entry adds up, whatever is done; money is never made and never lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.payments.rules import journal
from motcua.payments.rules.journal import Side

LINES = [("phi", 8_000), ("le_phi", 5_000)]
AMOUNT = st.integers(1, 10**10)
LINE = st.tuples(st.sampled_from(["phi", "le_phi"]), st.integers(1, 10**9))


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        (
            journal.charge(LINES),
            [("receivable", 13_000), ("revenue.phi", -8_000), ("revenue.le_phi", -5_000)],
        ),
        (
            journal.cancelled(LINES),
            [("receivable", -13_000), ("revenue.phi", 8_000), ("revenue.le_phi", 5_000)],
        ),
        (journal.payment("cash", 13_000, owed=13_000), [("cash", 13_000), ("receivable", -13_000)]),
        (
            journal.payment("transfer", 15_000, owed=13_000),
            [("bank", 15_000), ("receivable", -13_000), ("advance", -2_000)],
        ),
        (journal.payment("platform", 13_000, owed=0), [("platform", 13_000), ("advance", -13_000)]),
        (journal.allocation(2_000), [("advance", 2_000), ("receivable", -2_000)]),
        (journal.refund("cash", lines=[("phi", 8_000)]), [("revenue.phi", 8_000), ("cash", -8_000)]),
        (journal.refund("transfer", advance=2_000), [("advance", 2_000), ("bank", -2_000)]),
        (journal.remittance("cash", 13_000), [("treasury", 13_000), ("cash", -13_000)]),
        (journal.difference(-1_000), [("cash", -1_000), ("difference", 1_000)]),
        (journal.difference(0), []),
    ],
)
def test_each_kind_of_entry_moves_what_it_should(sides: list[Side], expected: list[Side]) -> None:
    assert sides == expected


@given(
    st.lists(LINE, min_size=1, max_size=6),
    AMOUNT,
    st.integers(0, 10**10),
    st.sampled_from(list(journal.MONEY)),
)
def test_every_entry_adds_up_to_nought(
    lines: list[tuple[str, int]], amount: int, owed: int, method: str
) -> None:
    entries = [
        journal.charge(lines),
        journal.cancelled(lines),
        journal.payment(method, amount, owed=owed),
        journal.allocation(amount),
        journal.refund(method, lines=lines, advance=owed),
        journal.remittance(method, amount),
        journal.difference(amount),
    ]
    assert all(journal.balanced(entry) for entry in entries)
    assert all(journal.balanced([*entry, *journal.reversal(entry)]) for entry in entries)
    assert all(value for entry in entries for _account, value in entry)


@given(st.lists(LINE, min_size=1, max_size=6), st.data())
def test_a_payment_in_parts_pays_every_line_exactly_once(
    lines: list[tuple[str, int]], data: st.DataObject
) -> None:
    total = sum(amount for _, amount in lines)
    first = data.draw(st.integers(0, total))
    one = journal.shared_out(lines, before=0, amount=first)
    two = journal.shared_out(lines, before=first, amount=total - first)
    assert sum(one) == first
    assert [a + b for a, b in zip(one, two, strict=True)] == [amount for _, amount in lines]


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_that_moves_nothing_is_no_entry(amount: int) -> None:
    with pytest.raises(ValueError, match="moves nothing"):
        journal.payment("cash", amount, owed=10)
    with pytest.raises(ValueError, match="moves nothing"):
        journal.remittance("cash", amount)
