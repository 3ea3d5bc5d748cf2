"""The process engine: pure transitions on the small set of open tasks of one run.

A run needs no more memory than its open tasks. A step where branches meet opens when no other open task can
still come to it (`Join.ALL`), so nothing has to count tokens and a transition reads no finished task. Every
function is total: what cannot be done comes back as a `Refusal`, never as an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from motcua.kernel.messages import Message, msg
from motcua.workflow.rules.definition import Join, Outcome, ProcessDefinition, Step, StepKind


@dataclass(frozen=True, slots=True)
class Open:
    """An open task. `ref` is the caller's identifier; `host` the task that asked for this consultation."""

    ref: int
    step: str
    visit: int = 1
    host: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A step to open. `visit` rises by one with every loop back."""

    step: Step
    visit: int


@dataclass(frozen=True, slots=True)
class Move:
    """What a transition does: tasks to close and cancel (by ref) and steps to open.

    `waiting_at` names steps that wait for other branches. `at_return` tells that a return step opens,
    `returned` that one has just been done, `finished` that nothing stays open.
    """

    close: tuple[int, ...] = ()
    cancel: tuple[int, ...] = ()
    open: tuple[Entry, ...] = ()
    waiting_at: tuple[str, ...] = ()
    at_return: bool = False
    returned: bool = False
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a transition is not possible."""

    code: str
    message: Message


def start(definition: ProcessDefinition, *, at: str | None = None) -> Move | Refusal:
    """Open the first step, or the step `at` when a run goes on from another branch of the procedure."""
    first = definition.first if at is None else definition.step(at)
    if first is None:
        return _unknown_step(at) if at else Refusal("no_steps", msg("Quy trình chưa có bước nào."))
    return Move(open=(Entry(first, 1),), at_return=first.kind is StepKind.RETURN)


def complete(
    definition: ProcessDefinition,
    open_tasks: Sequence[Open],
    ref: int,
    outcome_key: str,
    *,
    note: str = "",
) -> Move | Refusal:
    """Finish the task `ref` with an outcome of its step."""
    found = _find(definition, open_tasks, ref)
    if isinstance(found, Refusal):
        return found
    task, step = found
    outcome = step.outcome(outcome_key)
    if outcome is None:
        return Refusal(
            "unknown_outcome",
            msg("Bước “%(step)s” không có lựa chọn “%(outcome)s”.", step=step.name, outcome=outcome_key),
        )
    refusal = _outcome_refusal(definition, open_tasks, task, step, outcome, note)
    if refusal:
        return refusal
    if outcome.stay:
        return _beside(definition, open_tasks, task, outcome)
    if outcome.back:
        return _loop(definition, open_tasks, task, outcome.to)
    return _forward(definition, open_tasks, task, step, outcome)


def send_back(
    definition: ProcessDefinition, open_tasks: Sequence[Open], ref: int, to_step: str, *, note: str
) -> Move | Refusal:
    """Send the run from the task `ref` back to any earlier step, with a reason."""
    found = _find(definition, open_tasks, ref)
    if isinstance(found, Refusal):
        return found
    task, step = found
    target = definition.step(to_step)
    if target is None:
        return _unknown_step(to_step)
    earlier = step.key in definition.reaches.get(to_step, frozenset()) and to_step != step.key
    if not earlier or step.kind is StepKind.AFTER or target.kind is StepKind.WAIT:
        return Refusal(
            "not_earlier",
            msg(
                "Không trả được từ “%(step)s” về “%(target)s”: hãy chọn một bước xử lý đứng trước.",
                step=step.name,
                target=target.name,
            ),
        )
    if not note.strip():
        return _note_missing()
    return _loop(definition, open_tasks, task, (to_step,))


def take_back(
    definition: ProcessDefinition, open_tasks: Sequence[Open], previous: Open, outcome_key: str
) -> Move | Refusal:
    """Undo one's own forward: cancel what it opened and open the step again.

    The caller has made sure that nobody has touched the tasks that were opened. Refused when the run has
    gone further than the next step, and across a wait: the applicant has been told that the clock stopped or went on.
    """
    step = definition.step(previous.step)
    outcome = step.outcome(outcome_key) if step else None
    if step is None or outcome is None:
        return _unknown_step(previous.step)
    turned = [step, *(definition.by_key[target] for target in outcome.to)]
    if outcome.stay or step.kind is StepKind.RETURN or any(found.kind is StepKind.WAIT for found in turned):
        return Refusal("cannot_take_back", msg("Việc này không rút lại được."))
    visit = previous.visit + (1 if outcome.back else 0)
    cancel: list[int] = []
    for target in outcome.to:
        there = [t for t in open_tasks if t.host is None and t.step == target and t.visit == visit]
        waiting = any(target in definition.reaches.get(t.step, frozenset()) for t in open_tasks)
        if not there and not waiting:
            return Refusal("moved_on", msg("Hồ sơ đã đi tiếp, không rút lại được."))
        cancel.extend(task.ref for task in there)
    if not outcome.to:
        return Refusal("moved_on", msg("Quy trình đã kết thúc, không rút lại được."))
    hosts = set(cancel)
    cancel.extend(task.ref for task in open_tasks if task.host in hosts)
    return Move(cancel=tuple(cancel), open=(Entry(step, visit + 1),))


def consult(definition: ProcessDefinition, open_tasks: Sequence[Open], ref: int) -> Refusal | None:
    """Whether the task `ref` may ask other units for opinions while it stays open."""
    found = _find(definition, open_tasks, ref)
    if isinstance(found, Refusal):
        return found
    _task, step = found
    if step.kind in (StepKind.RECEPTION, StepKind.WAIT, StepKind.RETURN, StepKind.AFTER):
        return Refusal("cannot_consult", msg("Không lấy ý kiến ở bước “%(step)s”.", step=step.name))
    return None


def answer(open_tasks: Sequence[Open], ref: int) -> Move | Refusal:
    """Close a consultation that was asked for during a step; `finished` tells it was the last one."""
    task = next((t for t in open_tasks if t.ref == ref), None)
    if task is None or task.host is None:
        return Refusal("task_not_open", msg("Yêu cầu lấy ý kiến này không còn mở."))
    left = any(t.host == task.host and t.ref != ref for t in open_tasks)
    return Move(close=(ref,), finished=not left)


def _find(definition: ProcessDefinition, open_tasks: Sequence[Open], ref: int) -> tuple[Open, Step] | Refusal:
    task = next((t for t in open_tasks if t.ref == ref), None)
    if task is None:
        return Refusal("task_not_open", msg("Việc này đã được người khác xử lý hoặc không còn mở."))
    if task.host is not None:
        return Refusal("is_consultation", msg("Đây là yêu cầu lấy ý kiến: hãy trả lời ý kiến."))
    step = definition.step(task.step)
    return (task, step) if step else _unknown_step(task.step)


def _unknown_step(key: str) -> Refusal:
    return Refusal("unknown_step", msg("Quy trình không có bước “%(key)s”.", key=key))


def _note_missing() -> Refusal:
    return Refusal("note_missing", msg("Hãy ghi lý do."))


def _outcome_refusal(
    definition: ProcessDefinition,
    open_tasks: Sequence[Open],
    task: Open,
    step: Step,
    outcome: Outcome,
    note: str,
) -> Refusal | None:
    unknown = next((target for target in outcome.to if definition.step(target) is None), None)
    if unknown is not None:
        return _unknown_step(unknown)
    if outcome.needs_note and not note.strip():
        return _note_missing()
    asked = sum(1 for t in open_tasks if t.host == task.ref)
    if asked and not (outcome.back or outcome.stay):
        return Refusal(
            "consultations_open",
            msg(
                "Bước “%(step)s” còn chờ %(count)s đơn vị trả lời ý kiến. "
                "Hãy chờ, hoặc rút yêu cầu lấy ý kiến.",
                step=step.name,
                count=asked,
            ),
        )
    return None


def _beside(
    definition: ProcessDefinition, open_tasks: Sequence[Open], task: Open, outcome: Outcome
) -> Move | Refusal:
    busy = {t.step for t in open_tasks if t.host is None}
    repeated = next((target for target in outcome.to if target in busy), None)
    if repeated is not None:
        return Refusal(
            "already_open", msg("Bước “%(step)s” đang mở rồi.", step=definition.by_key[repeated].name)
        )
    return Move(open=tuple(Entry(definition.by_key[target], task.visit) for target in outcome.to))


def _loop(
    definition: ProcessDefinition, open_tasks: Sequence[Open], task: Open, targets: tuple[str, ...]
) -> Move:
    """Everything that comes after the reopened steps is void: those tasks are cancelled."""
    void = set(targets) | {task.step}
    for target in targets:
        void |= definition.reaches.get(target, frozenset())
    cancelled = {t.ref for t in open_tasks if t.ref != task.ref and t.host is None and t.step in void}
    hosts = cancelled | {task.ref}
    asked = [t.ref for t in open_tasks if t.host in hosts]
    opened = tuple(Entry(definition.by_key[target], task.visit + 1) for target in targets)
    return Move(close=(task.ref,), cancel=(*sorted(cancelled), *asked), open=opened)


def _forward(
    definition: ProcessDefinition, open_tasks: Sequence[Open], task: Open, step: Step, outcome: Outcome
) -> Move:
    others = [t for t in open_tasks if t.ref != task.ref and t.host is None]
    if any(t.step == task.step and t.visit == task.visit for t in others):
        return Move(close=(task.ref,), waiting_at=(step.key,))
    opened: list[Entry] = []
    cancelled: set[int] = set()
    waiting: list[str] = []
    for key in outcome.to:
        target = definition.by_key[key]
        if any(t.step == key for t in others):
            continue
        upstream = [t for t in others if key in definition.reaches.get(t.step, frozenset())]
        if len(upstream) > _may_be_missing(definition, target):
            waiting.append(key)
            continue
        cancelled.update(t.ref for t in upstream)
        opened.append(Entry(target, max([task.visit, *(t.visit for t in upstream)])))
    asked = {t.ref for t in open_tasks if t.host in cancelled}
    left = [t for t in others if t.ref not in cancelled]
    return Move(
        close=(task.ref,),
        cancel=tuple(sorted(cancelled | asked)),
        open=tuple(opened),
        waiting_at=tuple(waiting),
        at_return=any(entry.step.kind is StepKind.RETURN for entry in opened),
        returned=step.kind is StepKind.RETURN,
        finished=not left and not opened,
    )


def _may_be_missing(definition: ProcessDefinition, target: Step) -> int:
    """How many branches may still be under way when a step opens."""
    if target.join is Join.ALL:
        return 0
    return max(0, len(definition.entries[target.key]) - max(1, target.join_count))
