"""Typed readers of environment variables. Each setting says what it is for, which makes the reference page."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: name, shown default, meaning."""

    name: str
    default: str
    meaning: str


T = TypeVar("T")

SETTINGS: dict[str, Setting] = {}

may_begin = True
"""Whether this process may make the state folder and its keys. `motcua` says no for commands that only look."""


class BadSetting(Exception):
    """A variable holds something that cannot be used; the text says which and why."""


def text(name: str, default: str, meaning: str) -> str:
    return _read(name, default, meaning, str)


def number(name: str, default: int, meaning: str) -> int:
    return _read(name, str(default), meaning, int)


def flag(name: str, default: bool, meaning: str) -> bool:
    return _read(name, "1" if default else "0", meaning, _flag)


def words(name: str, default: str, meaning: str) -> list[str]:
    return _read(
        name, default, meaning, lambda raw: [part.strip() for part in raw.split(",") if part.strip()]
    )


def pairs(name: str, default: str, meaning: str) -> dict[str, str]:
    return _read(name, default, meaning, _pairs)


def path(name: str, default: Path, meaning: str, *, shown: str) -> Path:
    SETTINGS[name] = Setting(name, shown, meaning)
    raw = os.environ.get(name)
    return Path(raw).expanduser() if raw else default


def _read(name: str, default: str, meaning: str, convert: Callable[[str], T]) -> T:
    SETTINGS[name] = Setting(name, default, meaning)
    raw = os.environ.get(name, default)
    try:
        return convert(raw)
    except ValueError as error:
        raise BadSetting(f"{name}={raw!r}: {error}") from error


def _flag(raw: str) -> bool:
    lowered = raw.strip().lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("expected 1 or 0")


def _pairs(raw: str) -> dict[str, str]:
    found = {}
    for part in filter(None, (part.strip() for part in raw.split(","))):
        key, sign, value = part.partition("=")
        if not (sign and key.strip() and value.strip()):
            raise ValueError("expected NAME=value, separated by commas")
        found[key.strip()] = value.strip()
    return found


def database(url: str, *, pooled: bool) -> dict[str, Any]:
    """Django's description of the database behind `sqlite:///path` or `postgresql://user:pw@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) or ":memory:",
            # Django's own defaults lose one call in two at forty writers; these lose none.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(f"MOTCUA_DATABASE_URL: unknown scheme {parts.scheme!r}; use sqlite or postgresql")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options.setdefault("connect_timeout", 3)
    options["server_side_binding"] = True
    # A pooler gives every transaction another session, where a statement prepared in the last one is unknown.
    options["prepare_threshold"] = None if pooled else 5
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
        "OPTIONS": options,
    }
