"""How the steps of a table lead on to each other.

A table is read downwards; its words add the rest: optional steps, "song song", numbered cases, refusals, and
the reviewer's right to give the draft back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from motcua.kernel.messages import Message, msg
from motcua.workflow.rules import source_words as words
from motcua.workflow.rules.checks import Severity
from motcua.workflow.rules.definition import Effect, Outcome, Span, Step, StepKind, TimeUnit

Remark = Callable[[Severity, str, str | None, Message], None]


def with_outcomes(steps: Sequence[Step], remark: Remark) -> tuple[Step, ...]:
    """The same steps with their outcomes."""
    table = _Table(list(steps), remark)
    return tuple(table.connect(index) for index in range(len(steps)))


class _Table:
    def __init__(self, steps: list[Step], remark: Remark) -> None:
        self.steps = [self._own_limit(step, remark) for step in steps]
        self.remark = remark
        self.blocks = self._parallel_blocks()

    def connect(self, index: int) -> Step:
        step = self.steps[index]
        outcomes = [*self._onward(index), *self._exits(index), *self._backward(index)]
        if step.note and not self._understands(index):
            self.remark(
                "info",
                "note_kept",
                step.key,
                msg("Ghi chú giữ nguyên, máy không thực hiện: %(note)s.", note=step.note),
            )
        return replace(step, outcomes=tuple(outcomes))

    def _own_limit(self, step: Step, remark: Remark) -> Step:
        """A consultation that names its own limit in words ("tối đa 12 ngày")."""
        if step.kind is not StepKind.CONSULT or step.time is not None:
            return step
        span: Span | None = words.spoken_span(step.name, default=TimeUnit.CALENDAR_DAY)
        if span is None:
            return step
        remark(
            "info",
            "time_from_words",
            step.key,
            msg("Thời hạn lấy ý kiến đọc từ tên bước “%(name)s”.", name=step.name),
        )
        return replace(step, time=span)

    def _parallel_blocks(self) -> dict[int, range]:
        """First index of each run of two or more neighbouring steps called "song song" -> the run."""
        blocks: dict[int, range] = {}
        index = 1
        while index < len(self.steps):
            end = index
            while end < len(self.steps) and words.is_parallel(self.steps[end].name):
                end += 1
            if end - index > 1:
                blocks[index] = range(index, end)
            index = max(end, index + 1)
        return blocks

    def _block_of(self, index: int) -> range | None:
        return next((block for block in self.blocks.values() if index in block), None)

    def _beside(self, index: int) -> bool:
        """A lone "song song" consultation runs beside the step above it, on demand."""
        step = self.steps[index]
        lone = words.is_parallel(step.name) and self._block_of(index) is None
        return lone and step.kind is StepKind.CONSULT and index > 1

    def _onward(self, index: int) -> list[Outcome]:
        step = self.steps[index]
        if step.kind is StepKind.RETURN:
            after = tuple(s.key for s in self.steps[index + 1 :])
            return [Outcome("returned", "Đã trả kết quả", after)]
        if step.kind is StepKind.AFTER:
            return [Outcome("done", "Đã xong", ())]
        block = self._block_of(index)
        following = block.stop if block else index + 1
        if words.is_parallel(step.name) and block is None and not self._beside(index):
            self.remark(
                "warning",
                "parallel_unclear",
                step.key,
                msg("“%(name)s” ghi song song nhưng không rõ với bước nào: đọc là tuần tự.", name=step.name),
            )
        outcomes: list[Outcome] = []
        if following < len(self.steps) and self._beside(following):
            beside = self.steps[following]
            outcomes.append(
                Outcome(
                    "consult", f"Lấy ý kiến ({beside.optional_when or 'song song'})", (beside.key,), stay=True
                )
            )
            following += 1
        return [*self._ways_from(step, following), *outcomes]

    def _ways_from(self, step: Step, following: int) -> list[Outcome]:
        ways: list[Outcome] = []
        while following < len(self.steps) and self.steps[following].optional_when:
            optional = self.steps[following]
            label = f"Trường hợp {optional.optional_when}"
            ways.append(Outcome(f"with-{optional.key}", label, (optional.key,)))
            following += 1
        if following >= len(self.steps):
            return ways
        block = self.blocks.get(following)
        to = tuple(self.steps[i].key for i in block) if block else (self.steps[following].key,)
        if ways:
            skipped = "; ".join(
                s.optional_when or "" for s in self.steps if f"with-{s.key}" in {w.key for w in ways}
            )
            return [Outcome("forward", f"Không thuộc trường hợp: {skipped}", to), *ways]
        return self._cases(step, to) or [Outcome("forward", _forward_label(step), to)]

    def _cases(self, step: Step, to: tuple[str, ...]) -> list[Outcome]:
        if "rẽ nhánh" not in step.note:
            return []
        cases = words.numbered_cases(step.name)
        if len(cases) < 2:
            self.remark(
                "warning",
                "branch_unclear",
                step.key,
                msg("Bước “%(name)s” ghi rẽ nhánh nhưng không đọc được các trường hợp.", name=step.name),
            )
            return []
        return [Outcome(f"case-{number}", f"Trường hợp {number}: {text}", to) for number, text in cases]

    def _exits(self, index: int) -> list[Outcome]:
        """Refusal by the approver, unresolved return by the appraiser, supplement notice by the clerk."""
        step = self.steps[index]
        following = self.steps[index + 1].key if index + 1 < len(self.steps) else None
        final = next((s.key for s in self.steps if s.kind is StepKind.RETURN), None)
        if step.kind is StepKind.APPROVAL and following and words.may_refuse(step.name, step.output):
            return [
                Outcome(
                    "refuse",
                    "Từ chối, trả lời bằng văn bản",
                    (following,),
                    needs_note=True,
                    effect=Effect.REFUSE,
                )
            ]
        if step.kind is StepKind.WORK and final and words.may_return_unresolved(step.name):
            return [
                Outcome(
                    "return_unresolved",
                    "Không đủ điều kiện: trả hồ sơ kèm thông báo",
                    (final,),
                    needs_note=True,
                    effect=Effect.RETURN_UNRESOLVED,
                )
            ]
        branching = self._branching_before(index)
        if step.kind is StepKind.CLERK and branching and words.sends_supplement_notice(step.name):
            return [
                Outcome(
                    "supplement",
                    "Gửi thông báo bổ sung",
                    (branching.key,),
                    back=True,
                    effect=Effect.SUPPLEMENT,
                )
            ]
        return []

    def _branching_before(self, index: int) -> Step | None:
        return next((s for s in reversed(self.steps[:index]) if "rẽ nhánh" in s.note), None)

    def _backward(self, index: int) -> list[Outcome]:
        """A reviewer may give the draft back to the one who wrote it."""
        step = self.steps[index]
        reviews = step.kind is StepKind.APPROVAL or (
            step.kind is StepKind.WORK and step.role == "dept_head" and not words.is_assignment(step.name)
        )
        author = next(
            (s for s in reversed(self.steps[:index]) if s.kind is StepKind.WORK and s.role == "specialist"),
            None,
        )
        if not reviews or author is None:
            return []
        return [Outcome("send_back", "Trả lại để sửa", (author.key,), needs_note=True, back=True)]

    def _understands(self, index: int) -> bool:
        note = self.steps[index].note
        if "rẽ nhánh" in note:
            return len(words.numbered_cases(self.steps[index].name)) > 1
        kind = self.steps[index].kind
        return (kind is StepKind.RETURN and note == "giờ hành chính") or (
            kind is StepKind.AFTER and "sau khi trả" in note
        )


def _forward_label(step: Step) -> str:
    return {
        StepKind.RECEPTION: "Chuyển xử lý",
        StepKind.APPROVAL: "Đồng ý, ký",
        StepKind.CONSULT: "Đã có ý kiến",
        StepKind.WAIT: "Đã hết chờ",
    }.get(step.kind, "Chuyển bước sau")
