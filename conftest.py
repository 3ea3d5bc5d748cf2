"""Fixtures every test may use. The cast of people and the small province are in tests/cast.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that commit are cleaned up by deleting rows, which the audit log refuses: drop its guards there.

    The guards themselves are tested where they are made (kernel/tests/test_audit_guards.py).
    """
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            on = " ON {}" if connection.vendor == "postgresql" else ""
            for table in ("kernel_auditentry", "kernel_auditseal"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete{on.format(table)}")
    yield
