"""The steps of a process as lines of text, and back: one line a step, `1. name | role | time`.

Only roles and times are changed here; a step more or less, or another name, is the work of the process editor.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from motcua.catalogue.rules.time_limits import LimitTotal, TimeLimit, sum_durations
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, nfc
from motcua.workflow.rules.checks import check
from motcua.workflow.rules.definition import ProcessDefinition, SharedTime, Span, Step, TimeUnit
from motcua.workflow.rules.slug import slug
from motcua.workflow.rules.walk import table_total
from motcua.workflow.rules.words import amount_text

UNIT_WORDS = {
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.CALENDAR_DAY: "ngày lịch",
    TimeUnit.WORKING_HOUR: "giờ làm việc",
}
SHARED, UNCOUNTED, NO_TIME = "chung", "không tính", "—"
_TIME = re.compile(r"(?P<amount>\d{1,4}(?:[.,]\d{1,4})?|\d{1,4}/\d{1,4})\s*(?P<unit>\D*)")
_NUMBER = re.compile(r"(\d{1,3})\s*[.)]\s*(.*)", re.DOTALL)
_UNITS = {
    "ngay lam viec": TimeUnit.WORKING_DAY,
    "ngay lich": TimeUnit.CALENDAR_DAY,
    "gio lam viec": TimeUnit.WORKING_HOUR,
    "gio": TimeUnit.WORKING_HOUR,
    "h": TimeUnit.WORKING_HOUR,
}
MOST_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    role: str
    time: str


def steps_text(process: ProcessDefinition | None, roles: Mapping[str, str]) -> str:
    """The steps as people edit them; empty without a process. `roles` are the names of role keys."""
    if process is None:
        return ""
    return "\n".join(
        f"{number}. {_name(step)} | {roles.get(step.role, step.role)} | {_time_text(process, step)}"
        for number, step in enumerate(process.steps, 1)
    )


def read_steps(
    text: str, process: ProcessDefinition, roles: Mapping[str, str]
) -> ProcessDefinition | Message:
    """The process with the roles and times of the text, or what is wrong with which line."""
    lines = [line for line in map(nfc, text.splitlines()) if line]
    if len(lines) != len(process.steps):
        return msg(
            "Ghi mỗi bước một dòng: quy trình có %(steps)s bước mà ô có %(lines)s dòng. "
            "Thêm, bớt bước thì sửa ở trang Quy trình.",
            steps=len(process.steps),
            lines=len(lines),
        )
    found: list[Step] = []
    shared: dict[str, Span] = {}
    keys = {fold(name): key for key, name in roles.items()}
    for number, (line, step) in enumerate(zip(lines, process.steps, strict=True), 1):
        read = _read_line(line, number, step)
        if isinstance(read, Message):
            return read
        changed = _with_line(process, step, read, number, keys, shared)
        if isinstance(changed, Message):
            return changed
        found.append(changed)
    groups = tuple(_group(group, shared) for group in process.shared)
    return replace(process, steps=tuple(found), shared=groups)


def _group(group: SharedTime, times: Mapping[str, Span]) -> SharedTime:
    return replace(group, time=times[group.key]) if group.key in times else group


def _read_line(line: str, number: int, step: Step) -> _Line | Message:
    parts = [nfc(part) for part in line.split("|")]
    if len(parts) != 3:
        return msg(
            "Dòng %(line)s phải có ba phần cách nhau bằng dấu |: tên bước | vai | thời gian.", line=number
        )
    numbered = _NUMBER.fullmatch(parts[0])
    if numbered is not None and int(numbered.group(1)) == number:
        parts[0] = numbered.group(2)
    if fold(parts[0]) != fold(_name(step)):
        return msg(
            "Dòng %(line)s phải là bước “%(step)s”. Đổi tên hay thứ tự bước thì sửa ở trang Quy trình.",
            line=number,
            step=_name(step),
        )
    return _Line(*parts)


def _with_line(
    process: ProcessDefinition,
    step: Step,
    line: _Line,
    number: int,
    keys: Mapping[str, str],
    shared: dict[str, Span],
) -> Step | Message:
    role = keys.get(fold(line.role), step.role if fold(line.role) == fold(step.role) else "")
    if not role:
        return msg("Dòng %(line)s: không có vai “%(role)s”.", line=number, role=line.role[:60])
    group = process.shared_time(step.shared_group)
    before = group.time if group is not None else step.time
    time = read_time(line.time, before)
    if isinstance(time, Message):
        return msg("Dòng %(line)s: %(problem)s", line=number, problem=time)
    if group is None:
        return replace(step, role=role, time=time)
    if time != before and (time is None or shared.setdefault(group.key, time) != time):
        return msg(
            "Dòng %(line)s: các bước ghi “chung” dùng một thời gian, hãy ghi như nhau ở mọi dòng ấy.",
            line=number,
        )
    return replace(step, role=role)


def read_time(text: str, before: Span | None = None) -> Span | Message | None:
    """A time as typed. "2 ngày" without more takes the kind of day that stood there before."""
    plain = nfc(text).casefold().removeprefix(SHARED).replace(f"({UNCOUNTED})", "").strip()
    if plain in {"", "-", NO_TIME, "không"}:
        return None
    found = _TIME.fullmatch(plain)
    if found is None:
        return _bad_time(text)
    try:
        amount = Fraction(found.group("amount").replace(",", "."))
    except ZeroDivisionError:
        return _bad_time(text)
    word = fold(found.group("unit"))
    usual = before.unit if before is not None else TimeUnit.WORKING_DAY
    unit: TimeUnit
    if word == "ngay":
        unit = TimeUnit.WORKING_DAY if usual is TimeUnit.WORKING_HOUR else usual
    elif word:
        known = _UNITS.get(word)
        if known is None:
            return _bad_time(text)
        unit = known
    else:
        unit = usual
    if amount > MOST_DAYS:
        return msg("thời gian “%(typed)s” quá lớn.", typed=text[:40])
    return Span(amount, unit)


def _bad_time(text: str) -> Message:
    return msg(
        "không hiểu thời gian “%(typed)s”; ghi như “0,5 ngày làm việc”, “4 giờ làm việc” hoặc “—”.",
        typed=text[:40],
    )


def _name(step: Step) -> str:
    return nfc(step.name.replace("|", "/"))


def _time_text(process: ProcessDefinition, step: Step) -> str:
    group = process.shared_time(step.shared_group)
    time = group.time if group is not None else step.time
    if time is None:
        return NO_TIME
    text = f"{amount_text(time.amount)} {UNIT_WORDS[time.unit]}"
    if group is not None:
        text = f"{SHARED} {text}"
    return text if step.counted else f"{text} ({UNCOUNTED})"


def total_of_steps(process: ProcessDefinition) -> LimitTotal | None:
    """All counted steps summed; None when working and calendar days mix."""
    return sum_durations((amount, unit.value) for unit, amount in _amounts(process))


def _amounts(process: ProcessDefinition) -> Sequence[tuple[TimeUnit, Fraction]]:
    return list(table_total(process).used.items())


def over_limit(process: ProcessDefinition, limit: TimeLimit) -> Message | None:
    """The sum and the limit where the steps together take longer than the limit of the case."""
    total, allowed = total_of_steps(process), limit.total()
    if total is None or allowed is None or not total.exceeds(allowed):
        return None
    over = LimitTotal(total.basis, total.minutes - allowed.minutes)
    return msg(
        "Các bước cộng lại %(sum)s, quá thời hạn %(limit)s của thủ tục; hãy bớt %(over)s.",
        sum=total.text(),
        limit=allowed.text(),
        over=over.text(),
    )


def new_errors(process: ProcessDefinition, before: ProcessDefinition) -> Message | None:
    """The first error that the changed process has and the one it comes from had not."""
    had = {(finding.code, finding.step_key) for finding in check(before) if finding.severity == "error"}
    for finding in check(process):
        if finding.severity == "error" and (finding.code, finding.step_key) not in had:
            return finding.message
    return None


def summary(process: ProcessDefinition | None, limit: TimeLimit) -> Message:
    """ "12 bước · 17 ngày làm việc / 17 ngày làm việc": steps, their sum, the limit of the case."""
    allowed = limit.text() if limit.has_due_date else msg("chưa rõ thời hạn")
    if process is None:
        return msg("chưa có bước · %(limit)s", limit=allowed)
    total = total_of_steps(process)
    summed = msg("ngày làm việc và ngày lịch lẫn nhau") if total is None else total.text()
    if total is not None and not total.minutes:
        summed = msg("chưa chia thời gian")
    return msg("%(n)s bước · %(sum)s / %(limit)s", n=len(process.steps), sum=summed, limit=allowed)


def own_copy(
    process: ProcessDefinition, *, code: str, department: str, field: str, case_key: str, level: str
) -> ProcessDefinition:
    """The process as one of this procedure alone: a shared one must not change for the others that run by it."""
    alone = process.procedure_codes == (code,) and process.issuer == department
    if alone:
        return process
    told_apart = hashlib.sha256("\n".join((department, field, case_key)).encode()).hexdigest()[:8]
    where = ".".join(part for part in (code, level, slug(case_key)[:24], told_apart) if part)
    return replace(
        process,
        key=f"{process.key.partition('@')[0][:48]}@{where}",
        procedure_codes=(code,),
        issuer=department,
        field=field,
        is_real=True,
    )
