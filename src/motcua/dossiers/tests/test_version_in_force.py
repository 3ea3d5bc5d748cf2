"""Which version a dossier may begin under, whatever door it comes through."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.dossiers import actions
from motcua.dossiers.errors import VersionChanged
from motcua.dossiers.tests import factories as f

pytestmark = pytest.mark.django_db
CHANGE = f.at(19, 0, 0)


def test_the_instant_a_dossier_was_submitted_decides() -> None:
    place = f.make_province()
    staff = f.make_staff(place.commune)
    old = f.make_procedure()
    new = f.amend(old, CHANGE, limit=f.limit_of(3))
    reception = f.reception_of(staff.counter, old, submitted_at=CHANGE - timedelta(seconds=1))
    received = actions.receive_dossier(actor=staff.counter, reception=reception, now=f.at(19, 8))
    assert received.dossier.procedure_version_id == old.pk
    late = f.reception_of(staff.counter, old, submitted_at=CHANGE)
    with pytest.raises(VersionChanged) as stopped:
        actions.receive_dossier(actor=staff.counter, reception=late, now=f.at(19, 8))
    assert stopped.value.standing == new.pk
    assert "thời hạn 3 ngày làm việc (trước: 5 ngày làm việc)" in stopped.value.message.source()


def test_a_replaced_procedure_leads_to_the_one_that_replaced_it() -> None:
    place = f.make_province()
    staff = f.make_staff(place.commune)
    new = f.make_procedure()
    old = f.make_procedure(f.procedure_definition(replaced_by=(new.code,), name="Thủ tục cũ"))
    f.end(old, CHANGE)
    with pytest.raises(VersionChanged) as stopped:
        actions.receive_dossier(
            actor=staff.counter, reception=f.reception_of(staff.counter, old), now=f.at(19, 8)
        )
    assert stopped.value.standing == new.pk
