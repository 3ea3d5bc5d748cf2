"""Who is asking: `request.actor` for every request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.http import client_ip
from motcua.organisation import queries

SEEN = "seen"
SINCE = "since"
# How stale the stored time of the last click may be: one session write a minute, not one a request.
SEEN_SECONDS = 60


class ActorMiddleware:
    """Works out the actor from the session: a closed account, a closed post or an ended delegation counts at
    once.

    A session without a click for `SESSION_IDLE_MINUTES`, or older than `SESSION_COOKIE_AGE`, is emptied.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        ip = client_ip(request, trust_proxy=settings.TRUST_PROXY)
        user = _signed_in(request, now)
        actor = Actor.anonymous(ip) if user is None else queries.actor_for(user, now, via="web", ip=ip)
        request.actor = actor  # type: ignore[attr-defined]  # read by every view of the product
        return self.get_response(request)


def _signed_in(request: HttpRequest, now: datetime) -> User | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    session = request.session
    user_id = session.get(SESSION_KEY)
    if user_id is None:
        return None
    seen = float(session.get(SEEN, 0.0))
    idle = now.timestamp() - seen
    age = now.timestamp() - float(session.get(SINCE, now.timestamp()))
    if (seen and idle > settings.SESSION_IDLE_MINUTES * 60) or age > settings.SESSION_COOKIE_AGE:
        session.flush()
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    ):
        session.flush()
        return None
    if idle > SEEN_SECONDS:
        session[SEEN] = now.timestamp()
    return user
