"""What a person should look at twice before approving a line. None of these stops it by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from motcua.catalogue.rules.decisions.differing import LEVELS, fee_amount, paired, text_of_limit
from motcua.catalogue.rules.decisions.matching import Match
from motcua.catalogue.rules.decisions.names import is_cut, meaningful
from motcua.catalogue.rules.decisions.proposing import missing_parts
from motcua.catalogue.rules.decisions.values import DecisionHead, DecisionLine
from motcua.catalogue.rules.decisions.wording import actions_in
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import FeeLine, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction
from motcua.kernel.clock import local
from motcua.kernel.messages import Message, msg

_DAY = "%d/%m/%Y"
ACTIONS: Mapping[ChangeAction, Message] = {
    ChangeAction.NEW: msg("mới ban hành"),
    ChangeAction.AMENDED: msg("sửa đổi, bổ sung"),
    ChangeAction.REPLACED: msg("thay thế"),
    ChangeAction.ABOLISHED: msg("bãi bỏ"),
    ChangeAction.LEVEL_MOVED: msg("chuyển cấp giải quyết"),
    ChangeAction.REDELEGATED: msg("phân cấp, ủy quyền"),
    ChangeAction.PROCESS: msg("quy trình nội bộ"),
    ChangeAction.CONFIGURED: msg("cấu hình"),
    ChangeAction.NOTED: msg("chỉ ghi nhận"),
}
PARTS: Mapping[str, Message] = {
    "levels": msg("cấp giải quyết"),
    "field": msg("lĩnh vực"),
    "limit": msg("thời hạn"),
    "papers": msg("thành phần hồ sơ"),
    "results": msg("kết quả"),
    "authority": msg("cơ quan giải quyết"),
    "fees": msg("phí, lệ phí"),
}


@dataclass(frozen=True, slots=True)
class Warning:
    """One remark; `kind` is stable, the message is for people."""

    kind: str
    message: Message

    def to_dict(self) -> dict[str, str]:
        """JSON shape, in Vietnamese."""
        return {"kind": self.kind, "message": self.message.source()}


@dataclass(frozen=True, slots=True)
class Others:
    """What stands around a line: the other lines of the decision, pending decisions by code, open dossiers,
    the day the decision is entered, how the line was matched.

    `has_unit` false: no unit of the province is competent for the procedure after the change.
    """

    lines: Sequence[DecisionLine] = ()
    pending: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dossiers: int = 0
    entered_on: date | None = None
    match: Match | None = None
    has_unit: bool | None = None


def warnings(
    line: DecisionLine,
    before: ProcedureDefinition | None,
    after: ProcedureDefinition | None,
    head: DecisionHead,
    others: Others,
) -> tuple[Warning, ...]:
    """Every warning of a line, the gravest kinds first."""
    found = [
        *_about_identity(line, before, others),
        *_about_end(line, others),
        *_about_content(before, after),
        *_about_level(line, before, after, others),
        *_about_time(head, others),
        *_about_words(line, before, head),
        *_about_gaps(line, before, after),
    ]
    return tuple({(warning.kind, warning.message.source()): warning for warning in found}.values())


def _about_identity(
    line: DecisionLine, before: ProcedureDefinition | None, others: Others
) -> Iterator[Warning]:
    found = others.match
    shown = line.code or line.old_code
    if found is not None and found.ambiguous:
        yield Warning(
            "ambiguous",
            msg("Có %(n)s thủ tục cùng khớp; hãy chọn một.", n=len(found.candidates)),
        )
    elif before is None and line.action is not ChangeAction.NEW:
        yield Warning(
            "unknown_code",
            msg("Danh mục chưa có thủ tục mã %(code)s.", code=shown)
            if shown
            else msg("Không tìm thấy thủ tục “%(name)s” trong danh mục.", name=line.name[:120]),
        )
    if before is not None and line.action is ChangeAction.NEW:
        yield Warning(
            "already_known",
            msg(
                "Ghi là mới nhưng danh mục đã có %(code)s “%(name)s”.",
                code=before.display_code,
                name=before.name,
            ),
        )
    if found is not None and found.matched_by == "name":
        yield Warning("matched_by_name", msg("Không có mã, nhận ra theo tên; hãy kiểm tra."))
    if found is not None and found.matched_by == "former_code" and found.found is not None:
        yield Warning(
            "former_code",
            msg("%(old)s là mã cũ, nay là %(code)s.", old=line.code, code=found.found.code or "—"),
        )
    if line.action is ChangeAction.NEW and found is not None and before is None and found.candidates:
        yield Warning(
            "same_name",
            msg("Danh mục đã có thủ tục cùng tên, mã %(code)s.", code=found.candidates[0].known.code or "—"),
        )
    if line.old_code and line.code and line.old_code != line.code:
        yield Warning(
            "renumbered", msg("Đổi mã từ %(old)s thành %(code)s.", old=line.old_code, code=line.code)
        )
    yield from _about_doubles(line, others)


def _about_doubles(line: DecisionLine, others: Others) -> Iterator[Warning]:
    codes = {code for code in (line.code, line.old_code) if code}
    for other in others.lines:
        if other is line or other.position == line.position:
            continue
        same = (
            other.code == line.code
            if line.code and other.code
            else bool(line.name)
            and (not line.code and not other.code and meaningful(other.name) == meaningful(line.name))
        )
        if same:
            yield Warning("duplicate", msg("Trùng với dòng ở %(cell)s của cùng quyết định.", cell=other.cell))
    for code in sorted(codes):
        for number in others.pending.get(code, ()):
            yield Warning(
                "pending_elsewhere",
                msg(
                    "Mã %(code)s còn trong quyết định %(number)s đang chờ công bố.", code=code, number=number
                ),
            )


def _about_end(line: DecisionLine, others: Others) -> Iterator[Warning]:
    if line.action in {ChangeAction.ABOLISHED, ChangeAction.REPLACED} and others.dossiers:
        yield Warning(
            "open_dossiers",
            msg(
                "Còn %(count)s hồ sơ đang giải quyết theo thủ tục này; hãy chọn cách xử lý.",
                count=others.dossiers,
            ),
        )


def _about_content(
    before: ProcedureDefinition | None, after: ProcedureDefinition | None
) -> Iterator[Warning]:
    if before is None or after is None:
        return
    yield from _fees_up(before.fees, after.fees)
    yield from _time_up(before, after)
    pairs, _, added = paired(before.papers, after.papers)
    for paper in added:
        yield Warning("more_papers", msg("Thêm giấy tờ “%(name)s”.", name=paper.name))
    for was, now in pairs:
        if was.required == "conditional" and now.required == "always":
            yield Warning("paper_required", msg("Giấy tờ “%(name)s” trở thành bắt buộc.", name=now.name))
        if now.originals + now.copies > was.originals + was.copies:
            yield Warning("more_copies", msg("Giấy tờ “%(name)s” phải nộp nhiều bản hơn.", name=now.name))


def _fees_up(before: Sequence[FeeLine], after: Sequence[FeeLine]) -> Iterator[Warning]:
    pairs, gone, added = paired(before, after)
    if len(gone) == len(added) == 1:
        pairs, added = [*pairs, (gone[0], added[0])], []
    for was, now in pairs:
        if was.amount is not None and now.amount is not None and now.amount > was.amount:
            yield Warning(
                "fee_up",
                msg(
                    "“%(name)s” tăng từ %(before)s lên %(after)s.",
                    name=now.name,
                    before=fee_amount(was),
                    after=fee_amount(now),
                ),
            )
        elif was.amount is not None and now.amount is None:
            yield Warning("fee_unknown", msg("“%(name)s” không còn mức thu cụ thể.", name=now.name))
    for fee in added:
        if fee.amount != 0:
            yield Warning(
                "fee_added",
                msg("Thêm khoản thu “%(name)s”: %(after)s.", name=fee.name, after=fee_amount(fee)),
            )
    for fee in after:
        if not fee.applies:
            yield Warning(
                "fee_held", msg("“%(name)s” chưa thu được: %(why)s", name=fee.name, why=fee.hold_reason)
            )


def _time_up(before: ProcedureDefinition, after: ProcedureDefinition) -> Iterator[Warning]:
    limits: list[tuple[Message | None, TimeLimit | None, TimeLimit | None]] = [
        (None, before.limit, after.limit)
    ]
    pairs, _, _ = paired(before.cases, after.cases)
    limits += [
        (msg("%(words)s", words=now.name), before.limit_for(was.key), after.limit_for(now.key))
        for was, now in pairs
        # A case that goes with the usual limit before and after is told with it.
        if (before.limit_for(was.key), after.limit_for(now.key)) != (before.limit, after.limit)
    ]
    for name, was, now in limits:
        if was is None or now is None or was == now:
            continue
        if longer(was, now):
            words = {"before": text_of_limit(was), "after": text_of_limit(now)}
            yield Warning(
                "time_up",
                msg("Thời hạn dài hơn: từ %(before)s lên %(after)s.", **words)
                if name is None
                else msg("Thời hạn của “%(case)s” dài hơn: từ %(before)s lên %(after)s.", case=name, **words),
            )
        elif longer(was, now) is None and was.phases != now.phases:
            yield Warning(
                "time_unlike",
                msg(
                    "Thời hạn đổi từ %(before)s sang %(after)s, không so sánh được dài hay ngắn hơn.",
                    before=text_of_limit(was),
                    after=text_of_limit(now),
                ),
            )
    kept = [case for case in after.cases if case.changes_limit and case in before.cases]
    if kept and before.limit != after.limit:
        yield Warning(
            "cases_kept",
            msg(
                "Thời hạn chung đổi nhưng %(n)s trường hợp vẫn giữ thời hạn riêng; hãy kiểm tra.", n=len(kept)
            ),
        )


def longer(was: TimeLimit, now: TimeLimit) -> bool | None:
    """Whether the new limit is longer; None when the two cannot be compared (working days with days, months)."""
    old, new = was.total(), now.total()
    if old is None or new is None:
        return None if was.phases != now.phases else False
    return new.exceeds(old)


def _about_level(
    line: DecisionLine, before: ProcedureDefinition | None, after: ProcedureDefinition | None, others: Others
) -> Iterator[Warning]:
    if before is None or after is None:
        return
    gained = set(after.levels) - set(before.levels)
    if gained or set(before.levels) - set(after.levels):
        yield Warning(
            "level_moved",
            msg(
                "Cấp giải quyết đổi từ %(before)s sang %(after)s.",
                before=_levels(before),
                after=_levels(after),
            ),
        )
        if others.has_unit is False:
            yield Warning(
                "no_unit", msg("Chưa có cơ quan nào có thẩm quyền ở cấp mới; hãy khai báo trước khi công bố.")
            )
    elif line.action is ChangeAction.LEVEL_MOVED:
        yield Warning("level_not_stated", msg("Ghi là chuyển cấp nhưng không nói chuyển sang cấp nào."))


def _levels(definition: ProcedureDefinition) -> Message:
    joined: Message | None = None
    for level in definition.levels:
        joined = (
            LEVELS[level] if joined is None else msg("%(first)s, %(next)s", first=joined, next=LEVELS[level])
        )
    return joined or msg("chưa rõ cấp")


def _about_time(head: DecisionHead, others: Others) -> Iterator[Warning]:
    effective = local(head.effective_at).date() if head.effective_at else None
    if effective is None:
        if head.effective_rule:
            yield Warning(
                "no_effective_day",
                msg(
                    "Ngày có hiệu lực chỉ được dẫn chiếu (“%(rule)s”); hãy ghi ngày cụ thể.",
                    rule=head.effective_rule,
                ),
            )
    else:
        if head.signed_on is not None and effective < head.signed_on:
            yield Warning(
                "retroactive",
                msg(
                    "Có hiệu lực từ %(day)s, trước ngày ký %(signed)s.",
                    day=effective.strftime(_DAY),
                    signed=head.signed_on.strftime(_DAY),
                ),
            )
        if others.entered_on is not None and effective < others.entered_on:
            yield Warning(
                "late",
                msg("Đã có hiệu lực từ %(day)s, nay mới nhập: công bố muộn.", day=effective.strftime(_DAY)),
            )
    if head.effective_to is not None:
        yield Warning(
            "limited",
            msg("Chỉ có hiệu lực đến trước %(day)s.", day=local(head.effective_to).strftime(_DAY)),
        )


def _about_words(
    line: DecisionLine, before: ProcedureDefinition | None, head: DecisionHead
) -> Iterator[Warning]:
    if before is not None and line.name and not _same_name(line.name, before.name):
        yield Warning(
            "name_differs",
            msg("Tên trong quyết định khác tên trong danh mục: “%(name)s”.", name=before.name),
        )
    titled = actions_in(head.title)
    if titled and line.action not in titled and {line.action, *titled} <= _SAID:
        yield Warning(
            "body_differs",
            msg(
                "Tên quyết định ghi %(body)s, phụ lục ghi %(annex)s.",
                body=_actions(titled),
                annex=ACTIONS[line.action],
            ),
        )


_SAID = frozenset({ChangeAction.NEW, ChangeAction.AMENDED, ChangeAction.REPLACED, ChangeAction.ABOLISHED})


def _actions(found: set[ChangeAction]) -> Message:
    joined: Message | None = None
    for action in ACTIONS:
        if action in found:
            joined = (
                ACTIONS[action]
                if joined is None
                else msg("%(first)s; %(next)s", first=joined, next=ACTIONS[action])
            )
    return joined or msg("không rõ")


def _same_name(one: str, other: str) -> bool:
    mine, known = meaningful(one), meaningful(other)
    return known[: len(mine)] == mine if is_cut(one) else mine == known


def _about_gaps(
    line: DecisionLine, before: ProcedureDefinition | None, after: ProcedureDefinition | None
) -> Iterator[Warning]:
    if after is None or (before is not None and line.action is not ChangeAction.NEW):
        return
    gaps = missing_parts(after)
    if gaps:
        joined = PARTS[gaps[0]]
        for part in gaps[1:]:
            joined = msg("%(first)s, %(next)s", first=joined, next=PARTS[part])
        yield Warning(
            "incomplete", msg("Quyết định không ghi: %(parts)s. Hãy bổ sung trước khi công bố.", parts=joined)
        )
