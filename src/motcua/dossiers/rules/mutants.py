"""Configurations with one mistake in them, to learn which mistakes the golden dossiers would catch. Pure.

Each mutant is one thing that goes wrong in practice when a decision is typed in: an amount, a day, a dropped row of the
table, a wrong unit. `killed` says whether the golden dossiers notice; `alive` whether there is anything to notice, by
comparing behaviour over many more situations than the golden dossiers hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from motcua.catalogue.rules.competence import (
    ANY_CENTRE,
    DECIDING_ONLY,
    NOT_HERE,
    PROVINCIAL_CENTRE,
    Rule,
    rule_for,
)
from motcua.catalogue.rules.time_limits import LimitUnit, TimeLimit
from motcua.catalogue.types import Paper, ProcedureDefinition
from motcua.dossiers.rules.golden import (
    LETTERS,
    Choose,
    Configuration,
    Expected,
    Given,
    World,
    compare,
    expect,
)
from motcua.dossiers.rules.golden_making import Golden
from motcua.workflow.rules.definition import ProcessDefinition, Step, StepKind, UnitRef, Where

_T = TypeVar("_T")


class Kind(StrEnum):
    """What was got wrong."""

    FEE = "fee"
    STEP_DROPPED = "step_dropped"
    ROLE = "role"
    DAY = "day"
    CASE_REMOVED = "case_removed"
    PAPER = "paper"
    UNIT = "unit"
    OUTCOME = "outcome"
    LETTER = "letter"
    RECEPTION = "reception"
    DECIDING = "deciding"
    RETURNING = "returning"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong configuration; `what` says in a few words where."""

    kind: Kind
    what: str
    configuration: Configuration


def mutants(configuration: Configuration, *, deciders: Sequence[int] = ()) -> Iterator[Mutant]:
    """Every mutant of a configuration, always in the same order. `deciders` are agencies to decide by mistake."""
    for kind, make in _MAKERS.items():
        yield from (Mutant(kind, what, wrong) for what, wrong in make(configuration))
    for agency_id in deciders:
        for level in configuration.definition.levels:
            rule = _own_rule(configuration, level.value)
            wrong = replace(rule, deciding_unit_id=agency_id, deciding_function="")
            yield Mutant(Kind.DECIDING, f"{level.value} {agency_id}", _with_rule(configuration, wrong))


def killed(golden: Sequence[Golden], mutant: Mutant, world: World) -> bool:
    """Whether some golden dossier comes out otherwise."""
    return any(compare(one.expected, expect(mutant.configuration, one.given, world)) for one in golden)


def behaviour(
    configuration: Configuration, situations: Iterable[Given], world: World
) -> list[tuple[Given, Expected]]:
    """What comes of each situation: what all mutants of a configuration are compared with."""
    return [(given, expect(configuration, given, world)) for given in situations]


def alive(behaved: Sequence[tuple[Given, Expected]], mutant: Mutant, world: World) -> bool:
    """Whether the mutant behaves otherwise in any of the situations; if not, it is no mistake at all."""
    return any(expected != expect(mutant.configuration, given, world) for given, expected in behaved)


Made = Iterator[tuple[str, Configuration]]


def _content(configuration: Configuration, definition: ProcedureDefinition) -> Configuration:
    return replace(configuration, definition=definition)


def _fees(configuration: Configuration) -> Made:
    definition = configuration.definition
    for place, line in enumerate(definition.fees):
        if line.amount is not None and line.applies:
            for amount in (line.amount + 1_000, line.amount * 10 or 10_000):
                lines = _swapped(definition.fees, place, replace(line, amount=amount))
                yield f"{line.key}={amount}", _content(configuration, replace(definition, fees=lines))
            fewer = (*definition.fees[:place], *definition.fees[place + 1 :])
            yield f"-{line.key}", _content(configuration, replace(definition, fees=fewer))


def _days(configuration: Configuration) -> Made:
    definition = configuration.definition
    for days in (1, -1):
        longer = _moved(definition.limit, days)
        if longer is not None:
            yield f"{days:+d}", _content(configuration, replace(definition, limit=longer))
        for place, case in enumerate(definition.cases):
            longer = _moved(case.limit, days)
            if longer is not None:
                cases = _swapped(definition.cases, place, replace(case, limit=longer))
                yield f"{case.key} {days:+d}", _content(configuration, replace(definition, cases=cases))


def _moved(limit: TimeLimit | None, days: int) -> TimeLimit | None:
    """The limit with its last phase a day longer or shorter; None where there is nothing to move."""
    if limit is None or not limit.has_due_date or limit.phases[-1].unit is LimitUnit.WITHIN_DAY:
        return None
    last = limit.phases[-1]
    amount = last.amount + Fraction(days)
    if amount <= 0:
        return None
    return replace(limit, phases=(*limit.phases[:-1], replace(last, amount=amount)))


def _cases(configuration: Configuration) -> Made:
    definition = configuration.definition
    for place, case in enumerate(definition.cases):
        fewer = (*definition.cases[:place], *definition.cases[place + 1 :])
        yield f"-{case.key}", _content(configuration, replace(definition, cases=fewer))


def _papers(configuration: Configuration) -> Made:
    definition = configuration.definition
    for place, paper in enumerate(definition.papers):
        turned = replace(paper, required="always" if paper.required == "conditional" else "conditional")
        papers: tuple[Paper, ...] = _swapped(definition.papers, place, turned)
        yield f"~{paper.key}", _content(configuration, replace(definition, papers=papers))
        fewer = (*definition.papers[:place], *definition.papers[place + 1 :])
        yield f"-{paper.key}", _content(configuration, replace(definition, papers=fewer))


def _processes(configuration: Configuration) -> Iterator[tuple[int, ProcessDefinition]]:
    """Each bound process once, with the place of its binding; a general one only where nothing else is bound."""
    seen: set[str] = set()
    own = {choice.level for choice in configuration.processes if not choice.fallback and not choice.case_key}
    for place, choice in enumerate(configuration.processes):
        if choice.value.digest not in seen and not (choice.fallback and choice.level in own):
            seen.add(choice.value.digest)
            yield place, choice.value


def _with_process(
    configuration: Configuration, old: ProcessDefinition, new: ProcessDefinition
) -> Configuration:
    """The same mistake wherever the process is bound."""
    bound = tuple(
        replace(choice, value=new) if choice.value.digest == old.digest else choice
        for choice in configuration.processes
    )
    return replace(configuration, processes=bound)


def _each_step(
    change: Callable[[ProcessDefinition, int, Step], Iterator[tuple[str, ProcessDefinition]]],
) -> Callable[[Configuration], Made]:
    def make(configuration: Configuration) -> Made:
        for _place, process in _processes(configuration):
            for number, step in enumerate(process.steps):
                for what, wrong in change(process, number, step):
                    yield f"{step.key} {what}", _with_process(configuration, process, wrong)

    return make


def _dropped(process: ProcessDefinition, number: int, step: Step) -> Iterator[tuple[str, ProcessDefinition]]:
    """A row of the table is left out: what led to it leads to where it led."""
    usual = step.default_outcome
    if number == 0 or step.kind is StepKind.RETURN or usual is None:
        return
    steps = []
    for other in process.steps:
        if other.key == step.key:
            continue
        outcomes = tuple(
            replace(
                o, to=tuple(dict.fromkeys(t for to in o.to for t in (usual.to if to == step.key else (to,))))
            )
            for o in other.outcomes
        )
        steps.append(replace(other, outcomes=outcomes))
    yield "-", replace(process, steps=tuple(steps))


ROLES = ("specialist", "dept_head", "leader", "clerk")


def _role(process: ProcessDefinition, number: int, step: Step) -> Iterator[tuple[str, ProcessDefinition]]:
    if step.role in ROLES:
        other = ROLES[(ROLES.index(step.role) + 1) % len(ROLES)]
        yield other, replace(process, steps=_swapped(process.steps, number, replace(step, role=other)))


def _step_day(process: ProcessDefinition, number: int, step: Step) -> Iterator[tuple[str, ProcessDefinition]]:
    if step.time is None:
        return
    for days in (1, -1):
        amount = step.time.amount + days
        if amount >= 0:
            longer = replace(step, time=replace(step.time, amount=amount))
            yield f"{days:+d}", replace(process, steps=_swapped(process.steps, number, longer))


def _unit(process: ProcessDefinition, number: int, step: Step) -> Iterator[tuple[str, ProcessDefinition]]:
    """The work goes to another unit: to the province's office, or from there to the agency itself."""
    which = step.unit_ref.which
    other = Where.AGENCY if which is Where.PROVINCE_OFFICE else Where.PROVINCE_OFFICE
    moved = replace(step, unit_ref=UnitRef(other))
    yield other.value, replace(process, steps=_swapped(process.steps, number, moved))


def _outcome(process: ProcessDefinition, number: int, step: Step) -> Iterator[tuple[str, ProcessDefinition]]:
    """An outcome leads to the step after the one it should lead to."""
    keys = [other.key for other in process.steps]
    for place, outcome in enumerate(step.outcomes):
        if not outcome.to:
            continue
        there = keys.index(outcome.to[0]) if outcome.to[0] in keys else 0
        other = keys[(there + 1) % len(keys)]
        if other in outcome.to or other == step.key:
            continue
        wrong = replace(outcome, to=(other, *outcome.to[1:]))
        outcomes = _swapped(step.outcomes, place, wrong)
        yield (
            f"{outcome.key}>{other}",
            replace(process, steps=_swapped(process.steps, number, replace(step, outcomes=outcomes))),
        )


def _letter(configuration: Configuration) -> Made:
    for purpose, other in zip(LETTERS, (*LETTERS[1:], LETTERS[0]), strict=True):
        nothing: Choose[Mapping[str, str]] = Choose({})
        own = next((choice for choice in configuration.letters if not choice.agency_id), nothing)
        wrong = replace(own, value={**own.value, purpose: other})
        kept = tuple(choice for choice in configuration.letters if choice is not own)
        yield f"{purpose}={other}", replace(configuration, letters=(*kept, wrong))


def _own_rule(configuration: Configuration, level: str) -> Rule:
    found = rule_for(configuration.rules, configuration.subject, level)
    return replace(found, procedure_id=configuration.procedure_id, level=level, priority=found.priority + 1)


def _with_rule(configuration: Configuration, rule: Rule) -> Configuration:
    return replace(configuration, rules=(*configuration.rules, rule))


def _reception(configuration: Configuration) -> Made:
    """Received in fewer places than it should be."""
    for level in configuration.definition.levels:
        rule = _own_rule(configuration, level.value)
        for narrower in (DECIDING_ONLY, PROVINCIAL_CENTRE, NOT_HERE):
            if rule.reception == ANY_CENTRE or narrower == NOT_HERE != rule.reception:
                wrong = replace(rule, reception=narrower)
                yield f"{level.value} {narrower}", _with_rule(configuration, wrong)


def _returning(configuration: Configuration) -> Made:
    own = next((choice.value for choice in configuration.returning), "original")
    other = "deciding" if own == "original" else "original"
    yield other, replace(configuration, returning=(Choose(other),))


def _swapped(items: Sequence[_T], place: int, item: _T) -> tuple[_T, ...]:
    return (*items[:place], item, *items[place + 1 :])


def _all_days(configuration: Configuration) -> Made:
    yield from _days(configuration)
    yield from _each_step(_step_day)(configuration)


_MAKERS: dict[Kind, Callable[[Configuration], Made]] = {
    Kind.FEE: _fees,
    Kind.STEP_DROPPED: _each_step(_dropped),
    Kind.ROLE: _each_step(_role),
    Kind.DAY: _all_days,
    Kind.CASE_REMOVED: _cases,
    Kind.PAPER: _papers,
    Kind.UNIT: _each_step(_unit),
    Kind.OUTCOME: _each_step(_outcome),
    Kind.LETTER: _letter,
    Kind.RECEPTION: _reception,
    Kind.RETURNING: _returning,
}
