"""Reading dossiers: only what the actor may see, and every reading of one is recorded."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from motcua.dossiers import permissions
from motcua.dossiers.models import Dossier
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.workflow.queries import Task


def visible_to(actor: Actor) -> QuerySet[Dossier]:
    """The dossiers this actor may read: of their agencies as receiver, decider or returner, or with a task there."""
    if permissions.sees_everything(actor):
        return Dossier.objects.all()
    if not actor.agency_ids:
        return Dossier.objects.none()
    # What an agency has finished before it ended is kept by its successor.
    agencies = actor.agency_ids | organisation.kept_by(actor.agency_ids)
    units = [unit.id for unit in organisation.units().values() if unit.agency_id in agencies]
    asked = Task.objects.filter(run_id=OuterRef("run_id"), unit_id__in=units)
    return Dossier.objects.filter(
        Q(receiving_unit_id__in=units)
        | Q(competent_agency_id__in=agencies)
        | Q(returning_unit_id__in=units)
        | Exists(asked)
    )


def readable_dossier(actor: Actor, code: str) -> Dossier:
    """One dossier, or `NotFound` for unknown and foreign ones alike. Writes nothing."""
    dossier = Dossier.objects.select_related("run").filter(code=code).first()
    if dossier is not None:
        if permissions.can_read(actor, dossier, ()):
            return dossier
        if dossier.run_id is not None:
            units = Task.objects.filter(run_id=dossier.run_id).values_list("unit_id", flat=True).distinct()
            if permissions.can_read(actor, dossier, units):
                return dossier
    raise NotFound(msg("Không tìm thấy hồ sơ %(code)s trong phạm vi của bạn.", code=code[:60]))


@transaction.atomic
def dossier_for_reading(actor: Actor, code: str, now: datetime) -> Dossier:
    """One dossier to look at; the reading is written to the audit log."""
    dossier = readable_dossier(actor, code)
    audit.record(actor, "dossiers.read", subject_type="dossier", subject=dossier.code, at=now)
    return dossier


def search(actor: Actor, text: str, *, limit: int = 50) -> list[Dossier]:
    """Dossiers whose code, names, numbers or phones contain every word, accents or not; newest first."""
    words = fold(text).split()[:8]
    if not words or max(len(word) for word in words) < 2:
        return []
    exact = Dossier.objects.filter(Q(code__iexact=text.strip()) | Q(owner_id_number=text.strip()))
    found = list(exact.filter(pk__in=visible_to(actor).values("pk"))[:limit]) if len(words) == 1 else []
    return found or list(by_words(visible_to(actor), words).order_by("-pk")[:limit])


def by_words(dossiers: QuerySet[Dossier], words: list[str]) -> QuerySet[Dossier]:
    """Folded text search: trigram index on PostgreSQL, FTS5 trigrams on SQLite, both over the same column."""
    if connection.vendor == "sqlite":
        long = [word for word in words if len(word) >= 3]
        if long:
            quoted = " ".join('"' + word.replace('"', '""') + '"' for word in long)
            dossiers = dossiers.extra(
                where=[
                    "dossiers_dossier.id IN (SELECT rowid FROM dossiers_search WHERE dossiers_search MATCH %s)"
                ],
                params=[quoted],
            )
    for word in words:
        dossiers = dossiers.filter(search_text__contains=word)
    return dossiers


def latest_person(id_number: str) -> Dossier | None:
    """The latest dossier of a person, for what the counter need not type again."""
    if not id_number:
        return None
    return (
        Dossier.objects.filter(owner_id_number=id_number).prefetch_related("parties").order_by("-pk").first()
    )
