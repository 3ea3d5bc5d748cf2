"""The request as views see it, after the middleware."""

from __future__ import annotations

from django.http import HttpRequest

from motcua.kernel.actor import Actor


class ActorRequest(HttpRequest):
    """A request whose actor is known (anonymous where nobody signed in)."""

    actor: Actor
    request_id: str


def client_ip(request: HttpRequest, *, trust_proxy: bool) -> str:
    """The client's address; the proxy's word is taken only where the installation says so."""
    if trust_proxy:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
        if forwarded:
            return forwarded[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
