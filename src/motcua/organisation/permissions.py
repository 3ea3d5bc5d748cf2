"""Who may change the organisation."""

from __future__ import annotations

from motcua.kernel.actor import Actor
from motcua.kernel.messages import msg
from motcua.organisation.errors import NotYourUnit
from motcua.organisation.snapshot import current
from motcua.organisation.types import Role, UnitFunction, UnitInfo, UnitKind


def can_manage_unit(actor: Actor, unit: UnitInfo) -> bool:
    """Administrators everywhere; the IT administrator of the agency; the provincial centre's procedure
    controllers.
    """
    if actor.is_admin or actor.has(Role.IT_ADMIN, agency_id=unit.agency_id):
        return True
    return is_provincial_controller(actor)


def is_provincial_controller(actor: Actor) -> bool:
    """A procedure controller of the provincial centre, or of the office it belongs to."""
    units = current().units
    for grant in actor.grants:
        agency = units.get(grant.agency_id)
        if grant.role == Role.PROCEDURE_CONTROLLER and agency is not None and _oversees_province(agency):
            return True
    return False


def can_manage_province(actor: Actor) -> bool:
    """What concerns every unit: the province's calendar, partner systems of no agency, new agencies."""
    return actor.is_admin or is_provincial_controller(actor)


def can_see_organisation(actor: Actor) -> bool:
    """Everybody who signed in: people look up whom to send a dossier to."""
    return actor.is_known


def require_manage_unit(actor: Actor, unit: UnitInfo) -> None:
    """Raise `NotYourUnit` unless the actor may change this unit."""
    if not can_manage_unit(actor, unit):
        raise NotYourUnit(
            msg(
                "Bạn không được sửa %(unit)s. Hãy nhờ quản trị công nghệ thông tin của cơ quan đó "
                "hoặc Trung tâm Phục vụ hành chính công tỉnh.",
                unit=unit.full_name,
            )
        )


def require_manage_province(actor: Actor) -> None:
    """Raise `NotYourUnit` unless the actor may change what concerns every unit."""
    if not can_manage_province(actor):
        raise NotYourUnit(
            msg("Việc này do quản trị hệ thống hoặc Trung tâm Phục vụ hành chính công tỉnh thực hiện.")
        )


def _oversees_province(agency: UnitInfo) -> bool:
    if agency.kind == UnitKind.SERVICE_CENTRE:
        return True
    below = current().children.get(agency.id, [])
    return agency.kind == UnitKind.DEPARTMENT and any(
        unit.kind == UnitKind.SERVICE_CENTRE or unit.function == UnitFunction.PROCEDURE_CONTROL
        for unit in below
    )


def require_load(actor: Actor) -> None:
    """Raise `NotYourUnit` unless the actor may load the carried data: an administrator or the product."""
    if not actor.is_admin:
        raise NotYourUnit(msg("Chỉ quản trị hệ thống được nạp dữ liệu tổ chức."))
