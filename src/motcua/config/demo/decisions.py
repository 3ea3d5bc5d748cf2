"""The demo's decisions: real ones of Bắc Ninh, each as far as its papers carry it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from motcua.catalogue import actions, queries
from motcua.catalogue.rules.decisions import DecisionRead
from motcua.dossiers.actions.rehearse import rehearse
from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation

CONTROLLER = "tinh.kiemsoat"
DRAFTED = ("1486/QĐ-UBND", "1513/QĐ-UBND", "1582/QĐ-UBND", "1283/TB-SNNMT")
"""Left to whoever looks: without a day of effect, carried already, without processes, with codes that change."""
WAITING = ("1489/QĐ-UBND",)
"""Without a problem: it waits for the second pair of eyes."""
APPROVED = ("1520/QĐ-UBND",)
"""Approved: the rehearsal comes next, then publishing."""
PUBLISHED = ("1505/QĐ-UBND",)
"""Rehearsed and published: it takes effect in a week, and the procedure's page and the counter say so."""


def load_decisions(
    users: Mapping[str, User], actors: Mapping[int, Actor], *, now: datetime
) -> dict[str, int]:
    """Draft and approve the decisions through the acts everybody uses; how many there are of each state."""
    drafter = actors[users["quantri"].pk]
    approver = actors[users[CONTROLLER].pk]
    by_number = {read.head.number: read for read in queries.decisions.carried_decisions()}
    later = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=7)
    counts = {"drafted": 0, "approved": 0}
    for number in (*DRAFTED, *WAITING, *APPROVED, *PUBLISHED):
        read = by_number[number]
        if number not in DRAFTED:
            read = replace(read, head=replace(read.head, effective_at=read.head.effective_at or later))
        counts["drafted"] += _draft(drafter, [read], now)
    for number in (*APPROVED, *PUBLISHED):
        actions.approve_change_set(
            actor=approver, change_set_id=queries.changes.change_set(number).id, now=now
        )
        counts["approved"] += 1
    return counts


def publish_decisions(*, now: datetime) -> int:
    """Rehearse and publish through the acts everybody uses; how many.

    Every reception point needs its staff by now: a rehearsal tries them all.
    """
    controller = User.objects.get(username=CONTROLLER)
    actor = organisation.actor_for(controller, now)
    published = 0
    for number in PUBLISHED:
        change_set_id = queries.changes.change_set(number).id
        if rehearse(actor=actor, change_set_id=change_set_id, now=now).green:
            actions.publish_change_set(actor=actor, change_set_id=change_set_id, now=now)
            published += 1
    return published


def _draft(drafter: Actor, reads: Sequence[DecisionRead], now: datetime) -> int:
    return len(actions.draft_decisions(actor=drafter, reads=reads, source="decisions.json", now=now))
