"""What somebody told about a case for its fees, and what must be asked before an amount is known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Self

from motcua.catalogue.rules.fees.computing import Given
from motcua.catalogue.rules.fees.reading import ON_REQUEST
from motcua.catalogue.rules.fees.tariff import Exemption, FeeRule

NOT = "không "


@dataclass(frozen=True, slots=True)
class Answers:
    """Counts, groups whose proof was shown (`exempt`), lines whose condition was answered, the day a term runs from."""

    quantities: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    exempt: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()
    not_meets: tuple[str, ...] = ()
    event_day: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, empty parts left out; `from_dict` is its inverse."""
        plain = {
            "quantities": dict(self.quantities),
            "exempt": list(self.exempt),
            "meets": list(self.meets),
            "not_meets": list(self.not_meets),
            "event_day": self.event_day.isoformat() if self.event_day else None,
        }
        return {name: value for name, value in plain.items() if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Raises TypeError or ValueError on anything `to_dict` does not write."""
        day = data.get("event_day")
        return cls(
            quantities=MappingProxyType({str(k): int(v) for k, v in data.get("quantities", {}).items()}),
            exempt=tuple(data.get("exempt", ())),
            meets=tuple(data.get("meets", ())),
            not_meets=tuple(data.get("not_meets", ())),
            event_day=date.fromisoformat(day) if day else None,
        )


NOTHING_TOLD = Answers()


def given_of(rules: Iterable[FeeRule], answers: Answers, *, day: date, case_key: str, channel: str) -> Given:
    """The answers as the computation takes them: a line wanted only on request is not wanted until it is counted."""
    unasked = {
        rule.key for rule in rules if by_counting(rule) and not set(rule.asks) & set(answers.quantities)
    }
    return Given(
        day=day,
        case_key=case_key,
        channel=channel,
        quantities=answers.quantities,
        exempt=frozenset(answers.exempt),
        meets=frozenset(answers.meets),
        not_meets=frozenset(answers.not_meets) | unasked,
        event_day=answers.event_day,
    )


def asked_in(rules: Iterable[FeeRule], *, case_key: str, channel: str) -> tuple[FeeRule, ...]:
    """The lines of a case and a channel, whatever else is answered."""
    return tuple(
        rule
        for rule in rules
        if (not rule.cases or case_key in rule.cases) and (not rule.channels or channel in rule.channels)
    )


def by_counting(rule: FeeRule) -> bool:
    """Whether giving its quantity says that the line is wanted."""
    return rule.condition == ON_REQUEST and bool(rule.asks)


def open_lines(rules: Iterable[FeeRule]) -> list[FeeRule]:
    """The lines whose condition only a person can answer."""
    return [rule for rule in rules if rule.condition and rule.free_days is None and not by_counting(rule)]


def questions(rules: Sequence[FeeRule]) -> list[FeeRule]:
    """One line for each question: a condition and its opposite are one."""
    first = {rule.condition: rule for rule in reversed(open_lines(rules))}
    return [
        rule
        for condition, rule in reversed(first.items())
        if not (condition.startswith(NOT) and condition.removeprefix(NOT) in first)
    ]


def answered(rules: Sequence[FeeRule], said: Mapping[str, bool]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of the lines that hold and that do not, by what was `said` of each question (by key of its line)."""
    holds = {rule.condition: said[rule.key] for rule in questions(rules) if rule.key in said}
    meets: list[str] = []
    not_meets: list[str] = []
    for rule in open_lines(rules):
        opposite = rule.condition.removeprefix(NOT)
        if rule.condition in holds:
            (meets if holds[rule.condition] else not_meets).append(rule.key)
        elif opposite in holds:
            (not_meets if holds[opposite] else meets).append(rule.key)
    return tuple(meets), tuple(not_meets)


def said_of(rules: Sequence[FeeRule], answers: Answers) -> dict[str, bool]:
    """The inverse of `answered`, for showing again what was answered."""
    found = {rule.key: True for rule in questions(rules) if rule.key in answers.meets}
    return found | {rule.key: False for rule in questions(rules) if rule.key in answers.not_meets}


def counted(rules: Iterable[FeeRule]) -> tuple[str, ...]:
    """What may be counted, in the order of the lines."""
    return tuple(dict.fromkeys(name for rule in rules if not rule.held for name in rule.asks))


def may_pay_less(rules: Iterable[FeeRule]) -> tuple[Exemption, ...]:
    """Every group of the lines that are money, once."""
    payable = [rule for rule in rules if rule.amount != 0]
    return tuple({one.key: one for rule in payable for one in rule.exemptions}.values())
