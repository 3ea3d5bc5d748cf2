"""What every test run needs. The cast of people and the small province are in dossiers/tests/factories.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from pytest_django import DjangoDbBlocker

APPEND_ONLY = (
    "kernel_auditentry",
    "kernel_auditseal",
    "payments_entry",
    "payments_posting",
    "payments_payment",
    "payments_receipt",
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests that commit are cleaned up by deleting rows, which the audit log and the books refuse: drop that guard.

    Updates stay refused, which kernel/tests/test_audit.py and payments/tests/test_guards.py test.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        on = " ON {}" if connection.vendor == "postgresql" else ""
        for table in APPEND_ONLY:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete{on.format(table)}")
    yield


@pytest.fixture(autouse=True)
def own_audit_chain() -> None:
    """Every test begins a chain of its own.

    A test that commits is undone by deleting rows, and one that runs its commit hooks by rolling back after
    them: both leave the connection with a head whose entries are gone, and which test comes next is chance.
    """
    connections[DEFAULT_DB_ALIAS].__dict__.pop("motcua_audit_head", None)
