"""Who asks: a partner system by its bearer token, perhaps naming the officer who acts through it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from motcua.kernel import clock, ratelimit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.http import client_ip
from motcua.kernel.messages import msg

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OFFICER_HEADER = "Motcua-Officer"
WRONG_TOKENS_A_MINUTE = 30
LONGEST_TOKEN = 512

FindClient = Callable[[str, str], Actor | None]
"""(token, address) -> the partner system, None if there is none."""
FindOfficer = Callable[[Actor, str, datetime], Actor]
"""(partner system, user name, now) -> the officer, as far as the system may act for them; or a refusal."""


class BearerToken(HttpBearer):
    """A token with one scope for reading and one for writing; counts calls and says 429 when they are too many."""

    def __init__(self, *, read: str, write: str, client: FindClient, officer: FindOfficer) -> None:
        super().__init__()
        self.read, self.write = read, write
        self.client, self.officer = client, officer

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        now = clock.now()
        ip = client_ip(request, trust_proxy=settings.TRUST_PROXY)
        client = self.client(token.strip(), ip) if 0 < len(token) <= LONGEST_TOKEN else None
        if client is None:
            ratelimit.check(f"api-token:{ip}", limit=WRONG_TOKENS_A_MINUTE, seconds=60, now=now)
            return None
        ratelimit.check_often(f"api:{client.client_id}", limit=settings.API_LIMIT, seconds=60, now=now)
        scope = self.read if request.method in SAFE else self.write
        if scope not in client.scopes:
            raise NotAllowed(
                msg("Hệ thống của bạn chưa được cấp phạm vi quyền %(scope)s.", scope=scope),
                code="insufficient_scope",
            )
        request.api_client = client  # type: ignore[attr-defined]  # whose idempotency keys and log entries
        officer = request.headers.get(OFFICER_HEADER, "").strip()
        actor = self.officer(client, officer, now) if officer else client
        request.actor = actor  # type: ignore[attr-defined]  # what `ActorRequest` promises
        return actor
