"""Which numbers can be those of a person or of an organisation."""

from __future__ import annotations

import pytest

from motcua.dossiers.rules.identity import number_problem


@pytest.mark.parametrize(
    ("number", "person", "organisation"),
    [
        ("", True, True),
        ("027090001234", True, True),
        ("125123456", True, False),
        ("B1234567", True, False),
        ("2300123456", False, True),
        ("2300123456001", False, True),
        ("2300123456-001", False, True),
        ("02709000123", False, False),
        ("٠٢٧٠٩٠٠٠١٢٣٤", False, False),
        ("027090001234\n", False, False),
    ],
)
def test_a_number_is_that_of_a_person_or_of_an_organisation(
    number: str, person: bool, organisation: bool
) -> None:
    assert (number_problem(number, is_organisation=False) is None) is person
    assert (number_problem(number, is_organisation=True) is None) is organisation
