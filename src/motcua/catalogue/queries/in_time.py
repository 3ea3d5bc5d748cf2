"""What stood, what comes, and what was known when. Beliefs are rows (`VersionPeriod`); the rest is the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from motcua.catalogue.errors import UnknownProcedure
from motcua.catalogue.models import ProcedureVersion, VersionPeriod
from motcua.catalogue.queries.versions import definition, entries_of, info_of
from motcua.catalogue.rules.differences import Difference, joined, moment_words, plain_differences
from motcua.catalogue.rules.search import Entry
from motcua.catalogue.rules.validity import (
    Belief,
    Period,
    beliefs_without_record,
    believed,
    gaps,
)
from motcua.catalogue.snapshot import Snapshot, current
from motcua.catalogue.types import Level, VersionInfo
from motcua.kernel import clock
from motcua.kernel.messages import Message, msg


@dataclass(frozen=True, slots=True)
class ComingChange:
    """Something already published that begins later. `kind`: "version", "end", "competence" or "process"."""

    at: datetime
    kind: str
    text: Message
    differences: tuple[Difference, ...] = ()
    version_id: int | None = None

    @property
    def sentence(self) -> Message:
        """ "Từ 01/7/2025: …"."""
        return msg("Từ %(since)s: %(what)s.", since=moment_words(self.at), what=self.text)


def coming_changes(procedure_id: int, at: datetime) -> tuple[ComingChange, ...]:
    """What changes for a procedure after an instant and is already published, soonest first.

    No statement where nothing changes; the contents compared are kept for ever.
    """
    snapshot = current()
    entries = snapshot.by_procedure.get(procedure_id, [])
    found = [*_coming_versions(entries, at), *_coming_rules(snapshot, procedure_id, at)]
    spoken_for = {change.at for change in found}
    found += [
        change for change in _coming_processes(snapshot, procedure_id, at) if change.at not in spoken_for
    ]
    return tuple(sorted(found, key=lambda change: change.at))


def _coming_versions(entries: list[Entry], at: datetime) -> Iterable[ComingChange]:
    for place, entry in enumerate(entries):
        if entry.valid_from is not None and entry.valid_from > at:
            before = entries[place - 1] if place else None
            if before is None:
                yield ComingChange(
                    entry.valid_from, "version", msg("bắt đầu áp dụng thủ tục này"), (), entry.version_id
                )
                continue
            changes = plain_differences(definition(before.version_id), definition(entry.version_id))
            yield ComingChange(entry.valid_from, "version", joined(changes), changes, entry.version_id)
        after = entries[place + 1] if place + 1 < len(entries) else None
        ends = entry.valid_to
        if ends is not None and ends > at and (after is None or after.valid_from != ends):
            yield ComingChange(ends, "end", msg("thủ tục này hết hiệu lực, không tiếp nhận hồ sơ mới"))


def _coming_rules(snapshot: Snapshot, procedure_id: int, at: datetime) -> Iterable[ComingChange]:
    moments = {
        moment
        for rule in snapshot.rules
        if rule.procedure_id == procedure_id
        for moment in (rule.valid_from, rule.valid_to)
        if moment is not None and moment > at
    }
    for moment in moments:
        yield ComingChange(moment, "competence", msg("nơi tiếp nhận hoặc giải quyết thay đổi"))


def _coming_processes(snapshot: Snapshot, procedure_id: int, at: datetime) -> Iterable[ComingChange]:
    moments = {
        moment
        for level in Level
        for binding in snapshot.bindings.get((procedure_id, level.value), ())
        if binding.agency_id is None
        for moment in (binding.valid_from, binding.valid_to)
        if moment is not None and moment > at
    }
    for moment in moments:
        yield ComingChange(moment, "process", msg("các bước giải quyết nội bộ thay đổi"))


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version with its period as it was known on some date, and the decision that said so.

    `learned_at` is when that period was recorded; `signed_on` and `decision` are those of its change-set, if any.
    """

    info: VersionInfo
    learned_at: datetime
    decision: str = ""
    signed_on: date | None = None
    withdrawn: bool = False

    @property
    def announced_on(self) -> date:
        """The day the decision bears, else the day it was recorded."""
        return self.signed_on or clock.today(self.learned_at)

    @property
    def is_retroactive(self) -> bool:
        """The decision was signed after the day it takes effect."""
        return bool(self.decision) and self.announced_on > clock.today(self.info.valid_from)

    @property
    def is_late(self) -> bool:
        """The decision was recorded here only after it had taken effect."""
        return bool(self.decision) and self.learned_at > self.info.valid_from

    @property
    def mark(self) -> Message | None:
        """Says so where a decision came late: to the people it binds, or to this system."""
        since = moment_words(self.info.valid_from)
        if self.is_retroactive:
            return msg(
                "Công bố ngày %(day)s, có hiệu lực từ %(since)s",
                day=f"{self.announced_on:%d/%m/%Y}",
                since=since,
            )
        if self.is_late:
            return msg(
                "Nhập vào hệ thống ngày %(day)s, có hiệu lực từ %(since)s",
                day=f"{clock.today(self.learned_at):%d/%m/%Y}",
                since=since,
            )
        return None


def known_at(code_or_id: str | int, *, at: datetime, known_at: datetime) -> KnownVersion:
    """The version that was in force at `at` as it was known at `known_at`: yesterday's answer, again.

    Two statements. Raises `UnknownProcedure` (404) where nobody then knew of one.
    """
    record = _record(code_or_id)
    for period in believed((belief for belief, _row in record.values()), known_at):
        if period.stands_at(at):
            return record.of(period, known_at)
    raise UnknownProcedure(
        msg(
            "Theo dữ liệu ngày %(known)s, không có phiên bản nào của thủ tục %(code)s có hiệu lực lúc %(at)s.",
            known=f"{clock.local(known_at):%d/%m/%Y}",
            code=_shown_code(code_or_id),
            at=moment_words(at),
        ),
        field="procedure",
    )


def _shown_code(code_or_id: str | int) -> str:
    """A code people know, also where a procedure was asked for by its number in the database."""
    entries = entries_of(code_or_id)
    return (entries[-1].code if entries else "") or str(code_or_id)[:40]


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A row of the history: a version with its period, or a gap (`known` None) in which none counted."""

    starts: datetime
    ends: datetime | None
    known: KnownVersion | None = None


def history(code_or_id: str | int, *, known_at: datetime) -> tuple[PastVersion, ...]:
    """All versions of a procedure as known on a date, newest first, with the gaps between them (2 statements)."""
    record = _record(code_or_id)
    periods = believed((belief for belief, _row in record.values()), known_at)
    rows = [PastVersion(p.starts, p.ends, record.of(p, known_at)) for p in periods]
    rows += [PastVersion(gap.starts, gap.ends) for gap in gaps(periods)]
    return tuple(sorted(rows, key=lambda row: row.starts, reverse=True))


class _Record(dict[int, tuple[Belief, VersionPeriod | None]]):
    """Every belief about the versions of one procedure, with its row where somebody kept one."""

    def of(self, period: Period, known_at: datetime) -> KnownVersion:
        """The version with the decision that set its beginning; a later one may only have ended it."""
        held = next(
            belief
            for belief, _row in self.values()
            if belief.version_id == period.version_id and belief.held_at(known_at)
        )
        first, row = min(
            (
                (belief, row)
                for belief, row in self.values()
                if belief.version_id == held.version_id and belief.starts == held.starts
            ),
            key=lambda pair: pair[0].known_from,
        )
        entry = current().entry(period.version_id)
        assert entry is not None
        change_set = row.change_set if row is not None else None
        return KnownVersion(
            info=replace(info_of(entry), valid_from=period.starts, valid_to=period.ends),
            learned_at=first.known_from,
            decision=change_set.number if change_set else "",
            signed_on=change_set.signed_on if change_set else None,
            withdrawn=period.version_id in current().aside,
        )


def _record(code_or_id: str | int) -> _Record:
    entries = entries_of(code_or_id)
    aside = current().aside.values()
    if not entries and isinstance(code_or_id, int):
        entries = [entry for entry in aside if entry.procedure_id == code_or_id]
    if not entries:
        raise UnknownProcedure(
            msg("Không có thủ tục %(code)s.", code=str(code_or_id)[:40]), field="procedure"
        )
    procedure_id = entries[-1].procedure_id
    kept = list(
        VersionPeriod.objects.filter(procedure_id=procedure_id)
        .select_related("change_set", "version")
        .only("version__number", "change_set__number", "change_set__signed_on",
              "valid_from", "valid_to", "known_from", "known_to", "procedure_id")
        .order_by("pk")
    )  # fmt: skip
    recorded = {row.version_id for row in kept}
    bare = [
        (Period(pk, number, starts, ends), created, withdrawn)
        for pk, number, starts, ends, created, withdrawn in ProcedureVersion.objects.filter(
            procedure_id=procedure_id
        ).values_list("pk", "number", "valid_from", "valid_to", "created_at", "withdrawn_at")
    ]
    record = _Record()
    for row in kept:
        belief = Belief(
            row.version_id, row.version.number, row.valid_from, row.valid_to, row.known_from, row.known_to
        )
        record[len(record)] = belief, row
    for belief in beliefs_without_record(bare):
        if belief.version_id not in recorded:
            record[len(record)] = belief, None
    return record
