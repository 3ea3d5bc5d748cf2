"""What keeps a line of a change-set from being approved: pure, over what is known of the procedure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from motcua.catalogue.types_changes import ChangeAction
from motcua.catalogue.types_drafts import Remark
from motcua.kernel.messages import Message, msg

CONTENT = frozenset({ChangeAction.NEW, ChangeAction.AMENDED, ChangeAction.REPLACED, ChangeAction.LEVEL_MOVED})
"""Actions that give a procedure new legal content and cannot do without it."""
EXISTING = frozenset(
    {
        ChangeAction.AMENDED,
        ChangeAction.ABOLISHED,
        ChangeAction.LEVEL_MOVED,
        ChangeAction.REDELEGATED,
        ChangeAction.PROCESS,
        ChangeAction.CONFIGURED,
    }
)
"""Actions on a procedure that must be in the catalogue."""
CONFIGURING = frozenset({ChangeAction.PROCESS, ChangeAction.CONFIGURED})


@dataclass(frozen=True, slots=True)
class Later:
    """A version that begins at an instant or after it, and the decision that made it ("" where none is named)."""

    decision: str
    since: date

    def is_of(self, number: str) -> bool:
        """Whether the decision of that number made it: the catalogue was loaded with its outcome."""
        return bool(number) and self.decision.split(" ")[0] == number


@dataclass(frozen=True, slots=True)
class Standing:
    """What the catalogue says of a line's procedure at the effective instant.

    `later` is what changes it from that instant on; `old_standing` are the old codes of a
    replaced procedure that stand, `old_unknown` those that do not.
    """

    known: bool
    in_force: bool
    later: Later | None = None
    old_standing: tuple[str, ...] = ()
    old_unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The parts of a line that the checks read."""

    position: int
    action: ChangeAction
    code: str
    name: str
    has_content: bool
    has_settings: bool
    old_codes: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return self.code or self.name or f"#{self.position}"


def line_problems(line: Proposal, found: Standing, *, number: str = "") -> tuple[Remark, ...]:
    """Everything that is wrong with one line by itself."""
    problems: list[Remark] = []
    if line.action in EXISTING:
        problems += _existing(line, found)
    if line.action is ChangeAction.NEW and found.in_force:
        problems.append(
            _problem(
                "already_there",
                msg("Thủ tục %(code)s đã có trong danh mục; chọn “sửa đổi”.", code=line.shown),
            )
        )
    if line.action is ChangeAction.REPLACED:
        problems += _replaced(line, found)
    if line.action in CONTENT and not line.has_content:
        problems.append(
            _problem("no_content", msg("Dòng %(code)s chưa có nội dung mới của thủ tục.", code=line.shown))
        )
    if (line.action in CONFIGURING or line.action is ChangeAction.REDELEGATED) and not (
        line.has_content or line.has_settings
    ):
        problems.append(
            _problem("nothing_to_do", msg("Dòng %(code)s chưa nói cấu hình gì thay đổi.", code=line.shown))
        )
    if found.later and line.action is not ChangeAction.NOTED:
        problems.append(_problem("later_change", _later_words(line, found.later, number)))
    return tuple(problems)


def ends_before_start(line: Proposal, day: date) -> Remark:
    """The content says it ends on a day that is not after the change takes effect."""
    return _problem(
        "ends_before_start",
        msg(
            "Nội dung mới của %(code)s hết hiệu lực từ %(day)s, không sau ngày gói có hiệu lực. Sửa một trong hai "
            "ngày.",
            code=line.shown,
            day=f"{day:%d/%m/%Y}",
        ),
    )


def _later_words(line: Proposal, later: Later, number: str) -> Message:
    since = f"{later.since:%d/%m/%Y}"
    if later.is_of(number):
        return msg(
            "Danh mục đã có sẵn nội dung mà chính quyết định này đặt ra cho thủ tục %(code)s, từ %(since)s; "
            "xóa dòng này khỏi gói.",
            code=line.shown,
            since=since,
        )
    if not later.decision:
        return msg(
            "Từ %(since)s, thủ tục %(code)s đã có phiên bản khác; gói này không đứng trước phiên bản đó được.",
            code=line.shown,
            since=since,
        )
    return msg(
        "Từ %(since)s, thủ tục %(code)s đã thay đổi theo %(decision)s; gói này không đứng trước thay đổi đó được.",
        code=line.shown,
        since=since,
        decision=later.decision,
    )


def _existing(line: Proposal, found: Standing) -> list[Remark]:
    if not found.known:
        return [
            _problem(
                "unknown_procedure",
                msg(
                    "Không tìm thấy thủ tục %(code)s trong danh mục; chọn thủ tục cho dòng này.",
                    code=line.shown,
                ),
            )
        ]
    if not found.in_force and not found.later:  # a later change says why, by name
        return [
            _problem(
                "not_in_force",
                msg("Thủ tục %(code)s không có hiệu lực vào ngày quyết định có hiệu lực.", code=line.shown),
            )
        ]
    return []


def _replaced(line: Proposal, found: Standing) -> list[Remark]:
    if not line.old_codes:
        return [
            _problem("no_old_code", msg("Dòng %(code)s chưa ghi mã thủ tục bị thay thế.", code=line.shown))
        ]
    return [
        _problem(
            "unknown_old_code",
            msg("Thủ tục bị thay thế %(code)s không có trong danh mục hoặc đã hết hiệu lực.", code=old),
        )
        for old in found.old_unknown
    ]


def shared_procedures(lines: Iterable[tuple[Proposal, Sequence[int], bool]]) -> dict[int, Remark]:
    """Problems by position where two lines end or renew one procedure; each line with its procedures.

    Several lines may replace one procedure (one to many); only then may they share it.
    """
    taken: list[tuple[Proposal, Sequence[int], bool]] = list(lines)
    plain: Counter[int] = Counter()
    replacing: set[int] = set()
    for line, procedures, writes in taken:
        if not writes:
            continue
        if line.action is ChangeAction.REPLACED:
            replacing.update(procedures)
        else:
            plain.update(procedures)
    return {
        line.position: _problem(
            "duplicate", msg("Thủ tục %(code)s bị thay đổi ở nhiều dòng của gói này.", code=line.shown)
        )
        for line, procedures, writes in taken
        if writes and any(plain[found] > 1 or (plain[found] and found in replacing) for found in procedures)
    }


def head_problems(
    *, number: str, effective_at: datetime | None, effective_to: datetime | None, lines: int
) -> tuple[Message, ...]:
    """What the head of a change-set still lacks."""
    problems: list[Message] = []
    if not number.strip():
        problems.append(msg("Chưa ghi số quyết định."))
    if effective_at is None:
        problems.append(msg("Chưa rõ ngày có hiệu lực. Ghi ngày vào phần đầu của gói."))
    elif effective_to is not None and effective_to <= effective_at:
        problems.append(msg("Ngày hết hiệu lực phải sau ngày có hiệu lực."))
    if not lines:
        problems.append(msg("Gói chưa có dòng nào."))
    return tuple(problems)


def _problem(kind: str, message: Message) -> Remark:
    return Remark(kind, message)
