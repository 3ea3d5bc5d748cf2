"""The matrix of competence: for every procedure, case and unit exactly one that decides, or why it is not done there.

Pure. Units that differ in nothing the rules look at are one class and are worked out once; a unit that a setting or a
process of the procedure names stands alone. `cells` covers every unit exactly once whatever the classes are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from motcua.catalogue.rules.competence import (
    DECIDING_ONLY,
    HERE,
    PROVINCIAL_CENTRE,
    RETURN_TO_DECIDING,
    RETURN_TO_ORIGIN,
    Place,
    Rule,
    Subject,
    offered_levels,
    rule_for,
    territory_refusal,
    territory_words,
)
from motcua.catalogue.types import Level
from motcua.kernel.messages import Message, msg

COMMUNE, PROVINCE = Level.COMMUNE.value, Level.PROVINCE.value


class Kind(StrEnum):
    """What a cell of the matrix says. A hole is a cell that says nothing although nobody said "not here"."""

    DECIDED = "decided"
    NOT_HERE = "not_here"
    HOLE = "hole"


class ProblemKind(StrEnum):
    """Why the matrix is not whole."""

    NO_LEVEL = "no_level"
    NO_DEPARTMENT = "no_department"
    NO_VERTICAL = "no_vertical"
    NO_DIVISION = "no_division"
    UNIT_ENDED = "unit_ended"
    UNKNOWN_UNIT = "unknown_unit"
    NO_PROCESS = "no_process"
    RULES_DISAGREE = "rules_disagree"
    TWO_PROCESSES = "two_processes"
    TWO_SETTINGS = "two_settings"
    TWO_VERSIONS = "two_versions"


@dataclass(frozen=True, slots=True)
class MatrixUnit:
    """An agency as a column of the matrix. `verticals`: the units of vertical agencies that serve it, by function."""

    id: int
    code: str
    name: str
    is_commune: bool
    former_province: str = ""
    verticals: Mapping[str, int] = field(default_factory=dict)

    @property
    def traits(self) -> tuple[object, ...]:
        """All the rules can tell units apart by; a provincial agency is always itself."""
        own = () if self.is_commune else (self.id,)
        return (self.is_commune, self.former_province, frozenset(self.verticals), *own)


@dataclass(frozen=True, slots=True)
class ProcessTraits:
    """What the matrix asks of an internal process."""

    consulted: tuple[str, ...] = ()
    needs_division: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A row of the matrix: one version and case. `named`: units that settings or processes of it speak of."""

    subject: Subject
    version_id: int
    code: str
    name: str
    case_key: str = ""
    named: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """What a class of units does with a topic.

    `deciding_id` None: the commune itself, or its vertical unit with `deciding_function`. `receiving`: codes of the
    only units that receive, empty for any centre the rule allows; `centre_only` for the provincial centre alone.
    `returning_id` None: where it was handed in.
    """

    kind: Kind
    reason: Message
    level: str = ""
    rule: Rule | None = None
    deciding_id: int | None = None
    deciding_function: str = ""
    centre_only: bool = False
    received_here: bool = True
    receiving: tuple[str, ...] = ()
    returning_id: int | None = None
    returns_to_deciding: bool = False
    consulted: tuple[str, ...] = ()
    problem: ProblemKind | None = None

    @property
    def decides_here(self) -> bool:
        """Whether the unit itself (or its vertical unit) decides, and not one the dossier is sent to."""
        return self.kind is Kind.DECIDED and self.deciding_id is None


@dataclass(frozen=True, slots=True)
class Part:
    """Units that all have the same cell."""

    units: tuple[MatrixUnit, ...]
    cell: Cell


Setting = Callable[[int, int | None, str], Mapping[str, Any] | None]
"""(procedure, deciding agency, case) to the value of a setting."""


@dataclass(frozen=True)
class World:
    """Everything the matrix is worked out from, as it stands at one instant."""

    units: tuple[MatrixUnit, ...]
    rules_about: Callable[[Subject], Sequence[Rule]]
    department: Callable[[Subject], int | None]
    process: Callable[[int, str, str, int | None], ProcessTraits | None]
    receiving: Setting
    returning: Setting
    names: Mapping[int, str]
    codes: Mapping[str, int]
    standing: frozenset[int]
    divided: frozenset[int] = field(default_factory=frozenset)
    """Agencies that have a division to give work to, and agencies of a kind that need none."""

    @cached_property
    def classes(self) -> tuple[tuple[MatrixUnit, ...], ...]:
        """The units by their traits and whether they can work; every unit is in exactly one class."""
        found: dict[tuple[object, ...], list[MatrixUnit]] = defaultdict(list)
        for unit in self.units:
            verticals = frozenset((key, self._works(found_id)) for key, found_id in unit.verticals.items())
            found[*unit.traits, self._works(unit.id), verticals].append(unit)
        return tuple(tuple(units) for units in found.values())

    def _works(self, unit_id: int) -> tuple[bool, bool]:
        return unit_id in self.standing, unit_id in self.divided

    def name(self, unit_id: int | None) -> str:
        return self.names.get(unit_id or 0, f"#{unit_id}")


def cells(topic: Topic, world: World) -> tuple[Part, ...]:
    """What every unit does with a topic, equal cells together; no unit is left out or named twice."""
    answers: dict[int, Cell] = {}
    for units in world.classes:
        common = [unit for unit in units if unit.id not in topic.named]
        if common:
            answers.update(dict.fromkeys((unit.id for unit in common), cell(topic, common[0], world)))
        for unit in units:
            if unit.id in topic.named:
                answers[unit.id] = cell(topic, unit, world)
    found: list[tuple[Cell, list[MatrixUnit]]] = []
    for unit in world.units:
        answer = answers[unit.id]
        for known, members in found:
            if known is answer or known == answer:
                members.append(unit)
                break
        else:
            found.append((answer, [unit]))
    return tuple(Part(tuple(members), known) for known, members in found)


def cell(topic: Topic, unit: MatrixUnit, world: World) -> Cell:
    """What one unit does with a topic."""
    subject = topic.subject
    rules = world.rules_about(subject)
    offered = offered_levels(rules, subject)
    if not offered:
        return _not_offered(subject, rules)
    if unit.is_commune and COMMUNE in offered:
        return _in_commune(topic, unit, rule_for(rules, subject, COMMUNE), world)
    if PROVINCE in offered:
        return _in_province(topic, unit, rule_for(rules, subject, PROVINCE), world)
    return Cell(
        Kind.NOT_HERE, msg("Cấp xã giải quyết thủ tục này."), COMMUNE, rule_for(rules, subject, COMMUNE)
    )


def _not_offered(subject: Subject, rules: Sequence[Rule]) -> Cell:
    if not subject.levels:
        return _hole(ProblemKind.NO_LEVEL, msg("Thủ tục chưa ghi cấp nào giải quyết."))
    for level in subject.levels:
        if level in HERE:
            rule = rule_for(rules, subject, level)
            return Cell(
                Kind.NOT_HERE,
                msg("Không tiếp nhận ở hệ thống của tỉnh: %(source)s.", source=rule.source),
                level,
                rule,
            )
    return Cell(Kind.NOT_HERE, msg("Bộ, ngành hoặc cơ quan khác giải quyết thủ tục này."), subject.levels[0])


def _in_commune(topic: Topic, unit: MatrixUnit, rule: Rule, world: World) -> Cell:
    refusal = territory_refusal(topic.subject.territory, _place(unit))
    if refusal is not None:
        old = territory_words(topic.subject.territory)
        return Cell(Kind.NOT_HERE, msg("Thủ tục này chỉ có ở địa bàn %(old)s.", old=old), COMMUNE, rule)
    function = rule.deciding_function
    if function and function not in unit.verticals:
        return _hole(
            ProblemKind.NO_VERTICAL,
            msg("Không có đơn vị ngành dọc (%(function)s) giải quyết ở đây.", function=function),
            COMMUNE,
            rule,
        )
    return _decided(topic, unit, rule, COMMUNE, None, world)


def _in_province(topic: Topic, unit: MatrixUnit, rule: Rule, world: World) -> Cell:
    deciding = rule.deciding_unit_id or world.department(topic.subject)
    if deciding is None:
        return _hole(
            ProblemKind.NO_DEPARTMENT,
            msg("Chưa rõ sở nào giải quyết lĩnh vực %(field)s.", field=topic.subject.field),
            PROVINCE,
            rule,
        )
    if not unit.is_commune and unit.id != deciding:
        return Cell(
            Kind.NOT_HERE, msg("%(unit)s giải quyết thủ tục này.", unit=world.name(deciding)), PROVINCE, rule
        )
    if unit.is_commune and rule.reception in (DECIDING_ONLY, PROVINCIAL_CENTRE):
        return Cell(
            Kind.NOT_HERE,
            msg(
                "Chỉ nhận tại Trung tâm Phục vụ hành chính công tỉnh; %(unit)s giải quyết.",
                unit=world.name(deciding),
            ),
            PROVINCE,
            rule,
        )
    return _decided(topic, unit, rule, PROVINCE, deciding, world)


def _decided(
    topic: Topic, unit: MatrixUnit, rule: Rule, level: str, deciding_id: int | None, world: World
) -> Cell:
    """The cell of a unit whose decider is known; a hole where the decider cannot work."""
    itself = deciding_id is None or deciding_id == unit.id
    function = rule.deciding_function if level == COMMUNE else ""
    agency = unit.verticals[function] if function else unit.id if deciding_id is None else deciding_id
    procedure_id = topic.subject.procedure_id
    process = world.process(procedure_id, topic.case_key, level, agency)
    if process is None:
        return _hole(ProblemKind.NO_PROCESS, msg("Chưa có quy trình nội bộ."), level, rule)
    problem = _cannot_work(agency, itself, process, level, rule, world)
    if problem is not None:
        return problem
    allowed = tuple(
        str(code) for code in (world.receiving(procedure_id, agency, topic.case_key) or {}).get("units", ())
    )
    at = str((world.returning(procedure_id, agency, topic.case_key) or {}).get("at", RETURN_TO_ORIGIN))
    unknown = [code for code in allowed if world.codes.get(code) not in world.standing]
    if at not in (RETURN_TO_ORIGIN, RETURN_TO_DECIDING) and world.codes.get(at) not in world.standing:
        unknown.append(at)
    if unknown:
        return _hole(
            ProblemKind.UNKNOWN_UNIT,
            msg(
                "Nơi nhận hoặc trả được đặt là %(codes)s, không có đơn vị này đang hoạt động.",
                codes="; ".join(unknown),
            ),
            level,
            rule,
        )
    centre_only = rule.reception == PROVINCIAL_CENTRE
    here = (not allowed or unit.code in allowed) and not (centre_only and unit.is_commune)
    if not here and not itself:
        return Cell(
            Kind.NOT_HERE,
            msg(
                "Chỉ nhận tại: %(units)s.", units="; ".join(world.name(world.codes[code]) for code in allowed)
            ),
            level,
            rule,
        )
    return Cell(
        Kind.DECIDED,
        _why(rule, level, deciding_id, world),
        level,
        rule,
        deciding_id=None if itself else deciding_id,
        deciding_function=function,
        centre_only=centre_only,
        received_here=here,
        receiving=allowed,
        returning_id=world.codes[at] if at not in (RETURN_TO_ORIGIN, RETURN_TO_DECIDING) else None,
        returns_to_deciding=at == RETURN_TO_DECIDING,
        consulted=process.consulted,
    )


def _cannot_work(
    agency: int, itself: bool, process: ProcessTraits, level: str, rule: Rule, world: World
) -> Cell | None:
    """A hole where the deciding agency has ended or has nobody to give the work to.

    An agency that decides for itself is not named: the same words stand for all of its class.
    """
    if agency not in world.standing:
        text = (
            msg("Đơn vị giải quyết không hoạt động.")
            if itself
            else msg("%(unit)s được giao giải quyết nhưng không hoạt động.", unit=world.name(agency))
        )
        return _hole(ProblemKind.UNIT_ENDED, text, level, rule)
    if process.needs_division and agency not in world.divided:
        text = (
            msg("Đơn vị giải quyết chưa có phòng nào để giao việc theo quy trình.")
            if itself
            else msg("%(unit)s chưa có phòng nào để giao việc theo quy trình.", unit=world.name(agency))
        )
        return _hole(ProblemKind.NO_DIVISION, text, level, rule)
    return None


def _why(rule: Rule, level: str, deciding_id: int | None, world: World) -> Message:
    if level == COMMUNE:
        if rule.deciding_function:
            return msg("Cấp xã giải quyết, giao cho đơn vị ngành dọc của xã, phường.")
        return msg("Cấp xã giải quyết.")
    if rule.deciding_unit_id is not None:
        return msg("Theo phân công: %(unit)s.", unit=world.name(deciding_id))
    return msg("Theo lĩnh vực: %(unit)s.", unit=world.name(deciding_id))


def _hole(kind: ProblemKind, reason: Message, level: str = "", rule: Rule | None = None) -> Cell:
    return Cell(Kind.HOLE, reason, level, rule, received_here=False, problem=kind)


def _place(unit: MatrixUnit) -> Place:
    return Place(
        unit_id=unit.id,
        agency_id=unit.id,
        name=unit.name,
        is_commune=unit.is_commune,
        is_reception_point=False,
        commune_id=unit.id,
        former_province=unit.former_province,
    )
