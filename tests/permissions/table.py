"""The table itself: pages.txt and api.txt, one line for each address, method and column.

A changed or new line is a decision about who may do what: `MOTCUA_RECORD_PERMISSIONS=1 pytest tests/permissions`
writes the answers of today into the tables, and the difference is read before it is committed.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from tests.permissions.asking import API_PREFIX, PAGES, SYSTEMS

HERE = Path(__file__).resolve().parent
RECORDING = bool(os.environ.get("MOTCUA_RECORD_PERMISSIONS"))
METHODS = ("GET", "POST")
Key = tuple[str, str, str]
"""Name of the pattern, which object, method."""


def is_api(name: str) -> bool:
    return name.startswith(API_PREFIX)


def columns(name: str) -> tuple[str, ...]:
    """Who asks: people for pages, partner systems for the API."""
    return SYSTEMS if is_api(name) else PAGES


@cache
def table() -> dict[Key, tuple[str, ...]]:
    """What is decided."""
    found = {}
    for file in ("pages.txt", "api.txt"):
        path = HERE / file
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            if line and not line.startswith("#"):
                name, which, method, *words = line.split()
                found[name, which, method] = tuple(words)
    return found


def line_of(key: Key, words: tuple[str, ...]) -> str:
    """One line as it stands in the table."""
    return f"{key[0]:31} {key[1]:8} {key[2]:5} " + "".join(f"{word:9}" for word in words).rstrip()


def write(found: dict[Key, tuple[str, ...]]) -> None:
    """Put the answers of today into the tables."""
    for file, api in (("pages.txt", False), ("api.txt", True)):
        names = SYSTEMS if api else PAGES
        head = ABOUT + line_of(("# address", "object", "asks"), names)
        lines = [line_of(key, words) for key, words in sorted(found.items()) if is_api(key[0]) is api]
        (HERE / file).write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


ABOUT = """\
# Who gets what from every address (docs/howto/permission-table.md). `own` belongs to the first ward, `foreign` to the
# second (where `other` works), `crossed` is an own dossier with the number of a foreign thing, `unknown` is nobody's.
# `login` leads to the sign-in page. Nothing is typed: 422 means that the person may, once the form is filled in.
"""
