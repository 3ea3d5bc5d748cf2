from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from motcua.documents.tests.signed_letters import NOW, UNIT
from motcua.documents.tests.signers import Folder
from motcua.kernel.accounts.models import User
from motcua.organisation.models import Unit
from motcua.organisation.snapshot import touch


@pytest.fixture
def signers(tmp_path: Path, settings: Any) -> Folder:
    """The operator's folder of certificates, in force; nobody is declared yet."""
    folder = Folder(tmp_path / "ky-so")
    settings.SIGNERS = str(folder.file)
    settings.SIGNING_CA = [str(folder.ca)]
    settings.MEDIA_DIR = tmp_path / "media"
    return folder


@pytest.fixture
def unit_id(db: None) -> int:
    unit = Unit.objects.create(
        code=UNIT,
        kind="service_centre",
        name="Trung tâm Phục vụ hành chính công",
        full_name="Trung tâm Phục vụ hành chính công phường Kinh Bắc",
        short_name="TTPVHCC",
        starts_on=NOW.date(),
    )
    touch()
    return unit.pk


@pytest.fixture
def people(db: None) -> dict[str, int]:
    return {
        name: User.objects.create(username=name, full_name=full).pk
        for name, full in (("hoa", "Nguyễn Thị Hoa"), ("minh", "Ngô Thị Minh"))
    }
