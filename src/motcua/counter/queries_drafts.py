"""Forms that were being typed, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from motcua.counter.models import ReceptionDraft
from motcua.counter.permissions import officer_id
from motcua.dossiers import queries as dossiers
from motcua.kernel.actor import Actor

DRAFT_FRESH = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was being typed."""

    key: str
    data: Mapping[str, Sequence[str]]
    updated_at: datetime


def latest_draft(actor: Actor, unit_id: int, now: datetime) -> Draft | None:
    """The newest form this person left at this counter today and did not save (1 statement)."""
    saved = dossiers.visible_to(actor).filter(idempotency_key=OuterRef("key"))
    row = (
        ReceptionDraft.objects.filter(
            ~Exists(saved), user_id=officer_id(actor), unit_id=unit_id, updated_at__gt=now - DRAFT_FRESH
        )
        .order_by("-updated_at")
        .first()
    )
    return None if row is None else Draft(row.key, row.data, row.updated_at)


def code_saved_under(actor: Actor, key: str) -> str | None:
    """The code of the dossier that a form with this key has become (1 statement)."""
    if not key:
        return None
    return dossiers.visible_to(actor).filter(idempotency_key=key).values_list("code", flat=True).first()
