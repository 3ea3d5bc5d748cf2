"""What must be asked before the fees of a case are known, as the fields of a form that works without script.

Read from what was posted by `read`, shown again as typed; `answers` is None while something cannot be used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from motcua.catalogue.queries.fees import FeeSheet
from motcua.catalogue.rules.fees.answers import (
    Answers,
    answered,
    asked_in,
    counted,
    given_of,
    may_pay_less,
    questions,
    said_of,
)
from motcua.catalogue.rules.fees.computing import QUANTITIES, percent_text, problem
from motcua.catalogue.rules.fees.tariff import FeeRule
from motcua.kernel.days import read_day
from motcua.kernel.messages import Message, msg

PREFIX = "fee-"
EVENT, EXEMPT, WHEN = f"{PREFIX}event", f"{PREFIX}exempt", f"{PREFIX}when-"
YES, NO = "co", "khong"
LONGEST = 15
HINTS = {"pages": msg("của một bản chính"), "copies": msg("của bản chính đó")}

Typed = Callable[[str], Sequence[str]]
"""The values posted under a name, none for one that was not."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: a count, a day, or a yes-or-no; `wrong` is why what was typed cannot be used."""

    name: str
    label: Message
    value: str = ""
    hint: Message | None = None
    wrong: Message | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Somebody who pays less, and the proof to be shown before the box is ticked."""

    key: str
    name: str
    proof: str
    percent: str
    ticked: bool


@dataclass(slots=True)
class Asking:
    """Every field of one case, and what was made of them."""

    counts: list[Field] = field(default_factory=list)
    event: Field | None = None
    conditions: list[Field] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    answers: Answers | None = None
    wrong: dict[str, Message] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The inputs, for what sends them along."""
        found = [one.name for one in (*self.counts, *self.conditions)]
        return [*found, *([EVENT] if self.event else []), *([EXEMPT] if self.groups else [])]

    def __bool__(self) -> bool:
        return bool(self.names)


def typed_of(rules: Sequence[FeeRule], answers: Answers) -> Typed:
    """Answers that were given before, as if they had been typed."""
    said = said_of(rules, answers)
    values = {f"{PREFIX}{name}": [str(count)] for name, count in answers.quantities.items()}
    values |= {f"{WHEN}{key}": [YES if holds else NO] for key, holds in said.items()}
    values[EXEMPT] = list(answers.exempt)
    values[EVENT] = [f"{answers.event_day:%d/%m/%Y}"] if answers.event_day else []
    return lambda name: values.get(name, [])


def read(sheet: FeeSheet, typed: Typed, *, case_key: str, channel: str) -> Asking:
    """The fields of a case through a channel, filled in as typed; what is wrong stands at its field."""
    rules = asked_in(sheet.rules, case_key=case_key, channel=channel)
    found = Asking()
    quantities = {name: _count(name, typed, found) for name in counted(rules)}
    day = _day(rules, typed, found)
    said = {
        rule.key: _one(typed, f"{WHEN}{rule.key}") == YES
        for rule in questions(rules)
        if _one(typed, f"{WHEN}{rule.key}") in (YES, NO)
    }
    meets, not_meets = answered(rules, said)
    ticked = set(typed(EXEMPT))
    there = may_pay_less(rules)
    answers = Answers(
        quantities={name: count for name, count in quantities.items() if count is not None},
        exempt=tuple(one.key for one in there if one.key in ticked),
        meets=meets,
        not_meets=not_meets,
        event_day=day,
    )
    _refuse(rules, answers, sheet.day, case_key, channel, found)
    tiered = {name for rule in rules if rule.tiers for name in rule.asks}
    found.counts = [
        Field(
            f"{PREFIX}{name}",
            QUANTITIES[name],
            _one(typed, f"{PREFIX}{name}"),
            HINTS.get(name) if name in tiered else None,
            found.wrong.get(f"{PREFIX}{name}"),
        )
        for name in quantities
    ]
    events = [rule.event for rule in rules if rule.free_days is not None]
    if events:
        found.event = Field(EVENT, msg(events[0]), _one(typed, EVENT), None, found.wrong.get(EVENT))
    found.conditions = [
        Field(f"{WHEN}{rule.key}", msg(rule.condition), _one(typed, f"{WHEN}{rule.key}"))
        for rule in questions(rules)
    ]
    found.groups = [
        Group(one.key, one.name, one.proof, _percent(one.percent), one.key in ticked) for one in there
    ]
    found.answers = None if found.wrong else answers
    return found


def _percent(share: Fraction) -> str:
    return f"{percent_text(share)}%"


def _one(typed: Typed, name: str) -> str:
    values = typed(name)
    return values[-1].strip()[:40] if values else ""


def _count(name: str, typed: Typed, found: Asking) -> int | None:
    text = _one(typed, f"{PREFIX}{name}")
    plain = text.replace(".", "") if name == "value" else text
    if not plain:
        return None
    if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST:
        return int(plain)
    found.wrong[f"{PREFIX}{name}"] = msg("Ghi %(what)s bằng chữ số, ví dụ 3.", what=QUANTITIES[name])
    return None


def _day(rules: Sequence[FeeRule], typed: Typed, found: Asking) -> date | None:
    text = _one(typed, EVENT)
    if not text or all(rule.free_days is None for rule in rules):
        return None
    day = read_day(text, short_year=True)
    if day is None:
        found.wrong[EVENT] = msg("Không hiểu ngày “%(seen)s”. Ghi như 30/06/2025.", seen=text)
    return day


def _refuse(
    rules: Sequence[FeeRule], answers: Answers, day: date, case_key: str, channel: str, found: Asking
) -> None:
    wrong = problem(given_of(rules, answers, day=day, case_key=case_key, channel=channel))
    if wrong is not None:
        name, sentence = wrong
        found.wrong.setdefault(EVENT if name == "event_day" else f"{PREFIX}{name}", sentence)
