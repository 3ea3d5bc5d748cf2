"""The calendar told before a database exists is the one a fresh database has."""

from __future__ import annotations

import pytest

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.organisation import actions, queries
from motcua.organisation.errors import UnknownUnit


@pytest.mark.django_db
def test_the_carried_calendar_is_the_loaded_one() -> None:
    actions.load_organisation(actor=Actor.system("test", "command"), now=clock.now())
    for code in ("24", "07210", "07210.TTPVHCC", "07210.VP", "07210.CA", "STP", "VPUBND"):
        unit = queries.unit_by_code(code)
        assert queries.carried_calendar(code) == queries.calendar_for(unit.id), code


def test_an_unknown_unit_has_no_carried_calendar() -> None:
    with pytest.raises(UnknownUnit):
        queries.carried_calendar("khong-co")
