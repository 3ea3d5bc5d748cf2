"""Process tables transcribed from decisions, turned into definitions.

Nothing is lost in silence: every key of the source is used or named in the remarks, and so is everything we
added or read into the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from motcua.kernel.messages import msg
from motcua.workflow.rules import source_words as words
from motcua.workflow.rules.checks import Finding
from motcua.workflow.rules.definition import (
    ProcessDefinition,
    SharedTime,
    Span,
    Step,
    StepKind,
    TimeUnit,
    UnitRef,
    Where,
)
from motcua.workflow.rules.slug import slug
from motcua.workflow.rules.source_flow import with_outcomes
from motcua.workflow.rules.source_values import (
    Remarks,
    Row,
    Unreadable,
    amount_of,
    exact_or_none,
    level_of,
    limit_of,
    step_keys,
    step_unit,
)
from motcua.workflow.rules.walk import table_total
from motcua.workflow.rules.words import amount_text, totals_text

RETURN_KEY = "tra-ket-qua"
_ROLES = frozenset(
    {"one_stop_officer", "dept_head", "specialist", "leader", "clerk", "council", "external", "wait"}
    | {"authorised_certifier", "procedure_controller"}
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One process of a file: its definition (None if unreadable) and what was noticed while reading."""

    key: str
    definition: ProcessDefinition | None
    remarks: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """All processes of a file and the remarks on the file itself."""

    processes: tuple[Loaded, ...]
    remarks: tuple[Finding, ...]

    @property
    def definitions(self) -> tuple[ProcessDefinition, ...]:
        return tuple(loaded.definition for loaded in self.processes if loaded.definition)


def read_file(data: object) -> SourceReport:
    """All processes of a parsed file `{"processes": [...]}` (or the bare list). Total: never raises."""
    remarks = Remarks()
    rows: object = data
    if isinstance(data, Mapping):
        rows = data.get("processes")
        known = {"processes", "note", "unit_note", "count"}
        for key in sorted(set(map(str, data)) - known):
            remarks.add("warning", "unknown_key", None, msg("Không hiểu mục “%(key)s” của tệp.", key=key))
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        remarks.add("error", "not_processes", None, msg("Tệp không có danh sách quy trình (“processes”)."))
        return SourceReport((), tuple(remarks.found))
    loaded = tuple(read_process(row, position) for position, row in enumerate(rows, start=1))
    if isinstance(data, Mapping) and data.get("count") not in (None, len(rows)):
        remarks.add(
            "warning",
            "count_differs",
            None,
            msg("Tệp ghi %(said)s quy trình nhưng có %(have)s.", said=data.get("count"), have=len(rows)),
        )
    for key, times in Counter(item.key for item in loaded).items():
        if times > 1:
            remarks.add(
                "error",
                "duplicate_key",
                None,
                msg("Mã quy trình “%(key)s” dùng %(count)s lần trong tệp.", key=key, count=times),
            )
    return SourceReport(loaded, tuple(remarks.found))


def read_process(row: object, position: int = 1) -> Loaded:
    """One process; a row that cannot be read gives `definition` None and an error that says why."""
    remarks = Remarks()
    if not isinstance(row, Mapping):
        remarks.add("error", "not_a_process", None, msg("Mục %(n)s không phải là quy trình.", n=position))
        return Loaded(f"#{position}", None, tuple(remarks.found))
    source = Row(row)
    named = source.take("id")
    key = slug(str(named)) if isinstance(named, int | str) else ""
    try:
        if not key:
            raise Unreadable(msg("Quy trình không có mã đọc được (“id”)."))
        definition = _definition(source, key, remarks)
    except Unreadable as problem:
        remarks.add("error", "unreadable", None, problem.message)
        return Loaded(key or f"#{position}", None, tuple(remarks.found))
    for name in source.left():
        remarks.add("warning", "unknown_key", None, msg("Không hiểu mục “%(key)s” của quy trình.", key=name))
    return Loaded(key, definition, tuple(remarks.found))


def _definition(source: Row, key: str, remarks: Remarks) -> ProcessDefinition:
    rows = source.take("steps")
    if not isinstance(rows, Sequence) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise Unreadable(msg("Quy trình không có bước nào đọc được."))
    title = source.text("title")
    if not title:
        raise Unreadable(msg("Quy trình không có tên (“title”)."))
    level = level_of(source, remarks)
    limit = limit_of(source.take("limit"), remarks)
    shared: dict[str, SharedTime] = {}
    keys = step_keys(rows, remarks)
    steps = [_step(Row(row), key, level, limit, shared, remarks) for key, row in zip(keys, rows, strict=True)]
    reference = source.text("reference")
    definition = ProcessDefinition(
        key=key,
        title=title,
        level=level,
        branch=source.text("branch") or None,
        procedure_codes=source.texts("procedure_codes"),
        limit=limit,
        phases=tuple(dict.fromkeys(step.phase for step in steps if step.phase)),
        shared=_shared_sums(tuple(shared.values()), steps, remarks),
        reference=reference,
        field=_field(reference),
        issuer=source.text("issuer"),
        issued=source.text("issued"),
        is_real=source.flag("is_real", remarks),
        confidence=source.text("confidence"),
        notes=source.texts("notes"),
        steps=with_outcomes(_with_return(given_kinds(steps), remarks), remarks.add),
    )
    _compare_sums(source, definition, remarks)
    return definition


def _field(reference: str) -> str:
    """The field a code belongs to, where the reference says it: "QT 01/CX-HCTP (chứng thực)"."""
    code, bracket, rest = reference.partition("(")
    return rest.rstrip(") ") if bracket and code.startswith("QT") else ""


def _step(
    row: Row, key: str, level: str, limit: Span | None, shared: dict[str, SharedTime], remarks: Remarks
) -> Step:
    row.take("order")
    name, performer, role = row.text("name"), row.text("role"), row.text("role_key")
    if not name:
        raise Unreadable(msg("Bước %(n)s không có nội dung công việc.", n=key[1:]))
    if role not in _ROLES:
        remarks.add("error", "unknown_role", key, msg("Không hiểu vai “%(role)s”.", role=role))
    unit = step_unit(row, key, remarks)
    waits_for = row.text("wait_for")
    if role == "leader" and words.is_head_of_division(performer):
        role = "dept_head"
        remarks.add(
            "info",
            "role_read_as_head",
            key,
            msg("“%(performer)s” được hiểu là vai lãnh đạo phòng.", performer=performer),
        )
    step = Step(
        key=key,
        name=name,
        kind=StepKind.WORK,
        role=role,
        unit_ref=words.unit_ref(performer, role, level),
        performer=performer,
        time=amount_of(row.take("time"), unit),
        shared_group=_shared(row.text("shared_time"), unit, limit, shared, key, remarks),
        counted=row.flag("counted_in_limit", remarks, key),
        wait_for=words.wait_of(waits_for or name, performer) if waits_for or role == "wait" else None,
        optional_when=row.text("optional_when") or None,
        phase=row.text("phase") or None,
        output=row.text("output") or None,
        form=row.text("form") or None,
        note=row.text("note"),
    )
    for left in row.left():
        remarks.add("warning", "unknown_key", key, msg("Không hiểu mục “%(key)s” của bước.", key=left))
    return step


def _shared(
    label: str,
    unit: TimeUnit,
    limit: Span | None,
    shared: dict[str, SharedTime],
    step: str,
    remarks: Remarks,
) -> str | None:
    if not label:
        return None
    key = slug(label)
    if key not in shared:
        time = words.spoken_span(label, default=unit)
        if time is None:
            message = msg("Không hiểu thời gian chung “%(label)s”.", label=label)
            remarks.add("error", "shared_time_unclear", step, message)
            time = limit
        if time is None:
            return None
        shared[key] = SharedTime(key, label, time)
    return key


def _shared_sums(
    shared: tuple[SharedTime, ...], steps: list[Step], remarks: Remarks
) -> tuple[SharedTime, ...]:
    """Where the table also splits a shared time over the steps, both must say the same."""
    for group in shared:
        times = [s.time.amount for s in steps if s.shared_group == group.key and s.time is not None]
        if times and sum(times) != group.time.amount:
            remarks.add(
                "warning",
                "shared_time_differs",
                None,
                msg(
                    "Thời gian chung “%(label)s” khác tổng chia cho các bước (%(sum)s).",
                    label=group.label,
                    sum=amount_text(sum(times[1:], times[0])),
                ),
            )
    return shared


def given_kinds(steps: list[Step]) -> list[Step]:
    """Kind of each step; a wait is watched by whoever worked on the dossier before it."""
    done: list[Step] = []
    last_return = _return_index(steps)
    for index, step in enumerate(steps):
        kind = _kind(step, index, last_return)
        if kind is StepKind.WAIT:
            keeper = next((s for s in reversed(done) if s.role == "specialist"), done[-1] if done else step)
            ref = UnitRef(keeper.unit_ref.which, step.performer, keeper.unit_ref.code)
            step = replace(step, role=keeper.role, unit_ref=ref)
        done.append(replace(step, kind=kind))
    return done


def _return_index(steps: list[Step]) -> int | None:
    """The last step of the counter, if only uncounted steps follow; else a last step that says it returns."""
    counter = [i for i, step in enumerate(steps) if step.role == "one_stop_officer" and i > 0]
    if counter and not any(step.counted for step in steps[counter[-1] + 1 :]):
        return counter[-1]
    last = len(steps) - 1
    at_counter = _two_people(steps[last].performer)
    return last if last > 0 and words.is_return(steps[last].name) and not at_counter else None


def _two_people(performer: str) -> bool:
    """One cell for two people, the clerk and the counter: the return is still a step of its own."""
    return "+" in performer


def _kind(step: Step, index: int, last_return: int | None) -> StepKind:
    if index == 0:
        return StepKind.RECEPTION
    if last_return is not None and index >= last_return:
        return StepKind.RETURN if index == last_return else StepKind.AFTER
    if step.role == "wait" or (step.role == "external" and step.wait_for and not step.counted):
        return StepKind.WAIT
    if words.approves(step.name, step.role):
        return StepKind.APPROVAL
    return {"external": StepKind.CONSULT, "clerk": StepKind.CLERK}.get(step.role, StepKind.WORK)


def _with_return(steps: list[Step], remarks: Remarks) -> list[Step]:
    if any(step.kind is StepKind.RETURN for step in steps):
        return steps
    remarks.add(
        "warning",
        "return_added",
        RETURN_KEY,
        msg("Bảng không có bước trả kết quả ở cuối: đã thêm một bước không tính thời gian."),
    )
    return [*steps, added_return(steps)]


def added_return(steps: Sequence[Step]) -> Step:
    """The step that returns the result, for processes whose source has none. It is not counted."""
    counter = steps[0].role == "one_stop_officer"
    return Step(
        key=RETURN_KEY,
        name="Trả kết quả (bước thêm khi nhập, bảng gốc không có)",
        kind=StepKind.RETURN,
        role="one_stop_officer",
        unit_ref=UnitRef(Where.RECEIVING_CENTRE, "Trung tâm Phục vụ hành chính công"),
        performer=steps[0].performer if counter else "Trung tâm Phục vụ hành chính công",
        counted=False,
    )


def _compare_sums(source: Row, definition: ProcessDefinition, remarks: Remarks) -> None:
    """What the source says of its own sum, against the exact sum."""
    said, equals = source.take("sum_of_counted_steps"), source.take("sum_equals_limit")
    sum_said = exact_or_none(said)
    wrong = {"sum_of_counted_steps": said is not None and (sum_said is None or sum_said < 0)}
    wrong |= {"sum_equals_limit": equals is not None and not isinstance(equals, bool)}
    for key in (key for key, is_wrong in wrong.items() if is_wrong):
        remarks.add(
            "warning", "bad_value", None, msg("Không hiểu giá trị của “%(key)s” nên không so tổng.", key=key)
        )
    total, limit = table_total(definition), definition.limit
    if limit is None or any(wrong.values()) or (equals is None and not sum_said) or said is None:
        return  # a table that shares one time over its steps says 0 and compares nothing
    ours = total.in_unit(limit.unit)
    if ours is None or ours != sum_said:
        remarks.add(
            "warning",
            "source_sum_differs",
            None,
            msg(
                "Nguồn ghi tổng %(said)s nhưng các bước cộng lại %(sum)s.",
                said=str(said),
                sum=totals_text(total),
            ),
        )
    if equals is not None and (ours == limit.amount) != equals:
        remarks.add(
            "warning",
            "source_comparison_differs",
            None,
            msg("Nguồn so tổng với thời hạn khác với kết quả tính lại."),
        )
