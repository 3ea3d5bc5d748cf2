"""A calendar changes while dossiers are under way."""

from __future__ import annotations

from datetime import date

import pytest

from motcua.dossiers.handlers import recompute
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, SYSTEM, at
from motcua.kernel.outbox import worker
from motcua.kernel.outbox.models import Job
from motcua.organisation import actions as organisation

pytestmark = pytest.mark.django_db


def test_a_new_day_off_moves_open_dossiers_and_lists_what_moved() -> None:
    place = factories.make_province()
    staff = factories.make_staff(place.commune)
    procedure = factories.make_procedure()
    moved = factories.receive(staff.counter, procedure)
    finished = factories.receive(staff.counter, procedure)
    factories.advance(finished, staff, until="tra", now=at(16, 10))
    organisation.set_calendar_day(
        actor=SYSTEM,
        now=at(17),
        unit_id=place.committee.id,
        day=date(2026, 11, 20),
        kind="off",
        reason="holiday",
        name="Nghỉ đột xuất",
        decision="99/QĐ-UBND",
    )
    worker.drain(at(17, 10))
    worker.drain(at(17, 11))
    jobs = Job.objects.filter(name="dossiers.recompute_deadlines")
    assert [entry["code"] for job in jobs for entry in (job.result or {})["moved"]] == [moved.code]
    assert Dossier.objects.get(pk=moved.pk).due_at == at(24)
    assert Dossier.objects.get(pk=finished.pk).due_at == at(23)


def test_counting_again_without_a_change_moves_nothing() -> None:
    place = factories.make_province()
    staff = factories.make_staff(place.commune)
    factories.receive(staff.counter, factories.make_procedure())
    assert recompute({"unit_id": place.committee.id, "reason": "thử"}, MONDAY) == {
        "looked_at": 1,
        "moved": [],
    }
