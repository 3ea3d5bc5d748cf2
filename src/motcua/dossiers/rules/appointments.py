"""Two appointment dates: a limit cut where the process waits for the applicant to pay.

Land dossiers are announced in two: the day the tax slip goes out, and a day counted from the proof of payment
(Decision 138/2025/QĐ-UBND Đồng Tháp Art. 5.3; Decree 151/2025). Where the catalogue does not say how long each
part is, the approved internal process does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from motcua.catalogue.rules.time_limits import LimitPhase, TimeLimit
from motcua.kernel.messages import msg
from motcua.workflow.rules.definition import ProcessDefinition, StepKind, TimeUnit, WaitReason

# A limit keeps these as Vietnamese text; `label_text` gives the reader's language on the way out.
PAYMENT = msg("hoàn thành nghĩa vụ tài chính").text
LABELS = (msg("Hẹn lần 1"), msg("Hẹn lần 2"), msg("Hẹn lần 3"))


def label_text(label: str) -> str:
    """The name of an appointment, or what it waits for; words of the source's own stay as they are."""
    return msg(label).render() if label else ""


def with_appointments(
    limit: TimeLimit | None, announced: Sequence[int], process: ProcessDefinition | None
) -> TimeLimit | None:
    """The limit in its appointments: as the catalogue announces them, else as the process divides its time.

    A limit of several phases, or parts that do not add up to the limit, stay as they are.
    """
    if limit is None or len(limit.phases) != 1:
        return limit
    only = limit.phases[0]
    parts = [Fraction(days) for days in announced] if len(announced) > 1 else _parts(process, only.unit.value)
    if len(parts) < 2 or sum(parts) != only.amount:
        return limit
    phases = tuple(
        LimitPhase(
            amount,
            only.unit,
            label=LABELS[number - 1].text if number <= len(LABELS) else f"Hẹn lần {number}",
            waits_for=PAYMENT if number > 1 else "",
        )
        for number, amount in enumerate(parts, start=1)
    )
    return replace(limit, phases=phases)


def _parts(process: ProcessDefinition | None, unit: str) -> list[Fraction]:
    """Counted time before and after each wait for payment, in days; empty where units differ."""
    if process is None or unit not in set(TimeUnit):
        return []
    parts, seen = [Fraction(0)], set[str]()
    for step in process.steps:
        if step.kind is StepKind.WAIT and step.wait_for and step.wait_for.reason is WaitReason.PAYMENT:
            parts.append(Fraction(0))
            continue
        time = step.time
        if step.shared_group is not None:
            group = process.shared_time(step.shared_group)
            time = group.time if group and group.key not in seen else None
            seen.add(step.shared_group)
        if time is None or not step.counted or not time.amount:
            continue
        if time.unit is not TimeUnit(unit):
            return []
        parts[-1] += time.amount
    return parts if all(parts) else []
