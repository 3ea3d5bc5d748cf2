"""What cannot be signed says why, stops no letter, and is signed once somebody has mended it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from motcua.documents import actions, queries
from motcua.documents.models import Signing
from motcua.documents.signing import checking
from motcua.documents.tests import signers as made
from motcua.documents.tests.signed_letters import NOW, UNIT, content_of, issue, state_of
from motcua.documents.tests.signers import Folder
from motcua.kernel.actor import Actor
from motcua.kernel.outbox.worker import drain

pytestmark = pytest.mark.django_db


def _expired(folder: Folder) -> None:
    folder.declare("Trung tâm", unit=UNIT, role="seal", end=NOW - timedelta(days=1))


def _not_yet(folder: Folder) -> None:
    folder.declare("Trung tâm", unit=UNIT, role="seal", start=NOW + timedelta(days=1))


def _weak(folder: Folder) -> None:
    folder.declare("Trung tâm", unit=UNIT, role="seal", size=1024)


def _for_something_else(folder: Folder) -> None:
    folder.declare("Trung tâm", unit=UNIT, role="seal", signs=False)


def _gone(folder: Folder) -> None:
    folder.declare("Trung tâm", "dau.p12", unit=UNIT, role="seal")
    (folder.path / "dau.p12").unlink()


def _wrong_words(folder: Folder) -> None:
    folder.declare("Trung tâm", unit=UNIT, role="seal")
    (folder.path / "mat-khau.txt").write_text("sai\n", encoding="utf-8")


def _no_words(folder: Folder) -> None:
    folder.declare("Trung tâm", unit=UNIT, role="seal")
    (folder.path / "mat-khau.txt").unlink()


def _no_such_driver(folder: Folder) -> None:
    folder.declare("Trung tâm", unit=UNIT, role="seal")
    folder.entries[-1]["driver"] = "khong.co:BoKy"
    folder.write()


def _broken_declaration(folder: Folder) -> None:
    folder.file.write_text("[{", encoding="utf-8")


def _half_an_entry(folder: Folder) -> None:
    folder.entries.append({"driver": "pkcs12"})
    folder.write()


def _no_pkcs12(folder: Folder) -> None:
    folder.declare("Trung tâm", unit=UNIT, role="seal")
    (folder.path / "0.p12").write_bytes(b"no pkcs12 at all")


@pytest.mark.parametrize(
    ("spoil", "problem", "words"),
    [
        (_expired, "expired", "đã hết hạn ngày 22/11/2026"),
        (_not_yet, "not_yet_valid", "chỉ có hiệu lực từ 24/11/2026"),
        (_weak, "weak_key", "yếu hơn RSA 2048"),
        (_for_something_else, "not_for_signing", "không được cấp để ký số"),
        (_gone, "file_missing", "Không đọc được tệp chứng thư dau.p12"),
        (_wrong_words, "wrong_passphrase", "Mật khẩu không mở được tệp chứng thư 0.p12"),
        (_no_pkcs12, "wrong_passphrase", "hoặc tệp đã hỏng"),
        (_no_words, "passphrase_missing", "Chưa có mật khẩu mở tệp chứng thư 0.p12"),
        (_no_such_driver, "unknown_driver", "Không có bộ ký “khong.co:BoKy” (khai báo ở mục 1)"),
        (_broken_declaration, "settings", "có chỗ sai ở chu-ky.json"),
        (_half_an_entry, "settings", "mục 1"),
    ],
)
def test_what_cannot_be_signed_says_why_and_is_signed_once_it_is_mended(
    unit_id: int, signers: Folder, spoil: Callable[[Folder], None], problem: str, words: str
) -> None:
    spoil(signers)
    letter = issue(unit_id)
    drain(NOW)
    state, code = state_of(letter)
    assert code == problem and state in ("stuck", "waiting")
    view = queries.signing_of(letter.pk)
    assert view is not None and view.problem is not None and words in view.problem.source()
    assert content_of(letter) == queries.render_letter(letter).content
    signers.entries.clear()
    (signers.path / "mat-khau.txt").write_text(made.PASSPHRASE, encoding="utf-8")
    signers.declare("Trung tâm", "moi.p12", unit=UNIT, role="seal")
    later = NOW + timedelta(minutes=2)
    assert actions.sign_waiting(now=later) == 1
    drain(later)
    assert state_of(letter) == ("signed", "")


def test_a_revoked_certificate_signs_no_more_and_a_new_one_does(
    unit_id: int, signers: Folder, settings: Any
) -> None:
    bad = signers.declare("Trung tâm", unit=UNIT, role="seal")
    lists = signers.path / "thu-hoi.pem"
    lists.write_bytes(made.crl(bad))
    settings.SIGNING_CRL = [str(lists)]
    letter = issue(unit_id)
    drain(NOW)
    assert state_of(letter) == ("stuck", "revoked")
    signers.entries.clear()
    signers.declare("Trung tâm", "moi.p12", unit=UNIT, role="seal")
    actions.retry_signing(actor=Actor.system("Phép thử"), signing_id=Signing.objects.get().pk, now=NOW)
    drain(NOW)
    assert state_of(letter) == ("signed", "")


def test_a_list_of_revoked_certificates_that_is_gone_signs_nothing(
    unit_id: int, signers: Folder, settings: Any
) -> None:
    signers.declare("Trung tâm", unit=UNIT, role="seal")
    settings.SIGNING_CRL = [str(signers.path / "khong-co.crl")]
    letter = issue(unit_id)
    drain(NOW)
    assert state_of(letter) == ("waiting", "crl_missing")


def test_production_signs_with_no_certificate_of_the_demo(
    unit_id: int, signers: Folder, settings: Any
) -> None:
    from motcua.config.demo import certificates

    ca = certificates.make_authority(NOW)
    content = certificates.make_pkcs12(
        ca, name="Phường Kinh Bắc", organisation="", passphrase=made.PASSPHRASE, now=NOW
    )
    (signers.path / "demo.p12").write_bytes(content)
    entry = {"driver": "pkcs12", "file": "demo.p12", "passphrase_file": "mat-khau.txt"}
    signers.entries.append({**entry, "unit": UNIT, "role": "seal"})
    signers.write()
    settings.PRODUCTION = True
    letter = issue(unit_id)
    drain(NOW)
    assert state_of(letter) == ("stuck", "demo_certificate")
    settings.PRODUCTION = False
    actions.ask_signing(letter_id=letter.pk, now=NOW)
    drain(NOW)
    assert state_of(letter) == ("signed", "")
    assert checking.check(content_of(letter), authorities=[], now=NOW).signatures[0].demo
