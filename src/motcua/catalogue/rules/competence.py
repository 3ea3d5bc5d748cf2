"""Who receives, who decides and where the result is returned, from rules and units. Pure.

Receiving is free of boundaries inside the province (Decree 118/2025): any Public Administration Service Centre
receives what communes and departments decide, the result comes back to where the dossier was handed in; the desk of a
vertical agency receives its own work. Exceptions are rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.catalogue.rules.validity import stands
from motcua.catalogue.types import Level, Territory
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold

ANY_CENTRE, DECIDING_ONLY, PROVINCIAL_CENTRE, NOT_HERE = (
    "any_centre",
    "deciding_only",
    "provincial_centre",
    "not_here",
)
RETURN_TO_ORIGIN, RETURN_TO_DECIDING = "original", "deciding"
"""Where a result is handed over: where the dossier was handed in, or at the centre of the unit that decides."""
HERE = (Level.COMMUNE.value, Level.PROVINCE.value)
"""Levels the provincial system handles; ministries and others have their own."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A competence rule; empty parts match everything."""

    procedure_id: int | None = None
    field_name: str = ""
    ministry: str = ""
    level: str = ""
    reception: str = ANY_CENTRE
    deciding_unit_id: int | None = None
    deciding_function: str = ""
    priority: int = 0
    source: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    id: int | None = None

    def covers(self, subject: Subject, level: str) -> bool:
        return (
            self.procedure_id in (None, subject.procedure_id)
            and self.field_name in ("", subject.field)
            and self.ministry in ("", subject.ministry)
            and self.level in ("", level)
        )

    def stands_at(self, at: datetime) -> bool:
        return stands(self.valid_from, self.valid_to, at)

    def says_the_same(self, other: Rule) -> bool:
        """Whether both lead to the same receiving and deciding units."""
        return (self.reception, self.deciding_unit_id, self.deciding_function) == (
            other.reception,
            other.deciding_unit_id,
            other.deciding_function,
        )

    @property
    def weight(self) -> tuple[bool, bool, bool, bool, int]:
        """Particular before general, then priority."""
        return (
            self.procedure_id is not None,
            bool(self.field_name),
            bool(self.ministry),
            bool(self.level),
            self.priority,
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is asked about: one version of a procedure."""

    procedure_id: int
    field: str
    ministry: str
    levels: tuple[str, ...]
    territory: Territory = Territory.ALL


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as far as competence cares. `commune_id` is the commune a centre belongs to, None for the
    province's.
    """

    unit_id: int
    agency_id: int
    name: str
    is_commune: bool
    is_reception_point: bool
    commune_id: int | None = None
    is_centre: bool = True
    """A Public Administration Service Centre or a further point of one; others receive for themselves alone."""
    former_province: str = ""
    codes: frozenset[str] = frozenset()
    """The codes by which a setting may mean this unit: its own, its agency's, its commune's."""


NOWHERE = Place(0, 0, "", is_commune=False, is_reception_point=False)
NOT_OURS = msg("Thủ tục này không do xã, phường hay sở của tỉnh giải quyết nên không tiếp nhận ở đây.")


class RuleBook:
    """The rules that stand together, filed so that a procedure meets only those that may be about it."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._of_procedure: dict[int, list[Rule]] = defaultdict(list)
        self._of_field: dict[str, list[Rule]] = defaultdict(list)
        self._general: list[Rule] = []
        for rule in rules:
            if rule.procedure_id is not None:
                self._of_procedure[rule.procedure_id].append(rule)
            elif rule.field_name:
                self._of_field[rule.field_name].append(rule)
            else:
                self._general.append(rule)

    def about(self, subject: Subject) -> tuple[Rule, ...]:
        """The rules that may cover a procedure, its own first."""
        return (
            *self._of_procedure.get(subject.procedure_id, ()),
            *self._of_field.get(subject.field, ()),
            *self._general,
        )


def disagreeing(rules: Iterable[Rule], subject: Subject, level: str) -> tuple[Rule, ...]:
    """The rules of the greatest weight where they do not say the same; nothing where they do."""
    covering = [rule for rule in rules if rule.covers(subject, level)]
    heaviest = max((rule.weight for rule in covering), default=None)
    rivals = [rule for rule in covering if rule.weight == heaviest]
    return tuple(rivals) if any(not rivals[0].says_the_same(rule) for rule in rivals[1:]) else ()


def rule_for(rules: Iterable[Rule], subject: Subject, level: str) -> Rule:
    """The most particular rule; receiving anywhere where there is none."""
    return max(
        (rule for rule in rules if rule.covers(subject, level)), key=lambda r: r.weight, default=Rule()
    )


def offered_levels(rules: Sequence[Rule], subject: Subject) -> tuple[str, ...]:
    """The levels of a procedure that the province's centres receive for."""
    return tuple(
        level
        for level in subject.levels
        if level in HERE and rule_for(rules, subject, level).reception != NOT_HERE
    )


def never_received(rules: Sequence[Rule], subject: Subject) -> Message | None:
    """Why no centre of the province ever receives a procedure; None where one does, or where nobody knows its level."""
    if not subject.levels or offered_levels(rules, subject):
        return None
    ours = next((level for level in subject.levels if level in HERE), None)
    if ours is None:
        return NOT_OURS
    return reception_refusal(rule_for(rules, subject, ours), NOWHERE)


def choose_level(offered: Sequence[str], receiving: Place, place: Place | None) -> str | Message:
    """The level at which this dossier is decided, or the sentence that says why it cannot be received."""
    if not offered:
        return NOT_OURS
    if place is not None:
        wanted = Level.COMMUNE.value if place.is_commune else Level.PROVINCE.value
        if wanted in offered:
            return wanted
        return msg("Thủ tục này không thuộc thẩm quyền của %(unit)s.", unit=place.name)
    if Level.COMMUNE.value in offered and receiving.commune_id is not None:
        return Level.COMMUNE.value
    if Level.PROVINCE.value in offered:
        return Level.PROVINCE.value
    return msg("Hãy chọn xã, phường giải quyết hồ sơ này.")


def reception_refusal(
    rule: Rule, receiving: Place, *deciding_homes: int, working: Collection[int] = ()
) -> Message | None:
    """Why this unit may not receive, None when it may.

    `deciding_homes`: the agency whose centres are those of the unit that decides (a commune's own, the provincial
    centre for a department). `working`: the agencies that decide or work on it; a post of a vertical agency (the
    police of a commune) receives only what is among its own work, a centre receives for everybody.
    """
    if rule.reception == NOT_HERE:
        return msg("Thủ tục này không tiếp nhận ở hệ thống của tỉnh: %(source)s.", source=rule.source)
    if not receiving.is_reception_point:
        return msg("%(unit)s không phải là nơi tiếp nhận hồ sơ.", unit=receiving.name)
    if not receiving.is_centre and receiving.agency_id not in working:
        return msg(
            "%(unit)s chỉ nhận thủ tục do mình giải quyết. Nộp tại Trung tâm Phục vụ hành chính công.",
            unit=receiving.name,
        )
    if rule.reception == DECIDING_ONLY and not {receiving.commune_id, receiving.agency_id} & {
        *deciding_homes
    }:
        return msg("Chỉ nơi giải quyết mới nhận thủ tục này: %(source)s.", source=rule.source)
    if rule.reception == PROVINCIAL_CENTRE and receiving.commune_id is not None:
        return msg("Chỉ Trung tâm Phục vụ hành chính công tỉnh nhận thủ tục này.")
    return None


def receiving_refusal(
    setting: Mapping[str, Any] | None, receiving: Place, names: Callable[[Iterable[str]], str]
) -> Message | None:
    """Why a RECEIVING setting `{"units": [codes]}` keeps this unit from receiving, None when it does not.

    A code may be a centre's own, or that of the commune or agency it receives for.
    """
    units = [str(code) for code in (setting or {}).get("units", ())]
    if not units or not receiving.codes.isdisjoint(units):
        return None
    return msg("Thủ tục này chỉ nhận tại: %(units)s.", units=names(units))


def territory_refusal(territory: Territory, commune: Place) -> Message | None:
    """Why the procedure does not exist at the deciding commune, None when it does."""
    if territory is Territory.ALL:
        return None
    old = {Territory.BAC_NINH_CU: "bac ninh", Territory.BAC_GIANG_CU: "bac giang"}[territory]
    if old in fold(commune.former_province).replace("_", " "):
        return None
    return msg(
        "Thủ tục này chỉ có ở địa bàn %(old)s; %(unit)s không thuộc địa bàn đó.",
        old=territory_words(territory),
        unit=commune.name,
    )


def territory_words(territory: Territory) -> Message:
    """The old province a procedure is left of, in words."""
    return msg("Bắc Ninh cũ") if territory is Territory.BAC_NINH_CU else msg("Bắc Giang cũ")
