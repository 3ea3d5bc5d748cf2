"""Stored files: content-addressed, scanned, held back when the scanner is silent, and checked."""

from __future__ import annotations

import io
import json
import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import Settings

from motcua.documents import actions, blobs, integrity, queries, references
from motcua.documents.errors import FileHeld, FileInfected, FileMissing, StorageFull, UploadRefused
from motcua.documents.models import FileState, StoredFile
from motcua.documents.tests import hostile
from motcua.kernel.outbox.models import Job

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other contexts registered is not this test's business."""
    monkeypatch.setattr(references, "_references", {})


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_DIR = tmp_path / "media"
    settings.CLAMAV_SOCKET = ""
    return tmp_path / "media"


def store(content: bytes | None = None, name: str = "đơn.pdf", now: datetime = NOW) -> StoredFile:
    return actions.store_file(
        content=io.BytesIO(hostile.pdf() if content is None else content), name=name, now=now
    )


@contextmanager
def clamd(folder: Path, *, answers: str = "") -> Iterator[str]:
    """A stand-in for the scanner that speaks INSTREAM and finds EICAR."""
    address = str(folder / "clamd.sock")
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen(8)

    def serve() -> None:
        while True:
            try:
                wire, _ = server.accept()
            except OSError:
                return
            with wire, wire.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                seen = b""
                while size := struct.unpack("!I", stream.read(4))[0]:
                    seen += stream.read(size)
                found = "Eicar-Test FOUND" if EICAR in seen else "OK"
                wire.sendall(f"stream: {answers or found}\0".encode())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(2)
        Path(address).unlink()


def age(path: Path, by: timedelta) -> None:
    moment = (NOW - by).timestamp()
    os.utime(path, (moment, moment))


def test_content_lies_under_its_hash_outside_the_web_root(media: Path) -> None:
    row = store()
    path = media / row.sha256[:2] / row.sha256[2:4] / row.sha256
    assert path.read_bytes() == hostile.pdf()
    assert (row.kind, row.pages, row.size, row.state) == ("pdf", 1, len(hostile.pdf()), FileState.UNSCANNED)
    with queries.open_file(row) as content:
        assert content.read() == hostile.pdf()


def test_the_same_content_is_kept_once_under_any_name() -> None:
    first, second = store(), store(name="bản khác.pdf")
    assert first.pk == second.pk
    assert StoredFile.objects.count() == 1


def test_nothing_is_left_behind_by_a_refused_file(media: Path) -> None:
    with pytest.raises(UploadRefused):
        store(b"MZ")
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert StoredFile.objects.count() == 0


def test_an_upload_over_the_limit_is_not_read_to_its_end(settings: Settings, media: Path) -> None:
    settings.UPLOAD_MAX_MB = 1
    endless = io.BytesIO(b"%PDF-" + b"0" * 9_000_000)
    with pytest.raises(UploadRefused) as refused:
        actions.store_file(content=endless, name="a.pdf", now=NOW)
    assert refused.value.code == "too_big"
    assert "1 MB" in refused.value.message.source()
    assert endless.tell() < 3_000_000
    assert list((media / "tmp").iterdir()) == []


def test_a_full_disk_is_said_and_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull) as refused:
        store()
    assert refused.value.status == 503


def test_a_clean_file_is_marked_clean(settings: Settings, tmp_path: Path) -> None:
    with clamd(tmp_path) as settings.CLAMAV_SOCKET:
        row = store()
    assert (row.state, row.scanned_at) == (FileState.CLEAN, NOW)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", hostile.pdf(EICAR)),
        ("a.zip", hostile.archive({"b.pdf": hostile.pdf(EICAR)}, stored=True)),
        ("a.jpg", hostile.image("JPEG")[:-2] + EICAR + b"\xff\xd9"),
    ],
)
def test_an_infected_file_is_refused(settings: Settings, tmp_path: Path, name: str, content: bytes) -> None:
    with (
        clamd(tmp_path) as settings.CLAMAV_SOCKET,
        pytest.raises(UploadRefused) as refused,
    ):
        store(content, name)
    assert refused.value.code == "infected"
    assert StoredFile.objects.count() == 0


def test_a_silent_scanner_holds_the_file_back_until_it_answers(settings: Settings, tmp_path: Path) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody.sock")
    row = store()
    assert row.state == FileState.HELD
    with pytest.raises(FileHeld):
        queries.open_file(row)
    assert actions.rescan_held(now=LATER)["waiting"] == 1
    with clamd(tmp_path) as settings.CLAMAV_SOCKET:
        assert actions.rescan_held(now=LATER) == {"clean": 1, "infected": 0, "waiting": 0}
    row.refresh_from_db()
    queries.open_file(row).close()


def test_a_scanner_that_gives_up_counts_as_silent(settings: Settings, tmp_path: Path) -> None:
    limit = "INSTREAM size limit exceeded. ERROR"
    with clamd(tmp_path, answers=limit) as settings.CLAMAV_SOCKET:
        assert store().state == FileState.HELD


def test_a_file_found_infected_later_is_shut_away_and_told(settings: Settings, tmp_path: Path) -> None:
    row = store(hostile.pdf(EICAR))
    with clamd(tmp_path) as settings.CLAMAV_SOCKET:
        assert actions.rescan_held(now=LATER)["infected"] == 1
    row.refresh_from_db()
    with pytest.raises(FileInfected):
        queries.open_file(row)
    event = Job.objects.get(name="event:documents.file_found_infected")
    assert event.payload == {"file_id": row.pk, "sha256": row.sha256}


def test_a_lost_content_is_named(media: Path) -> None:
    row = store()
    blobs.path_of(row.sha256).unlink()
    with pytest.raises(FileMissing):
        queries.open_file(row)


def test_a_hash_is_the_only_way_into_the_store() -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        blobs.path_of("../../etc/passwd")


def test_rows_and_files_that_agree_are_reported_as_such() -> None:
    store()
    store(hostile.image("PNG"), "a.png")
    report = integrity.check(now=NOW)
    assert report.ok
    assert (report.rows, report.blobs) == (2, 2)


def test_every_kind_of_disagreement_is_found(media: Path) -> None:
    missing, changed, grown = (store(hostile.pdf(pages=n)) for n in (2, 3, 4))
    blobs.path_of(missing.sha256).unlink()
    path = blobs.path_of(changed.sha256)
    path.write_bytes(path.read_bytes().replace(b"Catalog", b"Katalog"))
    with blobs.path_of(grown.sha256).open("ab") as content:
        content.write(b"x")
    orphan = blobs.path_of("ab" * 32)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"x")
    age(orphan, timedelta(hours=2))
    (orphan.parent / "note.txt").write_bytes(b"x")
    leftover = media / "tmp" / "cut-off"
    leftover.write_bytes(b"x")
    age(leftover, timedelta(hours=2))
    report = integrity.check(now=NOW)
    assert report.count == {"missing": 1, "hash": 1, "size": 1, "orphan": 1, "misplaced": 1, "leftover": 1}
    assert {finding.what for finding in report.findings} >= {missing.sha256, changed.sha256, "ab" * 32}


def test_an_upload_under_way_is_no_disagreement(media: Path) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        store()
        raise RuntimeError
    report = integrity.check(now=datetime.now(UTC))
    assert report.ok
    assert report.under_way == 1


def test_rows_nobody_points_at_are_counted() -> None:
    used, _unused = store(), store(hostile.pdf(pages=2))
    queries.register_reference("test", rows=lambda: StoredFile.objects.filter(pk=used.pk), column="id")
    report = integrity.check(now=LATER)
    assert report.ok
    assert report.unreferenced == 1


def test_a_reference_to_no_row_is_a_disagreement() -> None:
    row = store()
    # Any table with a number will do for a reference that points nowhere.
    queries.register_reference("test", rows=lambda: StoredFile.objects.filter(pk=row.pk), column="size")
    assert integrity.check(now=LATER).count == {"dangling": 1}


def test_orphans_go_to_the_trash_and_are_deleted_a_day_later() -> None:
    taken = actions.take_in(content=io.BytesIO(hostile.pdf()), name="a.pdf")
    age(blobs.path_of(taken.sha256), timedelta(days=2))
    assert actions.sweep_orphans(now=NOW) == {"trashed": 1, "restored": 0, "deleted": 0}
    assert actions.sweep_orphans(now=NOW + timedelta(hours=1)) == {"trashed": 0, "restored": 0, "deleted": 0}
    assert actions.sweep_orphans(now=NOW + timedelta(hours=25)) == {"trashed": 0, "restored": 0, "deleted": 1}


def test_a_row_that_comes_after_all_gets_its_content_back() -> None:
    taken = actions.take_in(content=io.BytesIO(hostile.pdf()), name="a.pdf")
    age(blobs.path_of(taken.sha256), timedelta(days=2))
    actions.sweep_orphans(now=NOW)
    row = actions.record_file(taken=taken, now=NOW)
    assert actions.sweep_orphans(now=NOW)["restored"] == 1
    assert integrity.check(now=NOW).ok
    queries.open_file(row).close()


def test_content_brought_again_is_safe_from_the_sweep() -> None:
    taken = actions.take_in(content=io.BytesIO(hostile.pdf()), name="a.pdf")
    age(blobs.path_of(taken.sha256), timedelta(days=2))
    actions.take_in(content=io.BytesIO(hostile.pdf()), name="a.pdf")
    assert actions.sweep_orphans(now=datetime.now(UTC))["trashed"] == 0


def test_the_command_answers_in_json_and_with_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    row = store()
    call_command("check_integrity", "--json")
    assert json.loads(capsys.readouterr().out)["ok"] is True
    blobs.path_of(row.sha256).unlink()
    with pytest.raises(SystemExit) as left:
        call_command("check_integrity", "--quick")
    assert left.value.code == 1
    assert f"missing: {row.sha256}" in capsys.readouterr().out
