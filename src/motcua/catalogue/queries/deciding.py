"""Who receives, who decides, and what a centre offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from motcua.catalogue.errors import NotReceivedHere, UnknownProcedure
from motcua.catalogue.queries.searching import hit_of
from motcua.catalogue.queries.versions import setting
from motcua.catalogue.rules.competence import (
    PROVINCIAL_CENTRE,
    RETURN_TO_DECIDING,
    RETURN_TO_ORIGIN,
    Place,
    Rule,
    Subject,
    choose_level,
    receiving_refusal,
    reception_refusal,
    rule_for,
    territory_refusal,
)
from motcua.catalogue.rules.search import Entry
from motcua.catalogue.snapshot import Snapshot, current
from motcua.catalogue.types import Competence, Level, SearchHit, VersionInfo
from motcua.catalogue.types_changes import SettingKey
from motcua.kernel import clock
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo, UnitKind


def competence(
    version: VersionInfo,
    *,
    receiving_unit: UnitInfo,
    place_agency_id: int | None = None,
    case_key: str = "",
    at: datetime,
) -> Competence:
    """Who receives, decides and returns a dossier handed in at a unit at an instant.

    `place_agency_id`: the commune or department chosen to decide; without it the receiving commune itself,
    or the department of the field. Raises `NotReceivedHere` with the reason.
    """
    snapshot = current()
    entry = snapshot.entry(version.id)
    if entry is None:
        raise UnknownProcedure(msg("Không có phiên bản thủ tục này."))
    subject = snapshot.subjects[version.id]
    receiving = _place(receiving_unit)
    place = None if place_agency_id is None else _place(organisation.unit(place_agency_id))
    chosen = choose_level(snapshot.offered(entry, at), receiving, place)
    if isinstance(chosen, Message):
        raise NotReceivedHere(chosen, field="place_agency_id")
    rule = rule_for(snapshot.era(at).rules.about(subject), subject, chosen)
    deciding, reason = _deciding(subject, chosen, receiving, place, rule)
    if not deciding.stands_on(clock.today(at)):
        raise NotReceivedHere(
            msg("%(unit)s không còn hoặc chưa hoạt động nên không giải quyết được.", unit=deciding.full_name),
            field="place_agency_id",
        )
    working = () if receiving.is_centre else agencies_at_work(deciding.id, subject.field)
    refusal = reception_refusal(rule, receiving, *_homes(deciding), working=working)
    allowed = setting(
        entry.procedure_id, SettingKey.RECEIVING, agency_id=deciding.id, case_key=case_key, at=at
    )
    refusal = refusal or receiving_refusal(allowed, receiving, _names)
    if refusal is not None:
        raise NotReceivedHere(refusal, field="procedure")
    returning = setting(
        entry.procedure_id, SettingKey.RETURNING, agency_id=deciding.id, case_key=case_key, at=at
    )
    return Competence(
        receiving_unit_id=receiving.unit_id,
        deciding_agency_id=deciding.id,
        returning_unit_id=_returning(returning, receiving, deciding),
        level=Level(chosen),
        reason=reason,
    )


def offered_at(agency_id: int, *, at: datetime) -> list[SearchHit]:
    """Every procedure in force at an instant that the centre of an agency may receive, by field and name; for a
    vertical agency with a desk of its own what that desk receives.
    """
    agency = organisation.unit(agency_id)
    receiving = _place(agency if agency.is_reception_point else organisation.centre_of(agency_id))
    snapshot = current()
    found = [
        entry
        for entry in snapshot.entries.values()
        if entry.stands_at(at) and _receives(snapshot, entry, receiving, at)
    ]
    return [hit_of(entry) for entry in sorted(found, key=lambda e: (e.field, e.name, e.code))]


def agencies_at_work(deciding_id: int, field: str) -> frozenset[int]:
    """The agency that decides, and the one whose people work on the field for it (a commune's police)."""
    division = organisation.division_for(deciding_id, field)
    return frozenset({deciding_id} if division is None else {deciding_id, division.agency_id})


def _returning(chosen: Mapping[str, Any] | None, receiving: Place, deciding: UnitInfo) -> int:
    """Where the result is handed over: where it was handed in, unless something else is set."""
    where = str((chosen or {}).get("at", RETURN_TO_ORIGIN))
    if where == RETURN_TO_ORIGIN:
        return receiving.unit_id
    if where == RETURN_TO_DECIDING:
        return organisation.centre_of(deciding.id).id
    return organisation.unit_by_code(where).id


def _names(codes: Iterable[str]) -> str:
    """Units by code, for a sentence; a code nobody has stands for itself."""
    by_code = {unit.code: unit.full_name for unit in organisation.units().values()}
    return "; ".join(by_code.get(code, code) for code in codes)


def _place(unit: UnitInfo) -> Place:
    commune_id = _commune_of(unit)
    return Place(
        unit_id=unit.id,
        agency_id=unit.agency_id,
        codes=_codes(unit, commune_id),
        name=unit.full_name or unit.name,
        is_commune=unit.kind == UnitKind.COMMUNE,
        is_reception_point=unit.is_reception_point,
        commune_id=commune_id,
        is_centre=unit.kind == UnitKind.SERVICE_CENTRE,
        former_province=organisation.unit(commune_id).former_province if commune_id else "",
    )


def _codes(unit: UnitInfo, commune_id: int | None) -> frozenset[str]:
    """The codes by which a setting may mean this unit: its own, its agency's, its commune's."""
    ids = {unit.id, unit.agency_id, commune_id}
    return frozenset(organisation.unit(found).code for found in ids if found is not None)


def _commune_of(unit: UnitInfo) -> int | None:
    """The commune a unit is, belongs to or serves."""
    for candidate in (unit.agency_id, unit.area_id):
        if candidate is not None and organisation.unit(candidate).kind == UnitKind.COMMUNE:
            return candidate
    return None


def _homes(deciding: UnitInfo) -> tuple[int, int]:
    """The agencies whose centre counts as the decider's own: its commune or itself, and where its centre belongs."""
    return deciding.area_id or deciding.agency_id, organisation.centre_of(deciding.id).agency_id


def _deciding(
    subject: Subject, level: str, receiving: Place, place: Place | None, rule: Rule
) -> tuple[UnitInfo, Message]:
    """The agency that decides and why."""
    if level == Level.COMMUNE.value:
        commune_id = place.unit_id if place is not None else receiving.commune_id
        assert commune_id is not None
        return _deciding_in_commune(subject, organisation.unit(commune_id), rule)
    if rule.deciding_unit_id is not None:
        unit = organisation.unit(rule.deciding_unit_id)
        return _unless_another(unit, place), msg("Theo phân công: %(unit)s.", unit=unit.full_name)
    found = organisation.department_for_field(subject.field, ministry=subject.ministry)
    if found.is_gap and place is not None:  # nobody knows the department, so the one chosen is taken
        return organisation.unit(place.agency_id), msg("Cơ quan được chọn: %(unit)s.", unit=place.name)
    return _unless_another(found.unit, place), msg(
        "Lĩnh vực %(field)s do %(unit)s giải quyết.", field=subject.field, unit=found.unit.full_name
    )


def _deciding_in_commune(subject: Subject, commune: UnitInfo, rule: Rule) -> tuple[UnitInfo, Message]:
    refusal = territory_refusal(subject.territory, _place(commune))
    if refusal is not None:
        raise NotReceivedHere(refusal, field="place_agency_id")
    if not rule.deciding_function:
        return commune, msg("Cấp xã giải quyết: %(unit)s.", unit=commune.full_name)
    deciding = organisation.vertical_in(commune.id, rule.deciding_function)
    if deciding is None:
        raise NotReceivedHere(
            msg(
                "Chưa có đơn vị ngành dọc giải quyết thủ tục này ở %(unit)s. Báo Trung tâm Phục vụ hành chính "
                "công tỉnh để phân công.",
                unit=commune.full_name,
            ),
            field="place_agency_id",
        )
    return deciding, msg("Cấp xã giải quyết: %(unit)s.", unit=deciding.full_name)


def _unless_another(competent: UnitInfo, place: Place | None) -> UnitInfo:
    """The competent agency; refuses where somebody chose another one to decide."""
    if place is None or competent.id in (place.unit_id, place.agency_id):
        return competent
    raise NotReceivedHere(
        msg(
            "%(chosen)s không giải quyết thủ tục này; %(unit)s giải quyết. Bỏ trống nơi giải quyết "
            "hoặc chọn lại.",
            chosen=place.name,
            unit=competent.full_name,
        ),
        field="place_agency_id",
    )


def _receives(snapshot: Snapshot, entry: Entry, receiving: Place, at: datetime) -> bool:
    """Whether a centre may receive the procedure for some place of decision."""
    if not receiving.is_reception_point:
        return False
    subject = snapshot.subjects[entry.version_id]
    rules = snapshot.era(at).rules.about(subject)
    if not receiving.is_centre and not _works_there(subject, snapshot.offered(entry, at), rules, receiving):
        return False
    allowed = setting(entry.procedure_id, SettingKey.RECEIVING, at=at)
    return receiving_refusal(allowed, receiving, _names) is None and any(
        rule_for(rules, subject, level).reception != PROVINCIAL_CENTRE or receiving.commune_id is None
        for level in snapshot.offered(entry, at)
    )


def _works_there(subject: Subject, offered: Iterable[str], rules: Sequence[Rule], receiving: Place) -> bool:
    """Whether the desk of a vertical agency serves a commune in which its agency works on the procedure."""
    if Level.COMMUNE.value not in offered or receiving.commune_id is None:
        return False
    rule = rule_for(rules, subject, Level.COMMUNE.value)
    found = (
        organisation.vertical_in(receiving.commune_id, rule.deciding_function)
        if rule.deciding_function
        else None
    )
    deciding_id = found.id if found is not None else receiving.commune_id
    return receiving.agency_id in agencies_at_work(deciding_id, subject.field)
