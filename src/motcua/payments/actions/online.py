"""Paying through the national platform: begun, confirmed, asked again, settled; each message leaves a row.

Nothing goes over the line inside a transaction: an attempt is written first, then asked for, then what came of it is
written. Whatever is lost between is found by asking again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid
from motcua.kernel.messages import msg
from motcua.payments.actions.billing import lock_bill, require_owed
from motcua.payments.actions.online_rows import (
    PLATFORM,
    attempt_seen,
    booking_key,
    close,
    locked,
    log,
    note,
)
from motcua.payments.actions.paying import take_payment
from motcua.payments.actions.reversing import unbook_platform
from motcua.payments.adapters.lines import platform_for
from motcua.payments.adapters.platform import NoAnswer, Refused
from motcua.payments.errors import NotOffered, PlatformAway
from motcua.payments.models import PlatformTransaction
from motcua.payments.permissions import require_confirm, require_read
from motcua.payments.platform_settings import require_key
from motcua.payments.queries.orders import order_of, partner_of
from motcua.payments.queries.ways import ways_to_pay
from motcua.payments.rules import platform as rules
from motcua.payments.types import Method, TransactionState

OPENING_LASTS = timedelta(minutes=1)
"""While one press may still wait for the platform, a second one is asked to wait; after that it begins anew."""


def pay_online(*, actor: Actor, bill_id: int, now: datetime) -> str:
    """The address where what is owed on a bill can be paid online. A second press within 15 minutes gives the same.

    The caller has checked that this person may pay the bill. Raises `UnknownBill`, `NothingOwed`, `NotOffered` with
    what to do instead, `PlatformAway`.
    """
    attempt = _begin(actor, bill_id, now)
    if attempt.pay_url:
        return attempt.pay_url
    platform = platform_for(require_key(attempt.partner))
    try:
        url = platform.init(order_of(attempt, ip=actor.ip))
    except Refused as refusal:
        note(attempt, platform.said, now)
        _end(attempt, f"INIT: {refusal}", now)
        raise PlatformAway(
            msg("Nền tảng thanh toán không nhận khoản này. Hãy nộp bằng chuyển khoản hoặc tại quầy.")
        ) from None
    except NoAnswer:
        note(attempt, platform.said, now)
        _unknown(attempt, now)
        raise PlatformAway(
            msg("Nền tảng thanh toán chưa trả lời. Thử lại sau ít phút hoặc nộp bằng cách khác.")
        ) from None
    note(attempt, platform.said, now)
    _opened(attempt, url)
    return url


@transaction.atomic
def _begin(actor: Actor, bill_id: int, now: datetime) -> PlatformTransaction:
    """The attempt still open for this amount, else a new one."""
    bill = lock_bill(bill_id)
    owed = require_owed(bill)
    ways = ways_to_pay(bill.unit_id, on=clock.today(now))
    partner = partner_of(bill.unit_id)
    if not ways.platform or partner is None:
        raise NotOffered(msg("Đơn vị này chưa thu trực tuyến. Hãy chuyển khoản hoặc nộp tại quầy."))
    before = PlatformTransaction.objects.filter(bill=bill).order_by("-pk").first()
    if before is not None and before.state == TransactionState.DISPUTED:
        raise Conflict(msg("Lần thanh toán trước đang được đối chiếu. Đừng trả lần nữa; hỏi đơn vị thu."))
    if before is not None and before.state == TransactionState.CREATED and before.amount == owed:
        age = now - before.created_at
        if before.pay_url and age < rules.PAGE_LASTS:
            return before
        if not before.pay_url and age < OPENING_LASTS:
            raise Conflict(msg("Trang thanh toán đang được mở. Chờ vài giây rồi thử lại."))
    number = PlatformTransaction.objects.filter(bill=bill).count() + 1
    attempt = PlatformTransaction.objects.create(
        bill=bill,
        partner=partner,
        reference=f"{bill.reference}-{number}",
        amount=owed,
        created_at=now,
        next_ask_at=now + rules.FIRST_ASK,
    )
    log(actor, "payments.online_begun", attempt, {}, now)
    return attempt


def platform_bill(*, actor: Actor, transaction_id: int, now: datetime) -> bytes:
    """The platform's own paper about a paid attempt, a PDF. Raises `UnknownTransaction`, `Conflict`, `PlatformAway`."""
    attempt = attempt_seen(actor, transaction_id)
    require_read(actor, attempt.bill.unit_id)
    if attempt.state != TransactionState.SUCCEEDED:
        raise Conflict(msg("Giao dịch chưa thành công nên chưa có chứng từ."))
    platform = platform_for(require_key(attempt.partner))
    try:
        return platform.get_bill(order_of(attempt))
    except (Refused, NoAnswer):
        raise PlatformAway(msg("Nền tảng thanh toán chưa trả chứng từ. Thử lại sau ít phút.")) from None
    finally:
        note(attempt, platform.said, now)


@transaction.atomic
def resolve_online(
    *, actor: Actor, transaction_id: int, came: int, reason: str, now: datetime
) -> PlatformTransaction:
    """People settle an attempt that could not be booked by itself: how much really came (0: nothing), and why.

    After the bank's statement has been looked at. Raises `UnknownTransaction`, `NotAllowed`, `Conflict` for an attempt
    whose outcome is known, `Invalid`.
    """
    row = attempt_seen(actor, transaction_id)
    require_confirm(actor, row.bill.unit_id)
    if not reason.strip():
        raise Invalid(msg("Nhập căn cứ đối chiếu, ví dụ ngày và số dòng sao kê."), field="reason")
    if came < 0:
        raise Invalid(msg("Số tiền không được âm; nhập 0 nếu tiền không về."), field="came")
    attempt = locked(row.reference, row.partner)
    if attempt.state in (TransactionState.SUCCEEDED, TransactionState.FAILED) and not attempt.problem:
        raise Conflict(msg("Giao dịch này đã rõ kết quả."))
    if attempt.payment is not None and attempt.payment.amount != came:
        unbook_platform(actor=PLATFORM, payment_id=attempt.payment.pk, reason=reason, now=now)
        attempt.payment = None
    if came and attempt.payment_id is None:
        attempt.payment = take_payment(
            actor=PLATFORM,
            bill_id=attempt.bill_id,
            method=Method.PLATFORM,
            amount=came,
            key=booking_key(attempt),
            now=now,
            reference=attempt.reference,
            note=reason,
        ).payment
    booked = attempt.payment_id is not None
    attempt.state = (TransactionState.SUCCEEDED if booked else TransactionState.FAILED).value
    attempt.problem, attempt.next_ask_at, attempt.settled_at = "", None, now
    attempt.save()
    log(actor, "payments.online_resolved", attempt, {"came": came, "reason": reason.strip()[:500]}, now)
    return attempt


def _opened(attempt: PlatformTransaction, url: str) -> None:
    PlatformTransaction.objects.filter(pk=attempt.pk).update(pay_url=url)


@transaction.atomic
def _unknown(attempt: PlatformTransaction, now: datetime) -> None:
    """INIT was not answered: nobody was sent to pay, yet the platform may know the attempt. It is asked soon."""
    fresh = locked(attempt.reference, attempt.partner)
    if fresh.state == TransactionState.CREATED:
        fresh.state, fresh.next_ask_at = TransactionState.PENDING.value, rules.next_ask(0, now)
        fresh.save(update_fields=["state", "next_ask_at"])


@transaction.atomic
def _end(attempt: PlatformTransaction, problem: str, now: datetime) -> None:
    fresh = locked(attempt.reference, attempt.partner)
    if fresh.state == TransactionState.CREATED:
        close(fresh, TransactionState.FAILED, problem, now)
