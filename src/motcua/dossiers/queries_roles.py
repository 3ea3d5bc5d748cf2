"""Which roles in which units a process needs where an agency decides: what must be filled before work comes."""

from __future__ import annotations

from functools import lru_cache

from motcua.dossiers.adapters.routing import Router
from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit
from motcua.workflow import queries as workflow
from motcua.workflow.rules.definition import Step, StepKind

Needs = frozenset[tuple[int, str]]


def roles_needed(process_version_id: int, *, agency_id: int, field_name: str) -> Needs:
    """Every (unit, role) that some step of the process reaches, received at the agency's own centre.

    Consulted units are not among them: whom to ask is chosen in each dossier.
    """
    centre_id = organisation.centre_of(agency_id).id
    router = Router(
        receiving_unit_id=centre_id,
        returning_unit_id=centre_id,
        competent_agency_id=agency_id,
        field_name=field_name,
    )
    found: set[tuple[int, str]] = set()
    for step in performing_steps(process_version_id):
        try:
            performer = router(step)
        except UnknownUnit:
            continue
        found.add((performer.unit_id, performer.role))
    return frozenset(found)


@lru_cache(maxsize=4096)
def performing_steps(process_version_id: int) -> tuple[Step, ...]:
    """One step for each different way of finding a performer; kept for ever, an id fixes its content."""
    kinds: dict[tuple[object, ...], Step] = {}
    for step in workflow.process(process_version_id).steps:
        if step.kind is not StepKind.CONSULT:
            ref = step.unit_ref
            kinds.setdefault((step.kind is StepKind.RETURN, step.role, ref.which, ref.code), step)
    return tuple(kinds.values())
