"""Partner systems learn whether a letter is signed, and get the signed file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from motcua.documents.tests.signers import Folder
from motcua.kernel import clock
from motcua.kernel.outbox.worker import drain
from tests.api.conftest import World


def test_a_letter_says_that_it_is_signed_and_is_the_signed_file(
    world: World, tmp_path: Path, settings: Any
) -> None:
    folder = Folder(tmp_path / "ky-so")
    settings.SIGNERS, settings.MEDIA_DIR = str(folder.file), tmp_path / "media"
    folder.declare("Trung tâm", unit=world.province.commune.centre.code, role="seal")
    partner = world.partner()
    received = partner.post("/dossiers", world.reception(), key="signed-1")
    assert received.status_code == 201, received.content
    code = received.json()["code"]
    before = partner.get(f"/dossiers/{code}").json()["letters"][0]
    assert before["is_signed"] is False
    assert b"/ByteRange" not in partner.get(before["url"].removeprefix("/api/v1")).content
    drain(clock.now())
    after = partner.get(f"/dossiers/{code}").json()["letters"][0]
    assert after["is_signed"] is True
    assert b"/ByteRange" in partner.get(after["url"].removeprefix("/api/v1")).content
