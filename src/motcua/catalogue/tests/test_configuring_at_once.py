"""Two administrators write into one draft at the same moment: both writings are kept, none twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from motcua.catalogue.models import ChangeLine, ChangeSet
from motcua.catalogue.rules.grid.columns import Column
from motcua.catalogue.rules.grid.merging import Plan
from motcua.catalogue.tests.configuring import Office, edit, make_office, row_of, wish
from motcua.kernel.actor import Actor

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time: nothing to race"
    ),
]


@pytest.fixture
def office() -> Office:
    return make_office()


def together(*acts: Callable[[], Plan]) -> list[Plan | Exception]:
    start = threading.Barrier(len(acts))
    found: list[Plan | Exception] = []

    def run(act: Callable[[], Plan]) -> None:
        start.wait(10)
        try:
            found.append(act())
        except Exception as problem:
            found.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_the_draft_begun_by_two_at_once_is_one(office: Office) -> None:
    people: list[tuple[Actor, int]] = [(office.it, 1), (office.colleague, 2), (office.controller, 3)]
    wishes = {n: wish(office, n, Column.FORM, f"M0{n}") for _, n in people}
    found = together(*(lambda a=a, n=n: edit(office, wishes[n], actor=a) for a, n in people))
    assert [type(done) for done in found] == [Plan] * 3
    assert ChangeSet.objects.count() == 1
    assert ChangeLine.objects.count() == 3
    assert [row_of(office, n).token(Column.FORM) for n in (1, 2, 3)] == ["M01", "M02", "M03"]


def test_of_two_who_change_one_cell_at_once_one_gets_a_clash(office: Office) -> None:
    mine, theirs = wish(office, 1, Column.FORM, "M-TÔI"), wish(office, 1, Column.FORM, "M-HỌ")
    found = together(lambda: edit(office, mine), lambda: edit(office, theirs, actor=office.colleague))
    plans = [done for done in found if isinstance(done, Plan)]
    assert len(plans) == 2
    assert sorted((len(done.changes), len(done.clashes)) for done in plans) == [(0, 1), (1, 0)]
