"""Which roles somebody holds where: whether a process would find people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from motcua.organisation.models import Post


def roles_held(agency_ids: Collection[int], today: date) -> frozenset[tuple[int, str]]:
    """(agency, role) for every post somebody holds today in these agencies and their divisions (one statement)."""
    rows = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        unit__agency_id__in=agency_ids,
        starts_on__lte=today,
        user__is_active=True,
    )
    held = rows.values_list("unit__agency_id", "role").distinct()
    return frozenset((agency_id, role) for agency_id, role in held if agency_id is not None)
