"""The audit log: what it must survive and what it must notice."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.audit import chain
from motcua.kernel.audit.models import AuditEntry, AuditSeal

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ANN = Actor(user_id=7, name="Nguyễn Thị Ánh")


def write(number: int = 1) -> None:
    for index in range(number):
        audit.record(ANN, "test.done", subject_type="thing", subject=f"T{index}", data={"n": index}, at=NOW)


def unguarded(sql: str, *params: int) -> None:
    """Change a row as somebody with the database password would: past the guard."""
    table = AuditSeal._meta.db_table if "auditseal" in sql else AuditEntry._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(sql, params)
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
            cursor.execute(sql, params)


@pytest.fixture(autouse=True)
def seal_file(tmp_path: Path, settings: Settings) -> Path:
    settings.AUDIT_SEAL_FILE = tmp_path / "seals.tsv"
    return tmp_path / "seals.tsv"


def test_an_untouched_log_is_whole() -> None:
    write(20)
    audit.seal(now=NOW)
    found = audit.verify()
    assert found.ok, found.problems
    assert found.entries == 20


def test_entries_of_a_rolled_back_act_are_gone_and_the_chain_goes_on() -> None:
    write(2)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(3)
        1 / 0  # noqa: B018
    write(2)
    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4]
    assert audit.verify().ok


@pytest.mark.django_db(transaction=True)
def test_a_commit_whose_answer_was_lost_does_not_stop_the_log() -> None:
    write()
    with transaction.atomic():
        write()
        connection.run_on_commit.clear()  # the database commits, and the line breaks before it can say so
    chain._head().link = object()  # the session that wrote so far is over
    write(2)
    found = audit.verify()
    assert found.ok, found.problems
    assert (found.entries, found.chains) == (4, 2)


def test_a_rolled_back_part_of_an_act_leaves_the_rest_linked() -> None:
    with transaction.atomic():
        write(2)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            write(2)
            1 / 0  # noqa: B018
        write(1)
    assert audit.verify().ok
    assert AuditEntry.objects.count() == 3


@pytest.mark.parametrize("column", ["actor_name", "action", "subject", "data", "ip", "via", "previous"])
def test_a_changed_column_is_found(column: str) -> None:
    write(5)
    unguarded(f"UPDATE kernel_auditentry SET {column} = 'x' WHERE seq = 3")
    assert not audit.verify().ok


def test_a_removed_entry_is_found() -> None:
    write(5)
    unguarded("DELETE FROM kernel_auditentry WHERE seq = 3")
    assert not audit.verify().ok


def test_a_chain_cut_at_its_end_is_found_by_the_seal() -> None:
    write(5)
    audit.seal(now=NOW)
    unguarded("DELETE FROM kernel_auditentry WHERE seq >= 4")
    assert any("cut" in problem.what for problem in audit.verify().problems)


def test_a_chain_removed_whole_is_found_by_the_seal() -> None:
    write(3)
    audit.seal(now=NOW)
    unguarded("DELETE FROM kernel_auditentry")
    assert not audit.verify().ok


def test_seals_rewritten_inside_differ_from_the_file_outside(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, seal_file: Path
) -> None:
    write(3)
    with django_capture_on_commit_callbacks(execute=True):
        audit.seal(now=NOW)
    assert seal_file.read_text(encoding="utf-8").startswith("1\t")
    assert audit.verify().ok
    unguarded("DELETE FROM kernel_auditseal")
    assert any("outside" in problem.what for problem in audit.verify().problems)


def test_sealing_twice_without_new_entries_makes_one_seal() -> None:
    write(2)
    assert audit.seal(now=NOW) is not None
    assert audit.seal(now=NOW) is None


def test_two_hundred_random_manipulations_are_all_found() -> None:
    write(60)
    audit.seal(now=NOW)
    rng = random.Random(5)
    missed = []
    for number in range(200):
        sid = transaction.savepoint()
        what = rng.choice(("change", "delete", "swap", "cut", "insert"))
        seq = rng.randrange(1, 61)
        if what == "change":
            unguarded("UPDATE kernel_auditentry SET data = data || ' ' WHERE seq = %s", seq)
        elif what == "delete":
            unguarded("DELETE FROM kernel_auditentry WHERE seq = %s", seq)
        elif what == "cut":
            unguarded("DELETE FROM kernel_auditentry WHERE seq >= %s", seq)
        elif what == "swap":
            other = seq % 60 + 1
            unguarded("UPDATE kernel_auditentry SET seq = 1000 WHERE seq = %s", seq)
            unguarded("UPDATE kernel_auditentry SET seq = %s WHERE seq = %s", seq, other)
            unguarded("UPDATE kernel_auditentry SET seq = %s WHERE seq = 1000", other)
        else:
            forged = AuditEntry.objects.get(seq=seq)
            forged.pk, forged.seq = None, 61
            forged.save(force_insert=True)
        if audit.verify().ok:
            missed.append((number, what, seq))
        transaction.savepoint_rollback(sid)
    assert not missed


def test_the_database_itself_refuses_changes() -> None:
    write(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(action="other")


def test_a_line_break_in_a_name_stays_inside_its_entry() -> None:
    forger = Actor(1, "x\nforged line")
    audit.record(forger, "test.done", subject_type="t", subject="s", data={"note": "a\nb"}, at=NOW)
    entry = AuditEntry.objects.get()
    assert "\n" not in entry.data
    assert audit.verify().ok
