"""What became of a payment online, as the platform tells it (CONFIRM) or is asked about it (QUERY).

Whatever is told twice, late or differently, money is booked once and nothing booked is undone by a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from motcua.kernel import errors
from motcua.kernel.actor import Actor
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import grouped
from motcua.payments.actions.online_rows import (
    PLATFORM,
    SETTLED,
    attempt_seen,
    booking_key,
    close,
    locked,
    log,
    note,
)
from motcua.payments.actions.paying import take_payment
from motcua.payments.adapters.lines import platform_for
from motcua.payments.adapters.platform import NoAnswer
from motcua.payments.errors import UnknownTransaction
from motcua.payments.models import PlatformExchange, PlatformTransaction
from motcua.payments.permissions import require_collect
from motcua.payments.platform_settings import key_of, wording
from motcua.payments.queries.orders import order_of
from motcua.payments.rules import platform as rules
from motcua.payments.rules.platform import Key, Kind, Outcome
from motcua.payments.types import Direction, Method, TransactionState

BATCH = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """Our answer to CONFIRM in the platform's words; `settled` says whether money was booked by this message."""

    message: dict[str, Any]
    settled: bool = False


def confirm_online(*, message: Mapping[str, Any], now: datetime) -> Reply:
    """The platform tells what became of an attempt. The same told twice, late or after QUERY changes nothing more.

    Never refuses by raising: the platform gets a code and words, and every message leaves a row.
    """
    reference = str(message.get("MaThamChieu", ""))[:255]
    key = key_of(str(message.get("MaDoiTac", "")))
    words = wording()
    if key is None or not platform_for(key).accepts(message):
        return _reply(words.codes["error"], "Chữ ký không đúng", None, message, now, outcome="bad signature")
    try:
        with transaction.atomic():
            attempt = locked(reference, key.partner)
            settled = _settle(attempt, rules.outcome_of_confirm(words, message), now, message)
    except UnknownTransaction as refusal:
        return _reply(words.codes["error"], refusal.message.source(), key, message, now, outcome="unknown")
    except (
        errors.Refused
    ) as refusal:  # the books cannot take it now; the platform will tell again, or is asked
        said = refusal.message.source()
        return _reply(words.codes["error"], said, key, message, now, outcome="not booked")
    except _Doubt as doubt:
        attempt = _dispute(reference, key.partner, doubt.text, now)
        return _reply(
            words.codes["error"], doubt.text.source(), key, message, now, outcome="disputed", attempt=attempt
        )
    code, text = words.codes["ok"], "Thành công"
    return _reply(code, text, key, message, now, outcome=attempt.state, attempt=attempt, settled=settled)


def ask_platform(*, now: datetime) -> dict[str, int]:
    """Ask about attempts whose outcome is not known, and once more about those that failed, when their time has come;
    back off, give up after 3 days.
    """
    found = {"asked": 0, "settled": 0, "open": 0}
    for attempt in _lease(now):
        found["asked"] += 1
        found["settled" if _ask(attempt, now) else "open"] += 1
    return found


def ask_now(*, actor: Actor, transaction_id: int, now: datetime) -> TransactionState:
    """Ask about one attempt at once, for a cashier with the payer before them. Raises `UnknownTransaction`."""
    attempt = attempt_seen(actor, transaction_id)
    require_collect(actor, attempt.bill.unit_id)
    if attempt.state not in SETTLED:
        _ask(attempt, now)
        attempt.refresh_from_db()
    return TransactionState(attempt.state)


class _Doubt(Exception):
    """What the platform says cannot be booked without people looking at it."""

    def __init__(self, text: Message) -> None:
        super().__init__(text.source())
        self.text = text


def _settle(
    attempt: PlatformTransaction, told: Outcome, now: datetime, message: Mapping[str, Any] | None = None
) -> bool:
    """Write an outcome to a locked attempt; True when money was booked. Raises `_Doubt`.

    Money that came is booked whatever was said before; a "no" never undoes a "yes".
    """
    if told.state == "pending":
        return False
    if attempt.state == TransactionState.SUCCEEDED:
        _refuse_contradiction(attempt, told)
        return False
    if told.state == "failed":
        if attempt.state != TransactionState.DISPUTED:
            young = now - attempt.created_at <= rules.GIVE_UP
            once_more = now + rules.AFTER_NO if young else None
            close(attempt, TransactionState.FAILED, told.words, now, ask_at=once_more)
        return False
    currency = str((message or {}).get("MaTienTe", "VND"))
    if currency != "VND":
        raise _Doubt(msg("Nền tảng báo loại tiền %(currency)s, không phải đồng.", currency=currency[:8]))
    if told.amount is not None and told.amount != attempt.amount:
        raise _Doubt(_other_amount(attempt, told.amount))
    same = PlatformTransaction.objects.filter(partner=attempt.partner, platform_number=told.number)
    if told.number and same.exclude(pk=attempt.pk).exists():
        raise _Doubt(msg("Số giao dịch %(number)s đã dùng cho khoản khác.", number=told.number))
    done = take_payment(
        actor=PLATFORM,
        bill_id=attempt.bill_id,
        method=Method.PLATFORM,
        amount=attempt.amount,
        key=booking_key(attempt),
        now=now,
        reference=attempt.reference,
        note=told.number,
    )
    attempt.payment = done.payment
    attempt.platform_number = told.number
    close(attempt, TransactionState.SUCCEEDED, "", now)
    return not done.repeated


def _refuse_contradiction(attempt: PlatformTransaction, told: Outcome) -> None:
    """After money was booked: a missing number is filled in, anything else must be the same."""
    if told.state == "failed":
        raise _Doubt(msg("Nền tảng báo thất bại sau khi đã báo thành công."))
    if told.amount is not None and told.amount != attempt.amount:
        raise _Doubt(_other_amount(attempt, told.amount))
    if told.number and not attempt.platform_number:
        attempt.platform_number = told.number
        attempt.save(update_fields=["platform_number"])
    elif told.number and told.number != attempt.platform_number:
        raise _Doubt(msg("Nền tảng báo lại với số giao dịch khác: %(number)s.", number=told.number))


def _other_amount(attempt: PlatformTransaction, amount: int) -> Message:
    if amount == rules.UNREADABLE:
        return msg("Nền tảng báo một số tiền không đọc được: xem bản tin rồi đối chiếu với sao kê.")
    return msg(
        "Nền tảng báo %(told)s đồng, khoản phải nộp là %(asked)s đồng.",
        told=grouped(amount),
        asked=grouped(attempt.amount),
    )


@transaction.atomic
def _dispute(reference: str, partner: str, text: Message, now: datetime) -> PlatformTransaction:
    """Mark an attempt for people. What was booked stays booked; the mark says what to look at."""
    attempt = locked(reference, partner)
    known = attempt.problem == text.source()
    attempt.problem = text.source()[:500]
    if attempt.state != TransactionState.SUCCEEDED:
        attempt.state = TransactionState.DISPUTED.value
    attempt.next_ask_at = None
    attempt.save()
    if not known:
        log(PLATFORM, "payments.online_disputed", attempt, {"problem": attempt.problem}, now)
    return attempt


def _lease(now: datetime) -> list[PlatformTransaction]:
    """Attempts to ask about. The next time is written before asking: another worker leaves them alone meanwhile, and
    a worker that dies costs one turn.
    """
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        due = list(
            PlatformTransaction.objects.select_for_update(skip_locked=skip)
            .filter(next_ask_at__lte=now)
            .order_by("next_ask_at", "pk")[:BATCH]
        )
        for attempt in due:
            attempt.asked += 1
            given_up = now - attempt.created_at > rules.GIVE_UP
            attempt.next_ask_at = None if given_up else rules.next_ask(attempt.asked, now)
            if given_up and attempt.state != TransactionState.FAILED:
                attempt.problem = _GIVEN_UP.source()
            attempt.save(update_fields=["asked", "next_ask_at", "problem"])
    return due


_GIVEN_UP = msg("Ba ngày chưa rõ kết quả: đối chiếu với sao kê ngân hàng.")
_NOBODY_PAID = msg("Ba ngày không có ai nộp.")


def _ask(attempt: PlatformTransaction, now: datetime) -> bool:
    """QUERY about one attempt; whether its outcome is known now."""
    key = key_of(attempt.partner)
    if key is None:
        return False
    platform = platform_for(key)
    try:
        told = platform.query(order_of(attempt))
    except NoAnswer:
        note(attempt, platform.said, now)
        return False
    note(attempt, platform.said, now)
    if told.state == "pending" and now - attempt.created_at > rules.GIVE_UP:
        told = Outcome("failed", words=_NOBODY_PAID.source())
    try:
        with transaction.atomic():
            row = locked(attempt.reference, attempt.partner)
            known = row.state == TransactionState.FAILED
            _settle(row, told, now)
            if known and told.state == "failed":  # asked once more, and the same no
                row.next_ask_at = None
                row.save(update_fields=["next_ask_at"])
    except errors.Refused:
        return False
    except _Doubt as doubt:
        _dispute(attempt.reference, attempt.partner, doubt.text, now)
    return told.state != "pending"


def _reply(
    code: str,
    text: str,
    key: Key | None,
    message: Mapping[str, Any],
    now: datetime,
    *,
    outcome: str,
    attempt: PlatformTransaction | None = None,
    settled: bool = False,
) -> Reply:
    """The answer, and the row of what was told and answered."""
    reference = str(message.get("MaThamChieu", ""))[:255]
    answered = rules.answer(wording(), code=code, words=text, key=key, reference=reference, at=now)
    PlatformExchange.objects.create(
        transaction=attempt,
        direction=Direction.THEIRS,
        kind=Kind.CONFIRM.value,
        reference=reference,
        sent=_kept(message),
        answered=_kept(answered),
        outcome=outcome[:40],
        at=now,
    )
    return Reply(answered, settled)


def _kept(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message for the record: without its signature, no value longer than a screen."""
    return {
        str(name)[:40]: str(value)[:500]
        for name, value in list(message.items())[:40]
        if name != rules.SIGNATURE
    }
