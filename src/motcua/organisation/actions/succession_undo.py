"""Putting a succession back from its journal."""

from __future__ import annotations

from datetime import date

from motcua.organisation.actions.succession_units import Journal
from motcua.organisation.models import ApiClient, CalendarDay, Delegation, Post, Succession, Unit, WorkSession


def put_back(journal: Journal, held: Succession) -> int:
    """Undo units, people, calendars and partner systems; returns how many rows changed."""
    count = _people(journal)
    count += WorkSession.objects.filter(pk__in=journal.sessions).delete()[0]
    count += CalendarDay.objects.filter(pk__in=journal.days).delete()[0]
    for client_id, agency_id in journal.clients:
        count += ApiClient.objects.filter(pk=client_id).update(agency_id=agency_id)
    for child_id, parent_id in journal.parents:
        Unit.objects.filter(pk=child_id or 0).update(parent_id=parent_id)
    count += Unit.objects.filter(pk__in=journal.ended).update(ends_on=None)
    # What it made does not vanish: codes are never given twice, and the log names them.
    made = [*journal.created, *journal.reopened]
    count += Unit.objects.filter(pk__in=made).update(ends_on=held.effective_on, agency_code="")
    for unit_id, before in journal.before.items():
        given = {
            **before,
            "starts_on": date.fromisoformat(before["starts_on"]) if before["starts_on"] else None,
        }
        count += Unit.objects.filter(pk=int(unit_id)).update(**given)
    return count


def _people(journal: Journal) -> int:
    count = Delegation.objects.filter(pk__in=journal.delegations).delete()[0]
    count += Post.objects.filter(pk__in=journal.posts_opened).delete()[0]
    for post_id, ends_on in journal.posts_closed:
        last = date.fromisoformat(ends_on) if ends_on else None
        count += Post.objects.filter(pk=post_id).update(ends_on=last)
    for post_id, unit_id in journal.posts_moved:
        count += Post.objects.filter(pk=post_id).update(unit_id=unit_id)
    return count
