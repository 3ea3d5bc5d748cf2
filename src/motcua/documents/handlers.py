"""Work by the clock and after an act: files for the scanner, content no row speaks of, letters to be signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.documents import actions
from motcua.documents.actions.signing import SIGN
from motcua.kernel.outbox import every, job


@every(minutes=5, name="documents.rescan_held")
def rescan_held(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    return actions.rescan_held(now=now)


@every(minutes=6 * 60, name="documents.sweep_orphans")
def sweep_orphans(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    return actions.sweep_orphans(now=now)


@job(SIGN)
def sign_letter(payload: dict[str, Any], now: datetime) -> dict[str, str]:
    """Put the signatures of one letter; what cannot be signed is noted and comes again by the clock."""
    return {"state": actions.sign_letter(signing_id=int(payload["signing_id"]), now=now)}


@every(minutes=1, name="documents.sign_waiting")
def sign_waiting(_payload: dict[str, Any], now: datetime) -> dict[str, int]:
    """What could not be signed and is to be tried again."""
    return {"asked": actions.sign_waiting(now=now)}
