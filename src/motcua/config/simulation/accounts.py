"""Whether the day adds up: codes without holes or doubles, and the same counts in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from motcua.config.simulation.day import Day
from motcua.config.simulation.people import SYSTEM
from motcua.dossiers.queries import visible_to
from motcua.dossiers.rules.numbering import dossier_code
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo


@dataclass(frozen=True, slots=True)
class Before:
    """The state of the day's series before the first visitor."""

    agency_code: str
    day: date
    codes: frozenset[str]


def before(centre: UnitInfo, day: date) -> Before:
    """Look before the day begins."""
    agency_code = centre.agency_code or organisation.unit(centre.agency_id).agency_code
    return Before(agency_code, day, _codes(agency_code, day))


def mismatches(day: Day, earlier: Before) -> list[str]:
    """What does not agree, in words; empty when everything does."""
    found = []
    given = Counter(code for code in day.codes if code)
    doubled = [code for code, times in given.items() if times > 1]
    if doubled:
        found.append(f"codes given twice: {', '.join(doubled[:5])}")
    now = _codes(earlier.agency_code, earlier.day)
    expected = {dossier_code(earlier.agency_code, earlier.day, n) for n in range(1, len(now) + 1)}
    if now != expected:
        found.append(f"holes in the series: {', '.join(sorted(expected - now)[:5])}")
    lost = set(given) - now
    if lost:
        found.append(f"acknowledged but not stored: {', '.join(sorted(lost)[:5])}")
    strange = _received_by(day.client_ids, now - earlier.codes) - set(given)
    if strange:
        found.append(f"stored but never acknowledged: {', '.join(sorted(strange)[:5])}")
    rows = visible_to(SYSTEM).filter(code__in=list(given)).values_list("status").annotate(n=Count("pk"))
    stored = dict(rows)
    told = {how: n for how, n in day.ends.items() if how != "failed"}
    if stored != told:
        found.append(f"ends differ: told {dict(sorted(told.items()))}, stored {dict(sorted(stored.items()))}")
    return found


def _received_by(client_ids: Iterable[int], codes: Iterable[str]) -> set[str]:
    """Those of the codes that the day's own systems received; others may work in the ward meanwhile."""
    own = Q(pk__in=[])
    for client_id in client_ids:
        own |= Q(idempotency_key__startswith=f"client:{client_id}:")
    return set(visible_to(SYSTEM).filter(own, code__in=list(codes)).values_list("code", flat=True))


def _codes(agency_code: str, day: date) -> frozenset[str]:
    series = dossier_code(agency_code, day, 0)[:-4]
    return frozenset(visible_to(SYSTEM).filter(code__startswith=series).values_list("code", flat=True))
