"""Cases of a procedure: the situations a decision names, joined with the branches that change the time
limit.

Sources name the same case twice ("không xác minh" as a situation, "không phải xác minh" as a branch), put
refusals and portal channels among the branches, and write "…" for "as above". Each is sorted out here and
reported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from motcua.catalogue.rules.case_matching import closest_of_same_meaning, slug
from motcua.catalogue.rules.source_limits import LimitSource, read_limit
from motcua.catalogue.rules.source_reading import Row
from motcua.catalogue.rules.time_limits import LimitExtra, TimeLimit
from motcua.catalogue.types import ProcedureCase
from motcua.kernel.messages import msg
from motcua.kernel.text import fold

_APPOINTMENTS = re.compile(r"hẹn (\d+) \+ (\d+)")
_HEAD = re.compile(r"^(.+?) [–-] .+$")


@dataclass(frozen=True, slots=True)
class Branches:
    """The branches of a time limit: those a person picks, and the limit of a refusal."""

    cases: tuple[ProcedureCase, ...]
    refusal: TimeLimit | None


def read_branches(limit_row: Row, default: TimeLimit | None, source: LimitSource) -> Branches:
    """The branches under `time_limit`, channel rows and refusals taken out."""
    cases: list[ProcedureCase] = []
    refusal: TimeLimit | None = None
    previous = ""
    for item in limit_row.rows("branches"):
        name = _full_name(item, previous)
        note = item.text("note")
        limit = read_limit(item, source.named(note))
        item.finish()
        previous = name
        folded = fold(name)
        if folded.startswith("kenh "):
            item.report(
                "channel_or_case",
                "when",
                msg("Nhánh “%(name)s” ghi theo kênh nộp chứ không phải trường hợp; không dùng.", name=name),
                note or name,
            )
        elif folded.startswith("tu choi") or folded == "khong cap":
            refusal = limit
        else:
            case = ProcedureCase(
                key=slug(name),
                name=name,
                limit=limit,
                changes_limit=True,
                note=note,
                appointments=_appointments(note),
            )
            cases.append(_with_extra(case, default) if is_hardship(case) else case)
            _report_guess(item, note)
    if refusal is not None and len(cases) == 1 and cases[0].limit == default:
        cases = []  # "granted" against "refused" is an outcome, not something to pick at the counter
    return Branches(tuple(cases), refusal)


def join_cases(
    row: Row, names: Sequence[str], branches: Sequence[ProcedureCase]
) -> tuple[ProcedureCase, ...]:
    """Situations and branches as one list without doubles, keys unique, situations first.

    A branch may cover several situations ("chuyển nhượng, thừa kế, tặng cho, góp vốn"): each takes its limit.
    """
    joined: list[ProcedureCase] = []
    used: set[str] = set()
    for name in names:
        if _only_refers(name):
            row.report(
                "reference_only",
                "cases",
                msg("Trường hợp “%(name)s” chỉ dẫn chiếu nơi khác, chưa liệt kê được.", name=name),
                name,
            )
            continue
        twin = closest_of_same_meaning(name, [(branch.key, branch.name) for branch in branches])
        if twin is None:
            joined.append(ProcedureCase(key=slug(name), name=name))
        else:
            used.add(twin)
            branch = next(branch for branch in branches if branch.key == twin)
            joined.append(replace(branch, key=slug(name), name=name))
    joined.extend(branch for branch in branches if branch.key not in used)
    return _unique(joined)


def is_hardship(case: ProcedureCase) -> bool:
    """The land cases that add days in poor and mountainous communes ("xã khó khăn")."""
    return "xa kho khan" in fold(case.name)


def _with_extra(case: ProcedureCase, default: TimeLimit | None) -> ProcedureCase:
    """The days a hard commune adds, told apart from the ordinary limit so that the due date explains
    itself.
    """
    if case.limit is None or default is None or len(case.limit.phases) != 1 or len(default.phases) != 1:
        return case
    longer, usual = case.limit.phases[0], default.phases[0]
    if longer.unit is not usual.unit or longer.amount <= usual.amount:
        return case
    extra = LimitExtra(longer.amount - usual.amount, usual.unit, case.name)
    return replace(case, limit=replace(case.limit, phases=default.phases, extra=extra))


def _full_name(item: Row, previous: str) -> str:
    name = item.text("when")
    if not name:
        raise item.refuse("when", msg("Nhánh thời hạn không có tên trường hợp."))
    if not name.startswith("…"):
        return name
    head = _HEAD.match(previous)
    full = f"{head.group(1) if head else previous} – {name.removeprefix('…').strip()}"
    item.report("guess", "when", msg("Nguồn viết tắt “…”, hiểu là “%(full)s”.", full=full), name)
    return full


def _report_guess(item: Row, note: str) -> None:
    if "suy luận" in note or "tri thức riêng" in note:
        item.report(
            "guess",
            "note",
            msg("Thời hạn của nhánh là suy luận của người lập nguồn, cần kiểm tra lại."),
            note,
        )


def _appointments(note: str) -> tuple[int, ...]:
    found = _APPOINTMENTS.search(note)
    return (int(found.group(1)), int(found.group(2))) if found else ()


def _only_refers(name: str) -> bool:
    return bool(re.search(r"\bnhu \d|\bly do tai dieu\b|\bnhom ho so\b", fold(name)))


def _unique(cases: Sequence[ProcedureCase]) -> tuple[ProcedureCase, ...]:
    seen: dict[str, int] = {}
    unique: list[ProcedureCase] = []
    for case in cases:
        seen[case.key] = seen.get(case.key, 0) + 1
        unique.append(case if seen[case.key] == 1 else replace(case, key=f"{case.key}-{seen[case.key]}"))
    return tuple(unique)
