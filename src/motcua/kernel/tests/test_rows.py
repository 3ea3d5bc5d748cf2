"""Rows written without the ORM's statement building are the rows the ORM would have written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from motcua.kernel import rows
from motcua.kernel.outbox.models import Job

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 5, 0, 0, 123456, tzinfo=UTC)


def job(name: str, **values: object) -> Job:
    return Job(name=name, payload={"tên": "Đặng", "n": 1}, created_at=NOON, run_at=NOON, **values)


def test_an_inserted_row_reads_back_as_the_orm_would_have_stored_it() -> None:
    mine, theirs = (
        rows.insert(job("mine")),
        Job.objects.create(name="theirs", payload=job("").payload, created_at=NOON, run_at=NOON),
    )
    stored = {found.name: found for found in Job.objects.all()}
    for name in ("payload", "created_at", "run_at", "lease_until", "attempts", "error", "result"):
        assert getattr(stored["mine"], name) == getattr(stored["theirs"], name), name
    assert mine.pk and theirs.pk and not mine._state.adding


def test_many_rows_are_one_statement_and_get_their_own_numbers() -> None:
    many = [job(f"job {number}") for number in range(5)]
    with CaptureQueriesContext(connection) as captured:
        rows.insert_all(many)
    assert len(captured) == 1
    assert {found.pk: found.name for found in Job.objects.all()} == {made.pk: made.name for made in many}


def test_nothing_to_insert_asks_the_database_nothing() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert rows.insert_all([]) == []
    assert not len(captured)


def test_an_inserted_row_can_be_saved_again_as_a_change() -> None:
    mine = rows.insert(job("mine"))
    mine.error = "đã sửa"
    mine.save()
    assert [found.error for found in Job.objects.all()] == ["đã sửa"]


def test_constraints_hold() -> None:
    rows.insert(job("one", key="same"))
    with pytest.raises(IntegrityError):
        rows.insert(job("two", key="same"))


def test_an_update_touches_only_the_named_attributes() -> None:
    mine = rows.insert(job("mine"))
    mine.name, mine.attempts, mine.done_at = "not stored", 3, NOON
    assert rows.update(mine, ("attempts", "done_at"))
    stored = Job.objects.get(pk=mine.pk)
    assert (stored.name, stored.attempts, stored.done_at) == ("mine", 3, NOON)


def test_an_update_of_a_row_that_has_changed_meanwhile_changes_nothing() -> None:
    mine = rows.insert(job("mine"))
    Job.objects.update(name="taken")
    mine.attempts = 9
    assert not rows.update(mine, ("attempts",), where={"name": "mine"})
    assert Job.objects.get(pk=mine.pk).attempts == 0


def test_a_reader_makes_the_same_rows_from_a_written_statement() -> None:
    rows.insert(job("mine", result={"ok": True}))
    reader = rows.Reader(Job, without=["error"])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {reader.columns('j')} FROM kernel_job j")
        (row,) = cursor.fetchall()
    read, stored = reader.read(iter(row)), Job.objects.get()
    assert read == stored
    assert (read.payload, read.created_at, read.result) == (stored.payload, stored.created_at, stored.result)
    assert read.get_deferred_fields() == {"error"}


def test_rows_found_by_a_written_condition_are_the_orms() -> None:
    rows.insert_all([job(f"x{number}") for number in range(4)])
    with CaptureQueriesContext(connection) as caught:
        made = rows.found(Job, "x.name IN (%s, %s) ORDER BY x.name DESC", ["x1", "x3"], lock=True)
    assert [(row.pk, row.payload, row.run_at) for row in made] == [
        (row.pk, row.payload, row.run_at)
        for row in Job.objects.filter(name__in=["x1", "x3"]).order_by("-name")
    ]
    assert len(caught) == 1
    assert caught[0]["sql"].endswith("FOR UPDATE") == (connection.vendor == "postgresql")


def test_a_row_whose_key_is_there_is_not_inserted_again() -> None:
    first, second = job("one", key="same"), job("two", key="same")
    assert rows.insert_once(first, "key")
    assert not rows.insert_once(second, "key")
    assert second.pk is None
    assert [(found.pk, found.name) for found in Job.objects.all()] == [(first.pk, "one")]


def test_many_changes_are_sent_together() -> None:
    many = rows.insert_all([job(f"job {number}") for number in range(3)])
    for number, one in enumerate(many):
        one.error, one.payload = f"lỗi {number}", {"n": number}
    with CaptureQueriesContext(connection) as captured:
        rows.update_all(many[:2], ["error", "payload"])
        rows.update_all([], ["error"])
    assert len(captured) == 1
    stored = [(found.error, found.payload["n"]) for found in Job.objects.order_by("pk")]
    assert stored == [("lỗi 0", 0), ("lỗi 1", 1), ("", 1)]
