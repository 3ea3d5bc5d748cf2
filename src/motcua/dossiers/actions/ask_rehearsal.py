"""Asking for a rehearsal in the background, and carrying out what was asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.catalogue.permissions import require_rehearse
from motcua.catalogue.queries import changes, rehearsals
from motcua.dossiers.actions.rehearse import rehearse
from motcua.kernel import audit, outbox
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, Refused
from motcua.kernel.messages import msg
from motcua.kernel.outbox.queries import newest
from motcua.organisation import queries as organisation

JOB = "dossiers.rehearse"


def key_prefix(change_set_id: int) -> str:
    """Keys of the jobs that rehearse a change-set begin so."""
    return f"{JOB}:{change_set_id}:"


@transaction.atomic
def ask_rehearsal(*, actor: Actor, change_set_id: int, now: datetime) -> bool:
    """Ask the worker to rehearse a change-set. False where that is already asked for: one runs at a time.

    Raises `NotFound`, `Invalid` while the decision has no effective day.
    """
    require_rehearse(actor)
    found = changes.change_set(change_set_id)
    if found.effective_at is None:
        raise Invalid(
            msg("Gói %(number)s chưa có ngày hiệu lực nên chưa diễn tập được.", number=found.number),
            field="effective_at",
        )
    known = newest(JOB, key_prefix=key_prefix(change_set_id))
    if known is not None and not known.is_over:
        return False
    key = f"{key_prefix(change_set_id)}{known.id if known else 0}"
    last = rehearsals.latest(change_set_id)
    outbox.enqueue(
        JOB,
        {
            "key": key,
            "change_set_id": change_set_id,
            "user_id": actor.user_id,
            "by_name": actor.name,
            "after": last.id if last else 0,
        },
        now=now,
        key=key,
    )
    audit.record(
        actor,
        "dossiers.rehearsal_asked",
        subject_type="change_set",
        subject=found.number,
        data={"change_set": change_set_id},
        at=now,
    )
    return True


def rehearse_as_asked(
    *,
    change_set_id: int,
    user_id: int | None,
    by_name: str,
    after: int,
    tell: Callable[[str, int, int], None],
    now: datetime,
) -> dict[str, Any]:
    """Rehearse in the name of the person who asked, with the rights they have now.

    Idempotent: when a worker died after the rehearsal was stored, the second one finds it and adds nothing. A refusal
    is an answer, not a failure to be tried again.
    """
    last = rehearsals.latest(change_set_id)
    if last is not None and last.id > after and last.digest == changes.digest_of(change_set_id):
        return {"rehearsal": last.id, "failed": last.failed}
    try:
        report = rehearse(
            actor=_actor(user_id, by_name, now), now=now, change_set_id=change_set_id, progress=tell
        )
    except Refused as refusal:
        return {"refused": refusal.message.source()}
    return {"rehearsal": report.id, "failed": report.failed}


def _actor(user_id: int | None, by_name: str, now: datetime) -> Actor:
    if user_id is None:
        return Actor.system(by_name)
    return organisation.actor_for(User.objects.get(pk=user_id), now, via="job")
