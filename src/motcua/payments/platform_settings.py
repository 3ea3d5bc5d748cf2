"""The wording and the keys of the platform at this installation."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings

from motcua.kernel.messages import msg
from motcua.payments.errors import NotOffered
from motcua.payments.rules.platform import Key, Signing, Wording

IN_PROCESS = "demo:"
"""The address of the simulator that answers inside this process; never in production."""


@lru_cache(maxsize=4)
def _wording(path: str) -> Wording:
    text = files("motcua.payments").joinpath("data", "platform.json").read_text(encoding="utf-8")
    known: dict[str, Any] = json.loads(text)
    if path:
        changed = json.loads(Path(path).read_text(encoding="utf-8"))
        known |= {name: value for name, value in changed.items() if name in Wording.__slots__}
    return Wording(**{name: known[name] for name in Wording.__slots__})


def wording() -> Wording:
    """As carried, changed where `MOTCUA_PLATFORM_WORDING` names a file."""
    return _wording(settings.PLATFORM_WORDING)


def key_of(partner: str) -> Key | None:
    """The key of a partner code; None for one this installation does not know."""
    secret = settings.PLATFORM_PARTNERS.get(partner)
    return Key(partner, secret, Signing(settings.PLATFORM_SIGNING)) if secret else None


def require_key(partner: str) -> Key:
    """The key of a partner code; raises `NotOffered`."""
    found = key_of(partner)
    if found is None:
        raise NotOffered(msg("Đơn vị này chưa thu trực tuyến. Hãy nộp bằng cách khác."))
    return found
