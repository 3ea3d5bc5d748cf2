"""Somebody at every desk that the processes reach, found by the readiness board, and the people of the night."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from random import Random

from motcua.config.demo import names
from motcua.config.night.hours import LONG_BEFORE
from motcua.config.night.june import SYSTEM
from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import queries
from motcua.organisation.queries import filling
from motcua.organisation.types import Role
from motcua.support import queries as support

UNUSABLE = "!"
_numbers = count(1)


def fill_desks(*, now: datetime) -> int:
    """Open a post for every role the board misses on that day, and at every reception point; how many."""
    support.forget()
    found = support.board(now)
    missing = {
        need
        for agency_id in found.units
        for gaps in support.gaps_of(found, agency_id).values()
        for need in gaps
    }
    filled = filling.filled_roles(clock.today(now))
    counters = {(point.id, Role.ONE_STOP_OFFICER.value) for point in queries.reception_points()}
    return open_desks(sorted((missing | counters) - filled), since=LONG_BEFORE.date(), now=now)


def open_desks(desks: list[tuple[int, str]], *, since: date, now: datetime) -> int:
    """A person with one post at each desk (unit, role)."""
    random = Random(len(desks))  # noqa: S311 - invented names, not secrets
    people = User.objects.bulk_create(
        [
            User(
                username=f"dem.{next(_numbers)}",
                full_name=names.full_name(random, random.choice(("Nam", "Nữ"))),
                password=UNUSABLE,
            )
            for _desk in desks
        ],
        batch_size=500,
    )
    posts = [
        organisation.NewPost(user.pk, unit_id, role, str(Role(role).label), since)
        for user, (unit_id, role) in zip(people, desks, strict=True)
    ]
    return organisation.open_posts(actor=SYSTEM, posts=posts, now=now) if posts else 0


def person(username: str, name: str, role: Role, unit_id: int, *, now: datetime) -> Actor:
    """Somebody the night needs by name."""
    user = User.objects.create(username=username, full_name=name, password=UNUSABLE)
    post = organisation.NewPost(user.pk, unit_id, role.value, str(role.label), LONG_BEFORE.date())
    organisation.open_posts(actor=SYSTEM, posts=[post], now=now)
    return queries.actor_for(user, now)


def officers_of(unit_ids: set[int], *, now: datetime) -> dict[int, list[Actor]]:
    """Who receives at each of the units."""
    found: dict[int, list[Actor]] = {}
    for unit_id in unit_ids:
        held = queries.holders(unit_id, Role.ONE_STOP_OFFICER.value, clock.today(now))
        found[unit_id] = [queries.actor_for(User.objects.get(pk=holder.user_id), now) for holder in held]
    return found
