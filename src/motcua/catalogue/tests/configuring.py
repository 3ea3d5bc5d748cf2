"""A department that configures: small procedures of one field, a process for them, people of two departments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from motcua.catalogue import actions
from motcua.catalogue.models import Procedure
from motcua.catalogue.queries import configuring
from motcua.catalogue.rules.grid.cells import Row, text_of
from motcua.catalogue.rules.grid.columns import Column, RowKey, mark_of
from motcua.catalogue.rules.grid.merging import Plan, Wish
from motcua.catalogue.snapshot import touch as touch_catalogue
from motcua.catalogue.tests import decisions as d
from motcua.catalogue.tests.conftest import SYSTEM
from motcua.catalogue.tests.grid_rows import process
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.tests.kept_rows import made_alike
from motcua.organisation import queries as units
from motcua.organisation.models import Unit
from motcua.organisation.snapshot import touch
from motcua.organisation.types import Role, UnitInfo
from motcua.workflow import actions as workflow

NOW = d.NOW


@dataclass(frozen=True, slots=True)
class Office:
    """STP configures its procedures; STC is another department; the controller is of the provincial centre."""

    stp: UnitInfo
    it: Actor
    colleague: Actor
    other: Actor
    controller: Actor
    process_id: int


def make_office(procedures: int = 12) -> Office:
    made = made_alike(f"office of {procedures} procedures", lambda: _make_office(procedures))
    touch()
    touch_catalogue()
    return made


def _make_office(procedures: int) -> Office:
    d.make_units()
    for code in ("STP", "STC"):
        make_division(code)
    touch()
    d.seed(procedures)
    actions.import_processes(actor=SYSTEM, document={"processes": []}, now=NOW)
    version = workflow.publish_process(
        actor=SYSTEM, definition=replace(process(), title="Quy trình mẫu"), now=NOW, accept_findings=True
    )
    return Office(
        stp=units.unit_by_code("STP"),
        it=d.person("it", Role.IT_ADMIN, "STP"),
        colleague=d.person("dong-nghiep", Role.IT_ADMIN, "STP"),
        other=d.person("khac", Role.IT_ADMIN, "STC"),
        controller=d.person("kiem-soat", Role.PROCEDURE_CONTROLLER, "TTPVHCC"),
        process_id=version.pk,
    )


def make_division(code: str) -> None:
    """Somebody in the department who does the work."""
    agency = Unit.objects.get(code=code)
    Unit.objects.get_or_create(
        code=f"{code}.CM",
        defaults={
            "kind": "division",
            "name": "Phòng Chuyên môn",
            "full_name": "Phòng Chuyên môn",
            "function": "specialist",
            "parent": agency,
            "agency": agency,
        },
    )


def key_of(number: int) -> RowKey:
    return RowKey(Procedure.objects.get(code=d.code_of(number)).pk, "tinh")


def row_of(office: Office, number: int, *, at: datetime = NOW) -> Row:
    return configuring.book(office.stp, at).rows[key_of(number)]


def wish(office: Office, number: int, column: Column, text: str) -> Wish:
    """What somebody who looks at the grid now would send."""
    held = configuring.book(office.stp, NOW)
    row = held.rows[key_of(number)]
    return Wish(row.key, column, text, mark_of(text_of(row, column, row.token(column), held.choices)))


def edit(office: Office, *wishes: Wish, actor: Actor | None = None) -> Plan:
    return actions.edit_cells(actor=actor or office.it, department=office.stp, wishes=wishes, now=NOW)


def user_of(actor: Actor) -> User:
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)
