"""Settings from the environment: read by type, refused by name, safe by default."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.hashers import get_hasher
from pytest_django import Settings

from motcua.config import env
from motcua.config import settings as product


def test_passwords_are_kept_with_argon2(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    assert get_hasher().algorithm == "argon2"


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
