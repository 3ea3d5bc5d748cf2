"""The editor's page as typed: rows of plain texts, from a definition or from a posted form, and back to a definition.

What cannot be read is a sentence at its field; the rows keep every text as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from django.http import QueryDict

from motcua.kernel.messages import Message, msg
from motcua.kernel.text import nfc
from motcua.organisation.types import Role
from motcua.workflow.rules.definition import (
    Effect,
    Outcome,
    ProcessDefinition,
    Span,
    Step,
    StepKind,
    TimeUnit,
    UnitRef,
    Wait,
    WaitReason,
    Where,
)
from motcua.workflow.rules.pasted_words import codes_in, time_cell
from motcua.workflow.rules.pasted_writing import span_words
from motcua.workflow.rules.slug import slug

T = TypeVar("T", bound=StrEnum)

MOST_OUTCOMES = 12
FORWARD, BACK, BESIDE, END = "tiep", "lui", "ben-canh", "het"
_KEY = re.compile(r"[a-zA-Z0-9_.\-]{1,80}")


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One choice of a step as typed. `targets` are numbers of steps."""

    key: str = ""
    label: str = ""
    way: str = FORWARD
    targets: str = ""
    effect: str = ""
    needs_note: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as typed."""

    key: str
    number: int
    name: str = ""
    kind: str = StepKind.WORK.value
    role: str = ""
    where: str = Where.AGENCY.value
    performer: str = ""
    time: str = ""
    counted: bool = True
    output: str = ""
    form: str = ""
    optional_when: str = ""
    note: str = ""
    outcomes: tuple[OutcomeRow, ...] = ()
    shared: str = ""

    @property
    def time_id(self) -> str:
        return f"time-{self.key}"

    @property
    def choices(self) -> list[tuple[int, str, OutcomeRow]]:
        """Place, id of the field of targets, choice."""
        return [(i, f"to-{i}-{self.key}", outcome) for i, outcome in enumerate(self.outcomes)]


@dataclass(frozen=True, slots=True)
class HeadRow:
    """What stands above the steps, as typed."""

    title: str = ""
    limit: str = ""
    codes: str = ""
    reference: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole page as typed."""

    head: HeadRow
    steps: tuple[StepRow, ...]


@dataclass
class Read:
    """A definition read from a sheet, and what could not be read: field id -> sentence."""

    definition: ProcessDefinition
    errors: dict[str, str] = field(default_factory=dict)


def sheet_of(definition: ProcessDefinition) -> Sheet:
    """A definition as it is typed."""
    numbers = {step.key: n for n, step in enumerate(definition.steps, 1)}
    head = HeadRow(
        title=definition.title,
        limit=span_words(definition.limit) if definition.limit else "",
        codes=", ".join(definition.procedure_codes),
        reference=definition.reference,
        branch=definition.branch or "",
    )
    return Sheet(head, tuple(_row(definition, step, numbers) for step in definition.steps))


def _row(definition: ProcessDefinition, step: Step, numbers: Mapping[str, int]) -> StepRow:
    shared = definition.shared_time(step.shared_group)
    return StepRow(
        key=step.key,
        number=numbers[step.key],
        name=step.name,
        kind=step.kind.value,
        role=step.role,
        where=step.unit_ref.which.value,
        performer=step.performer,
        time=span_words(step.time) if step.time else "",
        counted=step.counted,
        output=step.output or "",
        form=step.form or "",
        optional_when=step.optional_when or "",
        note=step.note,
        outcomes=tuple(_outcome_row(outcome, numbers) for outcome in step.outcomes),
        shared=shared.label if shared else "",
    )


def _outcome_row(outcome: Outcome, numbers: Mapping[str, int]) -> OutcomeRow:
    way = BACK if outcome.back else BESIDE if outcome.stay else FORWARD if outcome.to else END
    targets = ", ".join(str(numbers[key]) for key in outcome.to if key in numbers)
    return OutcomeRow(outcome.key, outcome.label, way, targets, outcome.effect.value, outcome.needs_note)


def sheet_posted(data: QueryDict, base: ProcessDefinition) -> Sheet:
    """The posted form. Steps the form does not name are kept as they are, so that none is lost."""

    def text(name: str, most: int = 1000) -> str:
        return nfc(data.get(name, ""))[:most]

    keys = [key for key in dict.fromkeys(data.get("order", "").split(",")) if _KEY.fullmatch(key)]
    keys += [step.key for step in base.steps if step.key not in keys]
    head = HeadRow(
        text("title", 900), text("limit", 80), text("codes", 600), text("reference", 900), text("branch", 300)
    )
    known = {row.key: row for row in sheet_of(base).steps}
    steps = [
        _posted_row(data, key, n, known.get(key)) if f"name-{key}" in data else known[key]
        for n, key in enumerate(keys, 1)
        if f"name-{key}" in data or key in known
    ]
    return Sheet(head if "title" in data else sheet_of(base).head, tuple(steps))


def _posted_row(data: QueryDict, key: str, number: int, known: StepRow | None) -> StepRow:
    def text(name: str, most: int = 1000) -> str:
        return nfc(data.get(f"{name}-{key}", ""))[:most]

    count = data.get(f"outcomes-{key}", "0")
    amount = min(int(count), MOST_OUTCOMES) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    return StepRow(
        key=key,
        number=number,
        name=text("name"),
        kind=text("kind", 20),
        role=text("role", 40),
        where=text("where", 40),
        performer=text("performer", 300),
        time=text("time", 80),
        counted=f"counted-{key}" in data,
        output=text("output"),
        form=text("form", 300),
        optional_when=text("when", 300),
        note=text("note"),
        outcomes=tuple(
            OutcomeRow(
                key=text(f"okey-{i}", 80),
                label=text(f"label-{i}", 300),
                way=text(f"way-{i}", 20),
                targets=text(f"to-{i}", 80),
                effect=text(f"effect-{i}", 40),
                needs_note=f"reason-{i}-{key}" in data,
                deleted=f"del-{i}-{key}" in data,
            )
            for i in range(amount)
        ),
        shared=known.shared if known else "",
    )


def read_sheet(sheet: Sheet, base: ProcessDefinition) -> Read:
    """The definition a sheet means. What cannot be read keeps its old value and gets its sentence."""
    read = Read(base)
    unit = base.limit.unit if base.limit else TimeUnit.WORKING_DAY
    limit = _span(sheet.head.limit, unit, base.limit, "limit", read)
    unit = limit.unit if limit else unit
    keys = {row.number: row.key for row in sheet.steps}
    known = base.by_key
    steps = [_step(row, known.get(row.key), keys, unit, read) for row in sheet.steps]
    codes = codes_in(sheet.head.codes)
    wrong = [part for part in re.split(r"[\s,;]+", sheet.head.codes) if part and not codes_in(part)]
    if wrong:
        message = msg("“%(said)s” không phải mã thủ tục. Mã có dạng 1.001193.", said=wrong[0][:40])
        read.errors["codes"] = message.render()
    read.definition = replace(
        base,
        title=sheet.head.title,
        limit=limit,
        procedure_codes=codes if not wrong else base.procedure_codes,
        reference=sheet.head.reference,
        branch=sheet.head.branch or None,
        steps=tuple(steps),
        phases=tuple(dict.fromkeys(step.phase for step in steps if step.phase)),
        shared=tuple(g for g in base.shared if any(step.shared_group == g.key for step in steps)),
    )
    return read


def _span(text: str, default: TimeUnit, old: Span | None, ident: str, read: Read) -> Span | None:
    if not text or (old is not None and text == span_words(old)):
        return old if text else None
    found = time_cell(text, default=default)
    if found.span is not None and found.counted and not found.left:
        return found.span
    message = msg(
        "Không hiểu thời gian “%(said)s”. Ghi như “0,5 ngày” hoặc “02 giờ làm việc”.", said=text[:60]
    )
    read.errors[ident] = message.render()
    return old


def _step(row: StepRow, known: Step | None, keys: Mapping[int, str], unit: TimeUnit, read: Read) -> Step:
    base = known or Step(row.key, "", StepKind.WORK, "", UnitRef(Where.AGENCY))
    kind = _one_of(StepKind, row.kind, base.kind)
    which = _one_of(Where, row.where, base.unit_ref.which)
    role = row.role if row.role in Role.values or row.role == base.role else ""
    same_unit = which is base.unit_ref.which and row.performer == base.performer
    wait = base.wait_for
    if kind is StepKind.WAIT and wait is None:
        wait = Wait(WaitReason.OTHER, row.name)
    return replace(
        base,
        name=row.name,
        kind=kind,
        role=role,
        unit_ref=base.unit_ref if same_unit else UnitRef(which, row.performer, base.unit_ref.code),
        performer=row.performer,
        time=_span(row.time, base.time.unit if base.time else unit, base.time, f"time-{row.key}", read),
        counted=row.counted,
        wait_for=wait,
        output=row.output or None,
        form=row.form or None,
        optional_when=row.optional_when or None,
        note=row.note,
        outcomes=_outcomes(row, base, keys, read),
    )


def _one_of(kinds: type[T], text: str, old: T) -> T:
    return next((kind for kind in kinds if kind.value == text), old)


def _outcomes(row: StepRow, base: Step, keys: Mapping[int, str], read: Read) -> tuple[Outcome, ...]:
    found: list[Outcome] = []
    used: set[str] = set()
    for index, typed in enumerate(row.outcomes):
        if typed.deleted or not (typed.label or typed.targets):
            continue
        targets = _targets(typed, keys, f"to-{index}-{row.key}", row, base, read)
        old = base.outcome(typed.key)
        wanted = typed.key if _KEY.fullmatch(typed.key) else slug(typed.label)[:60] or "forward"
        key = next(k for n in range(1, 99) if (k := wanted if n == 1 else f"{wanted}-{n}") not in used)
        used.add(key)
        effect = Effect(typed.effect) if typed.effect in {e.value for e in Effect} else Effect.NONE
        found.append(
            Outcome(
                key=key,
                label=typed.label or (old.label if old else "Chuyển bước sau"),
                to=targets,
                needs_note=typed.needs_note,
                back=typed.way == BACK and bool(targets),
                stay=typed.way == BESIDE and bool(targets),
                effect=effect,
            )
        )
    return tuple(found)


def _targets(
    typed: OutcomeRow, keys: Mapping[int, str], ident: str, row: StepRow, base: Step, read: Read
) -> tuple[str, ...]:
    if typed.way == END:
        return ()
    numbers = re.findall(r"\d+", typed.targets)
    unknown = [n for n in numbers if int(n[:6]) not in keys]
    if unknown or re.search(r"[^\d\s,;và&+]", typed.targets) or (not numbers and typed.way != END):
        read.errors[ident] = _wrong_target(typed, row, len(keys)).render()
        old = base.outcome(typed.key)
        return old.to if old else ()
    return tuple(dict.fromkeys(keys[int(n[:6])] for n in numbers))


def _wrong_target(typed: OutcomeRow, row: StepRow, count: int) -> Message:
    return msg(
        "Bước %(n)s, lựa chọn “%(label)s”: ghi số thứ tự của bước đến, từ 1 đến %(most)s; "
        "nhiều bước cách nhau dấu phẩy.",
        n=row.number,
        label=typed.label[:60],
        most=count,
    )


def with_blank_outcome(definition: ProcessDefinition, key: str) -> Sheet:
    """The sheet with one more empty choice at a step, to be filled in."""
    sheet = sheet_of(definition)
    return replace(
        sheet,
        steps=tuple(
            replace(row, outcomes=(*row.outcomes, OutcomeRow())[:MOST_OUTCOMES]) if row.key == key else row
            for row in sheet.steps
        ),
    )
