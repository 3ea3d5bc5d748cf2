"""Resolutions of the People's Council (nghị quyết HĐND) put upon the rules of a content. Pure.

A resolution stands for a time and a territory: after the merger of 1 July 2025 the old resolutions of Bắc Ninh and Bắc
Giang go on in their former provinces until the new council replaces them. What counts is where it is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Self

from motcua.catalogue.rules.fees.giving_way import CHANNELS, split
from motcua.catalogue.rules.fees.reading import quantity_of
from motcua.catalogue.rules.fees.tariff import FeeKind, FeeRule, Reduction
from motcua.catalogue.rules.fees.tariffs import begins_with
from motcua.catalogue.types import ProcedureDefinition, Territory
from motcua.kernel.messages import msg
from motcua.kernel.text import fold

AMOUNT_PARTS = ("amount", "tiers", "rate")
SETTABLE = frozenset(
    (*AMOUNT_PARTS, "counts", "unit_name", "cap", "at_least", "times", "exemptions", "reductions")
)
"""What a resolution may say of a line; the rest (name, kind, condition) stays with the content."""
PICKING = frozenset({"procedures", "fields", "kind", "lines", "cases", "channels"})


@dataclass(frozen=True, slots=True)
class ResolutionLine:
    """What a resolution does to the lines it means: `parts` of a `FeeRule` put in their place, or `percent` off.

    Empty `procedures` (codes) and `fields` mean all; `lines` are how the names of the meant lines begin.
    """

    procedures: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kind: FeeKind | None = None
    lines: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    parts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    percent: Fraction | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError on anything that is not a line."""
        unknown = set(data) - PICKING - {"set", "percent"}
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))}: no part of a line")
        for name in PICKING - {"kind"}:
            if not isinstance(data.get(name, []), list) or not all(
                isinstance(one, str) for one in data.get(name, [])
            ):
                raise ValueError(f"{name}: a list of texts")
        strange = set(data.get("channels", ())) - set(CHANNELS)
        if strange:
            raise ValueError(f"{', '.join(sorted(strange))}: no channel; there are {', '.join(CHANNELS)}")
        line = cls(
            **{name: tuple(data.get(name, ())) for name in PICKING - {"kind"}},
            kind=FeeKind(data["kind"]) if data.get("kind") else None,
            parts=MappingProxyType(dict(data.get("set", {}))),
            percent=Fraction(str(data["percent"])) if "percent" in data else None,
        )
        line.refuse_nonsense()
        return line

    def refuse_nonsense(self) -> None:
        """Raises ValueError when the line does nothing, too much, or sets what it may not."""
        if not (self.procedures or self.fields):
            raise ValueError("procedures or fields: say which")
        if bool(self.parts) == (self.percent is not None):
            raise ValueError("either set or percent")
        if self.percent is not None and not 0 < self.percent <= 1:
            raise ValueError("percent: more than 0, no more than 1 (1/2 is half)")
        if set(self.parts) - SETTABLE:
            raise ValueError(f"set: {', '.join(sorted(set(self.parts) - SETTABLE))} may not be set")
        if self.parts and sum(self.parts.get(name) is not None for name in AMOUNT_PARTS) != 1:
            raise ValueError("set: one of amount, tiers, rate")
        if self.parts:
            FeeRule.from_dict({"key": "x", "kind": "phi", "name": "x", **self.parts})

    def means(self, rule: FeeRule, content: ProcedureDefinition) -> bool:
        codes = {content.code, content.local_code, *(alias.code for alias in content.aliases)}
        return (
            (not self.procedures or not codes.isdisjoint(self.procedures))
            and (not self.fields or fold(content.field) in {fold(name) for name in self.fields})
            and (self.kind is None or rule.kind is self.kind)
            and begins_with(rule.name, self.lines)
        )


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolution with its lines. `valid_to` is the first day it no longer counts.

    It may stand from before it was signed (acceptance case F06): what was charged meanwhile is not changed by that.
    """

    number: str
    signed_on: date
    valid_from: date
    valid_to: date | None
    territory: Territory
    lines: tuple[ResolutionLine, ...]

    def stands_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def means(self, rules: Iterable[FeeRule], content: ProcedureDefinition) -> bool:
        """Whether any of its lines is about any of the rules."""
        return any(line.means(rule, content) for line in self.lines for rule in rules)

    @property
    def order(self) -> tuple[bool, date, date, str]:
        """The later in this order wins: one territory's before all's, the newer before the older."""
        return (self.territory is not Territory.ALL, self.valid_from, self.signed_on, self.number)


def territory_of(former_province: str) -> Territory | None:
    """The territory of a unit; None where it serves the whole province."""
    words = fold(former_province)
    if "bac ninh" in words:
        return Territory.BAC_NINH_CU
    return Territory.BAC_GIANG_CU if "bac giang" in words else None


def with_resolutions(
    rules: Sequence[FeeRule],
    resolutions: Iterable[Resolution],
    *,
    content: ProcedureDefinition,
    territory: Territory | None,
    day: date,
) -> tuple[FeeRule, ...]:
    """The rules of a day as the resolutions in force in a territory have them.

    With `territory` None (a unit of the whole province, or nobody said) lines on which one territory has a resolution
    of its own are held: nobody knows which amount counts.
    """
    found = list(rules)
    for resolution in sorted(resolutions, key=lambda one: one.order):
        if not resolution.stands_on(day):
            continue
        if territory is None and resolution.territory is not Territory.ALL:
            found = [_unplaced(rule, resolution, content) for rule in found]
        elif resolution.territory in (Territory.ALL, territory):
            for line in resolution.lines:
                found = _put(found, line, resolution, content)
    return tuple(found)


def _put(
    rules: Sequence[FeeRule], line: ResolutionLine, resolution: Resolution, content: ProcedureDefinition
) -> list[FeeRule]:
    all_cases = ("", *(case.key for case in content.cases))
    made: list[FeeRule] = []
    for rule in rules:
        if not line.means(rule, content):
            made.append(rule)
            continue
        inside, outside = split(rule, channels=line.channels, cases=line.cases, all_cases=all_cases)
        if inside is not None:
            made.append(_set(inside, line, resolution))
        made += outside
    return made


def _set(rule: FeeRule, line: ResolutionLine, resolution: Resolution) -> FeeRule:
    if line.percent is not None:
        less = Reduction(
            f"nq-{resolution.number}",
            line.percent,
            valid_from=resolution.valid_from,
            valid_to=resolution.valid_to,
            basis=resolution.number,
        )
        return replace(rule, reductions=(*rule.reductions, less))
    given = FeeRule.from_dict({"key": rule.key, "kind": rule.kind.value, "name": rule.name, **line.parts})
    unit = given.unit_name or rule.unit_name
    countable = "counts" in line.parts or quantity_of(unit) is not None
    return replace(
        rule,
        amount=given.amount,
        tiers=given.tiers,
        rate=given.rate,
        cap=given.cap,
        at_least=given.at_least,
        times=given.times,
        counts=given.counts if "counts" in line.parts else quantity_of(unit) or "",
        unit_name=unit,
        exemptions=given.exemptions or rule.exemptions,
        reductions=given.reductions,
        set_by=resolution.number,
        basis=resolution.number,
        held="" if countable else rule.held or _uncounted(unit),
    )


def _uncounted(unit: str) -> str:
    return msg("đơn vị tính “%(per)s” chưa có cách đếm chắc chắn.", per=unit).source()


def _unplaced(rule: FeeRule, resolution: Resolution, content: ProcedureDefinition) -> FeeRule:
    if not any(line.means(rule, content) for line in resolution.lines):
        return rule
    old = "Bắc Ninh cũ" if resolution.territory is Territory.BAC_NINH_CU else "Bắc Giang cũ"
    why = msg(
        "%(number)s đặt mức riêng cho địa bàn %(old)s; cần biết nơi giải quyết thuộc địa bàn nào.",
        number=resolution.number,
        old=old,
    )
    return replace(rule, held=why.source())
