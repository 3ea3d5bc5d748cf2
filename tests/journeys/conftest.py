"""The real province, loaded once for the journeys; every test works on a savepoint of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from motcua.catalogue import queries as catalogue
from motcua.config.province import load_province
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation_actions
from motcua.organisation import queries as organisation
from motcua.organisation.tests.calendars import vn
from motcua.organisation.types import UnitInfo

BEGINNING = vn("2025-07-01 08:00")


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[UnitInfo]:
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        load_province(now=BEGINNING)
        organisation.forget()
        catalogue.forget()
        yield organisation.province()
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)
        organisation.forget()
        catalogue.forget()


class Cast:
    """People made when they are first asked for."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str], Actor] = {}

    def __call__(self, role: str, unit: UnitInfo, *, name: str = "") -> Actor:
        """Whoever holds the role in the unit, from July 2025 on."""
        key = (unit.id, role + name)
        if key not in self.known:
            username = f"{unit.id}-{role}-{len(self.known)}"
            user = User.objects.create_user(username, name or f"{role} {unit.name}")
            organisation_actions.open_post(
                actor=Actor.system("test", "command"),
                now=BEGINNING,
                user_id=user.pk,
                unit_id=unit.id,
                role=role,
                title="Công chức",
                starts_on=date(2025, 7, 1),
            )
            self.known[key] = organisation.actor_for(user, BEGINNING)
        return self.known[key]


@pytest.fixture
def cast(province: UnitInfo, db: None) -> Cast:
    return Cast()
