"""What every test run needs. The cast of people and the small province are in dossiers/tests/factories.py."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.signals import connection_created
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from motcua.kernel.tests import migrated

settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
"""Properties are proved by examples, not by a stopwatch: on a busy machine a test must not fail for its time."""

WITH_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
"""Fixtures that give a test the database."""

APPEND_ONLY = (
    "kernel_auditentry",
    "kernel_auditseal",
    "payments_entry",
    "payments_posting",
    "payments_payment",
    "payments_receipt",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="only tests that use the database: what a second run on another server adds to the first",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if _uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
    items[:] = kept


def _uses_database(item: pytest.Item) -> bool:
    """By its mark or fixtures, or in a program of its own that is told where the database is."""
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(marked or fixtures & WITH_DATABASE or _names_database(item.path))


@lru_cache
def _names_database(module: Path) -> bool:
    text = module.read_text(encoding="utf-8")
    return "DATABASE_URL" in text or "postgres" in text


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """A database in memory begins with the tables of the last run with the same migrations."""
    connection_created.connect(migrated.fill)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests that commit are cleaned up by deleting rows, which the audit log and the books refuse: drop that guard.

    Updates stay refused, which kernel/tests/test_audit.py and payments/tests/test_guards.py test.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        migrated.keep(connection)
        on = " ON {}" if connection.vendor == "postgresql" else ""
        for table in APPEND_ONLY:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete{on.format(table)}")
    yield


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it for garbage was a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(autouse=True)
def own_audit_chain() -> None:
    """Every test begins a chain of its own.

    A test that commits is undone by deleting rows, and one that runs its commit hooks by rolling back after
    them: both leave the connection with a head whose entries are gone, and which test comes next is chance.
    """
    connections[DEFAULT_DB_ALIAS].__dict__.pop("motcua_audit_head", None)


@pytest.fixture
def books_agree(db: None) -> Iterator[None]:
    """Whatever a test did, the books must agree afterwards."""
    from motcua.payments import queries

    yield
    found = queries.check_ledger()
    assert found.ok, found.problems
