"""People: who acts, in which posts and by whose delegation."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db.models import Q, QuerySet

from motcua.kernel import clock, rows
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor, Grant, Via
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg
from motcua.organisation.models import ApiClient, Delegation, Post
from motcua.organisation.snapshot import current
from motcua.organisation.types import Holder

OFFICERS_SCOPE = "officers:act"


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
    client = rows.find(ApiClient, "token_hash", digest)
    if client is None or not client.active:
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


def officer_of_client(client: Actor, username: str, now: datetime) -> Actor:
    """The officer on whose word a partner system acts: their own posts, no further than the system's agency.

    Needs the scope `officers:act`. Raises `NotAllowed`, also for an unknown or closed account.
    """
    if OFFICERS_SCOPE not in client.scopes:
        raise NotAllowed(
            msg("Hệ thống của bạn chưa được cấp phạm vi quyền %(scope)s.", scope=OFFICERS_SCOPE),
            code="insufficient_scope",
        )
    user = User.objects.filter(username=username.strip().lower()[:64], is_active=True).first()
    grants: tuple[Grant, ...] = ()
    if user is not None:
        held = actor_for(user, now, via="api", ip=client.ip).grants
        grants = tuple(grant for grant in held if not client.grants or grant.agency_id in client.agency_ids)
    if user is None or not grants:
        raise NotAllowed(
            msg("%(name)s không có vị trí công tác mà hệ thống của bạn được thay mặt.", name=username[:64])
        )
    return Actor(user.pk, user.full_name, via="api", grants=grants, scopes=client.scopes, ip=client.ip)


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
