"""Which version a dossier may begin under, whatever door it comes through."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.catalogue import queries as catalogue
from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers import actions
from motcua.dossiers.errors import VersionChanged
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.kernel.errors import Invalid

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


def _undone_elsewhere(version: ProcedureVersion, before: ProcedureVersion) -> None:
    """Another process undid the decision a moment ago: this one's picture does not know yet."""
    catalogue.current_version(before.code, f.at(19, 8))
    ProcedureVersion.objects.filter(pk=version.pk).update(withdrawn_at=f.at(19, 8))
    ProcedureVersion.objects.filter(pk=before.pk).update(valid_to=None)


def test_a_version_undone_a_moment_ago_is_not_received_under() -> None:
    place = f.make_province()
    staff = f.make_staff(place.commune)
    old = f.make_procedure()
    new = f.amend(old, CHANGE, limit=f.limit_of(3))
    _undone_elsewhere(new, old)
    reception = f.reception_of(staff.counter, new)
    with pytest.raises(VersionChanged, match="vừa được hoàn tác") as stopped:
        actions.receive_dossier(actor=staff.counter, reception=reception, now=f.at(19, 8))
    assert (stopped.value.standing, stopped.value.withdrawn) == (old.pk, True)
    assert not Dossier.objects.exists()


def test_the_first_version_undone_a_moment_ago_is_refused_with_its_reason() -> None:
    place = f.make_province()
    staff = f.make_staff(place.commune)
    version = f.make_procedure()
    _undone_elsewhere(version, version)
    with pytest.raises(Invalid, match="vừa được hoàn tác"):
        actions.receive_dossier(
            actor=staff.counter, reception=f.reception_of(staff.counter, version), now=f.at(19, 8)
        )


def test_a_version_ended_a_moment_ago_is_not_received_under() -> None:
    place = f.make_province()
    staff = f.make_staff(place.commune)
    old = f.make_procedure()
    new = f.amend(old, f.at(30, 0), limit=f.limit_of(3))
    catalogue.current_version(old.code, f.at(19, 8))
    ProcedureVersion.objects.filter(pk=old.pk).update(valid_to=CHANGE)
    ProcedureVersion.objects.filter(pk=new.pk).update(withdrawn_at=f.at(19, 7))
    with pytest.raises(Invalid, match="đã hết hiệu lực"):
        actions.receive_dossier(
            actor=staff.counter, reception=f.reception_of(staff.counter, old), now=f.at(19, 8)
        )
