"""Who works in the simulated day: staff that is there already (demo), else made for it and marked as demo."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from motcua.config.demo import names
from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.accounts.queries import DEMO_PASSWORD
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import queries
from motcua.organisation.types import Role, UnitInfo

SYSTEM = Actor.system("Mô phỏng ngày làm việc", via="command")
SCOPES = ("dossiers:read", "dossiers:write", "catalogue:read", "organisation:read", "officers:act")
SINCE = date(2025, 7, 1)


@dataclass
class People:
    """Finds the user name of somebody who may act in a role of a unit; makes an account where nobody can."""

    random: Random
    known: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, unit: UnitInfo, role: str, *, now: datetime, at_least: int = 1) -> list[str]:
        """User names, at least so many."""
        with self._lock:
            found = self.known.setdefault((unit.code, role), self._demo_holders(unit, role, now))
            while len(found) < at_least:
                found.append(self._make(unit, role, len(found) + 1, now))
            return list(found)

    def _demo_holders(self, unit: UnitInfo, role: str, now: datetime) -> list[str]:
        held = queries.holders(unit.id, role, clock.today(now))
        ids = [holder.user_id for holder in held if not holder.delegated]
        return list(
            User.objects.filter(pk__in=ids, is_demo=True).order_by("pk").values_list("username", flat=True)
        )

    def _make(self, unit: UnitInfo, role: str, number: int, now: datetime) -> str:
        username = f"mp.{unit.code}.{role}.{number}".lower()[:64]
        user = User.objects.filter(username=username).first()
        if user is None:
            gender = self.random.choice(("Nam", "Nữ"))
            user = User.objects.create_user(
                username, names.full_name(self.random, gender), DEMO_PASSWORD, is_demo=True
            )
        label = str(Role(role).label)
        post = organisation.NewPost(user.pk, unit.id, role, label, SINCE)
        organisation.open_posts(actor=SYSTEM, posts=[post], now=now)
        return username


def partner_token(name: str, now: datetime) -> tuple[int, str]:
    """A partner system for the day; closed again at its end."""
    made = organisation.create_api_client(
        actor=SYSTEM, now=now, name=name, scopes=SCOPES, agency_id=None, is_demo=True
    )
    return made.client_id, made.token


def close_partner(client_id: int, now: datetime) -> None:
    """The token is worth nothing after the day."""
    organisation.close_api_client(actor=SYSTEM, now=now, client_id=client_id)
