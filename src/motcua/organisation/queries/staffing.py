"""Who is there and who is missing: desks that work will reach and find empty."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from motcua.organisation.models import Post
from motcua.organisation.queries.acting import _delegations_on, _held_on
from motcua.organisation.snapshot import current
from motcua.organisation.types import Holder, Role, UnitFunction, UnitInfo, UnitKind


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A role that processes need in a unit and that nobody holds."""

    unit: UnitInfo
    role: Role


def vacancies(agency_ids: Collection[int], today: date) -> list[Vacancy]:
    """What is not filled today in communes and departments, by unit (one statement)."""
    units = [
        unit for unit in current().units.values() if unit.agency_id in agency_ids and unit.stands_on(today)
    ]
    rows = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        unit_id__in=[unit.id for unit in units],
        starts_on__lte=today,
        user__is_active=True,
    )
    held = set(rows.values_list("unit_id", "role").distinct())
    return [
        Vacancy(unit, role) for unit in units for role in _needed(unit) if (unit.id, role.value) not in held
    ]


def user_ids_of(agency_ids: Collection[int]) -> QuerySet[Any, Any]:
    """The accounts that have or had a post in these agencies: one column, for a subquery."""
    return Post.objects.filter(unit__agency_id__in=agency_ids).values("user_id")


def _needed(unit: UnitInfo) -> tuple[Role, ...]:
    if unit.is_reception_point and unit.kind == UnitKind.SERVICE_CENTRE:
        return (Role.ONE_STOP_OFFICER,)
    if unit.kind in {UnitKind.COMMUNE, UnitKind.DEPARTMENT}:
        return (Role.LEADER,)
    if unit.kind != UnitKind.DIVISION:
        return ()
    if unit.function == UnitFunction.OFFICE:
        return (Role.CLERK,)
    return (Role.SPECIALIST,)


def held_desks(on: date) -> Mapping[tuple[int, str], Holder]:
    """Who sits at every desk (unit, role) of the province on a day, one person each, the holder of the post before
    one it is delegated to (2 statements). A desk that is not in it is empty.
    """
    posts = Post.objects.filter(_held_on(on), user__is_active=True).order_by("-pk")
    rows = posts.values_list("unit_id", "role", "user_id", "user__full_name", "title", "pk")
    found = {
        (unit_id, role): Holder(user_id, name, title, post_id)
        for unit_id, role, user_id, name, title, post_id in rows.iterator(chunk_size=2_000)
    }
    delegated = _delegations_on(on).filter(delegate__is_active=True)
    for unit_id, role, user_id, name, title, post_id, pk, giver_id in delegated.order_by("pk").values_list(
        "post__unit_id", "role", "delegate_id", "delegate__full_name", "post__title", "post_id", "pk",
        "delegator_id",
    ):  # fmt: skip
        if (unit_id, role) not in found:
            found[unit_id, role] = Holder(
                user_id, name, title, post_id, delegated=True, delegation_id=pk, on_behalf_of=giver_id
            )
    return found
