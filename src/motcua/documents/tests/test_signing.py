"""A letter is signed by a job: once, whatever happens, and whoever looks finds the signatures good."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.documents import actions, blobs, integrity, queries
from motcua.documents.errors import AlreadySigned, NobodyToSign
from motcua.documents.models import Letter, Signature, Signing
from motcua.documents.signing import checking
from motcua.documents.tests import pdf_proofs
from motcua.documents.tests.signed_letters import NOW, UNIT, content_of, issue, signed_by, state_of
from motcua.documents.tests.signers import Folder
from motcua.documents.types_signing import SigningState
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.outbox.models import Job
from motcua.kernel.outbox.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(unit_id: int, people: dict[str, int], signers: Folder) -> Letter:
    """The record of a day with a difference: cashier, confirmer and seal, all signed."""
    signers.declare("Nguyễn Thị Hoa", person="hoa")
    signers.declare("Ngô Thị Minh", person="minh")
    signers.declare("Trung tâm Phục vụ hành chính công", unit=UNIT, role="seal")
    letter = issue(unit_id, people={"cashier": people["hoa"], "confirmer": people["minh"]})
    drain(NOW)
    return letter


def test_the_record_is_signed_by_cashier_and_confirmer_and_sealed(record: Letter) -> None:
    view = queries.signing_of(record.pk)
    assert view is not None and view.state is SigningState.SIGNED and view.problem is None
    assert [(one.role.value, one.name) for one in view.signatures] == [
        ("cashier", "Nguyễn Thị Hoa"),
        ("confirmer", "Ngô Thị Minh"),
        ("seal", "Trung tâm Phục vụ hành chính công"),
    ]
    assert all(one.serial and one.issuer == "CA của phép thử" for one in view.signatures)


def test_the_signed_file_begins_with_the_very_letter_that_was_issued(record: Letter) -> None:
    plain, signed = queries.render_letter(record).content, content_of(record)
    assert signed.startswith(plain) and len(signed) > len(plain)
    found = Signing.objects.get(letter=record)
    assert found.unsigned and blobs.path_of(found.unsigned.sha256).read_bytes() == plain
    assert found.signed and blobs.path_of(found.signed.sha256).read_bytes() == signed


def test_the_checker_finds_everybody_whole_and_trusted(record: Letter, signers: Folder) -> None:
    report = checking.check(content_of(record), authorities=[signers.ca], now=NOW)
    assert report.ok
    assert {one.authority for one in report.signatures} == {"CA của phép thử"}
    assert [one.at for one in report.signatures] == [NOW.replace(microsecond=0)] * 3
    assert not checking.check(content_of(record), authorities=[], now=NOW).ok


@pdf_proofs.needs_pdfsig
def test_poppler_finds_every_signature_valid(record: Letter, tmp_path: Path) -> None:
    assert pdf_proofs.pdfsig_says(content_of(record), tmp_path) == [True, True, True]


@pdf_proofs.needs_openssl
def test_openssl_verifies_each_signature_over_the_bytes_it_covers(
    record: Letter, signers: Folder, tmp_path: Path
) -> None:
    found = pdf_proofs.covered(content_of(record))
    assert [one.to_the_end for one in found] == [False, False, True]
    at = int(NOW.timestamp())
    assert all(pdf_proofs.openssl_accepts(one, ca=signers.ca, folder=tmp_path, at=at) for one in found)


@pdf_proofs.needs_pdfsig
@pdf_proofs.needs_openssl
@pytest.mark.parametrize("share", [0.02, 0.3, 0.65])
def test_one_changed_byte_breaks_the_signatures_for_everybody(
    record: Letter, signers: Folder, tmp_path: Path, share: float
) -> None:
    tampered = bytearray(content_of(record))
    at = int(len(queries.render_letter(record).content) * share)
    tampered[at] ^= 1
    report = checking.check(bytes(tampered), authorities=[signers.ca], now=NOW)
    assert not report.intact and not any(one.intact for one in report.signatures)
    assert not any(pdf_proofs.pdfsig_says(bytes(tampered), tmp_path))
    moment = int(NOW.timestamp())
    for one in pdf_proofs.covered(bytes(tampered)):
        assert not pdf_proofs.openssl_accepts(one, ca=signers.ca, folder=tmp_path, at=moment)


def test_something_added_after_the_last_signature_is_told(record: Letter, signers: Folder) -> None:
    report = checking.check(content_of(record) + b"\n% more\n", authorities=[signers.ca], now=NOW)
    assert not report.covered and not report.ok


def test_a_letter_without_anybody_declared_stays_what_it_was(unit_id: int, signers: Folder) -> None:
    with CaptureQueriesContext(connection) as done:
        letter = issue(unit_id)
    assert len(done) == 1
    assert queries.signing_of(letter.pk) is None
    assert content_of(letter) == queries.render_letter(letter).content
    with pytest.raises(NobodyToSign, match="in ra và ký tay"):
        actions.ask_signing(letter_id=letter.pk, now=NOW)


def test_what_is_rolled_back_is_never_signed(unit_id: int, signers: Folder) -> None:
    signers.declare("Trung tâm", unit=UNIT, role="seal")
    with transaction.atomic():
        issue(unit_id)
        transaction.set_rollback(True)
    drain(NOW)
    assert not Signing.objects.exists() and not Job.objects.filter(name="documents.sign").exists()


def test_signing_again_puts_nothing_twice(record: Letter) -> None:
    before = content_of(record)
    signing = Signing.objects.get(letter=record)
    for _ in range(3):
        assert actions.sign_letter(signing_id=signing.pk, now=NOW) == "signed"
    assert content_of(record) == before and Signature.objects.count() == 3
    with pytest.raises(AlreadySigned):
        actions.ask_signing(letter_id=record.pk, now=NOW)


def test_each_signature_is_in_the_log_with_its_certificate_and_file(record: Letter) -> None:
    entries = AuditEntry.objects.filter(action="documents.letter_signed").order_by("pk")
    said = [json.loads(entry.data) for entry in entries]
    assert [one["role"] for one in said] == ["cashier", "confirmer", "seal"]
    found = Signing.objects.get(letter=record)
    assert found.signed and said[-1]["sha256"] == found.signed.sha256
    assert {entry.subject for entry in entries} == {record.number_text}


def test_an_older_letter_is_signed_when_somebody_asks(unit_id: int, signers: Folder) -> None:
    letter = issue(unit_id, kind="apology")
    signers.declare("Trung tâm", unit=UNIT, role="seal")
    signers.declare("Trần Văn Quyết", unit=UNIT, role="head")
    actions.ask_signing(letter_id=letter.pk, now=NOW)
    drain(NOW)
    assert signed_by(letter) == ["Trần Văn Quyết", "Trung tâm"]


def test_a_cancelled_letter_is_signed_no_more(unit_id: int, signers: Folder) -> None:
    signers.declare("Trung tâm", unit=UNIT, role="seal")
    letter = issue(unit_id)
    actions.cancel_letter(letter_id=letter.pk, reason="nhầm", cancelled_by=None, now=NOW)
    drain(NOW)
    assert signed_by(letter) == [] and actions.sign_waiting(now=NOW + timedelta(days=1)) == 0


def test_an_image_of_the_seal_stands_instead_of_words(unit_id: int, signers: Folder) -> None:
    from PIL import Image

    Image.new("RGBA", (120, 120), (180, 20, 30, 200)).save(signers.path / "dau.png")
    signers.declare("Trung tâm", unit=UNIT, role="seal", image="dau.png")
    letter = issue(unit_id)
    drain(NOW)
    assert state_of(letter) == ("signed", "")


def test_integrity_finds_a_signed_letter_that_is_not_the_issued_one(record: Letter) -> None:
    assert integrity.check(now=NOW).ok
    assert integrity.check(now=NOW).signed == 1
    found = Signing.objects.get(letter=record)
    assert found.signed is not None
    path = blobs.path_of(found.signed.sha256)
    content = bytearray(path.read_bytes())
    content[300] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    assert set(integrity.check(now=NOW).count) == {"hash", "paper", "signature"}
    assert set(integrity.check(now=NOW, hashes=False).count) == {"paper"}


def test_integrity_finds_a_row_that_names_another_certificate(record: Letter) -> None:
    Signature.objects.filter(role="seal").update(serial="00")
    assert integrity.check(now=NOW).count == {"signature": 1}


def test_the_server_starts_without_the_library_of_signatures() -> None:
    script = (
        "import django, sys; django.setup(); import motcua.config.urls; "
        "sys.exit(any(name.startswith(('pyhanko', 'asn1crypto', 'aiohttp')) for name in sys.modules))"
    )
    line = [sys.executable, "-c", script]
    environment = {"DJANGO_SETTINGS_MODULE": "motcua.config.settings_test", "PATH": "/usr/bin:/bin"}
    assert subprocess.run(line, env=environment, check=False).returncode == 0


def test_certificates_and_what_ends_soon_are_listed_for_administrators(unit_id: int, signers: Folder) -> None:
    signers.declare("Trung tâm", unit=UNIT, role="seal", end=NOW + timedelta(days=10))
    signers.declare("Nguyễn Thị Hoa", person="hoa", end=datetime(2026, 2, 1, tzinfo=UTC))
    found = queries.signers_state(now=NOW)
    seal, hoa = found.signers
    assert seal.whose == "Trung tâm Phục vụ hành chính công phường Kinh Bắc"
    assert seal.problem is None and seal.ends_soon
    assert hoa.problem is not None and "hết hạn" in hoa.problem.source()
