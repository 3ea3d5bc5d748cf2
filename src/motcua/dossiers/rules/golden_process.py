"""Walking a process for golden dossiers: its branches, and the way a given choice of outcomes takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from motcua.kernel.messages import msg
from motcua.workflow.rules.definition import Outcome, ProcessDefinition, Step
from motcua.workflow.rules.engine import Move, Open, Refusal, complete, start
from motcua.workflow.rules.paths import reachable

LONGEST = 400
"""Steps after which a run counts as one that never ends."""

NOT_RETURNED = msg("hồ sơ kết thúc mà không qua bước trả kết quả")

Choice = tuple[str, str]
"""(step key, outcome key)."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through a process. `key` names what is particular in it ("" the ordinary way)."""

    key: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """One task that was opened and what it was finished with; `minutes` planned, None where the table has none."""

    step: str
    outcome: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Way:
    """A whole run: its tasks in the order they were done. `stuck` says why it could not go on."""

    hops: tuple[Hop, ...]
    returned: bool
    stuck: str = ""


def branches(process: ProcessDefinition) -> tuple[Branch, ...]:
    """The ordinary way, and for each further outcome the shortest way that takes it, in table order.

    Together they take every outcome that can be reached.
    """
    return _branches(_Kept(process))


def follow(process: ProcessDefinition, choices: Sequence[Choice]) -> Way:
    """Run the process on the real engine, taking these outcomes at these steps in order, else the ordinary way on.

    A chosen outcome that a step does not have is passed over. Total: never raises. The same way through
    the same process is asked for in every unit, case and channel, so it is kept.
    """
    return _follow(_Kept(process), tuple(choices))


def ordinary(step: Step) -> Outcome | None:
    """How a step is finished when nothing particular is wanted: its default, else whatever it has."""
    return step.default_outcome or next(iter(step.outcomes), None)


def _outcome(step: Step, wanted: list[str]) -> str:
    while wanted:
        chosen = wanted.pop(0)
        if step.outcome(chosen) is not None:
            return chosen
    usual = ordinary(step)
    return usual.key if usual else ""


def _minutes(process: ProcessDefinition, step: Step) -> int | None:
    if step.time is not None:
        return step.time.planned_minutes
    group = process.shared_time(step.shared_group)
    return group.time.planned_minutes if group else None


def _after(tasks: Sequence[Open], move: Move, ref: int) -> tuple[list[Open], int]:
    gone = {*move.close, *move.cancel}
    left = [task for task in tasks if task.ref not in gone]
    for entry in move.open:
        ref += 1
        left.append(Open(ref, entry.step.key, entry.visit))
    return left, ref


@dataclass(frozen=True, eq=False, slots=True)
class _Kept:
    """A definition as a key of the cache: equal when the digests are."""

    process: ProcessDefinition

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.process.digest == self.process.digest

    def __hash__(self) -> int:
        return hash(self.process.digest)


@lru_cache(maxsize=4096)
def _follow(kept: _Kept, choices: tuple[Choice, ...]) -> Way:
    process = kept.process
    wanted: dict[str, list[str]] = defaultdict(list)
    for step_key, outcome_key in choices:
        wanted[step_key].append(outcome_key)
    begun = start(process)
    if isinstance(begun, Refusal):
        return Way((), False, begun.message.source())
    order = {step.key: place for place, step in enumerate(process.steps)}
    tasks, ref = [Open(1, entry.step.key, entry.visit) for entry in begun.open], 1
    hops: list[Hop] = []
    returned = False
    while tasks:
        task = min(tasks, key=lambda found: (order.get(found.step, 0), found.ref))
        step = process.by_key[task.step]
        outcome = _outcome(step, wanted[step.key])
        move = complete(process, tasks, task.ref, outcome, note="-")
        if isinstance(move, Refusal):
            return Way(tuple(hops), returned, move.message.source())
        hops.append(Hop(step.key, outcome, _minutes(process, step)))
        if len(hops) > LONGEST:
            return Way(tuple(hops), returned, f"{step.name}: không tới bước cuối sau {LONGEST} bước")
        tasks, ref = _after(tasks, move, ref)
        returned = returned or move.returned
    return Way(tuple(hops), returned, "" if returned else NOT_RETURNED.source())


@lru_cache(maxsize=4096)
def _branches(kept: _Kept) -> tuple[Branch, ...]:
    process = kept.process
    found = [Branch("")]
    taken = {(hop.step, hop.outcome) for hop in follow(process, ()).hops}
    if process.first is None:
        return tuple(found)
    ways = _ways_to(process)
    for step in process.steps:
        for outcome in step.outcomes:
            if (step.key, outcome.key) in taken or step.key not in ways:
                continue
            choices = (*ways[step.key], (step.key, outcome.key))
            hops = follow(process, choices).hops
            taken.update((hop.step, hop.outcome) for hop in hops)
            found.append(Branch(f"{step.key}.{outcome.key}", choices))
    return tuple(found)


def _ways_to(process: ProcessDefinition) -> Mapping[str, tuple[Choice, ...]]:
    """For each step that can be reached, choices of the first way to it that a breadth-first search finds."""
    assert process.first is not None
    found: dict[str, tuple[Choice, ...]] = {process.first.key: ()}
    todo = [process.first.key]
    for key in todo:
        for outcome in process.by_key[key].outcomes:
            for target in outcome.to:
                if target not in found and process.step(target) is not None:
                    found[target] = (*found[key], (key, outcome.key))
                    todo.append(target)
    return found


def unreachable(process: ProcessDefinition) -> tuple[Step, ...]:
    """Steps no outcome leads to."""
    if process.first is None:
        return ()
    edges = {step.key: tuple(t for o in step.outcomes for t in o.to) for step in process.steps}
    reached = {process.first.key, *reachable(edges, edges[process.first.key])}
    return tuple(step for step in process.steps if step.key not in reached)
