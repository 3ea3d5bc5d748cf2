"""`motcua check-signature` and the refusal of the demo's certificates: what operators and inspectors run."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from motcua.config.demo import certificates
from motcua.documents import queries
from motcua.documents.tests import samples
from motcua.documents.tests.signed_letters import NOW, UNIT, content_of, issue
from motcua.documents.tests.signers import PASSPHRASE, Folder
from motcua.kernel.outbox.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(unit_id: int, signers: Folder, tmp_path: Path) -> Path:
    signers.declare("Trần Văn Quyết", unit=UNIT, role="head")
    signers.declare("Trung tâm", unit=UNIT, role="seal")
    letter = issue(unit_id, kind="apology")
    drain(NOW)
    target = tmp_path / "phieu.pdf"
    target.write_bytes(content_of(letter))
    return target


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    out, code = io.StringIO(), 0
    try:
        call_command("check_signature", *arguments, "--json", stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(out.getvalue())


def test_a_good_letter_is_told_in_full(signed: Path) -> None:
    code, said = run(str(signed))
    assert code == 0 and said["ok"] and said["whole_file_covered"]
    head, seal = said["signatures"]
    assert (head["field"], head["name"], head["authority"]) == ("head", "Trần Văn Quyết", "CA của phép thử")
    assert seal["serial"] and seal["intact"] and seal["trusted"] and not seal["changed"] and not seal["demo"]
    assert head["at"].startswith("2026-11-23")


def test_a_changed_letter_an_unknown_authority_and_no_signature_are_problems(
    signed: Path, settings: Any, tmp_path: Path
) -> None:
    content = bytearray(signed.read_bytes())
    content[2000] ^= 1
    broken = tmp_path / "hong.pdf"
    broken.write_bytes(content)
    code, said = run(str(broken))
    assert code == 1 and not any(one["intact"] for one in said["signatures"])
    settings.SIGNING_CA = []
    code, said = run(str(signed))
    assert code == 1 and all(one["intact"] and not one["trusted"] for one in said["signatures"])
    plain = tmp_path / "chua-ky.pdf"
    plain.write_bytes(
        queries.preview_letter("apology", samples.all_samples()["apology"], issued_at=NOW).content
    )
    assert run(str(plain)) == (
        1,
        {"ok": False, "signatures": [], "whole_file_covered": False, "authorities": []},
    )


@pytest.mark.parametrize("content", [None, b"", b"not a pdf", b"%PDF-1.7\nnothing in it"])
def test_what_is_no_pdf_is_a_wrong_call(tmp_path: Path, content: bytes | None) -> None:
    target = tmp_path / "x.pdf"
    if content is not None:
        target.write_bytes(content)
    code, said = run(str(target))
    assert code == 2 and str(target) in said["error"]


def test_the_authority_can_be_named(signed: Path, signers: Folder, settings: Any) -> None:
    settings.SIGNING_CA = []
    assert run(str(signed), "--ca", str(signers.ca))[0] == 0


def test_the_demos_certificates_and_authority_are_named_for_a_production_start(
    unit_id: int, signers: Folder, settings: Any
) -> None:
    signers.declare("Trung tâm", unit=UNIT, role="head")
    assert queries.demo_certificates() == []
    ca = certificates.make_authority(NOW)
    content = certificates.make_pkcs12(ca, name="Phường", organisation="", passphrase=PASSPHRASE, now=NOW)
    (signers.path / "demo.p12").write_bytes(content)
    signers.entries.append(
        {
            "driver": "pkcs12",
            "file": "demo.p12",
            "passphrase_file": "mat-khau.txt",
            "unit": UNIT,
            "role": "seal",
        }
    )
    signers.write()
    (signers.path / "demo-ca.pem").write_bytes(ca.pem())
    settings.SIGNING_CA = [str(signers.path / "demo-ca.pem")]
    assert queries.demo_certificates() == [f"{UNIT}:seal", "demo-ca.pem"]


def test_production_does_not_start_with_the_demos_certificates(
    signers: Folder, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from motcua.config.management.commands import run as starting

    ca = certificates.make_authority(NOW)
    (signers.path / "demo-ca.pem").write_bytes(ca.pem())
    settings.SIGNING_CA = [str(signers.path / "demo-ca.pem")]
    settings.DEMO, settings.PRODUCTION = False, True
    monkeypatch.setattr(starting, "call_command", lambda *_given, **_more: None)
    monkeypatch.setattr(starting, "load_province", lambda **_more: {})
    with pytest.raises(SystemExit) as end:
        call_command("run", prepare_only=True)
    assert end.value.code == 2
    assert "Certificates made for a demo sign nothing here" in capsys.readouterr().err
