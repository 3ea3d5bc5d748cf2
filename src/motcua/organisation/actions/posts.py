"""Posts and delegations: who may act where, from when to when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from motcua.kernel import audit, clock, outbox
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation.errors import (
    AlreadyEnded,
    DatesOutOfOrder,
    DelegationToOneself,
    OutsidePost,
    PostAlreadyOpen,
    RoleNotDelegable,
    UnknownDelegation,
    UnknownPerson,
    UnknownPost,
    UnknownUnit,
)
from motcua.organisation.events import DelegationGiven, DelegationRevoked, PostClosed, PostOpened
from motcua.organisation.models import Delegation, Post
from motcua.organisation.permissions import require_manage_unit
from motcua.organisation.rules.working_time import date_text
from motcua.organisation.snapshot import current, touch
from motcua.organisation.types import Role, UnitInfo

# What may be exercised under somebody's post besides its own role: the chairman's signature on certified
# copies.
NARROWER = {Role.LEADER: frozenset({Role.AUTHORISED_CERTIFIER})}


def delegable_roles(role: str) -> list[Role]:
    """The roles a holder of `role` may delegate: the role itself first, then narrower ones."""
    return [Role(role), *sorted(NARROWER.get(Role(role), frozenset()))]


@transaction.atomic
def open_post(
    *,
    actor: Actor,
    now: datetime,
    user_id: int,
    unit_id: int,
    role: str,
    title: str,
    starts_on: date,
    ends_on: date | None = None,
) -> int:
    """Give a person a role in a unit from `starts_on` to `ends_on` (last day included; None: until closed).

    A person may hold several posts, but not the same one twice at a time. Returns the post's id. Raises
    `NotYourUnit`, `UnknownUnit`, `UnknownPerson`, `DatesOutOfOrder`, `PostAlreadyOpen`, `Invalid`.
    """
    unit = _unit(unit_id)
    require_manage_unit(actor, unit)
    user = _person(user_id, "user_id")
    if role not in Role.values:
        raise Invalid(msg("Chọn vai trò trong danh sách."), field="role")
    if not nfc(title):
        raise Invalid(msg("Nhập chức danh ghi trên giấy tờ, ví dụ: Chuyên viên."), field="title")
    _refuse_dates(starts_on, ends_on)
    _refuse_same_post(user, unit, role, starts_on, ends_on)
    post = Post.objects.create(
        user=user, unit_id=unit_id, role=role, title=nfc(title), starts_on=starts_on, ends_on=ends_on
    )
    touch()
    audit.record(
        actor,
        "organisation.post_opened",
        subject_type="post",
        subject=str(post.pk),
        data={"user": user.username, "unit": unit.code, "role": role, "from": starts_on, "to": ends_on},
        at=now,
    )
    outbox.publish(PostOpened(post_id=post.pk, user_id=user_id, unit_id=unit_id, role=role), now=now)
    return post.pk


@transaction.atomic
def close_post(*, actor: Actor, now: datetime, post_id: int, ends_on: date) -> None:
    """End a post; `ends_on` is its last day. Delegations from it end with it.

    With yesterday's date it counts from the person's next request. Raises `UnknownPost`, `NotYourUnit`,
    `DatesOutOfOrder`, `AlreadyEnded`.
    """
    post = _locked_post(post_id)
    unit = _unit(post.unit_id)
    require_manage_unit(actor, unit)
    if post.ends_on is not None and post.ends_on < clock.today(now):
        raise AlreadyEnded(msg("Vị trí này đã kết thúc ngày %(day)s.", day=date_text(post.ends_on)))
    _refuse_dates(post.starts_on, ends_on)
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    touch()
    audit.record(
        actor,
        "organisation.post_closed",
        subject_type="post",
        subject=str(post_id),
        data={"user": post.user.username, "unit": unit.code, "role": post.role, "to": ends_on},
        at=now,
    )
    outbox.publish(
        PostClosed(
            post_id=post_id,
            user_id=post.user_id,
            unit_id=post.unit_id,
            role=post.role,
            ends_on=ends_on.isoformat(),
        ),
        now=now,
    )


@transaction.atomic
def delegate(
    *,
    actor: Actor,
    now: datetime,
    post_id: int,
    delegate_id: int,
    starts_on: date,
    ends_on: date,
    document: str,
    scope: str = "",
    role: str = "",
) -> int:
    """Let another person act in a post between two days, by a document that is named.

    `role` is the post's unless a narrower one is given (`authorised_certifier` under a leader). Returns the
    delegation's id. Raises `UnknownPost`, `NotYourUnit`, `UnknownPerson`, `DelegationToOneself`,
    `DatesOutOfOrder`, `OutsidePost`, `RoleNotDelegable`, `Invalid`.
    """
    post = _locked_post(post_id)
    unit = _unit(post.unit_id)
    require_manage_unit(actor, unit)
    person = _person(delegate_id, "delegate_id")
    role = role or post.role
    _refuse_delegation(post, person, role, document, starts_on, ends_on)
    given = Delegation.objects.create(
        post=post,
        delegator_id=post.user_id,
        delegate=person,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        document=nfc(document),
        scope=nfc(scope),
    )
    touch()
    audit.record(
        actor,
        "organisation.delegated",
        subject_type="delegation",
        subject=str(given.pk),
        data={
            "post": post_id,
            "unit": unit.code,
            "from_user": post.user.username,
            "to_user": person.username,
            "role": role,
            "from": starts_on,
            "to": ends_on,
            "document": given.document,
            "scope": given.scope,
        },
        at=now,
    )
    outbox.publish(DelegationGiven(delegation_id=given.pk, post_id=post_id, delegate_id=delegate_id), now=now)
    return given.pk


@transaction.atomic
def revoke_delegation(*, actor: Actor, now: datetime, delegation_id: int, reason: str) -> None:
    """End a delegation at once; the row stays, because papers were signed under it.

    Raises `UnknownDelegation`, `NotYourUnit`, `AlreadyEnded`, `Invalid` without a reason.
    """
    given = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("post", "delegate")
        .filter(pk=delegation_id)
        .first()
    )
    if given is None:
        raise UnknownDelegation(msg("Không có ủy quyền này."))
    require_manage_unit(actor, _unit(given.post.unit_id))
    if given.revoked_at is not None or given.ends_on < clock.today(now):
        raise AlreadyEnded(msg("Ủy quyền này đã kết thúc."))
    if not nfc(reason):
        raise Invalid(msg("Nhập lý do hoặc số văn bản chấm dứt ủy quyền."), field="reason")
    given.revoked_at = now
    given.save(update_fields=["revoked_at"])
    touch()
    audit.record(
        actor,
        "organisation.delegation_revoked",
        subject_type="delegation",
        subject=str(delegation_id),
        data={"to_user": given.delegate.username, "reason": nfc(reason)},
        at=now,
    )
    outbox.publish(
        DelegationRevoked(delegation_id=given.pk, post_id=given.post_id, delegate_id=given.delegate_id),
        now=now,
    )


def _refuse_delegation(
    post: Post, person: User, role: str, document: str, starts_on: date, ends_on: date
) -> None:
    if person.pk == post.user_id:
        raise DelegationToOneself(
            msg("%(name)s đang giữ vị trí này; hãy chọn người khác nhận ủy quyền.", name=person.full_name),
            field="delegate_id",
        )
    if role != post.role and role not in NARROWER.get(Role(post.role), frozenset()):
        raise RoleNotDelegable(
            msg("Vị trí này không có vai trò được chọn nên không ủy quyền được."), field="role"
        )
    if not nfc(document):
        raise Invalid(msg("Nhập số, ngày văn bản ủy quyền."), field="document")
    _refuse_dates(starts_on, ends_on)
    if starts_on < post.starts_on or (post.ends_on is not None and ends_on > post.ends_on):
        raise OutsidePost(
            msg(
                "Thời gian ủy quyền phải nằm trong thời gian giữ vị trí: từ %(start)s đến %(end)s.",
                start=date_text(post.starts_on),
                end=date_text(post.ends_on) if post.ends_on else msg("khi kết thúc"),
            ),
            field="starts_on" if starts_on < post.starts_on else "ends_on",
        )


def _refuse_dates(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        if ends_on == starts_on - timedelta(days=1):
            raise DatesOutOfOrder(
                msg(
                    "Vị trí bắt đầu ngày %(day)s nên phải giữ ít nhất hết ngày đó.", day=date_text(starts_on)
                ),
                field="ends_on",
            )
        raise DatesOutOfOrder(
            msg("Ngày kết thúc phải từ ngày bắt đầu %(day)s trở đi.", day=date_text(starts_on)),
            field="ends_on",
        )


def _refuse_same_post(user: User, unit: UnitInfo, role: str, starts_on: date, ends_on: date | None) -> None:
    for post in Post.objects.filter(user=user, unit_id=unit.id, role=role):
        ends_before = post.ends_on is not None and post.ends_on < starts_on
        starts_after = ends_on is not None and ends_on < post.starts_on
        if not (ends_before or starts_after):
            raise PostAlreadyOpen(
                msg(
                    "%(name)s đã giữ vai trò này tại %(unit)s từ %(day)s. Kết thúc vị trí cũ trước.",
                    name=user.full_name,
                    unit=unit.full_name,
                    day=date_text(post.starts_on),
                ),
                field="starts_on",
            )


def _locked_post(post_id: int) -> Post:
    post = Post.objects.select_for_update(of=("self",)).select_related("user").filter(pk=post_id).first()
    if post is None:
        raise UnknownPost(msg("Không có vị trí này."))
    return post


def _person(user_id: int, field: str) -> User:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise UnknownPerson(msg("Không có người này, hoặc tài khoản đã khóa."), field=field)
    return user


def _unit(unit_id: int) -> UnitInfo:
    found = current().units.get(unit_id)
    if found is None:
        raise UnknownUnit(msg("Không có đơn vị này."), field="unit_id")
    return found
