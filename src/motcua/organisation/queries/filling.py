"""Which roles somebody holds, for whole boards at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from motcua.organisation.models import Post
from motcua.organisation.queries.acting import _delegations_on, _held_on
from motcua.organisation.snapshot import current


def picture_stamp() -> str:
    """Changes with every write to units and calendars."""
    return current().stamp


def filled_roles(on: date, *, agency_ids: Collection[int] | None = None) -> frozenset[tuple[int, str]]:
    """Every (unit, role) that an open account may act in on a day, by post or by delegation; of these agencies and
    their divisions, or of all (one statement).
    """
    posts = Post.objects.filter(_held_on(on), user__is_active=True)
    delegated = _delegations_on(on).filter(delegate__is_active=True)
    if agency_ids is not None:
        posts = posts.filter(unit__agency_id__in=agency_ids)
        delegated = delegated.filter(post__unit__agency_id__in=agency_ids)
    held = posts.order_by().values_list("unit_id", "role")
    return frozenset(held.union(delegated.order_by().values_list("post__unit_id", "role")))
