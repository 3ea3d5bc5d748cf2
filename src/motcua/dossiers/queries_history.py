"""Dossiers by the units of their time: what passed by succession, and counts that add up before and after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from motcua.dossiers.models import Dossier, UnitMove
from motcua.organisation import queries as organisation


def moves_of(dossier: Dossier) -> list[UnitMove]:
    """The successions a dossier went through, oldest first; no statement where its units took over from nobody."""
    places = {dossier.receiving_unit_id, dossier.competent_agency_id, dossier.returning_unit_id}
    agencies = {organisation.unit(unit_id).agency_id for unit_id in places} | places
    if not any(organisation.predecessors(unit_id) for unit_id in agencies):
        return []
    rows = UnitMove.objects.filter(dossier_id=dossier.pk, undone_at__isnull=True)
    return list(rows.select_related("succession").order_by("at", "pk"))


def taken_over_from(dossier: Dossier) -> str:
    """The agency that was competent before, by its name of that time; "" when it always was this one."""
    moves = [move for move in moves_of(dossier) if move.competent_from_id != dossier.competent_agency_id]
    return organisation.unit(moves[0].competent_from_id).full_name if moves else ""


def received_by_unit(since: datetime, until: datetime) -> dict[int, int]:
    """Dossiers received in a period (`until` not included) by receiving unit, as it was when they were received.

    One statement. June counts for the units of June, July for those of July, and the sum is the same either way.
    """
    rows = Dossier.objects.filter(received_at__gte=since, received_at__lt=until)
    return _by_unit(rows, "received_at", "receiving_from_id", "receiving_unit_id")


def completed_by_agency(since: datetime, until: datetime) -> dict[int, int]:
    """Dossiers completed in a period by the agency that was competent then (one statement)."""
    rows = Dossier.objects.filter(completed_at__gte=since, completed_at__lt=until)
    return _by_unit(rows, "completed_at", "competent_from_id", "competent_agency_id")


def _by_unit(rows: QuerySet[Dossier], moment: str, before: str, today: str) -> dict[int, int]:
    """The unit of an instant is where the first move after it came from; without one it is that of today."""
    moves: QuerySet[UnitMove, Any] = UnitMove.objects.filter(
        dossier_id=OuterRef("pk"), undone_at__isnull=True, at__gt=OuterRef(moment)
    ).order_by("at")
    counted = (
        rows.annotate(
            unit_then=Coalesce(Subquery(moves.values(before)[:1]), F(today), output_field=BigIntegerField())
        )
        .order_by()
        .values_list("unit_then")
        .annotate(Count("pk"))
    )
    return dict(counted)
