"""Staff lists: read, kept for a look, applied all or nothing; and what is decided about double accounts."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from motcua.kernel import audit, clock, outbox
from motcua.kernel.accounts.actions import open_account, set_active
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg
from motcua.organisation.errors import BadStaffList, UnknownImport, UnknownPerson
from motcua.organisation.events import StaffListApplied
from motcua.organisation.followers import open_work
from motcua.organisation.models import DuplicateDecision, Post, StaffImport, StaffProfile
from motcua.organisation.office_files import tables_of
from motcua.organisation.permissions import can_manage_province, require_manage_province
from motcua.organisation.queries.staff_list import (
    leaving,
    plan_of,
    require_keep_staff,
    role_choices,
    unit_choices,
)
from motcua.organisation.rules.staff_changes import Change, Plan, RowChange
from motcua.organisation.rules.staff_list import StaffRow, read_staff_list
from motcua.organisation.rules.succession_file import formula_problems
from motcua.organisation.snapshot import current, touch
from motcua.organisation.types import Role

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter or figure that is mistaken for another when it is read out."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account just made. `password` is shown this once and kept nowhere."""

    username: str
    full_name: str
    unit: str
    password: str


@dataclass(slots=True)
class StaffReport:
    """What a list did or, looked at, would do."""

    import_id: int | None
    state: str
    counts: dict[str, int] = field(default_factory=dict)
    leaving: list[dict[str, Any]] = field(default_factory=list)
    accounts: list[NewAccount] = field(default_factory=list)


def read_list(data: bytes, *, name: str) -> list[StaffRow]:
    """The rows of a staff list. Raises `BadStaffList` with every wrong cell, `Invalid` for a file that is none."""
    tables = tables_of(data, name=name)
    rows, problems = read_staff_list(tables, units=unit_choices(), roles=role_choices())
    problems = [*formula_problems(tables), *problems]
    if problems:
        raise BadStaffList([problem.render() for problem in problems])
    return rows


@transaction.atomic
def load_staff_list(*, actor: Actor, data: bytes, name: str, now: datetime) -> int:
    """Read a list and keep it for a look; nothing of it is done yet. Returns its id.

    Raises `NotAllowed`, `BadStaffList`, `Invalid`.
    """
    require_keep_staff(actor)
    rows = read_list(data, name=name)
    plan = plan_of(rows, actor)
    if plan.problems:
        raise BadStaffList([problem.render() for problem in plan.problems])
    said = [row.to_dict() for row in rows]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    held = StaffImport.objects.create(
        name=name[:255], digest=digest, rows=said, loaded_at=now, loaded_by_id=actor.user_id
    )
    audit.record(
        actor,
        "organisation.staff_list_loaded",
        subject_type="staff_import",
        subject=str(held.pk),
        data={"rows": len(rows), "file": held.name},
        at=now,
    )
    return held.pk


@transaction.atomic
def apply_staff_list(*, actor: Actor, import_id: int, now: datetime) -> StaffReport:
    """Do a list: accounts, posts, ends. Everything or nothing, and once: what changed since would be turned back.

    Raises `UnknownImport`, `NotAllowed`, `Conflict` for a list that was applied before, `BadStaffList` when what
    stands has changed so that a row no longer fits.
    """
    require_keep_staff(actor)
    held = StaffImport.objects.select_for_update().filter(pk=import_id).first()
    if held is None or not (can_manage_province(actor) or held.loaded_by_id == actor.user_id):
        raise UnknownImport(msg("Không có danh sách này."))
    if held.applied_at is not None:
        local = clock.local(held.applied_at)
        raise Conflict(
            msg(
                "Danh sách này đã được áp dụng lúc %(at)s. Cần làm lại thì nạp lại tệp và xem trước.",
                at=f"{local:%H:%M %d/%m/%Y}",
            ),
            code="already_done",
        )
    plan = plan_of([StaffRow.from_dict(row) for row in held.rows], actor)
    if plan.problems:
        raise BadStaffList([problem.render() for problem in plan.problems])
    report = _report(plan, import_id=held.pk, state="applied")
    accounts, report.accounts = _accounts(actor, plan, now)
    _profiles(plan, accounts)
    _close(plan)
    _open(plan, accounts)
    for one in plan.changes:
        if one.change is Change.LOCKED:
            elevated = replace(actor, is_admin=True)
            set_active(actor=elevated, user_id=accounts[one.row.username], active=False, now=now)
    touch()
    held.applied_at, held.report = now, report.counts
    held.save(update_fields=["applied_at", "report"])
    said = [[one.row.username, one.row.unit, one.row.role, one.change.value] for one in _done(plan)]
    audit.record(
        actor,
        "organisation.staff_list_applied",
        subject_type="staff_import",
        subject=str(held.pk),
        data={"counts": report.counts, "rows": said},
        at=now,
    )
    outbox.publish(StaffListApplied(import_id=held.pk), now=now)
    return report


@transaction.atomic
def import_staff(
    *, actor: Actor, data: bytes, name: str, now: datetime, dry_run: bool = False
) -> StaffReport:
    """What the command does: read, check, and apply unless it is a rehearsal. Raises what those acts raise."""
    if dry_run:
        require_keep_staff(actor)
        plan = plan_of(read_list(data, name=name), actor)
        if plan.problems:
            raise BadStaffList([problem.render() for problem in plan.problems])
        return _report(plan, import_id=None, state="rehearsed")
    held = load_staff_list(actor=actor, data=data, name=name, now=now)
    return apply_staff_list(actor=actor, import_id=held, now=now)


def _report(plan: Plan, *, import_id: int | None, state: str) -> StaffReport:
    counts = {change.value: plan.count(change) for change in Change}
    left = [
        {"name": one.full_name, "username": one.username, "unit": one.unit, "tasks": one.tasks}
        for one in leaving(plan)
    ]
    return StaffReport(import_id, state, counts, left)


def _done(plan: Plan) -> Iterable[RowChange]:
    return (one for one in plan.changes if one.change is not Change.UNCHANGED)


def _accounts(actor: Actor, plan: Plan, now: datetime) -> tuple[dict[str, int], list[NewAccount]]:
    """Ids by user name, and the accounts that had to be made. Who keeps an agency's list may open its accounts."""
    names = {one.row.username for one in plan.changes}
    ids = dict(User.objects.filter(username__in=names).values_list("username", "pk"))
    made = []
    units = current().by_code
    for one in plan.changes:
        row = one.row
        if row.username in ids:
            continue
        password = "-".join("".join(secrets.choice(LETTERS) for _place in range(4)) for _group in range(4))
        user = open_account(
            actor=replace(actor, is_admin=True),
            username=row.username,
            full_name=row.full_name,
            password=password,
            now=now,
        )
        if row.email or row.phone:
            user.email, user.phone = row.email, row.phone
            user.save(update_fields=["email", "phone"])
        ids[row.username] = user.pk
        made.append(NewAccount(row.username, user.full_name, units[row.unit].full_name, password))
    return ids, made


def _profiles(plan: Plan, accounts: dict[str, int]) -> None:
    """Keep numbers and birth years that were not known yet; what is known is never overwritten."""
    told = {
        accounts[one.row.username]: one.row for one in plan.changes if one.row.id_number or one.row.birth_year
    }
    known = {profile.user_id: profile for profile in StaffProfile.objects.filter(user_id__in=told)}
    StaffProfile.objects.bulk_create(
        StaffProfile(user_id=user_id, id_number=row.id_number, birth_year=row.birth_year)
        for user_id, row in told.items()
        if user_id not in known
    )
    for user_id, profile in known.items():
        profile.id_number = profile.id_number or told[user_id].id_number
        profile.birth_year = profile.birth_year or told[user_id].birth_year
    StaffProfile.objects.bulk_update(known.values(), ["id_number", "birth_year"])


def _close(plan: Plan) -> None:
    last = {post.id: one.last_day for one in plan.changes for post in one.closes if post.id}
    rows = list(Post.objects.select_for_update().filter(pk__in=last))
    for row in rows:
        day = last[row.pk]
        assert day is not None
        row.ends_on = max(day, row.starts_on)
    Post.objects.bulk_update(rows, ["ends_on"], batch_size=500)


def _open(plan: Plan, accounts: dict[str, int]) -> None:
    units = current().by_code
    ended = {
        (one.row.username, post.unit, post.role): one.last_day
        for one in plan.changes
        for post in one.closes
        if not post.id
    }
    Post.objects.bulk_create(
        (
            Post(
                user_id=accounts[one.row.username],
                unit_id=units[one.row.unit].id,
                role=one.row.role,
                title=one.row.title or str(Role(one.row.role).label),
                starts_on=one.row.starts_on,
                ends_on=ended.get((one.row.username, one.row.unit, one.row.role), one.row.ends_on),
            )
            for one in plan.changes
            if one.opens and one.row.starts_on is not None
        ),
        batch_size=500,
    )


@transaction.atomic
def keep_apart(*, actor: Actor, first_id: int, second_id: int, now: datetime) -> None:
    """Decide that two accounts are two people: they are not proposed again. Raises `NotYourUnit`, `UnknownPerson`."""
    require_manage_province(actor)
    first, second = _two(first_id, second_id)
    _decide(actor, first, second, None, now)


@transaction.atomic
def merge_accounts(*, actor: Actor, kept_id: int, closed_id: int, now: datetime) -> int:
    """Decide that two accounts are one person: open posts pass to the kept one, the other is closed.

    Histories stay as they are: the log, letters and past posts keep the account they were made under. Returns how
    many posts passed. Raises `NotYourUnit`, `UnknownPerson`, `Conflict` while the closed one has open tasks.
    """
    require_manage_province(actor)
    _two(kept_id, closed_id)
    users = {user.pk: user for user in User.objects.select_for_update().filter(pk__in=(kept_id, closed_id))}
    kept, closed = users[kept_id], users[closed_id]
    tasks = sum(open_work([closed_id]).values())
    if tasks:
        raise Conflict(
            msg(
                "%(name)s (%(username)s) còn %(count)s bước đang mở; phân công lại trước khi gộp.",
                name=closed.full_name,
                username=closed.username,
                count=tasks,
            )
        )
    passed = _pass_posts(kept, closed, now)
    _join_profiles(kept, closed)
    set_active(actor=replace(actor, is_admin=True), user_id=closed_id, active=False, now=now)
    touch()
    first, second = sorted((kept_id, closed_id))
    _decide(actor, users[first], users[second], kept, now)
    return passed


def _pass_posts(kept: User, closed: User, now: datetime) -> int:
    today = clock.today(now)
    standing = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    here = set(Post.objects.filter(standing, user=kept).values_list("unit_id", "role"))
    rows = list(Post.objects.filter(standing, user=closed))
    new = [
        Post(
            user=kept,
            unit_id=row.unit_id,
            role=row.role,
            title=row.title,
            starts_on=max(today, row.starts_on),
            ends_on=row.ends_on,
        )
        for row in rows
        if (row.unit_id, row.role) not in here
    ]
    for row in rows:
        row.ends_on = max(row.starts_on, today - timedelta(days=1))
    Post.objects.bulk_update(rows, ["ends_on"])
    Post.objects.bulk_create(new)
    return len(new)


def _join_profiles(kept: User, closed: User) -> None:
    other = StaffProfile.objects.filter(user=closed).first()
    if other is None:
        return
    own, _made = StaffProfile.objects.get_or_create(user=kept)
    own.id_number, own.birth_year = own.id_number or other.id_number, own.birth_year or other.birth_year
    own.save()


def _two(first_id: int, second_id: int) -> tuple[User, User]:
    users = {user.pk: user for user in User.objects.filter(pk__in=(first_id, second_id), is_active=True)}
    if len(users) != 2:
        raise UnknownPerson(msg("Chọn hai tài khoản khác nhau đang hoạt động."))
    if any(user.is_admin for user in users.values()):
        raise Conflict(msg("Không gộp tài khoản quản trị hệ thống."))
    first, second = sorted(users)
    return users[first], users[second]


def _decide(actor: Actor, first: User, second: User, kept: User | None, now: datetime) -> None:
    DuplicateDecision.objects.update_or_create(
        first=first,
        second=second,
        defaults={
            "same": kept is not None,
            "kept": kept,
            "decided_at": now,
            "decided_by_id": actor.user_id,
        },
    )
    audit.record(
        actor,
        "organisation.duplicate_decided",
        subject_type="user",
        subject=first.username,
        data={"other": second.username, "same": kept is not None, "kept": kept.username if kept else ""},
        at=now,
    )
