"""People and posts for tests of this context and of those above it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import actions, queries

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 23/11/2026 09:00 in Viet Nam
TODAY = date(2026, 11, 23)
SYSTEM = Actor.system("test", "command")


def person(username: str, full_name: str = "") -> User:
    """An account without a usable password."""
    return User.objects.create_user(username, full_name or username.replace("-", " ").title())


def post(
    user: User,
    code: str,
    role: str,
    *,
    title: str = "Chuyên viên",
    starts_on: date = date(2025, 7, 1),
    ends_on: date | None = None,
) -> int:
    """A post of the person in the unit with this code."""
    return actions.open_post(
        actor=SYSTEM,
        now=NOW,
        user_id=user.pk,
        unit_id=queries.unit_by_code(code).id,
        role=role,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def actor(user: User, now: datetime = NOW) -> Actor:
    """What the person may do at `now`."""
    return queries.actor_for(user, now)
