"""What every test run needs. The cast of people and the small province are in dossiers/tests/factories.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests that commit are cleaned up by deleting rows, which the audit log refuses: drop that guard.

    Updates stay refused, which kernel/tests/test_audit.py tests.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        on = " ON {}" if connection.vendor == "postgresql" else ""
        for table in ("kernel_auditentry", "kernel_auditseal"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete{on.format(table)}")
    yield
