"""The data carried with the product (`data/`), read as it lies there."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any


def read(name: str) -> dict[str, Any]:
    """One JSON file of `organisation/data`."""
    text = files("motcua.organisation").joinpath("data", name).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def path_of(name: str) -> Path:
    """Where a carried file lies, to be handed out as it is."""
    return Path(str(files("motcua.organisation").joinpath("data", name)))
