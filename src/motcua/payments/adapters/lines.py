"""Which platform an installation speaks to: over HTTP, or in demo mode the stand-in inside this process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings

from motcua.payments.adapters.platform import HttpLine, Line, NoAnswer, PaymentPlatform, SignedPlatform
from motcua.payments.platform_settings import IN_PROCESS, key_of, wording
from motcua.payments.rules.platform import Key
from motcua.payments.simulator.core import Silence, Simulator

DEMO_PAGE = "/gia-lap-thanh-toan/{reference}/"


class InProcessLine:
    """The stand-in, asked without a network."""

    def send(self, message: Mapping[str, Any]) -> bytes:
        try:
            return demo_simulator().receive(message)
        except Silence:
            raise NoAnswer("the simulator does not answer") from None


@lru_cache(maxsize=1)
def demo_simulator() -> Simulator:
    """The one stand-in of a demo installation."""
    folder = settings.STATE / "platform-simulator"
    return Simulator(folder, wording=wording(), key=key_of, page=DEMO_PAGE)


def platform_for(key: Key) -> PaymentPlatform:
    """The platform as this partner reaches it."""
    line: Line = (
        InProcessLine()
        if settings.PLATFORM_URL == IN_PROCESS
        else HttpLine(settings.PLATFORM_URL, token=settings.PLATFORM_TOKEN, timeout=settings.PLATFORM_TIMEOUT)
    )
    return SignedPlatform(line, wording(), key)
