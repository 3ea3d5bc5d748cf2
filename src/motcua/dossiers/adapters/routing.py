"""Who performs a step of this dossier: the process names parts ("the agency"), this finds the units."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.types import Role, UnitFunction, UnitInfo, UnitKind
from motcua.workflow.rules.definition import Step, StepKind, Where
from motcua.workflow.types import Performer

PROVINCE_OFFICE_CODE = "VPUBND"
# Steps of bodies outside the system are tracked by the specialist: somebody must see that they are late.
TRACKED_BY_SPECIALIST = frozenset({"external", "wait", "council"})


@dataclass(frozen=True, slots=True)
class Router:
    """Resolves steps for one dossier."""

    receiving_unit_id: int
    returning_unit_id: int
    competent_agency_id: int
    field_name: str

    def __call__(self, step: Step) -> Performer:
        """The unit and role that hold the step; nobody in particular is assigned."""
        role = Role.SPECIALIST.value if step.role in TRACKED_BY_SPECIALIST else step.role
        if step.kind is StepKind.RETURN:
            return Performer(unit_id=self.returning_unit_id, role=Role.ONE_STOP_OFFICER.value)
        where = step.unit_ref.which
        if where is Where.RECEIVING_CENTRE or role == Role.ONE_STOP_OFFICER.value:
            return Performer(unit_id=self.receiving_unit_id, role=Role.ONE_STOP_OFFICER.value)
        if where is Where.PROVINCE_COMMITTEE:
            return Performer(unit_id=organisation.province().id, role=role)
        if where is Where.PROVINCE_OFFICE:
            return self._within(organisation.unit_by_code(PROVINCE_OFFICE_CODE), role)
        return self._within(self._agency(step), role)

    def _agency(self, step: Step) -> UnitInfo:
        if step.unit_ref.which is Where.NAMED and step.unit_ref.code:
            return self._named(step.unit_ref.code)
        if step.unit_ref.which is Where.COMMUNE:
            receiving = organisation.unit(organisation.unit(self.receiving_unit_id).agency_id)
            if receiving.kind == UnitKind.COMMUNE:
                return receiving
        return organisation.unit(self.competent_agency_id)

    def _named(self, code: str) -> UnitInfo:
        """A unit by its code, or the unit of the province that has this function (the land registry)."""
        try:
            return organisation.unit_by_code(code)
        except UnknownUnit:
            having = [unit for unit in organisation.present_units() if unit.function == code]
            return having[0] if having else organisation.unit(self.competent_agency_id)

    def _within(self, agency: UnitInfo, role: str) -> Performer:
        """Leaders sit in the agency itself, clerks in its office, everybody else in the division of the field."""
        if role == Role.LEADER.value or not agency.is_agency:
            return Performer(unit_id=agency.id, role=role)
        if role == Role.CLERK.value:
            office = organisation.unit_with_function(agency.id, UnitFunction.OFFICE)
            return Performer(unit_id=(office or agency).id, role=role)
        division = organisation.division_for(agency.id, self.field_name)
        return Performer(unit_id=(division or agency).id, role=role)
