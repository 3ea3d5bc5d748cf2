"""Amounts as people type them, what they hand over, and the notes of the change."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.text import grouped
from motcua.payments.form_fields import AmountField, CountField
from motcua.payments.rules.cash import (
    NOTES,
    counted,
    holds_a_note_too_many,
    in_notes,
    quick_amounts,
    read_amount,
)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("500000", 500_000),
        ("500.000", 500_000),
        ("1.250.000 đ", 1_250_000),
        ("1,250,000", 1_250_000),
        ("500 000 đồng", 500_000),
        ("500k", 500_000),
        ("2 triệu", 2_000_000),
        ("0", 0),
        ("1.250.00", None),
        ("1.250,000", None),
        ("12.34", None),
        ("-5000", None),
        ("5000.5", None),
        ("năm nghìn", None),
        ("٥٠٠", None),
        ("", None),
        ("999999999999", None),
    ],
)
def test_an_amount_is_read_as_it_is_written_or_not_at_all(typed: str, amount: int | None) -> None:
    assert read_amount(typed) == amount


@given(st.integers(min_value=0, max_value=10**11))
def test_an_amount_written_in_groups_is_read_back(amount: int) -> None:
    assert read_amount(grouped(amount)) == read_amount(str(amount)) == amount


@given(st.integers(min_value=0, max_value=10**9))
def test_the_notes_of_the_change_come_to_it_but_for_what_is_below_the_smallest(amount: int) -> None:
    found = dict(in_notes(amount))
    assert 0 <= amount - counted(found) < NOTES[-1]
    assert set(found) <= set(NOTES)


@given(st.integers(min_value=1, max_value=10**9))
def test_what_is_offered_begins_with_the_exact_amount_and_never_falls_short(owed: int) -> None:
    offered = quick_amounts(owed)
    assert offered[0] == owed
    assert list(offered) == sorted(set(offered))
    assert len(offered) <= 6


@pytest.mark.parametrize(
    ("owed", "offered"),
    [
        (8_000, (8_000, 10_000, 50_000, 100_000, 200_000, 500_000)),
        (21_000, (21_000, 30_000, 50_000, 100_000, 200_000, 500_000)),
        (750_000, (750_000, 755_000, 760_000, 800_000, 1_000_000)),
    ],
)
def test_the_large_notes_people_pay_with_are_offered(owed: int, offered: tuple[int, ...]) -> None:
    assert set(quick_amounts(owed)) <= set(offered) and quick_amounts(owed)[-1] == offered[-1]
    assert owed > 500_000 or quick_amounts(owed) == offered


@pytest.mark.parametrize(
    ("tendered", "amount", "slip"),
    [(507_999, 8_000, False), (508_000, 8_000, True), (1_000_000, 750_000, False), (80_000, 8_000, False)],
)
def test_more_change_than_the_largest_note_is_a_slip_of_the_key(
    tendered: int, amount: int, slip: bool
) -> None:
    assert holds_a_note_too_many(tendered, amount) is slip


@pytest.mark.parametrize(
    ("text", "number"),
    [("1500", 1500), ("0001500", 1500), ("1.500", 1500), ("9.999.999", 9999999), (" 7 ", 7), ("0", 0)],
)
def test_the_number_of_a_receipt_is_typed_as_it_is_printed(text: str, number: int) -> None:
    assert CountField().clean(text) == number


@pytest.mark.parametrize("text", ["abc", "-1", "1,5", "1.5", "12.34", "1e3", "٣", "1 2", "1234567890123456"])
def test_what_is_no_whole_number_is_told_with_what_was_typed(text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        CountField().clean(text)
    assert f"“{text}” không phải là số nguyên" in refusal.value.messages[0]


@pytest.mark.parametrize(("text", "amount"), [("14.000", 14_000), ("14k", 14_000), ("0", 0)])
def test_an_amount_is_typed_as_people_write_it(text: str, amount: int) -> None:
    assert AmountField().clean(text) == amount


def test_no_number_of_money_is_a_field_that_turns_with_the_mouse_wheel() -> None:
    for field in (CountField(), AmountField()):
        assert 'type="text"' in field.widget.render("n", 1)
