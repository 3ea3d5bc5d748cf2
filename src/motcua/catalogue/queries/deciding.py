"""Who receives, who decides, and what a centre offers."""

from __future__ import annotations

from datetime import datetime

from motcua.catalogue.errors import NotReceivedHere
from motcua.catalogue.queries.searching import hit_of
from motcua.catalogue.rules.competence import (
    PROVINCIAL_CENTRE,
    Place,
    Rule,
    Subject,
    choose_level,
    offered_levels,
    reception_refusal,
    rule_for,
    territory_refusal,
)
from motcua.catalogue.rules.search import Entry
from motcua.catalogue.snapshot import Snapshot, current
from motcua.catalogue.types import Competence, Level, SearchHit, Territory, VersionInfo
from motcua.kernel import clock
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo, UnitKind


def competence(
    version: VersionInfo, *, receiving_unit: UnitInfo, place_agency_id: int | None = None
) -> Competence:
    """Who receives, decides and returns a dossier handed in at a unit.

    `place_agency_id`: the commune or department chosen to decide; without it the receiving commune itself,
    or the department of the field. Raises `NotReceivedHere` with the reason.
    """
    snapshot = current()
    subject = subject_of(snapshot, snapshot.entries[version.id])
    receiving = _place(receiving_unit)
    place = None if place_agency_id is None else _place(organisation.unit(place_agency_id))
    chosen = choose_level(offered_levels(snapshot.rules, subject), receiving, place)
    if isinstance(chosen, Message):
        raise NotReceivedHere(chosen, field="place_agency_id")
    rule = rule_for(snapshot.rules, subject, chosen)
    deciding_id, reason = _deciding(subject, chosen, receiving, place, rule)
    refusal = reception_refusal(rule, receiving, _home(deciding_id))
    if refusal is not None:
        raise NotReceivedHere(refusal, field="procedure")
    return Competence(
        receiving_unit_id=receiving.unit_id,
        deciding_agency_id=deciding_id,
        returning_unit_id=receiving.unit_id,
        level=Level(chosen),
        reason=reason,
    )


def offered_at(agency_id: int, *, at: datetime | None = None) -> list[SearchHit]:
    """Every procedure in force that the centre of an agency may receive, by field and name."""
    receiving = _place(organisation.centre_of(agency_id))
    snapshot, at = current(), at or clock.now()
    found = [
        entry
        for entry in snapshot.entries.values()
        if entry.stands_at(at) and _receives(snapshot, entry, receiving)
    ]
    return [hit_of(entry) for entry in sorted(found, key=lambda e: (e.field, e.name, e.code))]


def subject_of(snapshot: Snapshot, entry: Entry) -> Subject:
    return Subject(
        procedure_id=entry.procedure_id,
        field=entry.field,
        ministry=snapshot.ministries.get(entry.version_id, ""),
        levels=entry.levels,
        territory=snapshot.territories.get(entry.version_id, Territory.ALL),
    )


def _place(unit: UnitInfo) -> Place:
    commune_id = _commune_of(unit)
    return Place(
        unit_id=unit.id,
        agency_id=unit.agency_id,
        name=unit.full_name or unit.name,
        is_commune=unit.kind == UnitKind.COMMUNE,
        is_reception_point=unit.is_reception_point,
        commune_id=commune_id,
        former_province=organisation.unit(commune_id).former_province if commune_id else "",
    )


def _commune_of(unit: UnitInfo) -> int | None:
    """The commune a unit is, belongs to or serves."""
    for candidate in (unit.agency_id, unit.area_id):
        if candidate is not None and organisation.unit(candidate).kind == UnitKind.COMMUNE:
            return candidate
    return None


def _home(agency_id: int) -> int:
    """The agency whose centre counts as "its own": the commune for a unit that serves one."""
    unit = organisation.unit(agency_id)
    return unit.area_id or unit.agency_id


def _deciding(
    subject: Subject, level: str, receiving: Place, place: Place | None, rule: Rule
) -> tuple[int, Message]:
    """The agency that decides and why."""
    if level == Level.COMMUNE.value:
        commune_id = place.unit_id if place is not None else receiving.commune_id
        assert commune_id is not None
        commune = _place(organisation.unit(commune_id))
        refusal = territory_refusal(subject.territory, commune)
        if refusal is not None:
            raise NotReceivedHere(refusal, field="place_agency_id")
        vertical = (
            organisation.vertical_in(commune_id, rule.deciding_function) if rule.deciding_function else None
        )
        deciding = vertical or organisation.unit(commune_id)
        return deciding.id, msg("Cấp xã giải quyết: %(unit)s.", unit=deciding.full_name)
    if rule.deciding_unit_id is not None:
        unit = organisation.unit(rule.deciding_unit_id)
        return unit.id, msg("Theo phân công: %(unit)s.", unit=unit.full_name)
    if place is not None:
        return place.agency_id, msg("Cơ quan được chọn: %(unit)s.", unit=place.name)
    found = organisation.department_for_field(subject.field, ministry=subject.ministry)
    return found.unit.id, msg(
        "Lĩnh vực %(field)s do %(unit)s giải quyết.", field=subject.field, unit=found.unit.full_name
    )


def _receives(snapshot: Snapshot, entry: Entry, receiving: Place) -> bool:
    """Whether a centre may receive the procedure for some place of decision."""
    if not receiving.is_reception_point:
        return False
    subject = subject_of(snapshot, entry)
    return any(
        rule_for(snapshot.rules, subject, level).reception != PROVINCIAL_CENTRE
        or receiving.commune_id is None
        for level in entry.offered_levels
    )
