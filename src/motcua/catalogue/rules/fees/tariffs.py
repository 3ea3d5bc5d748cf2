"""Tariffs the content of a procedure cannot express, carried with the product and matched by code. Pure.

Pages with a ceiling, and which group of people pays less for which line with which proof. A tariff replaces the lines
it names and says from where it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from motcua.catalogue.rules.fees.groups import Groups
from motcua.catalogue.rules.fees.reading import Reading
from motcua.catalogue.rules.fees.tariff import Exemption, FeeKind, FeeRule
from motcua.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Tariff:
    """Rules for the procedures of these codes in place of the lines whose names begin with one of `replaces`."""

    codes: tuple[str, ...]
    replaces: tuple[str, ...]
    rules: tuple[FeeRule, ...]


@dataclass(frozen=True, slots=True)
class Waiver:
    """Groups that pay less for lines of one kind whose names begin with one of `lines` (empty: all of the kind)."""

    codes: tuple[str, ...]
    kind: FeeKind
    lines: tuple[str, ...]
    groups: tuple[Exemption, ...]


@dataclass(frozen=True, slots=True)
class Tariffs:
    """The whole carried file, read."""

    groups: Groups
    tariffs: tuple[Tariff, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def applied_to(self, reading: Reading, code: str) -> Reading:
        """The reading of a content with what is known of its code."""
        rules = list(reading.rules)
        for tariff in self.tariffs:
            if code in tariff.codes:
                rules = _put(rules, tariff)
        named: set[str] = set()
        for waiver in self.waivers:
            if code in waiver.codes:
                rules = [_waived(rule, waiver) for rule in rules]
                named.update(group.name for group in waiver.groups)
        told = tuple(one for one in reading.told if one not in named and not self._all_said(one, rules))
        return replace(reading, rules=tuple(rules), told=told)

    def _all_said(self, sentence: str, rules: Sequence[FeeRule]) -> bool:
        """Whether every group of a sentence is already in some rule."""
        held = {one.key for rule in rules for one in rule.exemptions}
        named = self.groups.named_in(sentence)
        return bool(named) and {one.key for one in named} <= held


def read_tariffs(document: Mapping[str, Any]) -> Tariffs:
    """The file `fee_tariffs.json`. Raises KeyError, TypeError or ValueError when it is not in order."""
    by_key: dict[str, Exemption] = {}
    phrases: dict[str, str] = {}
    for row in document["groups"]:
        by_key[row["key"]] = Exemption(
            key=row["key"], name=row["name"], proof=row["proof"], basis=row.get("basis", "")
        )
        phrases.update({fold(words): row["key"] for words in (row["name"], *row.get("words", ()))})
    waivers = tuple(
        Waiver(
            codes=tuple(row["codes"]),
            kind=FeeKind(row["kind"]),
            lines=tuple(row.get("lines", ())),
            groups=tuple(replace(by_key[key], basis=row["basis"]) for key in row["groups"]),
        )
        for row in document["waivers"]
    )
    tariffs = tuple(
        Tariff(
            codes=tuple(row["codes"]),
            replaces=tuple(row["replaces"]),
            rules=tuple(FeeRule.from_dict(rule) for rule in row["rules"]),
        )
        for row in document["tariffs"]
    )
    return Tariffs(Groups(MappingProxyType(by_key), MappingProxyType(phrases)), tariffs, waivers)


def begins_with(name: str, beginnings: Sequence[str]) -> bool:
    """Whether a name begins with one of these words, accents and case apart; with none given, any does."""
    return not beginnings or any(fold(name).startswith(fold(words)) for words in beginnings)


def _put(rules: Sequence[FeeRule], tariff: Tariff) -> list[FeeRule]:
    """The tariff where the first of its lines stood; a tariff whose lines are not there is not for this content."""
    places = [place for place, rule in enumerate(rules) if begins_with(rule.name, tariff.replaces)]
    if not places:
        return list(rules)
    kept = [rule for place, rule in enumerate(rules) if place not in places]
    carried = {one.key: one for place in places for one in rules[place].exemptions}
    new = [replace(rule, exemptions=rule.exemptions or tuple(carried.values())) for rule in tariff.rules]
    return [*kept[: places[0]], *new, *kept[places[0] :]]


def _waived(rule: FeeRule, waiver: Waiver) -> FeeRule:
    if rule.kind is not waiver.kind or rule.amount == 0 or not begins_with(rule.name, waiver.lines):
        return rule
    merged = {one.key: one for one in (*rule.exemptions, *waiver.groups)}
    return replace(rule, exemptions=tuple(merged.values()))
