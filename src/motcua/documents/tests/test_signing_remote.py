"""A signer elsewhere: asked once, waited for without a transaction, survived whatever dies in between."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.db import connection

from motcua.documents import actions
from motcua.documents.models import Letter, Signature, Signing
from motcua.documents.signing import checking
from motcua.documents.tests import pdf_proofs, remote, samples
from motcua.documents.tests import signers as made
from motcua.documents.tests.remote import SERVICE, Killed, Service
from motcua.documents.tests.signed_letters import UNIT, content_of, issue, signed_by, state_of
from motcua.documents.tests.signers import Folder
from motcua.kernel.outbox.worker import drain

pytestmark = pytest.mark.django_db
NOW = samples.ISSUED
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def service() -> Iterator[Service]:
    SERVICE.__init__()  # type: ignore[misc]  # as new for every test
    yield SERVICE


@pytest.fixture
def letter(unit_id: int, people: dict[str, int], signers: Folder) -> Letter:
    """A record that the cashier signs on her telephone and the unit seals here."""
    signers.entries.append(
        {"driver": "motcua.documents.tests.remote:Telephone", "account": "Nguyễn Thị Hoa", "person": "hoa"}
    )
    signers.declare("Trung tâm", unit=UNIT, role="seal")
    return issue(unit_id, people={"cashier": people["hoa"]})


def test_the_letter_waits_for_the_person_and_is_finished_when_they_confirm(letter: Letter) -> None:
    drain(NOW)
    assert state_of(letter) == ("waiting", "remote_waiting") and signed_by(letter) == []
    actions.sign_waiting(now=NOW + MINUTE)
    drain(NOW + MINUTE)
    assert len(SERVICE.begun) == 1
    SERVICE.decision = "confirm"
    actions.sign_waiting(now=NOW + 2 * MINUTE)
    drain(NOW + 2 * MINUTE)
    assert state_of(letter) == ("signed", "") and signed_by(letter) == ["Nguyễn Thị Hoa", "Trung tâm"]
    assert not Signature.objects.exclude(prepared=None, work=None).exists()


def test_killed_after_the_service_heard_of_it_the_same_request_is_made_again(letter: Letter) -> None:
    SERVICE.dies_after_begin = True
    signing = Signing.objects.get(letter=letter)
    with pytest.raises(Killed):
        actions.sign_letter(signing_id=signing.pk, now=NOW)
    actions.sign_letter(signing_id=signing.pk, now=NOW + MINUTE)
    assert len(SERVICE.begun) == 2 and len(SERVICE.requests) == 1
    SERVICE.decision = "confirm"
    assert actions.sign_letter(signing_id=signing.pk, now=NOW + 2 * MINUTE) == "signed"


def test_a_time_stamp_set_up_meanwhile_is_for_the_next_signature(letter: Letter, settings: Any) -> None:
    drain(NOW)
    settings.TSA_URL = "http://127.0.0.1:9/"
    SERVICE.decision = "confirm"
    actions.sign_letter(signing_id=Signing.objects.get(letter=letter).pk, now=NOW)
    assert signed_by(letter) == ["Nguyễn Thị Hoa"] and state_of(letter) == ("waiting", "timestamp")


def test_a_job_that_never_ends_is_asked_for_again(letter: Letter) -> None:
    drain(NOW)
    later = NOW + 2 * MINUTE
    assert actions.sign_waiting(now=later) == 1 and actions.sign_waiting(now=later) == 0
    assert actions.sign_waiting(now=later + actions.signing.SAFETY) == 1


def test_who_refuses_is_asked_anew_only_when_somebody_tries_again(letter: Letter) -> None:
    drain(NOW)
    SERVICE.decision = "refuse"
    signing = Signing.objects.get(letter=letter)
    assert actions.sign_letter(signing_id=signing.pk, now=NOW) == "stuck"
    assert state_of(letter) == ("stuck", "remote_refused")
    SERVICE.decision = "confirm"
    actions.ask_signing(letter_id=letter.pk, now=NOW)
    signing = Signing.objects.get(letter=letter)
    actions.sign_letter(signing_id=signing.pk, now=NOW)
    assert actions.sign_letter(signing_id=signing.pk, now=NOW) == "signed"
    assert len(SERVICE.requests) == 2


def test_a_signature_of_another_key_never_gets_into_the_paper(letter: Letter) -> None:
    drain(NOW)
    SERVICE.decision = "wrong"
    signing = Signing.objects.get(letter=letter)
    actions.sign_letter(signing_id=signing.pk, now=NOW)
    assert state_of(letter) == ("stuck", "wrong_signature") and signed_by(letter) == []


def test_a_service_that_is_away_is_asked_again_by_itself(letter: Letter) -> None:
    SERVICE.away = True
    drain(NOW)
    assert state_of(letter) == ("waiting", "remote_silent")
    SERVICE.away, SERVICE.decision = False, "confirm"
    for minutes in (2, 4):
        later = NOW + minutes * MINUTE
        actions.sign_waiting(now=later)
        drain(later)
    assert state_of(letter) == ("signed", "")


@pytest.mark.django_db(transaction=True)
def test_nobody_elsewhere_is_asked_inside_a_transaction(
    letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    for name in ("identity", "begin", "fetch"):
        ask = getattr(remote.Telephone, name)

        def asked(*given: Any, ask: Any = ask) -> Any:
            seen.append(connection.in_atomic_block)
            return ask(*given)

        monkeypatch.setattr(remote.Telephone, name, asked)
    SERVICE.decision = "confirm"
    signing = Signing.objects.get(letter=letter)
    for _ in range(2):
        actions.sign_letter(signing_id=signing.pk, now=NOW)
    assert state_of(letter) == ("signed", "")
    assert seen and not any(seen)


class TimeStamps(ThreadingHTTPServer):
    """A time-stamping service (RFC 3161) by openssl, none of our code."""

    folder: Path
    answers = True


class _Answer(BaseHTTPRequestHandler):
    server: TimeStamps

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        folder = self.server.folder
        if not self.server.answers:
            self.send_error(503)
            return
        (folder / "asked.tsq").write_bytes(asked)
        line = [
            "openssl",
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-queryfile",
            "asked.tsq",
            "-out",
            "said.tsr",
        ]
        subprocess.run(line, cwd=folder, check=True, capture_output=True)
        said = (folder / "said.tsr").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Quietly."""


TSA = """[tsa]
default_tsa = here
[here]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
"""


@pytest.fixture
def timestamps(tmp_path: Path, signers: Folder) -> Iterator[TimeStamps]:
    folder = tmp_path / "tsa"
    folder.mkdir()
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    begun = made._begun(made._name("Dấu thời gian"), made.authority().subject, made.key("tsa"))
    own = begun.add_extension(usage, critical=True).sign(made.key("ca"), hashes.SHA256())
    (folder / "tsa.cnf").write_text(TSA)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    (folder / "ca.pem").write_bytes(signers.ca.read_bytes())
    key = made.key("tsa").private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "tsa.key").write_bytes(key)
    server = TimeStamps(("127.0.0.1", 0), _Answer)
    server.folder = folder
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pdf_proofs.needs_openssl
def test_with_a_time_stamping_service_signatures_are_b_t(
    unit_id: int, signers: Folder, timestamps: TimeStamps, settings: Any
) -> None:
    settings.TSA_URL = f"http://127.0.0.1:{timestamps.server_port}/"
    signers.declare("Trung tâm", unit=UNIT, role="seal")
    letter = issue(unit_id)
    drain(NOW)
    assert state_of(letter) == ("signed", "")
    assert Signature.objects.get().is_timestamped
    (seen,) = checking.check(content_of(letter), authorities=[signers.ca], now=NOW).signatures
    assert seen.timestamp is not None and seen.intact


@pdf_proofs.needs_openssl
def test_without_its_time_stamp_nothing_is_signed_until_the_service_answers(
    unit_id: int, signers: Folder, timestamps: TimeStamps, settings: Any
) -> None:
    settings.TSA_URL = f"http://127.0.0.1:{timestamps.server_port}/"
    timestamps.answers = False
    signers.declare("Trung tâm", unit=UNIT, role="seal")
    letter = issue(unit_id)
    drain(NOW)
    assert state_of(letter) == ("waiting", "timestamp")
    timestamps.answers = True
    actions.sign_waiting(now=NOW + MINUTE)
    drain(NOW + MINUTE)
    assert state_of(letter) == ("signed", "")
