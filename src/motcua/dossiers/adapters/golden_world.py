"""Units, calendars and letters as golden dossiers need them, from the pictures in memory: no statement."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from motcua.catalogue.queries import agencies_at_work, fees
from motcua.catalogue.queries import rehearsals as catalogue
from motcua.catalogue.rules.competence import (
    Place,
    Rule,
    Subject,
    choose_level,
    offered_levels,
    reception_refusal,
    rule_for,
    territory_refusal,
)
from motcua.catalogue.rules.fees.resolutions import territory_of
from motcua.catalogue.rules.fees.tariff import FeeRule
from motcua.catalogue.types import Level, ProcedureDefinition
from motcua.documents import queries as documents
from motcua.documents.errors import UnknownLetterKind
from motcua.dossiers.adapters.routing import Router
from motcua.dossiers.rules.deadline import DeadlinePolicy
from motcua.dossiers.rules.golden import Configuration, Ends, Given, chosen
from motcua.dossiers.rules.golden_making import UnitClass
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.errors import UnknownUnit
from motcua.organisation.rules.working_time import WorkCalendar
from motcua.organisation.types import UnitInfo, UnitKind
from motcua.workflow.rules.definition import Step
from motcua.workflow.types import Performer

FEES_KEPT = 256


@dataclass
class ProvinceWorld:
    """The province as it stands. Keeps what it has worked out: make a new one for each rehearsal."""

    policy: DeadlinePolicy
    memory: dict[object, Any] = field(default_factory=dict)
    desks: dict[tuple[object, ...], Performer] = field(default_factory=dict)
    parts: dict[tuple[int, int], str] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    fees: dict[object, tuple[ProcedureDefinition, Sequence[FeeRule]]] = field(default_factory=dict)

    def ends(self, configuration: Configuration, given: Given) -> Ends | Message:
        """By the rules of the configuration, as the counter would be told."""
        try:
            receiving = organisation.unit_by_code(given.unit)
            place = organisation.unit_by_code(given.place) if given.place else None
        except UnknownUnit as unknown:
            return unknown.message
        found = self._competent(configuration, receiving, place)
        if isinstance(found, Message):
            return found
        allowed = chosen(
            configuration.receiving,
            level=found.level,
            case_key=given.case_key,
            agency_ids=(found.deciding_id, receiving.agency_id),
        )
        home = organisation.unit(receiving.agency_id).code
        if allowed is not None and not {receiving.code, home} & set(allowed):
            return msg("Thủ tục này không tiếp nhận ở %(unit)s.", unit=receiving.full_name)
        at = chosen(
            configuration.returning,
            level=found.level,
            case_key=given.case_key,
            agency_ids=(found.deciding_id, receiving.agency_id),
        )
        return replace(found, returning_id=_returning(at or "original", found))

    def _competent(
        self, configuration: Configuration, receiving: UnitInfo, place: UnitInfo | None
    ) -> Ends | Message:
        subject, rules = configuration.subject, configuration.rules
        here, there = self._place(receiving), self._place(place) if place else None
        level = choose_level(offered_levels(rules, subject), here, there)
        if isinstance(level, Message):
            return level
        rule = rule_for(rules, subject, level)
        deciding = self._deciding(subject, level, here, there, rule)
        if isinstance(deciding, Message):
            return deciding
        home = organisation.unit(deciding)
        working = () if here.is_centre else self._at_work(deciding, subject.field)
        refusal = reception_refusal(rule, here, home.area_id or home.agency_id, working=working)
        return refusal or Ends(level, receiving.id, deciding, receiving.id)

    def _deciding(
        self, subject: Subject, level: str, here: Place, there: Place | None, rule: Rule
    ) -> int | Message:
        if level == Level.COMMUNE.value:
            commune_id = there.unit_id if there is not None else here.commune_id
            assert commune_id is not None
            refusal = territory_refusal(subject.territory, self._place(organisation.unit(commune_id)))
            if refusal is not None:
                return refusal
            own = (
                organisation.vertical_in(commune_id, rule.deciding_function)
                if rule.deciding_function
                else None
            )
            return own.id if own else commune_id
        if rule.deciding_unit_id is not None:
            return rule.deciding_unit_id
        if there is not None:
            return there.agency_id
        return organisation.department_for_field(subject.field, ministry=subject.ministry).unit.id

    def _at_work(self, deciding_id: int, field_name: str) -> frozenset[int]:
        key = ("at work", deciding_id, field_name)
        if key not in self.memory:
            self.memory[key] = agencies_at_work(deciding_id, field_name)
        found: frozenset[int] = self.memory[key]
        return found

    def _place(self, unit: UnitInfo) -> Place:
        found = self.places.get(unit.id)
        if found is None:
            commune = _commune_of(unit)
            found = self.places[unit.id] = Place(
                unit_id=unit.id,
                agency_id=unit.agency_id,
                name=unit.full_name or unit.name,
                is_commune=unit.kind == UnitKind.COMMUNE,
                is_reception_point=unit.is_reception_point,
                commune_id=commune.id if commune else None,
                is_centre=unit.kind == UnitKind.SERVICE_CENTRE,
                former_province=commune.former_province if commune else "",
            )
        return found

    def performer(self, step: Step, ends: Ends, field_name: str) -> Performer:
        """The unit and role that hold a step: the router of real dossiers."""
        ref = step.unit_ref
        key = (ends, field_name, step.kind, step.role, ref.which, ref.code)
        found = self.desks.get(key)
        if found is None:
            router = Router(
                receiving_unit_id=ends.receiving_id,
                returning_unit_id=ends.returning_id,
                competent_agency_id=ends.deciding_id,
                field_name=field_name,
            )
            found = self.desks[key] = router(step)
        return found

    def desk(self, step: Step, ends: Ends, field: str) -> tuple[str, str]:
        """The performer, its unit by the part it plays."""
        found = self.performer(step, ends, field)
        return self.part(found.unit_id, ends), found.role

    def part(self, unit_id: int, ends: Ends) -> str:
        """ "receiving", "own" (the commune itself), "own:society", "local:police"; any other unit by its code."""
        key = (unit_id, ends.receiving_id)
        found = self.parts.get(key)
        if found is None:
            found = self.parts[key] = _part(organisation.unit(unit_id), organisation.unit(ends.receiving_id))
        return found

    def calendar(self, unit_id: int) -> WorkCalendar:
        return organisation.calendar_for(unit_id)

    def letter_title(self, kind: str) -> str:
        try:
            return documents.letter_kind(kind).title
        except UnknownLetterKind:
            return ""

    def has_form(self, code: str) -> bool:
        return code in catalogue.carried_forms()

    def fee_rules(
        self, definition: ProcedureDefinition, *, day: date, deciding_id: int | None
    ) -> Sequence[FeeRule]:
        """As the counter has them, also for a content that is only tried out."""
        territory = territory_of(organisation.unit(deciding_id).former_province) if deciding_id else None
        key = (id(definition), day, territory)
        held = self.fees.get(key)
        if held is None:
            if len(self.fees) >= FEES_KEPT:
                self.fees.clear()
            found = fees.sheet_on(definition, day=day, territory=territory).rules
            held = self.fees[key] = (definition, found)  # the definition is kept: its id must stay its own
        return held[1]


def _returning(at: str, found: Ends) -> int:
    if at == "original":
        return found.receiving_id
    if at == "deciding":
        return organisation.centre_of(found.deciding_id).id
    try:
        return organisation.unit_by_code(at).id
    except UnknownUnit:
        return found.receiving_id


def _part(unit: UnitInfo, receiving: UnitInfo) -> str:
    if unit.id == receiving.id:
        return "receiving"
    home = receiving.area_id or receiving.agency_id
    if organisation.unit(home).kind != UnitKind.COMMUNE:
        return unit.code
    if unit.id == home:
        return "own"
    if unit.agency_id == home:
        return f"own:{unit.function or unit.kind}"
    agency = organisation.unit(unit.agency_id)
    return f"local:{unit.function or agency.function}" if agency.area_id == home else unit.code


def _commune_of(unit: UnitInfo) -> UnitInfo | None:
    for candidate in (unit.agency_id, unit.area_id):
        if candidate is not None:
            found = organisation.unit(candidate)
            if found.kind == UnitKind.COMMUNE:
                return found
    return None


@dataclass(frozen=True, slots=True)
class Shapes:
    """Reception points that are built alike: the same divisions, calendar and former province."""

    members: tuple[tuple[str, ...], ...]
    commune: str

    @property
    def count(self) -> int:
        return sum(len(units) for units in self.members)

    def only(self, codes: Collection[str]) -> Shapes:
        """Those of some units."""
        kept = (tuple(code for code in units if code in codes) for units in self.members)
        return Shapes(tuple(units for units in kept if units), self.commune)


def shapes_on(day: date) -> Shapes:
    """The reception points that stand on a day, grouped; the first code stands for its group."""
    found: dict[object, list[str]] = defaultdict(list)
    communes = []
    for unit in organisation.reception_points():
        if unit.stands_on(day):
            found[_shape(unit)].append(unit.code)
            home = _commune_of(unit)
            communes += [home.code] if home else []
    return Shapes(tuple(sorted(map(tuple, found.values()))), min(communes, default=""))


def _shape(unit: UnitInfo) -> tuple[object, ...]:
    """Two units of one shape resolve every step alike. The province's own points are each their own."""
    commune = _commune_of(unit)
    if commune is None:
        return (unit.code,)
    functions = frozenset(u.function for u in organisation.units_within(commune.id) if u.ends_on is None)
    serving = frozenset(
        found.function for found in organisation.units().values() if found.area_id == commune.id
    )
    return (
        unit.kind,
        unit.function,
        commune.former_province,
        functions,
        serving,
        _digest(organisation.calendar_for(commune.id)),
        _digest(organisation.calendar_for(unit.id)),
    )


def _digest(calendar: WorkCalendar) -> str:
    text = repr((sorted(calendar.weekly.items()), sorted(calendar.exceptions.items(), key=lambda e: e[0])))
    return hashlib.sha256(text.encode()).hexdigest()


def classes_of(shapes: Shapes, *, own: Collection[int] = ()) -> tuple[UnitClass, ...]:
    """The classes for one procedure: the shapes, cut further where agencies (`own`) have something of their own, and
    a province's point that sends the dossier to a commune.
    """
    found: list[UnitClass] = []
    for units in shapes.members:
        groups: Mapping[int, list[str]] = _by_agency(units, own)
        found.extend(_class(tuple(group)) for group in groups.values())
    central = next((c for c in found if _commune_of(organisation.unit_by_code(c.code)) is None), None)
    if central is not None and shapes.commune:
        found.append(replace(central, place=shapes.commune))
    return tuple(found)


def _by_agency(units: Sequence[str], own: Collection[int]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = defaultdict(list)
    for code in units:
        unit = organisation.unit_by_code(code)
        home = unit.area_id or unit.agency_id
        groups[home if home in own or unit.id in own or unit.agency_id in own else 0].append(code)
    return groups


def _class(units: tuple[str, ...]) -> UnitClass:
    first = organisation.unit_by_code(units[0])
    name = first.full_name or first.name
    if len(units) > 1:
        name = msg("%(unit)s và %(n)s nơi như vậy", unit=name, n=len(units) - 1).source()
    return UnitClass(units[0], name, units)
