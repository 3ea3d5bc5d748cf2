"""What is typed at the counter, in all the ways people type it."""

from __future__ import annotations

from datetime import date

import pytest
from django.forms import ValidationError

from motcua.counter.form_fields import IdNumberField, PhoneField, TypedDateField
from motcua.counter.forms import PersonForm
from motcua.counter.forms_handover import HandOverForm


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912345678", "0912345678"),
        ("091 234 56.78", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("0222 382 2470", "02223822470"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_stored_as_digits(typed: str, stored: str) -> None:
    assert PhoneField(required=False).clean(typed) == stored


@pytest.mark.parametrize("typed", ["091234567", "1912345678", "0112345678", "điện thoại", "09123456789"])
def test_a_wrong_telephone_number_is_named_and_shown_how(typed: str) -> None:
    with pytest.raises(ValidationError, match="Gõ 10 chữ số"):
        PhoneField(required=False).clean(typed)


@pytest.mark.parametrize("typed", ["15081990", "15/08/1990", "15-8-1990", "1990-08-15"])
def test_a_day_is_typed_fast(typed: str) -> None:
    assert TypedDateField(required=False).clean(typed) == date(1990, 8, 15)


@pytest.mark.parametrize("typed", ["31022000", "1990", "15081790", "hôm qua"])
def test_a_day_that_does_not_exist_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValidationError, match="Không có ngày"):
        TypedDateField(required=False).clean(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("027 090 001 234", "027090001234"),
        ("125123456", "125123456"),
        ("2300123456", "2300123456"),
        ("2300123456-001", "2300123456001"),
        ("b1234567", "B1234567"),
    ],
)
def test_numbers_of_people_firms_and_foreigners_are_taken(typed: str, stored: str) -> None:
    assert IdNumberField(required=False).clean(typed) == stored


@pytest.mark.parametrize("typed", ["02709000123", "12345", "0270900012345678", "abc"])
def test_a_wrong_number_says_how_many_digits_there_should_be(typed: str) -> None:
    with pytest.raises(ValidationError, match="12 chữ số"):
        IdNumberField(required=False).clean(typed)


def test_a_tax_code_makes_an_organisation() -> None:
    form = PersonForm({"name": "Công ty An Bình", "id_number": "2300123456"})
    assert form.is_valid() and form.person().is_organisation


def test_by_post_needs_the_number_of_the_item_and_no_delegate() -> None:
    form = HandOverForm({"who": "other", "method": "post"})
    assert not form.is_valid() and set(form.errors) == {"tracking_number"}


def test_a_delegate_needs_a_name_and_a_paper() -> None:
    form = HandOverForm({"who": "other", "method": "counter"})
    assert not form.is_valid() and set(form.errors) == {"name", "authorisation"}
