"""Walking every branch of a process on the real engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from motcua.workflow.rules.definition import ProcessDefinition, Step, TimeUnit
from motcua.workflow.rules.engine import Move, Open, Refusal, complete, start

MOST_PATHS = 2000
LONGEST_PATH = 400


@dataclass(frozen=True, slots=True)
class Totals:
    """Time by unit: calendar days and working time are different things and are never added up."""

    by_unit: Mapping[TimeUnit, Fraction] = field(default_factory=dict)

    def plus(self, unit: TimeUnit, amount: Fraction) -> Totals:
        return Totals({**self.by_unit, unit: self.by_unit.get(unit, Fraction(0)) + amount})

    def largest(self, other: Totals) -> Totals:
        units = {**self.by_unit, **other.by_unit}
        zero = Fraction(0)
        return Totals({u: max(self.by_unit.get(u, zero), other.by_unit.get(u, zero)) for u in units})

    @property
    def used(self) -> Mapping[TimeUnit, Fraction]:
        return {unit: amount for unit, amount in self.by_unit.items() if amount}

    @property
    def is_mixed(self) -> bool:
        """Calendar days beside working time: no exact sum exists."""
        return TimeUnit.CALENDAR_DAY in self.used and len(self.used) > 1

    def in_unit(self, unit: TimeUnit) -> Fraction | None:
        """The whole in one unit; None when the units cannot be compared."""
        if any((u is TimeUnit.CALENDAR_DAY) != (unit is TimeUnit.CALENDAR_DAY) for u in self.used):
            return None
        hours = {TimeUnit.WORKING_DAY: 8, TimeUnit.WORKING_HOUR: 1, TimeUnit.CALENDAR_DAY: 1}
        total = sum((amount * hours[u] for u, amount in self.used.items()), Fraction(0))
        return total / hours[unit]


@dataclass(frozen=True, slots=True)
class Path:
    """A complete run: (step key, outcome key) in order; `total` is the counted time of the longest branch."""

    steps: tuple[tuple[str, str], ...]
    total: Totals
    returned: bool
    finished: bool
    stuck: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    paths: tuple[Path, ...]
    truncated: bool

    @property
    def longest(self) -> Totals:
        total = Totals()
        for path in self.paths:
            total = total.largest(path.total)
        return total


@dataclass(frozen=True, slots=True)
class _Mark:
    """Time spent when a task opens, and the shared times already counted on the way."""

    total: Totals = Totals()
    shared: frozenset[str] = frozenset()

    def merge(self, other: _Mark) -> _Mark:
        return _Mark(self.total.largest(other.total), self.shared | other.shared)


@dataclass(frozen=True, slots=True)
class _State:
    open: tuple[Open, ...]
    marks: Mapping[int, _Mark]
    arrived: Mapping[str, _Mark]
    steps: tuple[tuple[str, str], ...] = ()
    loops: int = 0
    returned: bool = False
    total: Totals = Totals()
    next_ref: int = 1
    beside: frozenset[tuple[str, str]] = frozenset()


def walk(definition: ProcessDefinition, *, loops: int = 1) -> Walk:
    """Every complete run with at most `loops` loops back; each loop back is taken in some path if loops >= 1.

    Parallel tasks are finished in table order: the engine's result does not depend on the order.
    """
    first = start(definition)
    if isinstance(first, Refusal):
        return Walk((Path((), Totals(), False, False, first),), False)
    state = _opened(_State((), {}, {}), first, _Mark())
    paths: list[Path] = []
    todo = [state]
    while todo:
        if len(paths) >= MOST_PATHS:
            return Walk(tuple(paths), True)
        state = todo.pop()
        if len(state.steps) > LONGEST_PATH:
            return Walk(tuple(paths), True)
        nexts = list(_successors(definition, state, loops))
        paths.extend(item for item in nexts if isinstance(item, Path))
        todo.extend(item for item in reversed(nexts) if isinstance(item, _State))
    return Walk(tuple(paths), False)


def table_total(definition: ProcessDefinition) -> Totals:
    """The sum of the table: every counted step once, every shared time once."""
    mark = _Mark()
    for step in definition.steps:
        mark = _after(definition, mark, step)
    return mark.total


def _successors(definition: ProcessDefinition, state: _State, loops: int) -> Iterator[_State | Path]:
    order = {step.key: index for index, step in enumerate(definition.steps)}
    task = min(state.open, key=lambda t: (order.get(t.step, 0), t.ref))
    step = definition.by_key[task.step]
    if not step.outcomes:
        yield _ended(state, _no_outcome(definition, state, task))
        return
    for outcome in step.outcomes:
        if outcome.back and state.loops >= loops:
            continue
        beside = (step.key, outcome.key)
        if outcome.stay and beside in state.beside:
            continue
        move = complete(definition, state.open, task.ref, outcome.key, note="-")
        if isinstance(move, Refusal):
            yield _ended(state, move)
            continue
        taken = replace(
            state,
            steps=(*state.steps, (step.key, outcome.key)),
            loops=state.loops + outcome.back,
            beside=state.beside | {beside} if outcome.stay else state.beside,
        )
        yield _moved(definition, taken, task, step, move)


def _no_outcome(definition: ProcessDefinition, state: _State, task: Open) -> Refusal:
    refused = complete(definition, state.open, task.ref, "", note="-")
    assert isinstance(refused, Refusal)
    return refused


def _moved(definition: ProcessDefinition, state: _State, task: Open, step: Step, move: Move) -> _State | Path:
    before = state.marks[task.ref]
    closes = task.ref in move.close
    mark = _after(definition, before, step) if closes else before
    gone = {*move.close, *move.cancel}
    left = replace(
        state,
        open=tuple(t for t in state.open if t.ref not in gone),
        arrived={
            **state.arrived,
            **{k: mark.merge(state.arrived.get(k, _Mark())) for k in move.waiting_at},
        },
        returned=state.returned or move.returned,
        total=state.total.largest(mark.total),
    )
    after = _opened(left, move, mark)
    if not after.open:
        return Path(after.steps, after.total, after.returned, move.finished)
    return after


def _opened(state: _State, move: Move, mark: _Mark) -> _State:
    tasks, marks, arrived, ref = list(state.open), dict(state.marks), dict(state.arrived), state.next_ref
    for entry in move.open:
        tasks.append(Open(ref, entry.step.key, entry.visit))
        marks[ref] = mark.merge(arrived.pop(entry.step.key, _Mark()))
        ref += 1
    return replace(state, open=tuple(tasks), marks=marks, arrived=arrived, next_ref=ref)


def _ended(state: _State, refusal: Refusal) -> Path:
    return Path(state.steps, state.total, state.returned, False, refusal)


def _after(definition: ProcessDefinition, mark: _Mark, step: Step) -> _Mark:
    if not step.counted:
        return mark
    group = definition.shared_time(step.shared_group)
    if group is not None:
        if group.key in mark.shared:
            return mark
        return _Mark(mark.total.plus(group.time.unit, group.time.amount), mark.shared | {group.key})
    if step.time is None:
        return mark
    return _Mark(mark.total.plus(step.time.unit, step.time.amount), mark.shared)
