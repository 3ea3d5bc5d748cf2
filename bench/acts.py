"""Receiving a dossier and completing a step, against the same rows by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median

from bench.cast import Cast
from bench.figures import Figure, Goal
from bench.place import Place
from bench.raw import Pattern, connect
from bench.timing import once, statements, undisturbed
from motcua.dossiers import actions
from motcua.kernel import clock
from motcua.workflow import queries as workflow

RECEIVE = Goal(statements=10, ratio=3)
COMPLETE = Goal(statements=6, ratio=5)
WARM = 12
RAW_RECEIVE, RAW_COMPLETE = 10, 6


def measure(place: Place, cast: Cast, *, rounds: int = 150) -> Iterator[Figure]:
    """Both acts, raw and product taking turns on the same database."""
    _counts(cast)  # the first time also fills what the process keeps
    counts = _counts(cast)
    pattern = _pattern(place, cast)
    receive, complete = _in_turns(cast, pattern, rounds)
    pattern.database.close()
    database = place.database
    yield Figure(
        "receive a dossier", database, receive[1], "ms", receive[0], counts[0], RAW_RECEIVE, RECEIVE,
        "number, run, two tasks, dossier with what is owed, party, three papers, slip, audit entry, event",
    )  # fmt: skip
    yield Figure(
        "complete a step", database, complete[1], "ms", complete[0], counts[1], RAW_COMPLETE, COMPLETE,
        "lock, close the task, open the next, dossier, audit entry, event",
    )  # fmt: skip


def _counts(cast: Cast) -> tuple[int, int]:
    """Statements of each act."""
    reception, now = cast.fresh(), clock.now()
    received = statements(lambda: actions.receive_dossier(actor=cast.officer, reception=reception, now=now))
    return len(received), len(statements(_complete(cast, _receive(cast))))


def _receive(cast: Cast) -> str:
    return actions.receive_dossier(actor=cast.officer, reception=cast.fresh(), now=clock.now()).dossier.code


def _complete(cast: Cast, code: str) -> Callable[[], object]:
    """Completing the open step of a dossier, everything it needs to know found beforehand."""
    task = workflow.open_tasks().select_related("run").get(run__subject=code)
    step = workflow.process(task.run.process_version_id).by_key[task.step_key]
    assert step.default_outcome is not None
    outcome, actor, now = step.default_outcome.key, cast.specialist, clock.now()
    return lambda: actions.complete_step(actor=actor, code=code, task_id=task.pk, outcome=outcome, now=now)


def _pattern(place: Place, cast: Cast) -> Pattern:
    """The rows of a dossier just received, and what one step adds to them."""
    code = _receive(cast)
    pattern = Pattern(connect(place), code)
    _complete(cast, code)()
    pattern.learn_step()
    return pattern


def _in_turns(cast: Cast, pattern: Pattern, rounds: int) -> tuple[tuple[float, float], tuple[float, float]]:
    times: tuple[list[float], ...] = ([], [], [], [])
    with undisturbed():
        for number in range(WARM + rounds):
            taken = _round(cast, pattern)
            if number >= WARM:
                for kept, value in zip(times, taken, strict=True):
                    kept.append(value)
    raw_receive, receive, raw_complete, complete = (median(kept) for kept in times)
    return (raw_receive, receive), (raw_complete, complete)


def _round(cast: Cast, pattern: Pattern) -> tuple[float, float, float, float]:
    """Raw reception, ours, raw step, ours: milliseconds of each."""
    codes: list[str] = []
    reception, now = cast.fresh(), clock.now()

    def receive() -> None:
        made = actions.receive_dossier(actor=cast.officer, reception=reception, now=now)
        codes.append(made.dossier.code)

    received = once(lambda: codes.append(pattern.receive())), once(receive)
    complete = _complete(cast, codes[1])
    return (*received, once(lambda: pattern.complete(codes[0])), once(complete))
