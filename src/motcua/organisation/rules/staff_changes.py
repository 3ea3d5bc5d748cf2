"""What a staff list changes: new accounts, posts opened and closed, people moved, and what is so already. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation.rules.staff_list import Act, StaffRow
from motcua.organisation.rules.succession import Problem


class Change(StrEnum):
    """What becomes of a person by one row."""

    NEW = "new"
    OPENED = "opened"
    MOVED = "moved"
    CLOSED = "closed"
    LOCKED = "locked"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    username: str
    full_name: str
    active: bool = True
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post as it stands; `id` 0 is one that this list itself opens."""

    id: int
    username: str
    unit: str
    role: str
    starts_on: date
    ends_on: date | None = None

    def lasts(self, day: date) -> bool:
        """Whether the post is still held after a day."""
        return self.ends_on is None or self.ends_on > day


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one row does: `closes` are posts that end on `last_day`; `opens` says that its own post begins."""

    row: StaffRow
    change: Change
    opens: bool = False
    closes: tuple[HeldPost, ...] = ()
    last_day: date | None = None


@dataclass(slots=True)
class Plan:
    """Every row with its change, and what is wrong; with problems nothing of it may be done."""

    changes: list[RowChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def count(self, change: Change) -> int:
        return sum(one.change is change for one in self.changes)


def plan_changes(
    rows: Sequence[StaffRow], *, accounts: Mapping[str, Account], posts: Sequence[HeldPost]
) -> Plan:
    """Work the rows in order against what stands; a second time over the result everything is unchanged."""
    plan = Plan()
    held: dict[str, list[HeldPost]] = {}
    for post in posts:
        held.setdefault(post.username, []).append(post)
    known = dict(accounts)
    named = {(row.username, row.unit, row.role) for row in rows if row.act is not Act.CLOSE}
    for row in rows:
        account = known.get(row.username)
        if account is not None and fold(account.full_name) != fold(row.full_name):
            text = msg(
                "Tên đăng nhập %(username)s là của %(name)s; kiểm tra lại người hoặc đặt tên khác.",
                username=row.username,
                name=account.full_name,
            )
            plan.problems.append(Problem(row.where, text))
            continue
        change = _change(row, account, held.setdefault(row.username, []), named, plan)
        if change is None:
            continue
        plan.changes.append(change)
        known.setdefault(row.username, Account(0, row.username, row.full_name))
        held[row.username] = _after(held[row.username], change)
    return plan


def _change(
    row: StaffRow,
    account: Account | None,
    posts: list[HeldPost],
    named: set[tuple[str, str, str]],
    plan: Plan,
) -> RowChange | None:
    if row.act is Act.LOCK:
        return _lock(row, account, posts, plan)
    if account is not None and not account.active:
        text = msg("Tài khoản %(name)s đã khóa; mở lại trước.", name=row.username)
        plan.problems.append(Problem(row.where, text))
        return None
    same = [post for post in posts if (post.unit, post.role) == (row.unit, row.role)]
    if row.act is Act.CLOSE:
        return _close(row, same, plan)
    return _hold(row, account, posts, same, named, plan)


def _hold(
    row: StaffRow,
    account: Account | None,
    posts: list[HeldPost],
    same: list[HeldPost],
    named: set[tuple[str, str, str]],
    plan: Plan,
) -> RowChange | None:
    assert row.starts_on is not None
    before = row.starts_on - timedelta(days=1)
    if row.ends_on is not None and any(post.ends_on == row.ends_on for post in same):
        here = True
    else:
        here = any(post.lasts(before) for post in same)
    others: tuple[HeldPost, ...] = ()
    if row.act is Act.MOVE:
        others = tuple(
            post
            for post in posts
            if (post.unit, post.role) != (row.unit, row.role)
            and post.lasts(before)
            and (row.username, post.unit, post.role) not in named
        )
    late = [post for post in others if post.starts_on > before]
    if late:
        text = msg(
            "Vị trí cũ tại %(unit)s mới bắt đầu ngày %(day)s, sau ngày chuyển.",
            unit=late[0].unit,
            day=f"{late[0].starts_on:%d/%m/%Y}",
        )
        plan.problems.append(Problem(row.where, text))
        return None
    if account is None:
        return RowChange(row, Change.NEW, opens=True)
    if here and not others:
        endless = [post for post in same if row.ends_on is not None and post.lasts(row.ends_on)]
        if endless:
            return RowChange(row, Change.CLOSED, closes=tuple(endless), last_day=row.ends_on)
        return RowChange(row, Change.UNCHANGED)
    change = Change.MOVED if others else Change.OPENED
    return RowChange(row, change, opens=not here, closes=others, last_day=before if others else None)


def _close(row: StaffRow, same: list[HeldPost], plan: Plan) -> RowChange | None:
    assert row.ends_on is not None
    open_now = tuple(post for post in same if post.lasts(row.ends_on))
    if open_now:
        if any(post.starts_on > row.ends_on for post in open_now):
            text = msg("Vị trí bắt đầu ngày %(day)s.", day=f"{open_now[0].starts_on:%d/%m/%Y}")
            plan.problems.append(Problem(row.where, text))
            return None
        return RowChange(row, Change.CLOSED, closes=open_now, last_day=row.ends_on)
    if same:
        return RowChange(row, Change.UNCHANGED)
    text = msg("%(name)s không giữ vai trò này ở đơn vị này nên không có gì để kết thúc.", name=row.full_name)
    plan.problems.append(Problem(row.where, text))
    return None


def _lock(row: StaffRow, account: Account | None, posts: list[HeldPost], plan: Plan) -> RowChange | None:
    assert row.ends_on is not None
    if account is None:
        text = msg("Không có tài khoản %(name)s để khóa.", name=row.username)
        plan.problems.append(Problem(row.where, text))
        return None
    if account.is_admin:
        text = msg("Không khóa tài khoản quản trị hệ thống bằng danh sách.")
        plan.problems.append(Problem(row.where, text))
        return None
    closes = tuple(post for post in posts if post.lasts(row.ends_on))
    if not account.active and not closes:
        return RowChange(row, Change.UNCHANGED)
    return RowChange(row, Change.LOCKED, closes=closes, last_day=row.ends_on)


def _after(posts: list[HeldPost], change: RowChange) -> list[HeldPost]:
    closed = {(post.unit, post.role, post.starts_on) for post in change.closes}
    found = [
        replace(post, ends_on=change.last_day) if (post.unit, post.role, post.starts_on) in closed else post
        for post in posts
    ]
    if change.opens and change.row.starts_on is not None:
        row = change.row
        found.append(HeldPost(0, row.username, row.unit, row.role, change.row.starts_on, row.ends_on))
    return found


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is known of an account when doubles are looked for; `places` are former provinces and units."""

    id: int
    username: str
    full_name: str
    email: str = ""
    phone: str = ""
    id_number: str = ""
    birth_year: int | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts that may be one person, and why: "name", "id_number", "phone", "email", "birth_year"."""

    first: Likeness
    second: Likeness
    why: tuple[str, ...]


def likely_doubles(people: Sequence[Likeness]) -> list[Pair]:
    """Pairs of one folded name that also share birth year, number, phone or e-mail; or share their number alone."""
    found: dict[tuple[int, int], Pair] = {}
    groups: dict[tuple[str, str], list[Likeness]] = {}
    for one in people:
        groups.setdefault(("name", fold(one.full_name)), []).append(one)
        if one.id_number:
            groups.setdefault(("id", one.id_number), []).append(one)
    for group in groups.values():
        ordered = sorted(group, key=lambda one: one.id)
        for place, first in enumerate(ordered):
            for second in ordered[place + 1 :]:
                why = _shared(first, second)
                if why and why != ("name",):
                    found[first.id, second.id] = Pair(first, second, why)
    return [found[key] for key in sorted(found)]


def _shared(first: Likeness, second: Likeness) -> tuple[str, ...]:
    shared = ["name"] if fold(first.full_name) == fold(second.full_name) else []
    for name in ("id_number", "email", "phone", "birth_year"):
        value = getattr(first, name)
        if value and str(value).lower() == str(getattr(second, name)).lower():
            shared.append(name)
    return tuple(shared) if "name" in shared or "id_number" in shared else ()
