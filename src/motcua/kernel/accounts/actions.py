"""Signing in and out, and keeping accounts."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest

from motcua.kernel import audit, ratelimit
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, TooMany
from motcua.kernel.messages import msg

SHORTEST_PASSWORD = 12
_USERNAME = re.compile(r"[a-z0-9][a-z0-9.@_-]{2,63}")


def sign_in(request: HttpRequest, *, username: str, password: str, ip: str, now: datetime) -> User:
    """Check the brakes first (hashing is the expensive part), then the password; opens a new session.

    Raises `TooMany` (retry later) or `Invalid` (one sentence for wrong name, wrong password, closed account).
    """
    name = username.strip().lower()[:64]
    try:
        ratelimit.check(f"login:{ip}", limit=settings.LOGIN_LIMIT_ADDRESS, seconds=60, now=now)
        ratelimit.check(f"login:{name}:{ip}", limit=settings.LOGIN_LIMIT_ACCOUNT, seconds=60, now=now)
    except TooMany:
        _refused(name, ip, "too_many", now)
        raise
    user = authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        _refused(name, ip, "wrong", now)
        raise Invalid(
            msg("Tên đăng nhập hoặc mật khẩu không đúng. Xin kiểm tra phím Caps Lock và bộ gõ rồi nhập lại."),
            code="wrong_credentials",
            field="password",
        )
    login(request, user)
    request.session["seen"] = request.session["since"] = now.timestamp()
    actor = Actor(user_id=user.pk, name=user.full_name, ip=ip)
    audit.record(actor, "kernel.signed_in", subject_type="user", subject=user.username, at=now)
    return user


def sign_out(request: HttpRequest, *, actor: Actor, now: datetime) -> None:
    """Close the session on the server."""
    if actor.user_id is not None:
        audit.record(actor, "kernel.signed_out", subject_type="user", subject=str(actor.user_id), at=now)
    logout(request)


@transaction.atomic
def open_account(
    *, actor: Actor, username: str, full_name: str, password: str, is_admin: bool = False, now: datetime
) -> User:
    """An account that can sign in; what the person may do comes from posts, except for an administrator.

    Raises `NotAllowed`, or `Invalid` naming `username`, `full_name` or `password` (at least twelve characters).
    """
    if not actor.is_admin:
        raise NotAllowed(msg("Chỉ quản trị viên được mở hoặc khóa tài khoản."))
    name = username.strip().lower()
    if not _USERNAME.fullmatch(name):
        raise Invalid(
            msg("Tên đăng nhập gồm 3 đến 64 chữ không dấu, chữ số, dấu chấm, gạch ngang hoặc @."),
            field="username",
        )
    if not full_name.strip():
        raise Invalid(msg("Nhập họ và tên của người dùng tài khoản."), field="full_name")
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(msg("Mật khẩu cần ít nhất %(count)s ký tự.", count=SHORTEST_PASSWORD), field="password")
    if User.objects.filter(username=name).exists():
        raise Conflict(msg("Đã có tài khoản %(name)s.", name=name))
    user = User.objects.create_user(name, full_name, password, is_admin=is_admin)
    audit.record(
        actor,
        "kernel.account_created",
        subject_type="user",
        subject=name,
        data={"is_admin": is_admin},
        at=now,
    )
    return user


@transaction.atomic
def set_active(*, actor: Actor, user_id: int, active: bool, now: datetime) -> User:
    """Open or close an account; closing takes effect on the person's next request. Administrators only."""
    if not actor.is_admin:
        raise NotAllowed(msg("Chỉ quản trị hệ thống được mở hoặc khóa tài khoản."))
    user = User.objects.select_for_update().get(pk=user_id)
    user.is_active = active
    user.save(update_fields=["is_active"])
    action = "kernel.account_opened" if active else "kernel.account_closed"
    audit.record(actor, action, subject_type="user", subject=user.username, at=now)
    return user


def _refused(name: str, ip: str, why: str, now: datetime) -> None:
    audit.record(
        Actor.anonymous(ip),
        "kernel.sign_in_refused",
        subject_type="user",
        subject=name,
        data={"why": why},
        at=now,
    )
