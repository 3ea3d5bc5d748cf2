"""What a staff list meets: units and roles it may name, accounts and posts as they stand, and its preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation.errors import UnknownImport
from motcua.organisation.followers import open_work
from motcua.organisation.models import DuplicateDecision, Post, StaffImport, StaffProfile
from motcua.organisation.permissions import can_manage_province, can_manage_unit, require_manage_province
from motcua.organisation.rules.staff_changes import (
    Account,
    Change,
    HeldPost,
    Likeness,
    Pair,
    Plan,
    RowChange,
    likely_doubles,
    plan_changes,
)
from motcua.organisation.rules.staff_list import StaffRow, UnitChoice
from motcua.organisation.rules.succession import Problem
from motcua.organisation.snapshot import current
from motcua.organisation.types import Role, UnitInfo

RECENT = 20
PAIRS = 40
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody whose post ends while tasks are still on their desk."""

    full_name: str
    username: str
    unit: str
    tasks: int


@dataclass(frozen=True, slots=True)
class StaffPreview:
    """A loaded list against what stands now. `leaving` are people with open tasks, `doubles` new people who look
    like somebody who has an account.
    """

    id: int
    name: str
    loaded_at: datetime
    applied_at: datetime | None
    plan: Plan
    leaving: tuple[Leaving, ...]
    doubles: tuple[Pair, ...]

    @property
    def shown(self) -> list[RowChange]:
        """What changes first, then what stays, no more than a page can bear."""
        ordered = sorted(self.plan.changes, key=lambda one: one.change is Change.UNCHANGED)
        return ordered[:SHOWN]

    @property
    def counts(self) -> dict[str, int]:
        return {change.value: self.plan.count(change) for change in Change}


def unit_choices() -> list[UnitChoice]:
    """The standing units as a list may name them (no statement)."""
    units = current().units
    return [
        UnitChoice(
            code=unit.code,
            agency=units[unit.agency_id].code,
            names=frozenset(fold(name) for name in (unit.name, unit.full_name, unit.short_name)),
            function=unit.function,
        )
        for unit in current().present.values()
    ]


def units_to_staff(actor: Actor) -> list[UnitInfo]:
    """The standing units whose staff the actor keeps, agencies before their parts (no statement)."""
    found = [unit for unit in current().present.values() if can_manage_unit(actor, unit)]
    units = current().units
    return sorted(found, key=lambda unit: (units[unit.agency_id].code, not unit.is_agency, unit.code))


def role_choices() -> dict[str, str]:
    """Roles by folded label and by value."""
    return {
        **{fold(str(role.label)): role.value for role in Role},
        **{role.value: role.value for role in Role},
        "can bo tiep nhan": Role.ONE_STOP_OFFICER.value,
        "truong phong": Role.DEPT_HEAD.value,
        "lanh dao": Role.LEADER.value,
        "quan tri cntt": Role.IT_ADMIN.value,
    }


def can_keep_staff(actor: Actor) -> bool:
    """Whoever may change at least one agency: its IT administrator, the province."""
    return can_manage_province(actor) or actor.has(Role.IT_ADMIN.value)


def require_keep_staff(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor keeps the staff list of some agency."""
    if not can_keep_staff(actor):
        raise NotAllowed(msg("Danh sách nhân sự do quản trị công nghệ thông tin của cơ quan hoặc tỉnh nạp."))


def plan_of(rows: Iterable[StaffRow], actor: Actor) -> Plan:
    """What a list would change now, with a problem for each row outside the actor's agencies (3 statements)."""
    rows = list(rows)
    names = {row.username for row in rows}
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    accounts = {
        name: Account(user.pk, name, user.full_name, user.is_active, user.is_admin)
        for name, user in users.items()
    }
    units = current().units
    posts = [
        HeldPost(
            post.pk, post.user.username, units[post.unit_id].code, post.role, post.starts_on, post.ends_on
        )
        for post in Post.objects.filter(user__username__in=names).select_related("user").order_by("pk")
    ]
    plan = plan_changes(rows, accounts=accounts, posts=posts)
    plan.problems += _not_theirs(plan, actor, posts)
    plan.problems += _numbers_taken(rows, users)
    return plan


def staff_preview(*, actor: Actor, import_id: int) -> StaffPreview:
    """A loaded list as it would be applied now. Raises `UnknownImport`, `NotAllowed`."""
    require_keep_staff(actor)
    held = StaffImport.objects.filter(pk=import_id).first()
    if held is None or not (can_manage_province(actor) or held.loaded_by_id == actor.user_id):
        raise UnknownImport(msg("Không có danh sách này."))
    plan = plan_of([StaffRow.from_dict(row) for row in held.rows], actor)
    return StaffPreview(
        id=held.pk,
        name=held.name,
        loaded_at=held.loaded_at,
        applied_at=held.applied_at,
        plan=plan,
        leaving=leaving(plan),
        doubles=tuple(new_doubles(plan)),
    )


def leaving(plan: Plan) -> tuple[Leaving, ...]:
    """People who would leave open tasks behind in a unit where their post ends (one statement for each context)."""
    units = current().by_code
    names = {post.username: "" for one in plan.changes for post in one.closes}
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    work = open_work([user.pk for user in users.values()])
    found = []
    for one in plan.changes:
        for post in one.closes:
            user = users.get(post.username)
            tasks = work.get((user.pk, units[post.unit].id), 0) if user else 0
            if user and tasks:
                found.append(Leaving(user.full_name, user.username, units[post.unit].full_name, tasks))
    return tuple(found)


def new_doubles(plan: Plan) -> list[Pair]:
    """New people of the list who look like somebody with an account."""
    new = [one.row for one in plan.changes if one.change is Change.NEW]
    if not new:
        return []
    rows = {row.username: row for row in new}
    coming = [
        Likeness(
            -number,
            row.username,
            row.full_name,
            row.email,
            row.phone,
            row.id_number,
            row.birth_year,
        )
        for number, row in enumerate(rows.values(), start=1)
    ]
    pairs = likely_doubles([*coming, *_people()])
    return [pair for pair in pairs if min(pair.first.id, pair.second.id) < 0][:PAIRS]


def imports_of(actor: Actor) -> list[StaffImport]:
    """The latest lists: one's own, for the province everybody's (one statement)."""
    require_keep_staff(actor)
    rows = StaffImport.objects.defer("rows").select_related("loaded_by")
    if not can_manage_province(actor):
        rows = rows.filter(loaded_by_id=actor.user_id)
    return list(rows[:RECENT])


@dataclass(frozen=True, slots=True)
class DoublesPage:
    pairs: tuple[Pair, ...]
    more: bool


def doubles_page(*, actor: Actor) -> DoublesPage:
    """Accounts that may be one person and that nobody has decided about (3 statements). Raises `NotYourUnit`."""
    require_manage_province(actor)
    decided = set(DuplicateDecision.objects.values_list("first_id", "second_id"))
    pairs = [pair for pair in likely_doubles(_people()) if (pair.first.id, pair.second.id) not in decided]
    return DoublesPage(tuple(pairs[:PAIRS]), len(pairs) > PAIRS)


def _people() -> list[Likeness]:
    """Active accounts with what is known of them (2 statements)."""
    units = current().units
    places: dict[int, list[str]] = {}
    for user_id, unit_id in Post.objects.filter(user__is_active=True).values_list("user_id", "unit_id"):
        unit = units.get(unit_id)
        if unit is not None:
            places.setdefault(user_id, []).append(unit.full_name)
            if unit.former_province:
                places[user_id].append(unit.former_province)
    rows = User.objects.filter(is_active=True).values_list(
        "pk",
        "username",
        "full_name",
        "email",
        "phone",
        "staff_profile__id_number",
        "staff_profile__birth_year",
    )
    return [
        Likeness(pk, name, full, mail, phone, number or "", year, tuple(dict.fromkeys(places.get(pk, ()))))
        for pk, name, full, mail, phone, number, year in rows
    ]


def _not_theirs(plan: Plan, actor: Actor, posts: Iterable[HeldPost]) -> list[Problem]:
    """Rows about units of others. Locking an account is for those who keep every agency it ever had a post in; one
    without any post belongs to no agency, so only the province locks it.
    """
    units = current().by_code
    ever: dict[str, set[str]] = {}
    for post in posts:
        ever.setdefault(post.username, set()).add(post.unit)
    found = []
    for one in plan.changes:
        codes = {one.row.unit, *(post.unit for post in one.closes)} - {""}
        if one.change is Change.LOCKED:
            codes |= ever.get(one.row.username, set())
            if not ever.get(one.row.username) and not can_manage_province(actor):
                text = msg(
                    "Tài khoản %(name)s chưa thuộc cơ quan nào; chỉ quản trị của tỉnh khóa được.",
                    name=one.row.username,
                )
                found.append(Problem(one.row.where, text))
                continue
        foreign = [units[code] for code in sorted(codes) if not can_manage_unit(actor, units[code])]
        if foreign:
            text = msg(
                "%(unit)s không thuộc cơ quan bạn quản trị; nhờ quản trị của cơ quan đó hoặc của tỉnh.",
                unit=foreign[0].full_name,
            )
            found.append(Problem(one.row.where, text))
    return found


def _numbers_taken(rows: Iterable[StaffRow], users: Mapping[str, Any]) -> list[Problem]:
    """A citizen's number that belongs to another account is a mistake in one of the two."""
    wanted = {row.id_number: row for row in rows if row.id_number}
    taken = StaffProfile.objects.filter(id_number__in=wanted, user__is_active=True).select_related("user")
    return [
        Problem(
            wanted[profile.id_number].where,
            msg(
                "Số định danh này đã ghi cho tài khoản %(name)s; dùng tài khoản đó, không mở thêm.",
                name=profile.user.username,
            ),
        )
        for profile in taken
        if profile.user.username != wanted[profile.id_number].username
    ]
