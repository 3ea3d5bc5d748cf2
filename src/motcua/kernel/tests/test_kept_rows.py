from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from django.db import connection, transaction

from motcua.kernel.accounts.models import User
from motcua.kernel.tests import migrated
from motcua.kernel.tests.kept_rows import made_alike, made_once


@pytest.mark.django_db
def test_rows_are_made_once_and_come_back_as_they_were() -> None:
    calls = []

    def make() -> str:
        calls.append(1)
        User.objects.create_user("giu-lai", "Người được giữ lại")
        return "made"

    seen = []
    for _time in range(2):
        with transaction.atomic():
            assert made_once("test_kept_rows", make) == "made"
            seen.append(list(User.objects.values()))
            transaction.set_rollback(True)
    assert calls == [1]
    assert seen[0] == seen[1] != []
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_small_world_comes_back_where_nothing_is_and_is_made_where_something_is() -> None:
    calls = []

    def make() -> int:
        calls.append(1)
        return User.objects.create_user(f"nho-{len(calls)}", "Người của thế giới nhỏ").pk

    def world() -> list[str]:
        assert made_alike("test_small_world", make)
        return list(User.objects.order_by("pk").values_list("username", flat=True))

    for _time in range(2):
        with transaction.atomic():
            assert world() == ["nho-1"]
            assert User.objects.create_user("sau", "Người đến sau").pk > User.objects.get(username="nho-1").pk
            transaction.set_rollback(True)
    assert calls == [1]
    User.objects.create_user("truoc", "Người ở đó trước")
    assert world() == ["truoc", "nho-2"]
    assert calls == [1, 1]


@pytest.mark.django_db
def test_the_kept_database_is_the_one_the_migrations_make() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite's is kept")
    with closing(sqlite3.connect(f"file:{migrated.path()}?mode=ro", uri=True)) as kept:
        known = set(kept.execute("SELECT app, name FROM django_migrations"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        assert known == set(cursor.fetchall())
