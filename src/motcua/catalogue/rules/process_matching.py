"""Which internal process runs for which procedure, case and level. Pure.

A process names procedure codes and, perhaps, a branch in its own words; the procedure has cases in others.
The best source wins: the province's own decision, then a primary text of another province, then a typical
shape, then a second-hand table. A process longer than the limit of its case is never bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from motcua.catalogue.rules.case_matching import best_match, closest_of_same_meaning
from motcua.catalogue.rules.source_cases import is_hardship
from motcua.catalogue.rules.time_limits import LimitTotal, LimitUnit, TimeLimit, sum_durations
from motcua.catalogue.types import ProcedureDefinition, SourceFinding
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold
from motcua.workflow.rules.definition import ProcessDefinition, Span
from motcua.workflow.rules.walk import table_total

OWN_PROVINCE = "Bắc Ninh"
GENERIC = ""
"""The process key of a binding that means: the generic process of the level."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A process for a procedure, case and level. `process_key` GENERIC: none of its own fits this case."""

    procedure_id: int
    case_key: str
    level: str
    process_key: str
    is_real: bool


@dataclass(frozen=True, slots=True)
class _Offer:
    """A process that fits a case; the smallest rank wins."""

    rank: tuple[int, int, str]
    process: ProcessDefinition


def bind_processes(
    processes: Iterable[ProcessDefinition], procedures: Mapping[int, ProcedureDefinition]
) -> tuple[list[Bound], list[SourceFinding]]:
    """Bindings and remarks for every process; processes without any procedure of the catalogue are
    reported.
    """
    findings: list[SourceFinding] = []
    offers: dict[tuple[int, str, str], list[_Offer]] = {}
    by_code = _codes(procedures)
    for process in processes:
        found = _procedures_of(process, procedures, by_code)
        if not found:
            findings.append(
                _remark(
                    process, "no_procedure", msg("Không có thủ tục nào trong danh mục ứng với quy trình này.")
                )
            )
        for procedure_id in found:
            findings.extend(_offer(process, procedure_id, procedures[procedure_id], offers))
    return _chosen(offers, procedures), findings


def total_of(process: ProcessDefinition) -> LimitTotal | None:
    """The longer of what the table adds up to and what it says its limit is; None when nothing comparable."""
    parts = [
        sum_durations((amount, unit.value) for unit, amount in table_total(process).used.items()),
        _span_total(process.limit),
    ]
    known = [part for part in parts if part is not None]
    if not known or len({part.basis for part in known}) > 1:
        return None
    return max(known, key=lambda part: part.minutes)


def _span_total(span: Span | None) -> LimitTotal | None:
    return None if span is None else sum_durations([(span.amount, LimitUnit(span.unit.value))])


def _codes(procedures: Mapping[int, ProcedureDefinition]) -> dict[str, int]:
    codes: dict[str, int] = {}
    for procedure_id, definition in procedures.items():
        for code in (*(alias.code for alias in definition.aliases if alias.certain), definition.local_code):
            if code:
                codes.setdefault(code, procedure_id)
    for procedure_id, definition in procedures.items():
        if definition.code:
            codes[definition.code] = procedure_id
    return codes


def _procedures_of(
    process: ProcessDefinition, procedures: Mapping[int, ProcedureDefinition], by_code: Mapping[str, int]
) -> list[int]:
    """By code; a process without codes by title among the procedures that have none either."""
    if process.procedure_codes:
        return [by_code[code] for code in process.procedure_codes if code in by_code]
    title = fold(process.title)
    return [
        procedure_id
        for procedure_id, definition in procedures.items()
        if not definition.code
        and (fold(definition.name).startswith(title) or title == fold(definition.short_name))
    ]


def _offer(
    process: ProcessDefinition,
    procedure_id: int,
    procedure: ProcedureDefinition,
    offers: dict[tuple[int, str, str], list[_Offer]],
) -> list[SourceFinding]:
    levels = [level.value for level in procedure.levels if level.value in process.level.split("/")]
    if not levels:
        return [
            _remark(
                process,
                "level_differs",
                msg("Quy trình ở cấp %(level)s không khớp cấp của thủ tục.", level=process.level),
                procedure,
            )
        ]
    targets = _targets(process, procedure)
    if not targets:
        return [
            _remark(
                process,
                "case_unmatched",
                msg("Không tìm được trường hợp ứng với nhánh “%(branch)s”.", branch=process.branch or ""),
                procedure,
            )
        ]
    stated = _span_total(process.limit)
    sums = sum_durations((amount, unit.value) for unit, amount in table_total(process).used.items())
    if sums is not None and stated is not None and sums.exceeds(stated):
        return [
            _remark(
                process,
                "longer_than_limit",
                msg("Các bước cộng lại %(sum)s, quá thời hạn quy trình tự ghi; không dùng.", sum=sums.text()),
                procedure,
            )
        ]
    findings: list[SourceFinding] = []
    for case_key in targets:
        limit = procedure.limit_for(case_key)
        if _too_long(process, limit):
            findings.append(
                _remark(
                    process,
                    "longer_than_limit",
                    msg(
                        "Quy trình dài hơn thời hạn %(limit)s của trường hợp; không dùng.",
                        limit=limit.text(),
                    ),
                    procedure,
                )
            )
            continue
        for level in levels:
            key = (procedure_id, case_key, level)
            offers.setdefault(key, []).append(_Offer(_rank(process, case_key), process))
    return findings


def _targets(process: ProcessDefinition, procedure: ProcedureDefinition) -> tuple[str, ...]:
    """The case keys a process is for; "" is the procedure without a case."""
    if process.branch is None:
        return ("",)
    named = [(case.key, case.name) for case in procedure.cases]
    found = closest_of_same_meaning(process.branch, named) or _by_limit(process, procedure)
    if found is not None and not _too_long(process, procedure.limit_for(found)):
        same = procedure.limit_for(found).phases == procedure.limit_for().phases
        return (found, "") if same else (found,)
    usual = procedure.limit_for().total()
    return ("",) if usual is not None and usual == _span_total(process.limit) else ()


def _by_limit(process: ProcessDefinition, procedure: ProcedureDefinition) -> str | None:
    """The case with the same limit that the branch and title speak of ("2.2 … theo bản án, quyết định")."""
    wanted = _span_total(process.limit)
    named = [
        (case.key, case.name)
        for case in procedure.cases
        if wanted is not None and procedure.limit_for(case.key).total() == wanted
    ]
    words = f"{process.branch} {process.title}"
    return best_match(words, named, at_least=0.3) if len(named) > 1 else (named[0][0] if named else None)


def _too_long(process: ProcessDefinition, limit: TimeLimit) -> bool:
    total = total_of(process)
    return total is not None and bool(total.exceeds(limit.total()))


def _rank(process: ProcessDefinition, case_key: str) -> tuple[int, int, str]:
    if OWN_PROVINCE in process.issuer:
        origin = 0
    elif process.is_real and process.confidence == "high":
        origin = 1
    elif not process.is_real:
        origin = 2
    else:
        origin = 3
    meant = 0 if (process.branch is None) == (case_key == "") else 1
    return origin, meant, process.key


def _chosen(
    offers: Mapping[tuple[int, str, str], Sequence[_Offer]], procedures: Mapping[int, ProcedureDefinition]
) -> list[Bound]:
    bound: dict[tuple[int, str, str], Bound] = {}
    for (procedure_id, case_key, level), made in offers.items():
        best = min(made, key=lambda offer: offer.rank).process
        bound[procedure_id, case_key, level] = Bound(procedure_id, case_key, level, best.key, best.is_real)
    for procedure_id, level in sorted({(p, level) for p, _, level in bound}):
        _fill_cases(procedure_id, level, procedures[procedure_id], bound)
    return list(bound.values())


def _fill_cases(
    procedure_id: int, level: str, procedure: ProcedureDefinition, bound: dict[tuple[int, str, str], Bound]
) -> None:
    """Cases with a limit of their own and no process: hard communes take the usual one, others the
    generic.
    """
    usual = bound.get((procedure_id, "", level))
    for case in procedure.cases:
        key = (procedure_id, case.key, level)
        other_limit = (
            case.changes_limit and procedure.limit_for(case.key).phases != procedure.limit_for().phases
        )
        if key in bound or not (other_limit or is_hardship(case)):
            continue
        process_key, is_real = (
            (usual.process_key, usual.is_real) if usual and is_hardship(case) else (GENERIC, False)
        )
        bound[key] = Bound(procedure_id, case.key, level, process_key, is_real)


def _remark(
    process: ProcessDefinition, kind: str, message: Message, procedure: ProcedureDefinition | None = None
) -> SourceFinding:
    code = (procedure.display_code if procedure else "") or " ".join(process.procedure_codes)
    return SourceFinding(code, process.key, kind, message, process.branch or "", process.title)
