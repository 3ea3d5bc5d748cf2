"""A living demo province: staff for every role and some 2,000 dossiers in every state. Never in production."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random

from django.conf import settings
from django.db import connection, transaction

from motcua.config.demo.collecting import load_collecting
from motcua.config.demo.communes import load_commune_staff
from motcua.config.demo.decisions import load_decisions, publish_decisions
from motcua.config.demo.history import History
from motcua.config.demo.signing import load_signing
from motcua.config.demo.staff import load_staff
from motcua.config.demo.till import Till
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import queries

DOSSIERS = 2000
DAYS = 110
SEED = 20250701
ADMINISTRATOR = "quantri"
API_CLIENT = "Hệ thống đối tác (demo)"
DEMO_TOKEN = "motcua-demo-token"  # noqa: S105 - printed at start; a production start refuses demo data


def load_demo(
    *, now: datetime, tell: Callable[[str], object] = print, total: int = DOSSIERS
) -> dict[str, object]:
    """Make the demo province once; what is there already is left alone. All of it or nothing, but for the rehearsal.

    A rehearsal tries thousands of dossiers and takes each back: on its own, after everything else is kept, it takes
    seconds; within the transaction of the whole a minute. Where it was cut off, a decision is left approved.

    Refuses to run in production. Two runs at the same instant make the same people and dossiers.
    """
    if settings.PRODUCTION:
        raise RuntimeError("demo data has no place in production")
    if User.objects.filter(username=ADMINISTRATOR, is_demo=True).exists():
        return {"loaded": False}
    begun = time.monotonic()
    tell("loading the demo province, once …")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
    with _little_collecting():
        with transaction.atomic():
            made = _make(now, total)
        made["published"] = publish_decisions(now=now)
        made |= load_signing(now=now)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = FULL")
    seconds = round(time.monotonic() - begun, 1)
    tell(f"{made['received']} dossiers received, {made['accounts']} accounts, in {seconds} s")
    return {"loaded": True, "seconds": seconds, **made}


@contextmanager
def _little_collecting() -> Iterator[None]:
    """Millions of short-lived objects: looking for cycles as often as usual takes a seventh of the time, never a third
    more memory. What is there already is not looked through at all.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _make(now: datetime, total: int) -> dict[str, object]:
    loader = Actor.system("Nạp dữ liệu mẫu", via="command")
    users = load_staff(actor=loader, now=now)
    collecting = load_collecting(actor=loader, now=now)
    queries.forget()
    actors = {user.pk: queries.actor_for(user, now) for user in users.values()}
    history = History(Random(SEED), actors, _officers(users, actors), until=now)  # noqa: S311 - a demo, not secrets
    history.till = Till(Random(SEED), until=now)  # noqa: S311 - as above
    history.plan(total, DAYS)
    history.plan_today(each=9)
    history.run()
    history.till.close_days()
    organisation.create_api_client(
        actor=loader,
        name=API_CLIENT,
        agency_id=None,
        scopes=[
            "dossiers:read",
            "dossiers:write",
            "catalogue:read",
            "catalogue:write",
            "organisation:read",
            "officers:act",
            "payments:platform",
        ],
        token=DEMO_TOKEN,
        is_demo=True,
        now=now,
    )
    others = load_commune_staff(actor=loader, now=now)
    queries.forget()
    decisions = load_decisions(users, actors, now=now)
    return {
        "decisions": decisions,
        "collecting": collecting,
        "received": history.received,
        "payments": history.till.paid,
        "days_closed": history.till.closed,
        "accounts": len(users) + others,
        "refused": history.refusals,
    }


def _officers(users: dict[str, User], actors: dict[int, Actor]) -> dict[int, list[Actor]]:
    found: dict[int, list[Actor]] = {}
    for user in users.values():
        actor = actors[user.pk]
        for grant in actor.grants:
            if grant.role == "one_stop_officer":
                found.setdefault(grant.unit_id, []).append(actor)
    return found
