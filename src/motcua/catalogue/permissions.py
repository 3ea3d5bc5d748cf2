"""Who may change the catalogue. Reading procedures is open to everybody."""

from __future__ import annotations

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.permissions import is_provincial_controller
from motcua.organisation.types import Role, UnitInfo, UnitKind


def may_import(actor: Actor) -> bool:
    """The installation itself and those who control procedures or configure them."""
    return actor.is_admin or actor.has(Role.PROCEDURE_CONTROLLER, Role.IT_ADMIN)


def require_import(actor: Actor) -> None:
    """Raise `NotAllowed` unless the person may import."""
    if not may_import(actor):
        raise NotAllowed(msg("Chỉ người kiểm soát thủ tục hoặc quản trị mới được nạp danh mục thủ tục."))


def may_see_findings(actor: Actor) -> bool:
    """Doubts about the sources are shown to signed-in staff, who have to settle them."""
    return actor.user_id is not None or actor.is_admin


def may_configure(actor: Actor, department: UnitInfo) -> bool:
    """A department's IT administrator its own fields; the province's procedure controllers and administrators all."""
    return (
        actor.is_admin
        or actor.has(Role.IT_ADMIN, Role.PROCEDURE_CONTROLLER, agency_id=department.agency_id)
        or is_provincial_controller(actor)
    )


def configures_something(actor: Actor) -> bool:
    """Whether the menu offers the configuration: nobody of a commune configures procedures."""
    if actor.is_admin or is_provincial_controller(actor):
        return True
    own = [grant for grant in actor.grants if grant.role in (Role.IT_ADMIN, Role.PROCEDURE_CONTROLLER)]
    return any(organisation.unit(grant.agency_id).kind in CONFIGURING_KINDS for grant in own)


CONFIGURING_KINDS = (UnitKind.DEPARTMENT, UnitKind.VERTICAL)


def require_configure(actor: Actor, department: UnitInfo) -> None:
    """Raise `NotAllowed` unless the person may configure the department's procedures."""
    if not may_configure(actor, department):
        raise NotAllowed(
            msg("Bạn không cấu hình thủ tục của %(unit)s.", unit=department.full_name or department.name)
        )
