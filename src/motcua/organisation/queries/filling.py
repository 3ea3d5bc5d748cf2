"""Which roles somebody holds, for whole boards at once."""

from __future__ import annotations

from datetime import date

from motcua.organisation.models import Post
from motcua.organisation.queries.acting import _delegations_on, _held_on
from motcua.organisation.snapshot import current


def picture_stamp() -> str:
    """Changes with every write to units and calendars."""
    return current().stamp


def filled_roles(on: date) -> frozenset[tuple[int, str]]:
    """Every (unit, role) that an open account may act in on a day, by post or by delegation (2 statements)."""
    posts = Post.objects.filter(_held_on(on), user__is_active=True).values_list("unit_id", "role")
    delegated = _delegations_on(on).filter(delegate__is_active=True).values_list("post__unit_id", "role")
    return frozenset(posts.distinct()) | frozenset(delegated.distinct())
