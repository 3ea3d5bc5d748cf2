"""The life of a dossier as one list, oldest first: what was done, by whom, and where the clock stood still.

Pure: facts in, entries out. A pause is an entry of its own with its beginning, its end and its reason, never a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from motcua.kernel.clock import VN
from motcua.kernel.messages import Message, msg

_NEVER = datetime.max.replace(tzinfo=UTC)


class Kind(StrEnum):
    """How an entry is drawn."""

    DONE = "done"
    CURRENT = "current"
    FUTURE = "future"
    PAUSE = "pause"
    LATE = "late"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Link:
    """A letter, as it is named and opened."""

    id: int
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, or that is expected. `at` is None for what is still to come."""

    kind: Kind
    title: Message | str
    at: datetime | None
    until: datetime | None = None
    who: str = ""
    text: Message | str = ""
    badge: Message | str = ""
    due_at: datetime | None = None
    lines: tuple[str, ...] = ()
    letters: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class StepFact:
    """A task of the run. `asked` is the question of a consultation, "" for a step of the process."""

    name: str
    status: str
    opened_at: datetime
    unit: str
    person: str = ""
    due_at: datetime | None = None
    completed_at: datetime | None = None
    outcome: str = ""
    note: str = ""
    is_consultation: bool = False
    asked: str = ""
    for_whom: str = ""


@dataclass(frozen=True, slots=True)
class PauseFact:
    """A stretch in which the clock stood; `until` None while it lasts. `items` is what was asked for."""

    since: datetime
    until: datetime | None
    reason: str
    items: tuple[str, ...] = ()
    number: int = 0
    by: str = ""
    answer: str = ""
    respond_by: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Anything else with a moment of its own: an extension, a result, a hand-over."""

    at: datetime
    title: Message
    who: str = ""
    text: Message | str = ""
    kind: Kind = Kind.DONE


@dataclass(frozen=True, slots=True)
class LetterFact:
    id: int
    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a timeline is made of."""

    received_at: datetime | None
    created_at: datetime
    receiving_unit: str
    received_by: str = ""
    steps: Sequence[StepFact] = ()
    pauses: Sequence[PauseFact] = ()
    others: Sequence[Fact] = ()
    letters: Sequence[LetterFact] = ()
    due_at: datetime | None = None
    expects_return: bool = False
    returning_unit: str = ""
    awaits_intake: bool = False
    refused: bool = False


def build(facts: Facts) -> tuple[Entry, ...]:
    """The entries, oldest first, what is under way and what is to come last."""
    entries = [_reception(facts)]
    entries += [_step(step) for step in facts.steps if step.status != "cancelled"]
    entries += [_pause(pause) for pause in facts.pauses]
    entries += [Entry(f.kind, f.title, f.at, who=f.who, text=f.text) for f in facts.others]
    entries, loose = _with_letters(entries, facts.letters)
    entries += loose
    ordered = sorted(entries, key=_order)
    return (*ordered, *_to_come(facts))


def _order(entry: Entry) -> tuple[bool, datetime]:
    """Open steps and open pauses stand below everything finished."""
    return entry.kind is Kind.CURRENT, entry.at or _NEVER


def _reception(facts: Facts) -> Entry:
    at = facts.received_at or facts.created_at
    who = _joined(facts.receiving_unit, facts.received_by)
    if facts.refused:
        return Entry(Kind.STOPPED, msg("Từ chối tiếp nhận"), at, who=who)
    if facts.received_at is None:
        title = msg("Nộp hồ sơ, chưa đủ giấy tờ") if facts.awaits_intake else msg("Nộp hồ sơ")
        return Entry(Kind.DONE, title, at, who=who)
    return Entry(Kind.DONE, msg("Tiếp nhận hồ sơ"), at, who=who)


def _step(step: StepFact) -> Entry:
    title: Message | str = step.name
    if step.is_consultation:
        title = msg("Lấy ý kiến: %(unit)s", unit=step.unit)
    who = _joined(step.unit, step.person)
    if step.for_whom:
        who = _joined(who, msg("thay mặt %(name)s", name=step.for_whom).render())
    if step.status == "open":
        badge = msg("đang chờ trả lời") if step.is_consultation else msg("đang ở đây")
        text = step.asked if step.is_consultation else ""
        return Entry(Kind.CURRENT, title, step.opened_at, who=who, badge=badge, text=text, due_at=step.due_at)
    late = step.due_at is not None and step.completed_at is not None and step.completed_at > step.due_at
    return Entry(
        Kind.LATE if late else Kind.DONE,
        title,
        step.completed_at,
        who=who,
        badge=step.outcome,
        text=step.note,
        lines=_asides(step, late),
    )


def _asides(step: StepFact, late: bool) -> tuple[str, ...]:
    asked = (msg("Được hỏi: %(question)s", question=step.asked).render(),) if step.asked else ()
    return (*asked, msg("Trễ hạn của bước").render()) if late else asked


def _pause(pause: PauseFact) -> Entry:
    title = msg("Tạm dừng tính thời gian")
    if pause.number:
        title = msg("Tạm dừng: chờ bổ sung giấy tờ lần %(number)s", number=pause.number)
    lines = list(pause.items)
    if pause.until is None and pause.respond_by is not None:
        lines.append(msg("Đề nghị bổ sung trước ngày %(day)s", day=f"{pause.respond_by:%d/%m/%Y}").render())
    if pause.answer:
        lines.append(msg("Khi nhận bổ sung: %(note)s", note=pause.answer).render())
    badge: Message | str = msg("đang tạm dừng") if pause.until is None else _length(pause.since, pause.until)
    return Entry(
        Kind.PAUSE,
        title,
        pause.since,
        until=pause.until,
        who=pause.by,
        text=pause.reason,
        badge=badge,
        lines=tuple(lines),
    )


def _length(since: datetime, until: datetime) -> Message:
    days = (until.astimezone(VN).date() - since.astimezone(VN).date()).days
    return msg("%(days)s ngày", days=days) if days else msg("trong ngày")


def _with_letters(entries: Iterable[Entry], letters: Sequence[LetterFact]) -> tuple[list[Entry], list[Entry]]:
    """A letter belongs to what happened at the same moment; any other is an entry of its own."""
    left = list(letters)
    placed = []
    for entry in entries:
        own = [letter for letter in left if letter.at == entry.at and entry.kind is not Kind.CURRENT]
        left = [letter for letter in left if letter not in own]
        placed.append(replace(entry, letters=tuple(Link(letter.id, letter.label) for letter in own)))
    loose = [
        Entry(Kind.DONE, msg("Phát hành văn bản"), letter.at, letters=(Link(letter.id, letter.label),))
        for letter in left
    ]
    return placed, loose


def _to_come(facts: Facts) -> tuple[Entry, ...]:
    if not facts.expects_return:
        return ()
    return (Entry(Kind.FUTURE, msg("Trả kết quả"), None, who=facts.returning_unit, due_at=facts.due_at),)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
