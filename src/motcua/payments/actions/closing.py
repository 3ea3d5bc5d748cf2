"""The end of a day: money paid in at the Treasury, cash counted, the day closed for good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from motcua.kernel import audit, clock, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped, nfc
from motcua.organisation import queries as organisation
from motcua.payments.actions.entries import lock_collector, open_day, write_entry
from motcua.payments.actions.records import day_record
from motcua.payments.errors import DayClosed, KeyUsed, NeedsSecondPerson, WrongAmount
from motcua.payments.events import DayWasClosed
from motcua.payments.models import CashCount, CashierDay, Collector, Entry
from motcua.payments.permissions import require_close
from motcua.payments.queries.figures import balance, day_figures
from motcua.payments.rules import journal
from motcua.payments.types import WAYS, EntryKind


@transaction.atomic
def remit(
    *, actor: Actor, unit_id: int, method: str, amount: int, document: str, key: str, now: datetime
) -> Entry:
    """Pay collected money in at the State Treasury, named by its paying-in document; once for a key.

    Raises `WrongAmount` when more is paid in than lies there, `DayClosed`.
    """
    require_close(actor, unit_id)
    if not document.strip():
        raise Invalid(msg("Nhập số giấy nộp tiền vào Kho bạc."), field="document")
    if method not in WAYS:
        raise Invalid(msg("Chọn nguồn tiền nộp Kho bạc."), field="method")
    lock_collector(unit_id)
    done = Entry.objects.filter(key=key).prefetch_related("postings").first()
    if done is not None:
        if (done.unit_id, sorted(_sides(done))) != (
            unit_id,
            sorted(journal.remittance(method, max(amount, 1))),
        ):
            raise KeyUsed(msg("Lần nộp này đã được ghi với số tiền khác. Tải lại trang rồi xem lại."))
        return done
    there = balance(unit_id, journal.MONEY[method])
    if not 0 < amount <= there:
        raise WrongAmount(
            msg("Chỉ nộp được từ 1 đến %(there)s đồng đang có.", there=grouped(there)),
            field="amount",
        )
    entry = write_entry(
        actor=actor,
        kind=EntryKind.REMITTANCE,
        unit_id=unit_id,
        sides=journal.remittance(method, amount),
        key=key,
        day=open_day(unit_id, now),
        now=now,
        method=method,
        note=nfc(document),
    )
    audit.record(
        actor,
        "payments.remitted",
        subject_type="unit",
        subject=organisation.unit(unit_id).code,
        data={"amount": amount, "document": nfc(document)},
        at=now,
    )
    return entry


def _sides(entry: Entry) -> list[journal.Side]:
    return [(side.account, side.amount) for side in entry.postings.all()]


@transaction.atomic
def close_day(
    *,
    actor: Actor,
    unit_id: int,
    day: date,
    counted: int,
    now: datetime,
    explanation: str = "",
    pieces: Mapping[str, int] | None = None,
) -> CashierDay:
    """Close a unit's day: cash counted against the books, a difference booked and explained, its record issued.

    Closing again changes nothing. Nothing can be posted into a closed day afterwards. Raises `Invalid` for a future
    day or a missing explanation, `DayClosed` when an earlier day is still open, `Conflict` when it was closed with
    another count, `NeedsSecondPerson` when the difference is above the limit.
    """
    require_close(actor, unit_id)
    found = checked_count(unit_id=unit_id, day=day, counted=counted, explanation=explanation, now=now)
    if found.closed is not None:
        return found.closed
    if too_much(found.difference):
        raise NeedsSecondPerson(
            msg(
                "Chênh lệch vượt %(limit)s đồng: cần lãnh đạo xác nhận trước khi khóa sổ.",
                limit=grouped(settings.CASH_DIFFERENCE_LIMIT),
            ),
            field="counted",
        )
    return seal_day(
        actor=actor, unit_id=unit_id, day=day, count=found, explanation=explanation, pieces=pieces, now=now
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A count held against the books of a locked unit; `closed` when the day was closed with it before."""

    collector: Collector
    expected: int
    counted: int
    closed: CashierDay | None = None

    @property
    def difference(self) -> int:
        return self.counted - self.expected


def too_much(difference: int) -> bool:
    """Whether a difference is more than one person may explain."""
    return abs(difference) > int(settings.CASH_DIFFERENCE_LIMIT)


def checked_count(*, unit_id: int, day: date, counted: int, explanation: str, now: datetime) -> Checked:
    """Lock the unit and hold a count against its books; raises what `close_day` raises but for the limit."""
    if day > clock.today(now):
        raise Invalid(msg("Không chốt được ngày chưa tới."), field="day")
    if counted < 0:
        raise WrongAmount(msg("Số tiền đếm được không được âm."), field="counted")
    collector = lock_collector(unit_id)
    done = CashierDay.objects.filter(unit_id=unit_id, day=day).first()
    if done is not None:
        if done.counted != counted:
            raise Conflict(msg("Ngày này đã chốt với số tiền khác. Xem lại biên bản đã lập."))
        return Checked(collector, done.expected, counted, done)
    _refuse_gap(unit_id, day)
    _refuse_behind(unit_id, day)
    found = Checked(collector, balance(unit_id, "cash", until=day), counted)
    if found.difference and not explanation.strip():
        gap = grouped(abs(found.difference))
        said = (
            msg("Tiền đếm được thừa %(gap)s đồng so với sổ: ghi rõ lý do.", gap=gap)
            if found.difference > 0
            else msg("Tiền đếm được thiếu %(gap)s đồng so với sổ: ghi rõ lý do.", gap=gap)
        )
        raise Invalid(said, field="explanation")
    return found


def seal_day(
    *,
    actor: Actor,
    unit_id: int,
    day: date,
    count: Checked,
    explanation: str,
    pieces: Mapping[str, int] | None,
    now: datetime,
    cashier: str = "",
    cashier_id: int | None = None,
) -> CashierDay:
    """Write what a checked count found, in the caller's transaction; `cashier` counted when `actor` confirms."""
    if count.difference:
        write_entry(
            actor=actor,
            kind=EntryKind.CORRECTION,
            unit_id=unit_id,
            sides=journal.difference(count.difference),
            key=f"difference:{unit_id}:{day}",
            day=day,
            now=now,
            note=nfc(explanation),
        )
    figures = day_figures(unit_id, day).as_json()
    said = {
        "unit": unit_id,
        "day": str(day),
        "expected": count.expected,
        "counted": count.counted,
        "figures": figures,
    }
    closed = CashierDay(
        unit_id=unit_id,
        day=day,
        expected=count.expected,
        counted=count.counted,
        explanation=nfc(explanation),
        pieces=dict(pieces or {}),
        figures=figures,
        digest=hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
        closed_at=now,
        closed_by_name=(cashier or actor.name)[:160],
        confirmed_by_name=actor.name[:160] if cashier else "",
    )
    people = {"cashier": cashier_id, "confirmer": actor.user_id} if cashier else {"cashier": actor.user_id}
    closed.letter = day_record(actor=actor, day=closed, collector=count.collector, people=people, now=now)
    closed.save()
    CashCount.objects.filter(unit_id=unit_id, day=day, decided_at__isnull=True).delete()
    audit.record(
        actor,
        "payments.day_closed",
        subject_type="unit",
        subject=organisation.unit(unit_id).code,
        data={
            "day": str(day),
            "expected": count.expected,
            "counted": count.counted,
            "counted_by": closed.closed_by_name,
            "digest": closed.digest,
        },
        at=now,
    )
    outbox.publish(DayWasClosed(unit_id=unit_id, day=str(day)), now=now)
    return closed


def _refuse_behind(unit_id: int, day: date) -> None:
    """A difference booked on a day before a closed one would change what that one counted."""
    later = CashierDay.objects.filter(unit_id=unit_id, day__gt=day).order_by("day").first()
    if later is not None:
        raise DayClosed(
            msg(
                "Ngày %(later)s đã chốt nên không chốt ngày trước đó nữa: ngày này không phát sinh khoản nào.",
                later=f"{later.day:%d/%m/%Y}",
            ),
            field="day",
        )


def _refuse_gap(unit_id: int, day: date) -> None:
    """Days are closed in order: an earlier day with entries that is still open comes first."""
    closed = CashierDay.objects.filter(unit_id=unit_id).values("day")
    open_before = (
        Entry.objects.filter(unit_id=unit_id, day__lt=day).exclude(day__in=closed).order_by("day").first()
    )
    if open_before is not None:
        raise DayClosed(
            msg("Ngày %(day)s chưa chốt: chốt ngày đó trước.", day=f"{open_before.day:%d/%m/%Y}"),
            code="earlier_day_open",
            field="day",
        )
