"""Small things everything stands on: text, messages, settings, idempotency."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.config import env
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


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("sqlite:///var/x.sqlite3", "sqlite3"),
        ("postgresql://u:p%40ss@h:5433/n?sslmode=require", "postgresql"),
    ],
)
def test_a_database_url_is_read(url: str, engine: str) -> None:
    found = env.database(url, pooled=False)
    assert found["ENGINE"].endswith(engine)


def test_a_password_in_a_database_url_is_unquoted() -> None:
    assert env.database("postgresql://u:p%40ss@h/n", pooled=True)["PASSWORD"] == "p@ss"


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense"])
def test_an_unknown_database_is_refused_with_its_setting_named(url: str) -> None:
    with pytest.raises(env.BadSetting, match="MOTCUA_DATABASE_URL"):
        env.database(url, pooled=False)


def test_a_setting_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_API_LIMIT", "many")
    with pytest.raises(env.BadSetting, match="MOTCUA_API_LIMIT"):
        env.number("MOTCUA_API_LIMIT", 900, "calls")


def test_sqlite_runs_with_the_settings_that_lose_nothing(tmp_path: Path) -> None:
    options = env.database(f"sqlite:///{tmp_path}/x", pooled=False)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
