"""Signing in and out, and keeping accounts."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest

from motcua.kernel import audit, ratelimit
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, NotAllowed, TooMany
from motcua.kernel.messages import msg


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
def set_active(*, actor: Actor, user_id: int, active: bool, now: datetime) -> User:
    """Open or close an account; closing takes effect on the person's next request."""
    if not actor.is_admin and "it_admin" not in actor.roles:
        raise NotAllowed(msg("Chỉ quản trị viên được mở hoặc khóa tài khoản."))
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
