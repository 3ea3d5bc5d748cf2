from __future__ import annotations

import pytest

from motcua.dossiers.queries_worklist import worklist
from motcua.dossiers.rules.worklist import Tab
from motcua.dossiers.tests import factories as f

pytestmark = pytest.mark.django_db


def test_smoke() -> None:
    place = f.make_province()
    staff = f.make_staff(place.commune)
    procedure = f.make_procedure()
    dossier = f.receive(staff.counter, procedure)
    page = worklist(staff.specialist, now=f.at(16, 10), tab=Tab.MINE)
    assert [row.code for row in page.rows] == [dossier.code]
    f.advance(dossier, staff, until="tra")
