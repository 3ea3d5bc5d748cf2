"""The people and the reception every measurement works with, in the real province."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.management import call_command

from motcua.catalogue import queries as catalogue
from motcua.config.demo.staff import load_staff
from motcua.config.province import load_province
from motcua.dossiers.types import PaperGiven, Person, Reception
from motcua.kernel import clock
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import queries
from motcua.organisation.types import Role

WARD, PROCEDURE = "07210", "1.004873"
TOKEN = "bench-token-that-lives-as-long-as-its-database"
OWNER = Person(
    name="Nguyễn Thị Bé",
    id_number="027190001234",
    address="Tổ dân phố số 1, phường Bắc Giang, tỉnh Bắc Ninh",
    phone="0912345678",
)


@dataclass(frozen=True, slots=True)
class Cast:
    """An officer, a specialist and a leader of one ward, and a dossier to bring to them."""

    officer: Actor
    specialist: Actor
    leader: Actor
    reception: Reception
    case_name: str
    centre_code: str

    def fresh(self) -> Reception:
        """The reception under a key of its own, as the counter and the API send it."""
        return replace(self.reception, idempotency_key=secrets.token_hex(12))


def prepare() -> Cast:
    """Migrate, load the province and its staff into the database of this process."""
    now = clock.now()
    call_command("migrate", verbosity=0)
    load_province(now=now)
    system = Actor.system("bench", "command")
    users = load_staff(actor=system, now=now)
    queries.forget()
    organisation.create_api_client(
        actor=system,
        name="bench",
        scopes=["dossiers:read", "dossiers:write", "catalogue:read", "organisation:read", "officers:act"],
        token=TOKEN,
        is_demo=True,
        now=now,
    )
    named = {name: queries.actor_for(users[f"xa1.{name}"], now) for name in ("motcua", "tuphap", "lanhdao")}
    reception, case_name = _reception(now)
    return Cast(
        officer=named["motcua"],
        specialist=named["tuphap"],
        leader=named["lanhdao"],
        reception=reception,
        case_name=case_name,
        centre_code=queries.centre_of(queries.unit_by_code(WARD).id).code,
    )


def _reception(now: datetime) -> tuple[Reception, str]:
    version = catalogue.current_version(PROCEDURE, now)
    definition = catalogue.definition(version.id)
    case = next(case for case in definition.cases if case.changes_limit)
    reception = Reception(
        procedure_version_id=version.id,
        owner=OWNER,
        receiving_unit_id=queries.centre_of(queries.unit_by_code(WARD).id).id,
        case_key=case.key,
        papers=tuple(PaperGiven(paper.key) for paper in definition.papers[:3]),
    )
    return reception, case.name


def second_specialist(username: str) -> None:
    """A colleague at the same desk as the specialist."""
    office = next(unit for unit in queries.units().values() if unit.code == f"{WARD}.VP")
    made = User.objects.create_user(username, "Trần Thị Cùng Bàn", is_demo=True)
    post = organisation.NewPost(made.pk, office.id, Role.SPECIALIST.value, "Công chức", date(2025, 7, 1))
    organisation.open_posts(actor=Actor.system("bench", "command"), posts=[post], now=clock.now())
