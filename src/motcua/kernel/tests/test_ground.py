"""Small things everything stands on: text, messages, who acts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.actor import Actor, Grant
from motcua.kernel.messages import msg
from motcua.kernel.text import fold, initials, nfc


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đăng ký khai tử", "dang ky khai tu"),
        ("QSDĐ", "qsdd"),
        ("  Nguyễn\u00a0Thị   Ánh ", "nguyen thi anh"),
        ("Nguye\u0302\u0303n", "nguyen"),
        ("ƯỚC, ổ, ẫ", "uoc, o, a"),
    ],
)
def test_folding_forgets_marks_case_and_spaces(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_stored_text_has_no_control_characters(text: str) -> None:
    assert not any(ord(char) < 32 for char in nfc(text))


def test_initials_are_first_letters_of_words() -> None:
    assert initials("Đăng ký khai sinh") == "dkks"


def test_a_message_fills_in_other_messages() -> None:
    inner = msg("%(n)s ngày", n=3)
    assert msg("Còn %(left)s", left=inner).source() == "Còn 3 ngày"


def test_a_message_with_a_percent_sign_and_no_values_stays_as_it_is() -> None:
    assert msg("100 %").source() == "100 %"


def test_ones_own_post_is_preferred_to_a_delegated_one() -> None:
    delegated, own = Grant(1, 1, "leader", on_behalf_of=9), Grant(1, 1, "leader", post_id=4)
    assert Actor(7, "x", grants=(delegated, own)).grant_for(["leader"]) is own
