"""A ward's counter with an officer at it, for the tests of this context and of the browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.test import Client

from motcua.catalogue.models import ProcedureVersion
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests import factories as f
from motcua.dossiers.types import ResultData
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor

CARD = "027090001234|125123456|Nguyễn Văn An|15081990|Nam|Thôn Đông, Xã Yên Phong, Tỉnh Bắc Ninh|01072021"
OTHER_CARD = "024190004321||Trần Thị Bình|20101990|Nữ|TDP số 2, Phường Bắc Giang, Tỉnh Bắc Ninh|10092024||||"
NOW = f.at(18, 9, 15)


@dataclass
class Counter:
    """The small province, the ward's people, one procedure, and the officer's browser."""

    place: f.Province
    staff: f.Staff
    procedure: ProcedureVersion
    client: Client

    @property
    def officer(self) -> Actor:
        return self.staff.counter

    @property
    def unit_id(self) -> int:
        return self.place.commune.centre.id

    def form(self, **changes: Any) -> dict[str, Any]:
        """A complete reception as the browser posts it; None takes a field away."""
        data: dict[str, Any] = {
            "key": "form-1",
            "unit": str(self.unit_id),
            "do": "save",
            "procedure": str(self.procedure.pk),
            "case_key": "thuong",
            "owner-id_number": "027090001234",
            "owner-name": "Nguyễn Văn An",
            "owner-born_on": "15081990",
            "owner-gender": "Nam",
            "owner-phone": "0912 345 678",
            "owner-address": "Thôn Đông, Xã Yên Phong, Tỉnh Bắc Ninh",
            "paper": ["to-khai", "can-cuoc"],
            "channel": "1",
            "return_method": "counter",
            **changes,
        }
        return {name: value for name, value in data.items() if value is not None}

    def completed(self, *, now: datetime = f.MONDAY, **more: Any) -> Dossier:
        """A dossier of this counter whose result has come back."""
        dossier = f.receive(self.officer, self.procedure, now=now, **more)
        desks = (
            (self.staff.specialist, "trinh"),
            (self.staff.head, "trinh_ky"),
            (self.staff.leader, "ky"),
            (self.staff.clerk, "phat_hanh"),
        )
        for actor, outcome in desks:
            last = outcome == "phat_hanh"
            result = ResultData("15/TLKS", now.date(), "Trích lục khai sinh") if last else None
            actions.complete_step(
                actor=actor,
                code=dossier.code,
                task_id=f.open_task(dossier).pk,
                outcome=outcome,
                result=result,
                now=now,
            )
        return Dossier.objects.get(pk=dossier.pk)


def sign_in(actor: Actor) -> Client:
    """The person's browser."""
    assert actor.user_id is not None
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user_id), backend="motcua.kernel.accounts.backend.PasswordBackend"
    )
    return client


def make_counter() -> Counter:
    place = f.make_province()
    staff = f.make_staff(place.commune)
    return Counter(place, staff, f.make_procedure(), sign_in(staff.counter))


def words(response: object) -> str:
    """The page an answer shows."""
    content: bytes = response.content  # type: ignore[attr-defined]  # the test client's own type
    return content.decode()
