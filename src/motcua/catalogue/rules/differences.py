"""What is different between two versions of a procedure, in the words a person at the counter would use. Pure.

Only what touches the applicant: the time, the money, the papers and forms, the cases, the result, where it is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import FeeLine, Level, Paper, ProcedureDefinition
from motcua.kernel.clock import local
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold, grouped

LIMIT, FEE, PAPER, FORM, CASE, RESULT, PLACE, NAME = (
    "limit",
    "fee",
    "paper",
    "form",
    "case",
    "result",
    "place",
    "name",
)
LEVELS = {
    Level.COMMUNE: msg("cấp xã"),
    Level.PROVINCE: msg("cấp tỉnh"),
    Level.MINISTRY: msg("bộ"),
    Level.OTHER: msg("cơ quan khác"),
}
SHOWN = 6
"""At most so many differences are joined into one sentence; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different; `part` says what kind of thing."""

    part: str
    text: Message


def plain_differences(before: ProcedureDefinition, after: ProcedureDefinition) -> tuple[Difference, ...]:
    """What a person notices, the most important first; empty where only wording or legal bases changed."""
    return (
        *_limits(before, after),
        *_fees(before, after),
        *_papers(before, after),
        *_cases(before, after),
        *_results(before, after),
        *_place(before, after),
        *_names(before, after),
    )


def joined(differences: Sequence[Difference]) -> Message:
    """The differences as one sentence part; says so where there are none that a person notices."""
    if not differences:
        return msg("chỉ thay đổi câu chữ, căn cứ pháp lý")
    text = differences[0].text
    for difference in differences[1:SHOWN]:
        text = msg("%(first)s; %(next)s", first=text, next=difference.text)
    if len(differences) > SHOWN:
        text = msg("%(first)s; và %(n)s thay đổi khác", first=text, n=len(differences) - SHOWN)
    return text


def moment_words(at: datetime) -> str:
    """An instant as people write it: the day alone when it is midnight in Viet Nam."""
    wall = local(at)
    if (wall.hour, wall.minute, wall.second) == (0, 0, 0):
        return f"{wall:%d/%m/%Y}"
    return (
        f"{wall:%H:%M} ngày {wall:%d/%m/%Y}" if not wall.second else f"{wall:%H:%M:%S} ngày {wall:%d/%m/%Y}"
    )


def _limits(before: ProcedureDefinition, after: ProcedureDefinition) -> Iterable[Difference]:
    old, new = before.limit_for(), after.limit_for()
    if _told(old) != _told(new):
        yield Difference(
            LIMIT, msg("thời hạn %(new)s (trước: %(old)s)", new=_limit_words(new), old=_limit_words(old))
        )
    known = {case.key: case for case in before.cases}
    for case in after.cases:
        if case.key not in known or not (case.changes_limit or known[case.key].changes_limit):
            continue
        old, new = before.limit_for(case.key), after.limit_for(case.key)
        if _told(old) != _told(new):
            yield Difference(
                LIMIT,
                msg(
                    "thời hạn khi %(case)s: %(new)s (trước: %(old)s)",
                    case=case.name,
                    new=_limit_words(new),
                    old=_limit_words(old),
                ),
            )


def _told(limit: TimeLimit) -> str:
    return limit.text().source() + limit.cutoff.text().source() if limit.has_due_date else ""


def _limit_words(limit: TimeLimit) -> Message:
    return limit.text() if limit.has_due_date else msg("chưa rõ")


def _fees(before: ProcedureDefinition, after: ProcedureDefinition) -> Iterable[Difference]:
    old = {_fee_key(fee): fee for fee in before.fees}
    new = {_fee_key(fee): fee for fee in after.fees}
    for key, fee in new.items():
        known = old.get(key)
        if known is None:
            yield Difference(FEE, msg("thêm khoản thu %(fee)s: %(new)s", fee=fee.name, new=_amount(fee)))
        elif _charged(known) != _charged(fee):
            yield Difference(
                FEE,
                msg(
                    "%(fee)s: %(new)s (trước: %(old)s)",
                    fee=fee.name,
                    new=_amount(fee),
                    old=_amount(known),
                ),
            )
    for key, fee in old.items():
        if key not in new:
            yield Difference(FEE, msg("không còn thu %(fee)s", fee=fee.name))


def _fee_key(fee: FeeLine) -> str:
    return fold(f"{fee.name}|{fee.condition}|{','.join(sorted(fee.channels))}")


def _charged(fee: FeeLine) -> tuple[int | None, str, bool]:
    return fee.amount, fold(fee.per), fee.applies


def _amount(fee: FeeLine) -> Message:
    if fee.amount is None or not fee.applies:
        return msg("chưa có mức áp dụng")
    if fee.amount == 0:
        return msg("miễn")
    figures = grouped(fee.amount)
    if fee.per:
        return msg("%(amount)s đồng/%(per)s", amount=figures, per=fee.per)
    return msg("%(amount)s đồng", amount=figures)


def _papers(before: ProcedureDefinition, after: ProcedureDefinition) -> Iterable[Difference]:
    old, new = _by_name(before.papers), _by_name(after.papers)
    for name, paper in new.items():
        known = old.get(name)
        if known is None:
            yield Difference(PAPER, msg("thêm giấy tờ: %(paper)s", paper=paper.name))
            continue
        if known.form_code != paper.form_code and paper.form_code:
            yield Difference(
                FORM, msg("mẫu mới cho %(paper)s: %(form)s", paper=paper.name, form=paper.form_code)
            )
        if known.required != paper.required:
            yield Difference(
                PAPER,
                msg("%(paper)s nay bắt buộc", paper=paper.name)
                if paper.required == "always"
                else msg("%(paper)s nay chỉ cần trong một số trường hợp", paper=paper.name),
            )
        if (known.originals, known.copies) != (paper.originals, paper.copies):
            yield Difference(
                PAPER,
                msg(
                    "%(paper)s: %(originals)s bản chính, %(copies)s bản sao",
                    paper=paper.name,
                    originals=paper.originals,
                    copies=paper.copies,
                ),
            )
    for name, paper in old.items():
        if name not in new:
            yield Difference(PAPER, msg("bỏ giấy tờ: %(paper)s", paper=paper.name))


def _by_name(papers: Iterable[Paper]) -> dict[tuple[str, str], Paper]:
    return {(fold(paper.name), paper.case_key): paper for paper in papers}


def _cases(before: ProcedureDefinition, after: ProcedureDefinition) -> Iterable[Difference]:
    old, new = {case.key: case for case in before.cases}, {case.key: case for case in after.cases}
    for key, case in new.items():
        if key not in old:
            yield Difference(CASE, msg("thêm trường hợp: %(case)s", case=case.name))
    for key, case in old.items():
        if key not in new:
            yield Difference(CASE, msg("bỏ trường hợp: %(case)s", case=case.name))


def _results(before: ProcedureDefinition, after: ProcedureDefinition) -> Iterable[Difference]:
    old, new = (
        {fold(result.name): result.name for result in content.results if result.name}
        for content in (before, after)
    )
    if old.keys() != new.keys() and new:
        yield Difference(RESULT, msg("kết quả: %(results)s", results="; ".join(new.values())))


def _place(before: ProcedureDefinition, after: ProcedureDefinition) -> Iterable[Difference]:
    if set(before.levels) != set(after.levels):
        words = LEVELS[after.levels[0]] if after.levels else msg("chưa rõ")
        for level in after.levels[1:]:
            words = msg("%(first)s, %(next)s", first=words, next=LEVELS[level])
        yield Difference(PLACE, msg("nơi giải quyết: %(levels)s", levels=words))
    elif fold(before.authority) != fold(after.authority) and after.authority:
        yield Difference(PLACE, msg("nơi giải quyết: %(levels)s", levels=after.authority))


def _names(before: ProcedureDefinition, after: ProcedureDefinition) -> Iterable[Difference]:
    if before.display_code != after.display_code and after.display_code:
        yield Difference(NAME, msg("mã mới %(code)s", code=after.display_code))
    if fold(before.name) != fold(after.name):
        yield Difference(NAME, msg("tên mới: %(name)s", name=after.name))
