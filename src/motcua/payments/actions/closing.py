"""The end of a day: money paid in at the Treasury, cash counted, the day closed for good."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from django.db import transaction

from motcua.kernel import audit, clock, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped, nfc
from motcua.organisation import queries as organisation
from motcua.payments.actions.entries import lock_collector, open_day, write_entry
from motcua.payments.errors import DayClosed, WrongAmount
from motcua.payments.events import DayWasClosed
from motcua.payments.models import CashierDay, Entry
from motcua.payments.permissions import require_collect
from motcua.payments.queries.figures import balance, day_figures
from motcua.payments.rules import journal
from motcua.payments.types import EntryKind, Method


@transaction.atomic
def remit(
    *, actor: Actor, unit_id: int, method: str, amount: int, document: str, key: str, now: datetime
) -> Entry:
    """Pay collected money in at the State Treasury, named by its paying-in document; once for a key.

    Raises `WrongAmount` when more is paid in than lies there, `DayClosed`.
    """
    require_collect(actor, unit_id)
    if not document.strip():
        raise Invalid(msg("Nhập số giấy nộp tiền vào Kho bạc."), field="document")
    if method not in Method.values:
        raise Invalid(msg("Chọn nguồn tiền nộp Kho bạc."), field="method")
    lock_collector(unit_id)
    done = Entry.objects.filter(key=key).first()
    if done is not None:
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


@transaction.atomic
def close_day(
    *, actor: Actor, unit_id: int, day: date, counted: int, now: datetime, explanation: str = ""
) -> CashierDay:
    """Close a unit's day: cash counted against the books, a difference booked and explained.

    Closing again changes nothing. Nothing can be posted into a closed day afterwards. Raises `Invalid` for a future
    day or a missing explanation, `DayClosed` when an earlier day is still open, `Conflict` when it was closed with
    another count.
    """
    require_collect(actor, unit_id)
    if day > clock.today(now):
        raise Invalid(msg("Không chốt được ngày chưa tới."), field="day")
    if counted < 0:
        raise WrongAmount(msg("Số tiền đếm được không được âm."), field="counted")
    lock_collector(unit_id)
    done = CashierDay.objects.filter(unit_id=unit_id, day=day).first()
    if done is not None:
        if done.counted != counted:
            raise Conflict(msg("Ngày này đã chốt với số tiền khác. Xem lại biên bản đã lập."))
        return done
    _refuse_gap(unit_id, day)
    expected = balance(unit_id, "cash", until=day)
    found = counted - expected
    if found and not explanation.strip():
        raise Invalid(
            msg(
                "Tiền đếm được lệch %(found)s đồng so với sổ: ghi rõ lý do.",
                found=f"{found:+,}".replace(",", "."),
            ),
            field="explanation",
        )
    if found:
        write_entry(
            actor=actor,
            kind=EntryKind.CORRECTION,
            unit_id=unit_id,
            sides=journal.difference(found),
            key=f"difference:{unit_id}:{day}",
            day=day,
            now=now,
            note=nfc(explanation),
        )
    figures = day_figures(unit_id, day).as_json()
    said = {"unit": unit_id, "day": str(day), "expected": expected, "counted": counted, "figures": figures}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    closed = CashierDay.objects.create(
        unit_id=unit_id,
        day=day,
        expected=expected,
        counted=counted,
        explanation=nfc(explanation),
        figures=figures,
        digest=digest,
        closed_at=now,
        closed_by_name=actor.name[:160],
    )
    audit.record(
        actor,
        "payments.day_closed",
        subject_type="unit",
        subject=organisation.unit(unit_id).code,
        data={"day": str(day), "expected": expected, "counted": counted, "digest": digest},
        at=now,
    )
    outbox.publish(DayWasClosed(unit_id=unit_id, day=str(day)), now=now)
    return closed


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
