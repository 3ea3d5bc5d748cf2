"""What differs between two processes, step by step, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold
from motcua.workflow.rules.definition import Outcome, ProcessDefinition, Step
from motcua.workflow.rules.drawing import time_text
from motcua.workflow.rules.words import KINDS, outcome_text, span_text

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that differs: its name and both values in words."""

    label: Message
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One step that differs. Numbers are places in the tables, from 1; 0 where the step is not there."""

    kind: Kind
    key: str
    name: str
    old_number: int
    new_number: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two processes."""

    head: tuple[Part, ...]
    steps: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        return not self.head and not self.steps


def compare(old: ProcessDefinition, new: ProcessDefinition) -> Difference:
    """What `new` has differently. Steps are matched by key, then by their words."""
    pairs = _matched(old, new)
    numbers = ({s.key: n for n, s in enumerate(d.steps, 1)} for d in (old, new))
    old_numbers, new_numbers = numbers
    renamed = {pairs[key]: key for key in pairs}
    changes: list[Change] = []
    kept_order = _stayed([renamed[s.key] for s in new.steps if s.key in renamed], old_numbers)
    for step in new.steps:
        before = old.step(renamed.get(step.key, ""))
        if before is None:
            changes.append(
                Change("added", step.key, step.name, 0, new_numbers[step.key], tuple(_of_new(new, step)))
            )
            continue
        parts = tuple(_parts(old, before, old_numbers, new, step, new_numbers, pairs))
        moved = before.key not in kept_order
        if parts or moved:
            kind: Kind = "changed" if parts else "moved"
            changes.append(
                Change(kind, step.key, step.name, old_numbers[before.key], new_numbers[step.key], parts)
            )
    changes += [
        Change("removed", step.key, step.name, old_numbers[step.key], 0)
        for step in old.steps
        if step.key not in pairs
    ]
    return Difference(tuple(_head(old, new)), tuple(changes))


def _matched(old: ProcessDefinition, new: ProcessDefinition) -> dict[str, str]:
    """Key of the old step -> key of the new one."""
    pairs = {s.key: s.key for s in old.steps if s.key in new.by_key and _alike(s, new.by_key[s.key])}
    taken = set(pairs.values())
    for step in old.steps:
        if step.key in pairs:
            continue
        same = next((s for s in new.steps if s.key not in taken and fold(s.name) == fold(step.name)), None)
        if same is None and step.key in new.by_key and step.key not in taken:
            same = new.by_key[step.key]
        if same is not None:
            pairs[step.key] = same.key
            taken.add(same.key)
    return pairs


def _alike(one: Step, other: Step) -> bool:
    """The same key and either the same words or the same performer: the same step, edited."""
    return fold(one.name) == fold(other.name) or (one.role, one.performer) == (other.role, other.performer)


def _stayed(keys: list[str], numbers: dict[str, int]) -> set[str]:
    """The longest run of steps that keep their order; the others were moved."""
    best: list[list[str]] = []
    for key in keys:
        shorter = [run for run in best if numbers[run[-1]] < numbers[key]]
        best.append([*_longest(shorter), key])
    return set(_longest(best))


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run), default=[])


def _head(old: ProcessDefinition, new: ProcessDefinition) -> Iterator[Part]:
    for label, before, after in (
        (msg("Tên quy trình"), old.title, new.title),
        (
            msg("Thời hạn"),
            span_text(old.limit).render() if old.limit else "",
            span_text(new.limit).render() if new.limit else "",
        ),
        (msg("Thủ tục"), ", ".join(old.procedure_codes), ", ".join(new.procedure_codes)),
        (msg("Trường hợp"), old.branch or "", new.branch or ""),
        (msg("Văn bản"), old.reference, new.reference),
        (msg("Cơ quan ban hành"), old.issuer, new.issuer),
    ):
        if before != after:
            yield Part(label, before, after)


def _of_new(definition: ProcessDefinition, step: Step) -> Iterator[Part]:
    for label, value in (
        (msg("Người thực hiện"), step.lane),
        (msg("Thời gian"), time_text(definition, step)),
    ):
        if value:
            yield Part(label, "", value)


def _parts(
    old: ProcessDefinition,
    before: Step,
    old_numbers: dict[str, int],
    new: ProcessDefinition,
    after: Step,
    new_numbers: dict[str, int],
    pairs: dict[str, str],
) -> Iterator[Part]:
    for label, one, other in (
        (msg("Nội dung"), before.name, after.name),
        (msg("Loại bước"), KINDS[before.kind].render(), KINDS[after.kind].render()),
        (msg("Người thực hiện"), before.lane, after.lane),
        (msg("Vai"), before.role, after.role),
        (msg("Đơn vị"), before.unit_ref.which, after.unit_ref.which),
        (msg("Thời gian"), time_text(old, before), time_text(new, after)),
        (msg("Sản phẩm"), before.output or "", after.output or ""),
        (msg("Biểu mẫu"), before.form or "", after.form or ""),
        (msg("Phần"), before.phase or "", after.phase or ""),
        (msg("Khi nào làm"), before.optional_when or "", after.optional_when or ""),
        (msg("Ghi chú"), before.note, after.note),
    ):
        if one != other:
            yield Part(label, str(one), str(other))
    translated = tuple(
        (o.label, o.back, o.stay, o.effect, o.needs_note, tuple(pairs.get(t, t) for t in o.to))
        for o in before.outcomes
    )
    if translated != tuple((o.label, o.back, o.stay, o.effect, o.needs_note, o.to) for o in after.outcomes):
        yield Part(
            msg("Chuyển tiếp"), _ways(before.outcomes, old_numbers), _ways(after.outcomes, new_numbers)
        )


def _ways(outcomes: tuple[Outcome, ...], numbers: dict[str, int]) -> str:
    """ "Đồng ý → 4; Trả lại để sửa ↩ 2"."""
    words = []
    for outcome in outcomes:
        arrow = "↩" if outcome.back else "⇉" if outcome.stay or len(outcome.to) > 1 else "→"
        targets = ", ".join(str(numbers[t]) for t in outcome.to if t in numbers) or msg("kết thúc").render()
        words.append(f"{outcome_text(outcome.label)} {arrow} {targets}")
    return "; ".join(words)
