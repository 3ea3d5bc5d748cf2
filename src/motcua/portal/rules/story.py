"""The life of a dossier told to the person it belongs to: units instead of people, plain words instead of steps.

Pure: facts in, entries out. Steps that follow each other in one unit are one entry. A pause is an entry of its
own with its reason and its length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg

_NEVER = datetime.max.replace(tzinfo=UTC)


class Kind(StrEnum):
    """How an entry is drawn; the values are the classes of the design system."""

    DONE = "done"
    CURRENT = "current"
    PAUSE = "pause"
    LATE = "late"
    STOPPED = "stopped"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened or is to come (`at` None). `where` is a unit, never a person."""

    kind: Kind
    title: Message
    at: datetime | None = None
    until: datetime | None = None
    where: str = ""
    text: Message | str = ""
    badge: Message | str = ""
    items: tuple[str, ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A stay at a desk; `kind` is that of the process step, `until` None while it lasts."""

    kind: str
    unit: str
    since: datetime
    until: datetime | None
    is_consultation: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    since: datetime
    until: datetime | None
    reason: str
    items: tuple[str, ...] = ()
    number: int = 0
    is_intake: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    at: datetime
    new_due_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision that changed the procedure made of the dossier."""

    at: datetime
    line: Message


@dataclass(frozen=True, slots=True)
class Facts:
    """What a story is made of. `status` is the legal one; moments are None until they happen."""

    status: str
    created_at: datetime
    received_at: datetime | None
    receiving_unit: str
    returning_unit: str
    steps: Sequence[Step] = ()
    pauses: Sequence[Pause] = ()
    extensions: Sequence[Extension] = ()
    changes: Sequence[Change] = ()
    due_at: datetime | None = None
    overdue_since: datetime | None = None
    completed_at: datetime | None = None
    completed_late: bool = False
    returned_at: datetime | None = None
    closed_at: datetime | None = None
    is_paused: bool = False


def tell(facts: Facts) -> tuple[Entry, ...]:
    """The entries, oldest first; what is under way and what is to come stand last."""
    entries = [_reception(facts)]
    if facts.status != "refused":
        entries += _stays(facts)
        entries += [_pause(pause) for pause in facts.pauses]
        entries += [_extension(extension) for extension in facts.extensions]
        entries += [Entry(Kind.DONE, change.line, change.at) for change in facts.changes]
        entries += _lateness(facts)
        entries += _ends(facts)
    return (*sorted(entries, key=_order), *_to_come(facts))


def _order(entry: Entry) -> tuple[bool, datetime]:
    return entry.kind in (Kind.CURRENT, Kind.FUTURE), entry.at or _NEVER


def _reception(facts: Facts) -> Entry:
    at = facts.received_at or facts.created_at
    if facts.status == "refused":
        return Entry(Kind.STOPPED, msg("Hồ sơ không được tiếp nhận"), at, where=facts.receiving_unit)
    if facts.received_at is None:
        return Entry(Kind.DONE, msg("Bạn nộp hồ sơ, còn thiếu giấy tờ"), at, where=facts.receiving_unit)
    return Entry(Kind.DONE, msg("Tiếp nhận hồ sơ"), at, where=facts.receiving_unit)


# What a person is told of each kind of step: while it lasts, and afterwards.
_DESKS = {
    "work": (msg("Đang xem xét hồ sơ"), msg("Đã xem xét hồ sơ")),
    "approval": (msg("Đang trình lãnh đạo ký"), msg("Lãnh đạo đã ký")),
    "clerk": (msg("Đang đóng dấu, phát hành kết quả"), msg("Đã đóng dấu, phát hành kết quả")),
    "consult": (msg("Đang lấy ý kiến cơ quan liên quan"), msg("Đã có ý kiến của cơ quan liên quan")),
}


@dataclass(frozen=True, slots=True)
class _Stay:
    desk: str
    unit: str
    since: datetime
    until: datetime | None


def _stays(facts: Facts) -> Iterator[Entry]:
    for stay in _merged(facts.steps):
        open_now = stay.until is None and facts.closed_at is None
        during, after = _DESKS[stay.desk]
        if open_now and facts.is_paused:
            yield Entry(Kind.FUTURE, msg("Xem xét tiếp sau khi hết tạm dừng"), where=stay.unit)
            continue
        yield Entry(
            Kind.CURRENT if open_now else Kind.DONE,
            during if open_now else after,
            stay.since if open_now else stay.until or stay.since,
            where=stay.unit,
            badge=msg("hồ sơ đang ở đây") if open_now else "",
        )


def _merged(steps: Iterable[Step]) -> list[_Stay]:
    """Steps that follow each other at one desk of one unit become one stay. A wait is told by its pause."""
    found: list[_Stay] = []
    for step in steps:
        desk = "consult" if step.is_consultation else step.kind
        if desk not in _DESKS:
            continue
        last = found[-1] if found else None
        if last is not None and (last.desk, last.unit) == (desk, step.unit):
            until = None if None in (last.until, step.until) else step.until
            found[-1] = replace(last, until=until)
        else:
            found.append(_Stay(desk, step.unit, step.since, step.until))
    return found


def _pause(pause: Pause) -> Entry:
    text: Message | str = pause.reason
    if pause.is_intake:
        title = msg("Chờ bạn nộp đủ giấy tờ")
    elif pause.number:
        title = msg("Tạm dừng: chờ bạn bổ sung giấy tờ")
    else:
        title = msg("Tạm dừng, thời gian này không tính vào thời hạn")
        text = msg("Chờ %(what)s", what=pause.reason)
    badge = _length(pause.since, pause.until) if pause.until else _waiting(pause)
    return Entry(Kind.PAUSE, title, pause.since, until=pause.until, text=text, badge=badge, items=pause.items)


def _waiting(pause: Pause) -> Message:
    return msg("đang chờ bạn") if pause.is_intake else msg("đang tạm dừng")


def _length(since: datetime, until: datetime) -> Message:
    days = (until.astimezone(VN).date() - since.astimezone(VN).date()).days
    return msg("%(days)s ngày", days=days) if days else msg("trong ngày")


def _extension(extension: Extension) -> Entry:
    if extension.new_due_on is None:
        title = msg("Xin lỗi và hẹn lại ngày trả kết quả")
    else:
        title = msg("Xin lỗi và hẹn lại ngày %(day)s", day=f"{extension.new_due_on:%d/%m/%Y}")
    return Entry(Kind.LATE, title, extension.at, text=extension.reason)


def _lateness(facts: Facts) -> Iterator[Entry]:
    if facts.overdue_since is not None:
        yield Entry(
            Kind.LATE,
            msg("Quá ngày hẹn trả kết quả"),
            facts.overdue_since,
            text=msg("Cơ quan giải quyết xin lỗi vì sự chậm trễ này."),
        )


def _ends(facts: Facts) -> Iterator[Entry]:
    if facts.completed_at is not None:
        waiting = facts.returned_at is None
        yield Entry(
            Kind.CURRENT if waiting else Kind.DONE,
            msg("Đã có kết quả"),
            facts.completed_at,
            where=facts.returning_unit,
            badge=msg("trễ hẹn") if facts.completed_late else "",
        )
    if facts.returned_at is not None:
        yield Entry(Kind.DONE, msg("Đã trả kết quả"), facts.returned_at, where=facts.returning_unit)
    if facts.status == "withdrawn" and facts.closed_at is not None:
        yield Entry(Kind.STOPPED, msg("Dừng theo đề nghị rút hồ sơ của bạn"), facts.closed_at)
    if facts.status == "stopped" and facts.closed_at is not None:
        yield Entry(Kind.STOPPED, msg("Dừng giải quyết"), facts.closed_at)


def _to_come(facts: Facts) -> tuple[Entry, ...]:
    if facts.completed_at is not None or facts.closed_at is not None or facts.status == "refused":
        return ()
    due = None if facts.overdue_since else facts.due_at
    return (Entry(Kind.FUTURE, msg("Trả kết quả"), where=facts.returning_unit, due_at=due),)
