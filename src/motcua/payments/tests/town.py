"""A ward connected to the national platform, for tests: the stand-in answers over HTTP on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.test import Client

from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation.tests import factories
from motcua.payments import actions
from motcua.payments.models import Bill, Collector, Payment, PlatformTransaction
from motcua.payments.platform_settings import key_of, wording
from motcua.payments.rules.collectors import AccountData
from motcua.payments.simulator.core import Behaviour, Simulator
from motcua.payments.simulator.server import over_http, serve
from motcua.payments.tests.counter import NOW, Counter, make_counter

PARTNER, SECRET = "H05-101", "a secret that only two know"
CITIZEN = Actor.anonymous(ip="203.113.1.2")
CONFIRM = "/api/v1/platform/confirm"


@dataclass
class Town:
    """A ward connected to the platform."""

    counter: Counter
    platform: Simulator
    token: str

    def bill(self, key: str = "b1") -> Bill:
        return self.counter.bill(key)

    def open(self, bill: Bill, now: datetime = NOW) -> PlatformTransaction:
        """The citizen presses "pay online"."""
        actions.pay_online(actor=CITIZEN, bill_id=bill.pk, now=now)
        return PlatformTransaction.objects.filter(bill=bill).latest("pk")

    def pays(self, attempt: PlatformTransaction, how: Behaviour | None = None) -> list[dict[str, Any]]:
        """The citizen pays at the platform; our answers to what it then tells us."""
        return [self.told(message) for message in self.platform.pay(attempt.reference, NOW, behaviour=how)]

    def told(self, message: dict[str, Any], status: int = 200, token: str = "") -> dict[str, Any]:
        response = Client().post(
            CONFIRM,
            json.dumps(message),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token or self.token}"},
        )
        assert response.status_code == status, response.content
        found: dict[str, Any] = response.json()
        return found


@contextmanager
def connected(settings: Any, tmp_path: Path, signing: str = "sha256") -> Iterator[Town]:
    settings.PLATFORM_PARTNERS, settings.PLATFORM_SIGNING = {PARTNER: SECRET}, signing
    settings.PLATFORM_TIMEOUT = 2
    counter = make_counter()
    made = organisation.create_api_client(
        actor=factories.SYSTEM,
        name="Nền tảng thanh toán",
        agency_id=None,
        scopes=["payments:platform"],
        now=NOW,
    )
    Collector.objects.update(platform_partner=PARTNER)
    actions.add_account(
        actor=counter.leader,
        unit_id=units.unit(counter.unit_id).agency_id,
        data=AccountData("970405", "2601201009999", "UBND", date(2025, 7, 1), registered_on=date(2025, 9, 1)),
        now=NOW,
    )
    kept: list[Simulator] = []

    def make(address: str) -> Simulator:
        kept.append(Simulator(tmp_path, wording=wording(), key=key_of, page=address + "/pay/{reference}"))
        return kept[0]

    def confirm(message: Any) -> object:
        return over_http(settings.CONFIRM_AT + CONFIRM, made.token)(message)

    server = serve(make, port=0, deliver=confirm)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.PLATFORM_URL = f"http://127.0.0.1:{server.server_port}/"
    yield Town(counter, kept[0], made.token)
    server.shutdown()
    server.server_close()


def booked(bill: Bill) -> tuple[str, int, int]:
    """State of the bill, money on it, number of payments."""
    bill.refresh_from_db()
    return bill.state, bill.paid, Payment.objects.filter(bill=bill).count()
