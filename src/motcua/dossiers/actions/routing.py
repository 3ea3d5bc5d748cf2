"""Small things every act on a step needs: who performs, and on whose behalf."""

from __future__ import annotations

from motcua.dossiers.adapters.routing import Router
from motcua.dossiers.models import Dossier
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict
from motcua.kernel.messages import msg
from motcua.workflow.queries import Run, Task


def router(dossier: Dossier) -> Router:
    """Finds the unit and role of each step of this dossier."""
    return Router(
        receiving_unit_id=dossier.receiving_unit_id,
        returning_unit_id=dossier.returning_unit_id,
        competent_agency_id=dossier.competent_agency_id,
        field_name=dossier.field_name,
    )


def acted_for(actor: Actor, task: Task) -> int | None:
    """The person whose desk this is, when the actor works by delegation (ủy quyền)."""
    grant = actor.grant_for([task.role], unit_id=task.unit_id)
    return grant.on_behalf_of if grant else None


def running(dossier: Dossier) -> Run:
    """The run of a received dossier."""
    if dossier.run is None:
        raise Conflict(msg("Hồ sơ chưa được tiếp nhận nên chưa có quy trình."))
    return dossier.run
