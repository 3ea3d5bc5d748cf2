"""Who may read the log and look after the jobs."""

from __future__ import annotations

from motcua.dossiers import permissions as dossiers
from motcua.dossiers import queries as dossier_queries
from motcua.kernel.actor import Actor
from motcua.kernel.audit.queries import WHOLE, Scope
from motcua.kernel.errors import NotAllowed
from motcua.kernel.messages import msg
from motcua.organisation import permissions as organisation
from motcua.organisation import queries as organisation_queries


def can_see_log(actor: Actor) -> bool:
    """Administrators, inspectors, procedure controllers, IT administrators."""
    return actor.is_admin or actor.has(*dossiers.OVERSEERS)


def require_log(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor may read the log."""
    if not can_see_log(actor):
        raise NotAllowed(
            msg("Nhật ký dành cho thanh tra, cán bộ kiểm soát thủ tục hành chính và người quản trị.")
        )


def log_scope(actor: Actor) -> Scope:
    """The whole log for those who oversee the province; else what concerns the agencies where one oversees."""
    if dossiers.sees_everything(actor):
        return WHOLE
    overseen = [grant.agency_id for grant in actor.grants if grant.role in dossiers.OVERSEERS]
    return Scope(
        dossier_codes=dossier_queries.visible_to(actor).values("code"),
        actor_ids=organisation_queries.user_ids_of(overseen),
    )


def can_see_jobs(actor: Actor) -> bool:
    """Administrators and the procedure controllers of the province."""
    return organisation.can_manage_province(actor)


def require_jobs(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor looks after the jobs."""
    if not can_see_jobs(actor):
        raise NotAllowed(
            msg("Việc nền do quản trị hệ thống và cán bộ kiểm soát thủ tục hành chính cấp tỉnh theo dõi.")
        )


def require_signing(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor looks after certificates: who looks after the jobs."""
    if not can_see_jobs(actor):
        raise NotAllowed(
            msg(
                "Chứng thư ký số do quản trị hệ thống và cán bộ kiểm soát thủ tục hành chính cấp tỉnh theo dõi."
            )
        )
