"""What to do next, and for whom: the causes behind the board, each once, the one that frees most first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from motcua.kernel.messages import Message, msg


class StepKind(StrEnum):
    """What somebody has to do."""

    FILL_ROLE = "fill_role"
    FINISH_PROCESS = "finish_process"
    WRITE_PROCESS = "write_process"
    MEND = "mend"
    REHEARSE = "rehearse"
    SETTLE_FEE = "settle_fee"
    SETTLE_LIMIT = "settle_limit"
    SETTLE_FORM = "settle_form"
    MEND_LETTER = "mend_letter"
    COLLECT = "collect"
    COLLECT_MORE = "collect_more"


URGENCY = {
    StepKind.FINISH_PROCESS: 0,
    StepKind.FILL_ROLE: 1,
    StepKind.MEND: 1,
    StepKind.MEND_LETTER: 1,
    StepKind.WRITE_PROCESS: 2,
    StepKind.COLLECT: 2,
    StepKind.COLLECT_MORE: 6,
    StepKind.REHEARSE: 3,
    StepKind.SETTLE_LIMIT: 4,
    StepKind.SETTLE_FEE: 4,
    StepKind.SETTLE_FORM: 5,
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do: how many procedures it frees or settles, for whom, and by when.

    `role` names the roles to fill or what is missing, `more` counts those it does not name.
    """

    kind: StepKind
    who: str
    where: str
    unit_code: str
    procedures: int
    role: str = ""
    more: int = 0
    due: date | None = None

    def text(self) -> Message:
        """The step in a sentence."""
        if self.kind is StepKind.FILL_ROLE and self.more:
            return msg(
                "%(where)s: giao người giữ vai trò %(role)s và %(count)s vai trò nữa.",
                where=self.where,
                role=self.role,
                count=self.more,
            )
        if self.kind is StepKind.FILL_ROLE:
            return msg("%(where)s: giao người giữ vai trò %(role)s.", where=self.where, role=self.role)
        if self.kind in (StepKind.COLLECT, StepKind.COLLECT_MORE):
            return msg(_SENTENCES[self.kind].text, where=self.where, missing=self.role)
        return msg(_SENTENCES[self.kind].text, where=self.where, count=self.procedures)


_SENTENCES = {
    StepKind.COLLECT: msg("%(where)s: chưa thu được phí, lệ phí, còn thiếu %(missing)s."),
    StepKind.COLLECT_MORE: msg("%(where)s: bổ sung %(missing)s để người dân có thêm cách nộp tiền."),
    StepKind.FINISH_PROCESS: msg(
        "Quy trình điện tử của %(count)s thủ tục đã quá hạn theo quyết định: %(where)s."
    ),
    StepKind.WRITE_PROCESS: msg(
        "%(count)s thủ tục còn chạy quy trình chung, chưa có quy trình riêng: %(where)s."
    ),
    StepKind.MEND: msg("%(count)s thủ tục diễn tập không đạt: %(where)s."),
    StepKind.REHEARSE: msg("%(count)s thủ tục chưa được diễn tập: %(where)s."),
    StepKind.SETTLE_FEE: msg("%(count)s thủ tục có mức phí, lệ phí chưa rõ: %(where)s."),
    StepKind.SETTLE_LIMIT: msg("%(count)s thủ tục có thời hạn chưa rõ: %(where)s."),
    StepKind.SETTLE_FORM: msg("%(count)s thủ tục chưa ghi mã biểu mẫu: %(where)s."),
    StepKind.MEND_LETTER: msg("%(count)s thủ tục dùng loại văn bản không có trong hệ thống: %(where)s."),
}


def ordered(steps: Iterable[NextStep]) -> list[NextStep]:
    """Late before blocked before doubtful; within these what frees most first."""
    return sorted(steps, key=lambda step: (URGENCY[step.kind], -step.procedures, step.where, step.role))
