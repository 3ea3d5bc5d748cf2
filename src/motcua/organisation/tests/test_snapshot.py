"""The process's picture of units: fresh where it was written, never from a transaction that failed."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from motcua.kernel import picture
from motcua.organisation import actions, queries
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.models import OrganisationVersion, Unit
from motcua.organisation.tests.factories import NOW, SYSTEM
from motcua.organisation.types import UnitInfo


def rename(code: str, name: str) -> UnitInfo:
    unit_id = queries.unit_by_code(code).id
    return actions.update_unit(actor=SYSTEM, now=NOW, unit_id=unit_id, changes={"name": name})


def test_writer_sees_its_own_change_at_once(province: actions.LoadReport) -> None:
    assert rename("STP", "Sở Tư pháp mới").name == "Sở Tư pháp mới"
    assert queries.unit_by_code("STP").name == "Sở Tư pháp mới"


def test_rolled_back_change_is_not_shown(province: actions.LoadReport) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        rename("STP", "Sai")
        raise RuntimeError
    assert queries.unit_by_code("STP").name == "Sở Tư pháp"


@pytest.mark.django_db(transaction=True)
def test_other_threads_see_a_change_only_after_the_commit() -> None:
    actions.load_organisation(actor=SYSTEM, now=NOW)
    seen: list[str] = []

    def read() -> None:
        seen.append(queries.unit_by_code("STP").name)
        connection.close()

    def in_a_thread() -> None:
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()

    in_a_thread()
    with transaction.atomic():
        rename("STP", "Sở Tư pháp mới")
        in_a_thread()
    in_a_thread()
    assert seen == ["Sở Tư pháp", "Sở Tư pháp", "Sở Tư pháp mới"]


@pytest.mark.django_db(transaction=True)
def test_change_by_another_process_is_seen_after_the_check(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.load_organisation(actor=SYSTEM, now=NOW)
    queries.units()
    with django_assert_num_queries(0):
        queries.units()
    # Another process: rows and stamp change without this process being told.
    OrganisationVersion.objects.update(stamp="another")
    Unit.objects.filter(code="STP").update(name="Sở Tư pháp mới")
    monkeypatch.setattr(picture, "CHECK_SECONDS", 0.0)
    assert queries.unit_by_code("STP").name == "Sở Tư pháp mới"
    with django_assert_num_queries(1):
        queries.units()


def test_every_write_moves_the_version(
    province: actions.LoadReport, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = OrganisationVersion.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        rename("STP", "Sở Tư pháp mới")
    after = OrganisationVersion.objects.get()
    assert after.number == before.number + 1 and after.stamp != before.stamp


def test_a_part_rolled_back_leaves_what_the_transaction_wrote_before_in_sight(
    province: actions.LoadReport,
) -> None:
    def make(code: str) -> None:
        actions.create_unit(
            actor=SYSTEM, now=NOW, code=code, name=code, kind="division", parent_id=queries.province().id
        )

    make("MOT")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make("HAI")
        assert queries.unit_by_code("HAI").code == "HAI"
        1 / 0  # noqa: B018
    assert queries.unit_by_code("MOT").code == "MOT"
    with pytest.raises(UnknownUnit):
        queries.unit_by_code("HAI")
