"""The count at the end of a day: closes it at once, or waits for a second person when it differs too much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped, nfc
from motcua.organisation import queries as organisation
from motcua.payments.actions.closing import checked_count, seal_day, too_much
from motcua.payments.actions.entries import lock_collector
from motcua.payments.errors import WrongAmount
from motcua.payments.models import CashCount, CashierDay
from motcua.payments.permissions import require_close, require_confirm, require_known
from motcua.payments.rules.cash import LARGEST, MOST_PIECES, NOTES, counted


@dataclass(frozen=True, slots=True)
class DayCounted:
    """What came of a count: the closed day, or the count that waits for a second person."""

    closed: CashierDay | None = None
    waiting: CashCount | None = None


@transaction.atomic
def count_day(
    *,
    actor: Actor,
    unit_id: int,
    day: date,
    pieces: Mapping[int, int],
    now: datetime,
    explanation: str = "",
    loose: int = 0,
) -> DayCounted:
    """Close a day by its cash counted note by note (`loose`: coins and what was not counted by notes).

    A difference above the limit waits for `confirm_count`; counting again replaces what waits. Raises what `close_day`
    raises, and `WrongAmount` for pieces that cannot be.
    """
    require_close(actor, unit_id)
    _refuse_bad(pieces, loose)
    total = counted(pieces) + loose
    found = checked_count(unit_id=unit_id, day=day, counted=total, explanation=explanation, now=now)
    if found.closed is not None:
        return DayCounted(closed=found.closed)
    kept = {str(note): count for note, count in pieces.items() if count}
    if not too_much(found.difference):
        day_closed = seal_day(
            actor=actor, unit_id=unit_id, day=day, count=found, explanation=explanation, pieces=kept, now=now
        )
        return DayCounted(closed=day_closed)
    CashCount.objects.filter(unit_id=unit_id, day=day, decided_at__isnull=True).delete()
    waiting = CashCount.objects.create(
        unit_id=unit_id,
        day=day,
        expected=found.expected,
        counted=total,
        pieces=kept,
        explanation=nfc(explanation),
        asked_by_id=actor.user_id,
        asked_by_name=actor.name[:160],
        asked_at=now,
    )
    _log(actor, "payments.count_asked", waiting, now)
    return DayCounted(waiting=waiting)


@transaction.atomic
def confirm_count(*, actor: Actor, count_id: int, now: datetime) -> CashierDay:
    """Close the day by a count somebody else made. Again gives the closed day.

    Raises `NotAllowed` for the person who counted, `Conflict` when the books changed since.
    """
    count = _found(actor, count_id)
    require_confirm(actor, count.unit_id)
    lock_collector(count.unit_id)  # before the count, as whoever counts again
    count = _locked(actor, count_id)
    if actor.user_id is not None and actor.user_id == count.asked_by_id:
        raise NotAllowed(msg("Người đếm tiền không tự xác nhận chênh lệch được: cần người thứ hai."))
    if count.refused_reason:
        raise Conflict(msg("Lần đếm này đã bị trả lại để đếm lại."))
    found = checked_count(
        unit_id=count.unit_id, day=count.day, counted=count.counted, explanation=count.explanation, now=now
    )
    if found.closed is not None:
        return found.closed
    if found.expected != count.expected:
        raise Conflict(
            msg(
                "Sổ đã đổi từ %(before)s thành %(after)s đồng sau khi đếm. Đề nghị thu ngân đếm lại.",
                before=grouped(count.expected),
                after=grouped(found.expected),
            )
        )
    count.decided_by_name, count.decided_at = actor.name[:160], now
    count.save(update_fields=["decided_by_name", "decided_at"])
    _log(actor, "payments.count_confirmed", count, now)
    return seal_day(
        actor=actor,
        unit_id=count.unit_id,
        day=count.day,
        count=found,
        explanation=count.explanation,
        pieces=count.pieces,
        now=now,
        cashier=count.asked_by_name,
        cashier_id=count.asked_by_id,
    )


@transaction.atomic
def refuse_count(*, actor: Actor, count_id: int, reason: str, now: datetime) -> CashCount:
    """Send a count back to be made again, with the reason."""
    if not reason.strip():
        raise Invalid(msg("Nhập lý do trả lại để đếm lại."), field="reason")
    count = _locked(actor, count_id)
    require_confirm(actor, count.unit_id)
    if count.decided_at is not None:
        raise Conflict(msg("Lần đếm này đã được xử lý."))
    count.decided_by_name, count.decided_at = actor.name[:160], now
    count.refused_reason = nfc(reason)[:500]
    count.save(update_fields=["decided_by_name", "decided_at", "refused_reason"])
    _log(actor, "payments.count_refused", count, now)
    return count


def _refuse_bad(pieces: Mapping[int, int], loose: int) -> None:
    for note, count in pieces.items():
        if note not in NOTES or not 0 <= count <= MOST_PIECES:
            raise WrongAmount(
                msg("Số tờ %(note)s đồng phải là số nguyên từ 0 trở lên.", note=grouped(note)),
                field=f"note-{note}",
            )
    if not 0 <= loose <= LARGEST:
        raise WrongAmount(msg("Tiền lẻ phải là số nguyên đồng từ 0 trở lên."), field="loose")


def _locked(actor: Actor, count_id: int) -> CashCount:
    return _found(actor, count_id, CashCount.objects.select_for_update())


def _found(actor: Actor, count_id: int, counts: QuerySet[CashCount] | None = None) -> CashCount:
    count = (CashCount.objects.all() if counts is None else counts).filter(pk=count_id).first()
    unknown = NotFound(msg("Không có lần đếm tiền này."))
    if count is None:
        raise unknown
    require_known(actor, count.unit_id, unknown)
    return count


def _log(actor: Actor, action: str, count: CashCount, now: datetime) -> None:
    audit.record(
        actor,
        action,
        subject_type="unit",
        subject=organisation.unit(count.unit_id).code,
        data={
            "day": str(count.day),
            "expected": count.expected,
            "counted": count.counted,
            "explanation": count.explanation,
            "reason": count.refused_reason,
        },
        at=now,
    )
