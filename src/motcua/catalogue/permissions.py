"""Who may change the catalogue. Reading procedures is open to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.types import Role, UnitInfo, UnitKind


def may_import(actor: Actor) -> bool:
    """The installation itself and those who control or configure procedures for the province: an import replaces
    the catalogue of all.
    """
    return actor.is_admin or works_for_province(actor, Role.PROCEDURE_CONTROLLER, Role.IT_ADMIN)


def require_import(actor: Actor) -> None:
    """Raise `NotAllowed` unless the person may import."""
    if not may_import(actor):
        raise NotAllowed(
            msg("Chỉ người kiểm soát thủ tục hoặc quản trị của tỉnh mới được nạp danh mục thủ tục.")
        )


def may_see_findings(actor: Actor) -> bool:
    """Doubts about the sources are shown to signed-in staff, who have to settle them."""
    return actor.user_id is not None or actor.is_admin


def may_rehearse(actor: Actor) -> bool:
    """Those who control procedures or configure them, and leaders, may have a configuration tried out."""
    return actor.is_admin or actor.has(Role.PROCEDURE_CONTROLLER, Role.IT_ADMIN, Role.LEADER)


def require_rehearse(actor: Actor) -> None:
    """Raise `NotAllowed` unless the person may rehearse."""
    if not may_rehearse(actor):
        raise NotAllowed(
            msg("Chỉ người kiểm soát thủ tục, quản trị công nghệ thông tin hoặc lãnh đạo mới được diễn tập.")
        )


def may_see_rehearsals(actor: Actor) -> bool:
    """Whoever may rehearse, and inspectors."""
    return may_rehearse(actor) or actor.has(Role.INSPECTOR)


def require_see_rehearsals(actor: Actor) -> None:
    """Raise `NotAllowed` unless the person may read rehearsals."""
    if not may_see_rehearsals(actor):
        raise NotAllowed(
            msg("Kết quả diễn tập chỉ dành cho người kiểm soát thủ tục, quản trị, lãnh đạo và thanh tra.")
        )


def may_see_matrix(actor: Actor) -> bool:
    """Who is competent for what, with its rules and holes, is shown to signed-in staff."""
    return actor.user_id is not None or actor.is_admin


def looks_after_dossiers(actor: Actor) -> bool:
    """Who is led from a published decision to the dossiers under way; that page decides again what it shows."""
    return actor.is_admin or actor.has(Role.PROCEDURE_CONTROLLER, Role.LEADER)


def require_set_fees(actor: Actor) -> None:
    """Raise `NotAllowed` unless the person controls procedures for the province: resolutions bind all of it."""
    if not may_set_fees(actor):
        raise NotAllowed(msg("Chỉ người kiểm soát thủ tục của tỉnh mới được ghi nghị quyết về phí, lệ phí."))


def may_set_fees(actor: Actor) -> bool:
    """Who types resolutions on fees."""
    return actor.is_admin or works_for_province(actor, Role.PROCEDURE_CONTROLLER)


def may_approve_fees(actor: Actor) -> bool:
    """Who puts in force what another person typed."""
    return actor.is_admin or works_for_province(actor, Role.PROCEDURE_CONTROLLER, Role.LEADER)


def require_approve_fees(actor: Actor) -> None:
    """Raise `NotAllowed` unless the person approves for the province."""
    if not may_approve_fees(actor):
        raise NotAllowed(
            msg(
                "Chỉ lãnh đạo tỉnh hoặc người kiểm soát thủ tục của tỉnh mới duyệt được nghị quyết về phí, lệ phí."
            )
        )


def may_see_resolutions(actor: Actor) -> bool:
    """Staff: what the counter asks for comes from them."""
    return actor.user_id is not None or actor.is_admin


# --- change-sets ------------------------------------------------------------------------------------------


def works_for_province(actor: Actor, *roles: str) -> bool:
    """Whether the person holds one of the roles in the provincial committee, its office or its centre."""
    return any(actor.has(*roles, agency_id=agency_id) for agency_id in _provincial_agencies())


def may_draft(actor: Actor, fields: Iterable[tuple[str, str]] = ()) -> bool:
    """The installation, procedure controllers and IT administrators of the province for everything; those of a
    department for the fields (with their ministry) that their agency handles.
    """
    if actor.is_admin or works_for_province(actor, Role.PROCEDURE_CONTROLLER, Role.IT_ADMIN):
        return True
    return _handles(actor, (Role.PROCEDURE_CONTROLLER, Role.IT_ADMIN), fields)


def require_draft(actor: Actor, fields: Iterable[tuple[str, str]] = ()) -> None:
    """Raise `NotAllowed` unless the person may draft changes to procedures of these fields."""
    fields = sorted(set(fields))
    if may_draft(actor, fields):
        return
    if not may_draft(actor):
        raise NotAllowed(
            msg("Chỉ người kiểm soát thủ tục hoặc quản trị công nghệ thông tin mới được soạn gói thay đổi.")
        )
    foreign = [field for field, ministry in fields if not may_draft(actor, [(field, ministry)])]
    raise NotAllowed(
        msg("Cơ quan của bạn không phụ trách lĩnh vực %(fields)s.", fields=", ".join(foreign[:3]))
    )


def may_approve(actor: Actor, fields: Iterable[tuple[str, str]] = ()) -> bool:
    """A controller or a leader of the province; of a department for the fields it handles. Never a machine."""
    if actor.user_id is None:
        return False
    if works_for_province(actor, Role.PROCEDURE_CONTROLLER, Role.LEADER):
        return True
    return _handles(actor, (Role.PROCEDURE_CONTROLLER, Role.LEADER), fields)


def require_approve(actor: Actor, fields: Iterable[tuple[str, str]], *, drafted_by_id: int | None) -> None:
    """Raise `NotAllowed` unless the person may approve and is another than the one who drafted."""
    if not may_approve(actor, sorted(set(fields))):
        raise NotAllowed(
            msg("Chỉ người kiểm soát thủ tục hoặc lãnh đạo phụ trách lĩnh vực mới được duyệt gói thay đổi.")
        )
    if drafted_by_id is not None and drafted_by_id == actor.user_id:
        raise NotAllowed(msg("Người soạn không tự duyệt gói của mình. Hãy nhờ người khác duyệt."))


def may_publish(actor: Actor, fields: Iterable[tuple[str, str]] = ()) -> bool:
    """The installation, and controllers: of the province for everything, of a department for its fields."""
    if actor.is_admin or works_for_province(actor, Role.PROCEDURE_CONTROLLER):
        return True
    return _handles(actor, (Role.PROCEDURE_CONTROLLER,), fields)


def require_publish(actor: Actor, fields: Iterable[tuple[str, str]]) -> None:
    """Raise `NotAllowed` unless the person may publish and undo changes to these fields; where no field is named,
    no department's, so that only the province may.
    """
    fields = sorted(set(fields))
    whole = actor.is_admin or works_for_province(actor, Role.PROCEDURE_CONTROLLER)
    if not (whole or (fields and may_publish(actor, fields))):
        raise NotAllowed(msg("Chỉ người kiểm soát thủ tục mới được công bố hoặc hoàn tác gói thay đổi."))


def may_see_changes(actor: Actor) -> bool:
    """Everybody signed in, and partner systems that may read the catalogue."""
    return actor.is_known


def _provincial_agencies() -> frozenset[int]:
    """The committee, its office and its centre; fewer, or none, where the organisation is not loaded yet."""
    found: set[int] = set()
    with suppress(UnknownUnit):
        province = organisation.province()
        found.add(province.id)
        centre = organisation.centre_of(province.id)
        found |= {centre.agency_id, centre.id}
    with suppress(UnknownUnit):
        found.add(organisation.department_for_field("").unit.id)
    return frozenset(found)


def _handles(actor: Actor, roles: tuple[str, ...], fields: Iterable[tuple[str, str]]) -> bool:
    """Whether one agency where the person holds a role handles all the fields (a department, if none is named)."""
    own = {grant.agency_id for grant in actor.grants if grant.role in roles}
    own = {agency for agency in own if organisation.unit(agency).kind == UnitKind.DEPARTMENT}
    for name, ministry in fields:
        own &= {organisation.department_for_field(name, ministry=ministry).unit.id}
    return bool(own)


# --- mass configuration ---------------------------------------------------------------------------------------


def may_configure(actor: Actor, department: UnitInfo) -> bool:
    """A department's IT administrator its own fields; the province's procedure controllers and administrators all."""
    return (
        actor.is_admin
        or actor.has(*CONFIGURING_ROLES, agency_id=department.agency_id)
        or works_for_province(actor, *CONFIGURING_ROLES)
    )


def configures_something(actor: Actor) -> bool:
    """Whether the menu offers the configuration: nobody of a commune configures procedures."""
    if actor.is_admin or works_for_province(actor, *CONFIGURING_ROLES):
        return True
    own = [grant for grant in actor.grants if grant.role in CONFIGURING_ROLES]
    return any(organisation.unit(grant.agency_id).kind in CONFIGURING_KINDS for grant in own)


CONFIGURING_ROLES = (Role.IT_ADMIN, Role.PROCEDURE_CONTROLLER)
CONFIGURING_KINDS = (UnitKind.DEPARTMENT, UnitKind.VERTICAL)


def require_configure(actor: Actor, department: UnitInfo) -> None:
    """Raise `NotAllowed` unless the person may configure the department's procedures."""
    if not may_configure(actor, department):
        raise NotAllowed(
            msg("Bạn không cấu hình thủ tục của %(unit)s.", unit=department.full_name or department.name)
        )
