"""Symbols of receipts as the tax office writes them."""

from __future__ import annotations

import pytest

from motcua.payments.rules.receipt_symbols import Series, next_year, number_text, read


@pytest.mark.parametrize(
    ("form", "series", "year", "way", "copies"),
    [
        ("01BLP2-001", "AA-25T", 2025, "T", 2),
        ("02BLP3-001", "KV-26P", 2026, "P", 3),
        ("01BLP0-001", "AA-25E", 2025, "E", 0),
        ("01BLP2-001", "28AA-17T", 2017, "T", 2),
    ],
)
def test_a_pair_of_symbols_is_understood(form: str, series: str, year: int, way: str, copies: int) -> None:
    assert read(form, series) == Series(form, series, year, way, copies)


@pytest.mark.parametrize(
    ("form", "series", "field"),
    [
        ("1BLP2-001", "AA-25T", "form_symbol"),
        ("03BLP2-001", "AA-25T", "form_symbol"),
        ("01BLP2-001", "AF-25T", "series"),
        ("01BLP2-001", "AA-2025T", "series"),
        ("01BLP2-001", "aa-25T", "series"),
        ("01BLP2-001", "AA-25E", "series"),
        ("01BLP0-001", "AA-25T", "series"),
    ],
)
def test_a_wrong_symbol_is_named(form: str, series: str, field: str) -> None:
    found = read(form, series)
    assert isinstance(found, tuple)
    assert found[0] == field


@pytest.mark.parametrize(
    ("series", "later"), [("AA-25T", "AA-26T"), ("28AA-17T", "28AA-18T"), ("AA-99T", "AA-00T")]
)
def test_a_new_year_is_a_new_symbol(series: str, later: str) -> None:
    assert next_year(series) == later


def test_numbers_have_seven_figures() -> None:
    assert (number_text(1), number_text(9_999_999)) == ("0000001", "9999999")
    with pytest.raises(ValueError, match="receipt number"):
        number_text(0)
