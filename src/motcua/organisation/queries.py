"""Reading the organisation. Units and calendars come from the process's picture (no statement while it is
fresh).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache

from django.db.models import Q, QuerySet

from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor, Grant, Via
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation import carried
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.models import ApiClient, Delegation, Post
from motcua.organisation.rules.fields import FieldTable
from motcua.organisation.rules.working_time import WorkCalendar
from motcua.organisation.snapshot import current, forget
from motcua.organisation.types import FieldDepartment, Holder, UnitInfo, UnitKind

__all__ = [
    "actor_for",
    "actor_for_client",
    "agencies",
    "calendar_for",
    "centre_of",
    "communes",
    "department_for_field",
    "division_for",
    "field_gaps",
    "forget",
    "holders",
    "province",
    "reception_points",
    "search_units",
    "unit",
    "unit_by_code",
    "unit_with_function",
    "units",
    "units_within",
    "vertical_in",
]


def units() -> Mapping[int, UnitInfo]:
    """Every unit by id, in the order they were created."""
    return current().units


def unit(unit_id: int) -> UnitInfo:
    """One unit; raises `UnknownUnit` (404)."""
    found = current().units.get(unit_id)
    if found is None:
        raise UnknownUnit(msg("Không có đơn vị này."))
    return found


def unit_by_code(code: str) -> UnitInfo:
    """One unit by its own code (`07210`, `STP`, `07210.VP`); raises `UnknownUnit` (404)."""
    found = current().by_code.get(code.strip())
    if found is None:
        raise UnknownUnit(msg("Không có đơn vị mang mã %(code)s.", code=code.strip()[:40]))
    return found


def province() -> UnitInfo:
    """The provincial People's Committee, top of the tree and root of all calendars."""
    for found in current().units.values():
        if found.kind == UnitKind.PROVINCE:
            return found
    raise UnknownUnit(msg("Chưa nạp dữ liệu tổ chức của tỉnh."))


def communes() -> list[UnitInfo]:
    """The communes and wards by code."""
    return sorted((u for u in current().units.values() if u.kind == UnitKind.COMMUNE), key=lambda u: u.code)


def agencies(*, kinds: Iterable[UnitKind] | None = None) -> list[UnitInfo]:
    """Agencies (units that are nobody's division), by code, perhaps only of some kinds."""
    wanted = None if kinds is None else frozenset(kinds)
    found = [u for u in current().units.values() if u.is_agency and (wanted is None or u.kind in wanted)]
    return sorted(found, key=lambda u: u.code)


def units_within(unit_id: int) -> list[UnitInfo]:
    """The unit and everything below it, parents first."""
    snapshot = current()
    found = [unit(unit_id)]
    for above in found:
        found.extend(snapshot.children.get(above.id, []))
    return found


def reception_points() -> list[UnitInfo]:
    """Where dossiers are received, by code: the centres, their further points, the commune police."""
    return sorted((u for u in current().units.values() if u.is_reception_point), key=lambda u: u.code)


def centre_of(agency_id: int) -> UnitInfo:
    """The Public Administration Service Centre that receives for an agency.

    A commune has its own; departments and vertical agencies use the provincial centre (Decree 118/2025, art.
    8), a commune's vertical units the centre of that commune.
    """
    agency = unit(agency_id)
    if agency.kind == UnitKind.SERVICE_CENTRE and agency.is_agency:
        return agency
    home = agency.area_id or agency.agency_id
    for found in current().children.get(home, []):
        if found.kind == UnitKind.SERVICE_CENTRE and found.agency_id == home:
            return found
    for found in current().units.values():
        if found.kind == UnitKind.SERVICE_CENTRE and found.is_agency:
            return found
    raise UnknownUnit(msg("Chưa có Trung tâm Phục vụ hành chính công tỉnh."))


def unit_with_function(agency_id: int, function: str) -> UnitInfo | None:
    """The first standing unit of an agency that has this function (its office, its land registry, …)."""
    return current().by_function.get((agency_id, function))


def vertical_in(commune_id: int, function: str) -> UnitInfo | None:
    """The unit of a vertical agency that serves a commune (its police), if there is one."""
    return current().by_area.get((commune_id, function))


def division_for(agency_id: int, field_name: str) -> UnitInfo | None:
    """The division of an agency that works on a field; None when the agency has no division at all.

    Communes: by `data/field_divisions.json` (Decree 150/2025 names the divisions). Departments: the named
    division of the field where the decisions name one, else the agency's specialist division, else its
    office. Fields of the police in a commune (residence, identity cards) lead to the commune's police,
    which is an agency of its own.
    """
    agency = unit(agency_id)
    for function in _fields().division_functions(field_name, commune=agency.kind == UnitKind.COMMUNE):
        found = unit_with_function(agency.id, function) or vertical_in(agency.id, function)
        if found is not None:
            return found
    return None


def department_for_field(field_name: str, *, ministry_code: str = "", ministry: str = "") -> FieldDepartment:
    """The provincial agency that handles a field: by the field, else by the ministry, else the committee's
    office.

    The last is a gap to be reported (`FieldDepartment.is_gap`).
    """
    code, matched_by = _fields().department(field_name, ministry_code=ministry_code, ministry=ministry)
    return FieldDepartment(unit=unit_by_code(code), matched_by=matched_by)


def field_gaps(field_names: Iterable[str]) -> list[str]:
    """The fields no department is known for, in alphabetical order."""
    return sorted({name for name in field_names if department_for_field(name).is_gap})


def calendar_for(unit_id: int) -> WorkCalendar:
    """The unit's work calendar with what it inherits; confirmed days only."""
    unit(unit_id)
    return current().calendar(unit_id)


def search_units(
    text: str = "", *, kind: str = "", former_province: str = "", limit: int | None = None
) -> list[UnitInfo]:
    """Agencies whose name, short name or code holds every word of `text`, accents and case aside; by code."""
    words = fold(text).split()
    found = [
        u
        for u in current().units.values()
        if u.is_agency
        and (not kind or u.kind == kind)
        and (not former_province or u.former_province == former_province)
        and all(word in u.folded for word in words)
    ]
    order = {kind: place for place, kind in enumerate(UnitKind)}
    found.sort(key=lambda u: (order[u.kind], u.code))
    return found if limit is None else found[:limit]


def holders(unit_id: int, role: str, on: date) -> list[Holder]:
    """Who may act in a role of a unit on a day: holders of the post, then those it is delegated to (2
    statements).

    Closed accounts are left out. A delegate counts under the role that was delegated, which may be narrower
    than the post's.
    """
    posts = (
        Post.objects.filter(_held_on(on), unit_id=unit_id, role=role, user__is_active=True)
        .order_by("user__full_name", "pk")
        .values_list("user_id", "user__full_name", "title", "pk")
    )
    found = [Holder(user_id, name, title, post_id) for user_id, name, title, post_id in posts]
    rows = (
        _delegations_on(on)
        .filter(post__unit_id=unit_id, role=role, delegate__is_active=True)
        .order_by("delegate__full_name", "pk")
        .values_list(
            "delegate_id", "delegate__full_name", "post__title", "post_id", "pk", "delegator_id", "document"
        )
    )
    found += [
        Holder(
            user_id,
            name,
            title,
            post_id,
            delegated=True,
            delegation_id=pk,
            on_behalf_of=delegator_id,
            document=document,
        )
        for user_id, name, title, post_id, pk, delegator_id, document in rows
    ]
    return found


def actor_for(user: User, now: datetime, *, via: Via = "web", ip: str = "") -> Actor:
    """What a person may do today: their posts and the delegations they received (2 statements).

    "Today" is the Vietnamese day `now` falls on. A closed account may do nothing.
    """
    if not user.is_active:
        return Actor.anonymous(ip)
    today = clock.today(now)
    known = current().units
    own = (
        Post.objects.filter(_held_on(today), user_id=user.pk)
        .order_by("pk")
        .values_list("pk", "unit_id", "role")
    )
    received = (
        _delegations_on(today)
        .filter(delegate_id=user.pk)
        .order_by("pk")
        .values_list("post_id", "post__unit_id", "role", "delegator_id", "pk")
    )
    rows = [(post_id, unit_id, role, None, None) for post_id, unit_id, role in own]
    grants = tuple(
        Grant(
            unit_id=unit_id,
            agency_id=known[unit_id].agency_id,
            role=role,
            post_id=post_id,
            on_behalf_of=delegator_id,
            delegation_id=delegation_id,
        )
        for post_id, unit_id, role, delegator_id, delegation_id in [*rows, *received]
        if unit_id in known and known[unit_id].stands_on(today)
    )
    return Actor(user.pk, user.full_name, via=via, grants=grants, is_admin=user.is_admin, ip=ip)


def actor_for_client(token: str, *, ip: str = "") -> Actor | None:
    """The partner system a bearer token belongs to (1 statement); None for an unknown or closed one."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    client = ApiClient.objects.filter(token_hash=digest, active=True).first()
    if client is None:
        return None
    grants: tuple[Grant, ...] = ()
    if client.agency_id is not None:
        grants = (Grant(unit_id=client.agency_id, agency_id=client.agency_id, role="api_client"),)
    return Actor(
        user_id=None,
        name=client.name,
        via="api",
        grants=grants,
        client_id=client.pk,
        scopes=frozenset(client.scopes),
        ip=ip,
    )


@cache
def _fields() -> FieldTable:
    return FieldTable.from_dict(carried.read("field_divisions.json"))


def _held_on(day: date, prefix: str = "") -> Q:
    ends = f"{prefix}ends_on"
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": day})
    )


def _delegations_on(day: date) -> QuerySet[Delegation]:
    """Delegations in force on a day; one ends early when the post it comes from does."""
    return Delegation.objects.filter(
        _held_on(day, "post__"), starts_on__lte=day, ends_on__gte=day, revoked_at__isnull=True
    )
