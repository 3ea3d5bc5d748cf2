"""What is wrong with a process, by name.

An `error` keeps a process from being published (unless it is a real table taken as it is); a `warning` is for
somebody to look at; `info` explains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from motcua.kernel.messages import Message, msg
from motcua.workflow.rules.definition import (
    Join,
    Outcome,
    ProcessDefinition,
    Span,
    Step,
    StepKind,
)
from motcua.workflow.rules.joins import branches_of, meeting
from motcua.workflow.rules.paths import cycle, reachable
from motcua.workflow.rules.walk import Totals, walk
from motcua.workflow.rules.words import amount_text, span_text, totals_text

Severity = Literal["error", "warning", "info"]
Holders = Callable[[Step], bool]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `code` is stable, for programs; `message` is for people."""

    severity: Severity
    code: str
    step_key: str | None
    message: Message


def check(definition: ProcessDefinition, *, holders: Holders | None = None) -> tuple[Finding, ...]:
    """All findings, errors first. `holders` tells whether somebody can perform a step."""
    structure = [*_keys(definition), *_targets(definition)]
    findings = list(structure)
    if not structure and definition.steps:
        findings += [*_reach(definition), *_loops(definition), *_joins(definition)]
    findings += [*_people(definition, holders), *_approval(definition)]
    if not any(finding.severity == "error" for finding in findings):
        findings += _times(definition)
    order = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.severity]))


def has_errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _error(code: str, step: Step | None, message: Message) -> Finding:
    return Finding("error", code, step.key if step else None, message)


def _warning(code: str, step: Step | None, message: Message) -> Finding:
    return Finding("warning", code, step.key if step else None, message)


def _keys(definition: ProcessDefinition) -> Iterator[Finding]:
    if not definition.steps:
        yield _error("no_steps", None, msg("Quy trình chưa có bước nào."))
    for key, count in Counter(step.key for step in definition.steps).items():
        if count > 1:
            yield _error(
                "duplicate_key",
                definition.step(key),
                msg("Mã bước “%(key)s” dùng %(count)s lần.", key=key, count=count),
            )
    for step in definition.steps:
        for key, count in Counter(outcome.key for outcome in step.outcomes).items():
            if count > 1:
                yield _error(
                    "duplicate_outcome",
                    step,
                    msg(
                        "Bước “%(step)s” có %(count)s lựa chọn cùng mã “%(key)s”.",
                        step=step.name,
                        count=count,
                        key=key,
                    ),
                )


def _targets(definition: ProcessDefinition) -> Iterator[Finding]:
    for step in definition.steps:
        if step.shared_group and definition.shared_time(step.shared_group) is None:
            yield _error(
                "unknown_shared_time",
                step,
                msg(
                    "Bước “%(step)s” dùng chung thời gian “%(key)s” chưa khai báo.",
                    step=step.name,
                    key=step.shared_group,
                ),
            )
        for outcome in step.outcomes:
            for target in outcome.to:
                if definition.step(target) is None:
                    yield _error(
                        "unknown_step",
                        step,
                        msg(
                            "Lựa chọn “%(outcome)s” của bước “%(step)s” dẫn tới bước không có: “%(key)s”.",
                            outcome=outcome.label,
                            step=step.name,
                            key=target,
                        ),
                    )


def _reach(definition: ProcessDefinition) -> Iterator[Finding]:
    first = definition.first
    assert first is not None
    seen = reachable(definition.forward, (first.key,))
    ends = {step.key for step in definition.steps if _ends(step)}
    for step in definition.steps:
        if step.key not in seen:
            yield _error("unreachable", step, msg("Không có đường nào tới bước “%(step)s”.", step=step.name))
        elif not _on(step):
            yield _error(
                "dead_end",
                step,
                msg(
                    "Bước “%(step)s” là ngõ cụt: không có lựa chọn nào để đi tiếp hay kết thúc.",
                    step=step.name,
                ),
            )
    if not ends & seen:
        yield _error("no_end", None, msg("Quy trình không có chỗ kết thúc."))
        return
    for step in definition.steps:
        if step.key in seen and _on(step) and not ({step.key} | definition.reaches[step.key]) & ends:
            yield _error(
                "never_ends", step, msg("Từ bước “%(step)s” không tới được chỗ kết thúc.", step=step.name)
            )
    if not any(step.kind is StepKind.RETURN and step.key in seen for step in definition.steps):
        yield _error("no_return", None, msg("Quy trình không có bước trả kết quả."))


def _on(step: Step) -> bool:
    return any(not outcome.back and not outcome.stay for outcome in step.outcomes)


def _ends(step: Step) -> bool:
    return any(not outcome.to and not outcome.back and not outcome.stay for outcome in step.outcomes)


def _loops(definition: ProcessDefinition) -> Iterator[Finding]:
    circle = cycle(definition.forward)
    if circle:
        names = " → ".join(definition.by_key[key].name for key in circle)
        yield _error(
            "unmarked_loop",
            definition.by_key[circle[0]],
            msg("Các bước đi vòng mà không đánh dấu là trả lại: %(names)s.", names=names),
        )
    for step in definition.steps:
        for outcome in step.outcomes:
            wrong = [t for t in outcome.to if outcome.back and step.key not in definition.reaches[t]]
            if wrong and wrong != [step.key]:
                yield _error(
                    "back_not_earlier",
                    step,
                    msg(
                        "Lựa chọn “%(outcome)s” của bước “%(step)s” trả về một bước không đứng trước.",
                        outcome=outcome.label,
                        step=step.name,
                    ),
                )


def _joins(definition: ProcessDefinition) -> Iterator[Finding]:
    for step in definition.steps:
        entries = definition.entries[step.key]
        if step.join is Join.ANY and not 1 <= step.join_count <= max(1, len(entries)):
            yield _error(
                "join_never_completes",
                step,
                msg(
                    "Bước ghép “%(step)s” cần %(need)s nhánh nhưng chỉ có %(have)s nhánh tới.",
                    step=step.name,
                    need=step.join_count,
                    have=len(entries),
                ),
            )
    for step in definition.steps:
        for outcome in step.outcomes:
            branches = branches_of(step, outcome)
            if len(branches) > 1:
                yield from _parallel(definition, step, outcome, branches)


def _parallel(
    definition: ProcessDefinition, step: Step, outcome: Outcome, branches: tuple[str, ...]
) -> Iterator[Finding]:
    """Every branch must come, by each of its ways, to one common step, or the join waits for nothing."""
    join = meeting(definition, branches)
    if join is None:
        if all(definition.by_key[key].kind is StepKind.AFTER for key in branches):
            return
        yield _error(
            "join_never_completes",
            step,
            msg(
                "Các nhánh song song mở từ “%(step)s” (%(outcome)s) không bao giờ gặp lại nhau.",
                step=step.name,
                outcome=outcome.label,
            ),
        )
        return
    for key in branches:
        inside = reachable(definition.forward, (key,), without=join)
        for name in inside:
            branch_step = definition.by_key[name]
            yield from _bypasses(branch_step, definition, join, inside)


def _bypasses(
    step: Step, definition: ProcessDefinition, join: str, inside: frozenset[str]
) -> Iterator[Finding]:
    for outcome in step.outcomes:
        leaves = not outcome.to or any(t != join and t not in inside for t in outcome.to)
        skips = any(t != join and join not in definition.reaches[t] for t in outcome.to)
        if not outcome.back and not outcome.stay and (leaves or skips):
            yield _error(
                "join_never_completes",
                step,
                msg(
                    "Lựa chọn “%(outcome)s” của bước “%(step)s” bỏ qua bước ghép “%(join)s”: "
                    "bước ghép sẽ không bao giờ đủ nhánh.",
                    outcome=outcome.label,
                    step=step.name,
                    join=definition.by_key[join].name,
                ),
            )


def _people(definition: ProcessDefinition, holders: Holders | None) -> Iterator[Finding]:
    for step in definition.steps:
        if not step.role:
            yield _error("no_role", step, msg("Bước “%(step)s” chưa có vai thực hiện.", step=step.name))
        elif holders is not None and not holders(step):
            yield _error(
                "role_without_holder",
                step,
                msg(
                    "Không ai giữ vai thực hiện bước “%(step)s” (%(performer)s).",
                    step=step.name,
                    performer=step.lane,
                ),
            )


def _approval(definition: ProcessDefinition) -> Iterator[Finding]:
    if definition.steps and not any(step.kind is StepKind.APPROVAL for step in definition.steps):
        yield _warning(
            "no_approval",
            None,
            msg("Quy trình thiếu bước lãnh đạo ký: kết quả không có ai phê duyệt."),
        )


def _times(definition: ProcessDefinition) -> Iterator[Finding]:
    for step in definition.steps:
        if step.time is not None and step.time.amount < 0:
            yield _error("negative_time", step, msg("Bước “%(step)s” có thời gian âm.", step=step.name))
    walked = walk(definition, loops=0)
    if walked.truncated:
        yield _warning("too_many_paths", None, msg("Quy trình có quá nhiều nhánh để cộng hết thời gian."))
    stuck = next((path for path in walked.paths if path.stuck), None)
    if stuck is not None and stuck.stuck is not None:
        yield _error("stuck", None, msg("Có nhánh không chạy tới cùng: %(why)s", why=stuck.stuck.message))
    total, limit = walked.longest, definition.limit
    if limit is None:
        message = msg(
            "Quy trình chưa ghi thời hạn giải quyết; các bước cộng lại %(sum)s.", sum=totals_text(total)
        )
        yield _warning("no_limit", None, message)
    if total.is_mixed or (limit is not None and total.in_unit(limit.unit) is None):
        yield _warning("units_differ", None, _cannot_compare(total, limit))
    elif limit is not None:
        yield from _against_limit(limit, total)


def _cannot_compare(total: Totals, limit: Span | None) -> Message:
    if limit is None:
        return msg(
            "Thời gian các bước gồm %(sum)s: không cộng được thành một con số, "
            "vì ngày và ngày làm việc không đổi ra nhau khi chưa biết ngày nhận hồ sơ.",
            sum=totals_text(total),
        )
    return msg(
        "Không so được tổng các bước (%(sum)s) với thời hạn (%(limit)s): "
        "ngày và ngày làm việc không đổi ra nhau khi chưa biết ngày nhận hồ sơ.",
        sum=totals_text(total),
        limit=span_text(limit),
    )


def _against_limit(limit: Span, total: Totals) -> Iterator[Finding]:
    amount = total.in_unit(limit.unit)
    assert amount is not None
    if amount > limit.amount:
        yield _error("sum_exceeds_limit", None, _difference(amount - limit.amount, amount, limit, over=True))
    elif amount < limit.amount:
        yield _warning("sum_below_limit", None, _difference(limit.amount - amount, amount, limit, over=False))


def _difference(gap: Fraction, amount: Fraction, limit: Span, *, over: bool) -> Message:
    values = {
        "sum": span_text(Span(amount, limit.unit)),
        "limit": span_text(limit),
        "gap": amount_text(gap),
    }
    if over:
        return msg("Tổng thời gian các bước là %(sum)s, vượt thời hạn %(limit)s (thừa %(gap)s).", **values)
    return msg("Tổng thời gian các bước là %(sum)s, ít hơn thời hạn %(limit)s (còn %(gap)s).", **values)
