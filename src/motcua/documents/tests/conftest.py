from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from motcua.documents.tests.signers import Folder


@pytest.fixture
def signers(tmp_path: Path, settings: Any) -> Folder:
    """The operator's folder of certificates, in force; nobody is declared yet."""
    folder = Folder(tmp_path / "ky-so")
    settings.SIGNERS = str(folder.file)
    settings.SIGNING_CA = [str(folder.ca)]
    settings.MEDIA_DIR = tmp_path / "media"
    return folder
