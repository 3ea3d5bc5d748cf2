from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from pytest_django.plugin import DjangoDbBlocker

from motcua.kernel.apart import apart


def test_what_is_written_apart_is_gone_and_keeps_nobody_waiting(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    path = tmp_path / "main.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE notes (said TEXT)")
    made.close()
    before = connections[DEFAULT_DB_ALIAS]
    settings = {**connections.databases[DEFAULT_DB_ALIAS], "ENGINE": "django.db.backends.sqlite3"}
    settings |= {"NAME": str(path), "OPTIONS": {}, "TEST": {}}
    with django_db_blocker.unblock():
        connections[DEFAULT_DB_ALIAS] = main = DatabaseWrapper(settings, DEFAULT_DB_ALIAS)
        try:
            with apart() as copied, connection.cursor() as cursor:
                assert copied
                cursor.execute("BEGIN IMMEDIATE")
                cursor.execute("INSERT INTO notes VALUES ('apart')")
                other = sqlite3.connect(path, timeout=0)
                other.execute("INSERT INTO notes VALUES ('main')")
                other.commit()
                other.close()
                cursor.execute("COMMIT")
            with connection.cursor() as cursor:
                cursor.execute("SELECT said FROM notes")
                assert cursor.fetchall() == [("main",)]
            assert connections[DEFAULT_DB_ALIAS] is main
        finally:
            main.close()
            connections[DEFAULT_DB_ALIAS] = before


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_copied() -> None:
    with apart() as copied:
        assert not copied
