"""What the organisation's screens show, gathered for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation.errors import UnknownDelegation, UnknownPost
from motcua.organisation.models import Delegation, Post
from motcua.organisation.permissions import can_manage_unit, require_manage_unit
from motcua.organisation.queries.history import Origin, predecessors, successors
from motcua.organisation.queries.tree import search_units, unit, unit_by_code
from motcua.organisation.snapshot import current
from motcua.organisation.types import PersonInfo, Role, UnitInfo, UnitKind

PAGE = 40
PEOPLE = 300
ROLE_ORDER: dict[str, int] = {role.value: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """An agency in the list: what is below it and how many people hold a post there today."""

    unit: UnitInfo
    kind: str
    parts: tuple[UnitInfo, ...]
    people: int
    above: UnitInfo | None


@dataclass(frozen=True, slots=True)
class UnitsPage:
    rows: tuple[UnitRow, ...]
    total: int
    page: int
    pages: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as the unit's page shows it; `state` is "now", "later" or "ended"."""

    id: int
    unit: UnitInfo
    person: str
    username: str
    active: bool
    role: str
    title: str
    starts_on: date
    ends_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation as the unit's page shows it; `state` is "now", "later", "ended" or "revoked"."""

    id: int
    title: str
    from_person: str
    to_person: str
    role: str
    starts_on: date
    ends_on: date
    document: str
    scope: str
    state: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit with its parts, people and delegations, and whether the reader may change it."""

    unit: UnitInfo
    kind: str
    agency: UnitInfo
    trail: tuple[UnitInfo, ...]
    parts: tuple[UnitInfo, ...]
    area: UnitInfo | None
    police: UnitInfo | None
    posts: tuple[PostRow, ...]
    past_posts: tuple[PostRow, ...]
    delegations: tuple[DelegationRow, ...]
    past_delegations: tuple[DelegationRow, ...]
    can_manage: bool
    formed_from: tuple[Origin, ...] = ()
    became: tuple[Origin, ...] = ()


def units_page(*, text: str, kind: str, former_province: str, page: int, today: date) -> UnitsPage:
    """A page of agencies and, when something is searched, of divisions too (1 statement).

    `page` counts from 1 and is brought into range.
    """
    found = search_units(
        text, former_province=former_province, divisions=bool(text.strip()), former=bool(text.strip())
    )
    counts = {"": len(found)} | {known.value: 0 for known in UnitKind}
    for each in found:
        counts[each.kind] += 1
    if kind:
        found = [each for each in found if each.kind == kind]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    people = _people_in([each.id for each in shown], today)
    children, units = current().children, current().units
    rows = tuple(
        UnitRow(
            unit=each,
            kind=str(UnitKind(each.kind).label),
            parts=tuple(
                part
                for part in children.get(each.id, ())
                if part.agency_id == each.id and (part.ends_on is None or each.ends_on is not None)
            ),
            people=people.get(each.id, 0),
            above=None if each.parent_id is None else units[each.parent_id],
        )
        for each in shown
    )
    return UnitsPage(rows, len(found), page, pages, counts)


def unit_page(*, actor: Actor, code: str, today: date) -> UnitPage:
    """One unit in full (2 statements). Raises `UnknownUnit`."""
    shown = unit_by_code(code)
    posts = [_post_row(row, today) for row in _posts_of(shown)]
    posts.sort(key=lambda row: (row.unit.id != shown.id, row.unit.id, ROLE_ORDER[row.role], row.person))
    delegations = [_delegation_row(row, today) for row in _delegations_of(shown)]
    snapshot = current()
    return UnitPage(
        unit=shown,
        kind=str(UnitKind(shown.kind).label),
        agency=unit(shown.agency_id),
        trail=trail(shown),
        parts=tuple(
            part
            for part in snapshot.children.get(shown.id, ())
            if part.agency_id == shown.agency_id and (part.ends_on is None or shown.ends_on is not None)
        ),
        area=None if shown.area_id is None else unit(shown.area_id),
        police=snapshot.by_area.get((shown.id, "police")),
        posts=tuple(row for row in posts if row.state != "ended"),
        past_posts=tuple(row for row in posts if row.state == "ended"),
        delegations=tuple(row for row in delegations if row.state in {"now", "later"}),
        past_delegations=tuple(row for row in delegations if row.state in {"ended", "revoked"}),
        can_manage=can_manage_unit(actor, shown),
        formed_from=predecessors(shown.id),
        became=successors(shown.id),
    )


def trail(shown: UnitInfo) -> tuple[UnitInfo, ...]:
    """The units above, from the province down, the unit itself not included."""
    found: list[UnitInfo] = []
    units, above = current().units, shown.parent_id
    while above is not None:
        found.append(units[above])
        above = units[above].parent_id
    return tuple(reversed(found))


def unit_to_manage(*, actor: Actor, code: str) -> UnitInfo:
    """The unit, if the reader may change it. Raises `UnknownUnit`, `NotYourUnit`."""
    found = unit_by_code(code)
    require_manage_unit(actor, found)
    return found


def post_to_manage(*, actor: Actor, post_id: int, today: date) -> PostRow:
    """A post, if the reader may change it. Raises `UnknownPost`, `NotYourUnit`."""
    row = Post.objects.select_related("user").filter(pk=post_id).first()
    if row is None:
        raise UnknownPost(msg("Không có vị trí này."))
    require_manage_unit(actor, unit(row.unit_id))
    return _post_row(row, today)


def delegation_to_manage(*, actor: Actor, delegation_id: int, today: date) -> tuple[DelegationRow, UnitInfo]:
    """A delegation and its unit, if the reader may change it. Raises `UnknownDelegation`, `NotYourUnit`."""
    row = Delegation.objects.select_related("post", "delegator", "delegate").filter(pk=delegation_id).first()
    if row is None:
        raise UnknownDelegation(msg("Không có ủy quyền này."))
    home = unit(row.post.unit_id)
    require_manage_unit(actor, home)
    return _delegation_row(row, today), home


def people(text: str = "", *, limit: int = PEOPLE) -> list[PersonInfo]:
    """Active accounts whose name or user name holds every word, by name (1 statement)."""
    words = fold(text).split()
    rows = User.objects.filter(is_active=True).order_by("full_name", "pk")
    found = (PersonInfo(row.pk, row.username, row.full_name) for row in rows.iterator())
    matching = (
        one for one in found if all(word in fold(f"{one.full_name} {one.username}") for word in words)
    )
    return [one for one, _place in zip(matching, range(limit), strict=False)]


def person_by_username(username: str) -> PersonInfo | None:
    """The active account with this user name (1 statement)."""
    row = User.objects.filter(username=username.strip().lower(), is_active=True).first()
    return None if row is None else PersonInfo(row.pk, row.username, row.full_name)


def _people_in(unit_ids: list[int], today: date) -> dict[int, int]:
    held = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    rows = (
        Post.objects.filter(held, user__is_active=True)
        .filter(Q(unit__agency_id__in=unit_ids) | Q(unit_id__in=unit_ids))
        .values("unit__agency_id", "unit_id")
        .annotate(people=Count("user", distinct=True))
    )
    found: dict[int, int] = dict.fromkeys(unit_ids, 0)
    for row in rows:
        for key in {row["unit__agency_id"], row["unit_id"]}:
            if key in found:
                found[key] += row["people"]
    return found


def _posts_of(shown: UnitInfo) -> list[Post]:
    rows = Post.objects.select_related("user")
    return list(rows.filter(unit__agency_id=shown.id) if shown.is_agency else rows.filter(unit_id=shown.id))


def _delegations_of(shown: UnitInfo) -> list[Delegation]:
    rows = Delegation.objects.select_related("post", "delegator", "delegate").order_by("-starts_on", "-pk")
    if shown.is_agency:
        return list(rows.filter(post__unit__agency_id=shown.id))
    return list(rows.filter(post__unit_id=shown.id))


def _post_row(row: Post, today: date) -> PostRow:
    return PostRow(
        id=row.pk,
        unit=unit(row.unit_id),
        person=row.user.full_name,
        username=row.user.username,
        active=row.user.is_active,
        role=row.role,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        state=_state(row.starts_on, row.ends_on, today),
    )


def _delegation_row(row: Delegation, today: date) -> DelegationRow:
    return DelegationRow(
        id=row.pk,
        title=row.post.title,
        from_person=row.delegator.full_name,
        to_person=row.delegate.full_name,
        role=row.role,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        document=row.document,
        scope=row.scope,
        state="revoked" if row.revoked_at else _state(row.starts_on, row.ends_on, today),
    )


def _state(starts_on: date, ends_on: date | None, today: date) -> str:
    if ends_on is not None and ends_on < today:
        return "ended"
    return "later" if starts_on > today else "now"
