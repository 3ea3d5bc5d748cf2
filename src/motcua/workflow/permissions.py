"""Who may do what with processes. What may be done with a run is decided by its owner (the dossier)."""

from __future__ import annotations

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.permissions import is_provincial_controller
from motcua.organisation.types import UnitInfo, UnitKind


def may_publish(actor: Actor) -> bool:
    """Without a draft: the product itself, and controllers and IT administrators of the province and its
    departments. Those of a commune have theirs approved (`may_approve`).
    """
    if actor.is_admin:
        return True
    own = {grant.agency_id for grant in actor.grants if grant.role in ("it_admin", "procedure_controller")}
    return any(organisation.unit(agency_id).kind != UnitKind.COMMUNE for agency_id in own)


def may_read(actor: Actor) -> bool:
    """Every officer may read the internal processes; they carry no personal data."""
    return actor.is_known


def require_publish(actor: Actor) -> None:
    if not may_publish(actor):
        raise NotAllowed(msg("Bạn không có quyền ban hành quy trình nội bộ."))


def require_read(actor: Actor) -> None:
    if not may_read(actor):
        raise NotAllowed(msg("Hãy đăng nhập để xem quy trình nội bộ."))


def sees_all_drafts(actor: Actor) -> bool:
    """The product itself, whoever runs the installation, and the provincial centre's controllers."""
    return actor.is_admin or is_provincial_controller(actor)


def may_draft(actor: Actor, agency_id: int) -> bool:
    """IT administrators and procedure controllers of the agency; the provincial centre for everybody."""
    return sees_all_drafts(actor) or actor.has("it_admin", "procedure_controller", agency_id=agency_id)


def may_approve(actor: Actor, agency_id: int) -> bool:
    """Procedure controllers and leaders of the agency, the provincial committee's leaders, the provincial centre."""
    if sees_all_drafts(actor) or actor.has("leader", "procedure_controller", agency_id=agency_id):
        return True
    return actor.has("leader", agency_id=_province_id())


def draft_agency_ids(actor: Actor) -> frozenset[int] | None:
    """The agencies whose drafts somebody may see; None means all."""
    if sees_all_drafts(actor) or actor.has("leader", agency_id=_province_id()):
        return None
    roles = {"it_admin", "procedure_controller", "leader"}
    return frozenset(grant.agency_id for grant in actor.grants if grant.role in roles)


def _province_id() -> int:
    try:
        return organisation.province().id
    except UnknownUnit:
        return 0


def agencies_to_draft_for(actor: Actor) -> list[UnitInfo]:
    """Agencies somebody may write processes for, by code."""
    return [unit for unit in organisation.agencies() if may_draft(actor, unit.id)]


def require_draft(actor: Actor, agency_id: int) -> None:
    if not may_draft(actor, agency_id):
        raise NotAllowed(
            msg("Quy trình do quản trị công nghệ thông tin hoặc cán bộ kiểm soát thủ tục của cơ quan soạn.")
        )


def require_drafts(actor: Actor) -> None:
    """For the pages of drafts as a whole."""
    if draft_agency_ids(actor) == frozenset():
        raise NotAllowed(
            msg("Bản nháp quy trình dành cho người soạn và người duyệt quy trình của cơ quan bạn.")
        )


def require_second_person(actor: Actor, agency_id: int, editors: list[int | None]) -> None:
    """Approval is by somebody with the right who has not changed the draft."""
    if not may_approve(actor, agency_id):
        raise NotAllowed(msg("Quy trình do lãnh đạo hoặc cán bộ kiểm soát thủ tục của cơ quan duyệt."))
    if actor.user_id is None or actor.user_id in editors:
        raise NotAllowed(
            msg("Người đã soạn hoặc sửa bản nháp không tự duyệt được. Hãy nhờ người thứ hai duyệt."),
            code="same_person",
        )
