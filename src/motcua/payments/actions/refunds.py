"""Giving money back: asked for by one person, confirmed by another, paid out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped, nfc
from motcua.payments.actions.billing import lock_bill, unknown_bill
from motcua.payments.actions.entries import lock_collector, open_day, write_entry
from motcua.payments.actions.records import refund_slip
from motcua.payments.errors import WrongAmount
from motcua.payments.events import PaymentRefunded
from motcua.payments.models import Bill, Refund
from motcua.payments.permissions import require_collect, require_confirm, require_known
from motcua.payments.queries.figures import advance_balances, balance
from motcua.payments.rules import journal
from motcua.payments.types import WAYS, BillState, EntryKind, Method


@transaction.atomic
def ask_refund(
    *,
    actor: Actor,
    bill_id: int,
    method: str,
    parts: Mapping[str, int],
    reason: str,
    now: datetime,
    advance: int = 0,
    to_account: str = "",
) -> Refund:
    """Ask that money be given back: `parts` by kind (`phi`, `le_phi`) of what was paid, `advance` of what was too much.

    One open request a bill. Raises `Invalid`, `WrongAmount` when it is more than was paid and not yet given back.
    """
    if not reason.strip():
        raise Invalid(msg("Nhập lý do hoàn trả."), field="reason")
    if method not in WAYS:
        raise Invalid(msg("Chọn cách hoàn tiền."), field="method")
    if method == Method.TRANSFER and not to_account.strip():
        raise Invalid(
            msg("Nhập ngân hàng, số tài khoản và chủ tài khoản nhận tiền hoàn."), field="to_account"
        )
    bill = lock_bill(bill_id)
    require_known(actor, bill.unit_id, unknown_bill())
    require_collect(actor, bill.unit_id)
    if Refund.objects.filter(bill_id=bill_id, decided_at__isnull=True).exists():
        raise Conflict(msg("Khoản này đang có đề nghị hoàn trả chờ xác nhận."))
    wanted = {kind: amount for kind, amount in parts.items() if amount}
    _refuse_too_much(bill, wanted, advance)
    refund = Refund.objects.create(
        bill=bill,
        unit_id=bill.unit_id,
        method=method,
        lines=[{"kind": kind, "amount": amount} for kind, amount in wanted.items()],
        advance=advance,
        amount=sum(wanted.values()) + advance,
        reason=nfc(reason)[:500],
        to_account=nfc(to_account)[:255],
        asked_by_id=actor.user_id,
        asked_by_name=actor.name[:160],
        asked_at=now,
    )
    _log(actor, "payments.refund_asked", refund, now)
    return refund


@transaction.atomic
def confirm_refund(*, actor: Actor, refund_id: int, now: datetime) -> Refund:
    """Agree to a refund somebody else asked for; the money is set aside until it is paid out. Again changes nothing.

    Raises `NotAllowed` for the person who asked, and `WrongAmount` when meanwhile less is left.
    """
    refund = _locked(actor, refund_id)
    require_confirm(actor, refund.unit_id)
    if refund.decided_at is not None and not refund.refused_reason:
        return refund
    _refuse_own(actor, refund)
    if refund.decided_at is not None:
        raise Conflict(msg("Đề nghị hoàn trả này đã bị từ chối."))
    bill = lock_bill(refund.bill_id)
    _refuse_too_much(bill, {line["kind"]: line["amount"] for line in refund.lines}, refund.advance)
    refund.decided_by_name, refund.decided_at = actor.name[:160], now
    refund.save(update_fields=["decided_by_name", "decided_at"])
    _log(actor, "payments.refund_confirmed", refund, now)
    return refund


@transaction.atomic
def pay_out_refund(*, actor: Actor, refund_id: int, now: datetime, reference: str = "") -> Refund:
    """Give the money of a confirmed refund back: booked on today's open day, with its slip. Again changes nothing.

    Money that does not go out in cash names the bank's or terminal's `reference`. Raises `Conflict` before the
    confirmation, `DayClosed`, `WrongAmount` when the till holds less.
    """
    refund = _locked(actor, refund_id)
    require_collect(actor, refund.unit_id)
    if refund.entry_id is not None:
        return refund
    if refund.decided_at is None:
        raise Conflict(msg("Đề nghị này chưa có người thứ hai xác nhận nên chưa chi trả được."))
    if refund.refused_reason:
        raise Conflict(msg("Đề nghị hoàn trả này đã bị từ chối."))
    if refund.method != Method.CASH and not reference.strip():
        raise Invalid(msg("Nhập số chứng từ của ngân hàng hoặc máy thẻ đã trả tiền."), field="reference")
    bill = lock_bill(refund.bill_id)
    lock_collector(bill.unit_id)
    if refund.method == Method.CASH:
        refuse_empty_till(refund.unit_id, refund.amount)
    parts = {line["kind"]: line["amount"] for line in refund.lines}
    refund.entry = write_entry(
        actor=actor,
        kind=EntryKind.REFUND,
        unit_id=bill.unit_id,
        sides=journal.refund(refund.method, lines=parts.items(), advance=refund.advance),
        key=f"refund:{refund.pk}",
        day=open_day(bill.unit_id, now),
        now=now,
        bill=bill,
        method=refund.method,
        note=refund.reason,
        data={"asked_by": refund.asked_by_name, "confirmed_by": refund.decided_by_name},
    )
    refund.paid_out_at, refund.paid_out_by_name = now, actor.name[:160]
    refund.payout_reference = nfc(reference)[:64]
    refund.letter = refund_slip(actor=actor, refund=refund, now=now)
    refund.save()
    bill.refunded += sum(parts.values())
    if bill.refunded and bill.refunded == bill.paid and bill.state != BillState.PARTLY:  # the rest stays owed
        bill.state = BillState.REFUNDED.value
    bill.save(update_fields=["refunded", "state"])
    _log(actor, "payments.refund_paid_out", refund, now)
    outbox.publish(PaymentRefunded(bill_id=bill.pk, subject=bill.subject, amount=refund.amount), now=now)
    return refund


def lock_refunds(refund_ids: Collection[int]) -> list[Refund]:
    """Requests whose money has not gone out and that were not refused, locked until the transaction ends.

    Before their bills, as whoever confirms or pays out.
    """
    if not refund_ids:
        return []
    found = Refund.objects.select_for_update().filter(pk__in=refund_ids, entry=None, refused_reason="")
    return list(found.order_by("pk"))


@transaction.atomic
def withdraw_refund(*, actor: Actor, refund: Refund, reason: str, now: datetime) -> None:
    """A locked request is taken back because what it was asked for is no longer so; nothing has gone out.

    The caller has checked who may.
    """
    if refund.decided_at is None:
        refund.decided_by_name, refund.decided_at = actor.name[:160], now
    refund.refused_reason = nfc(reason)[:500]
    refund.save(update_fields=["decided_by_name", "decided_at", "refused_reason"])
    _log(actor, "payments.refund_withdrawn", refund, now)


@transaction.atomic
def refuse_refund(*, actor: Actor, refund_id: int, reason: str, now: datetime) -> Refund:
    """Say no to a refund, with the reason."""
    if not reason.strip():
        raise Invalid(msg("Nhập lý do từ chối hoàn trả."), field="reason")
    refund = _locked(actor, refund_id)
    require_confirm(actor, refund.unit_id)
    if refund.decided_at is not None:
        raise Conflict(msg("Đề nghị hoàn trả này đã được xử lý."))
    refund.decided_by_name, refund.decided_at = actor.name[:160], now
    refund.refused_reason = nfc(reason)[:500]
    refund.save(update_fields=["decided_by_name", "decided_at", "refused_reason"])
    _log(actor, "payments.refund_refused", refund, now)
    return refund


def refundable(bill: Bill, *, asked_is_gone: bool = False) -> dict[str, int]:
    """What may still be asked back: by kind, and `advance`; what is confirmed counts as gone (three statements).

    With `asked_is_gone` what is asked for and not decided counts as gone too.
    """
    kinds = [(line["kind"], line["amount"]) for line in bill.lines]
    left: dict[str, int] = {}
    for (kind, _), share in zip(kinds, journal.shared_out(kinds, before=0, amount=bill.paid), strict=True):
        left[kind] = left.get(kind, 0) + share
    left["advance"] = advance_balances([bill.pk]).get(bill.pk, 0)
    going = Refund.objects.filter(bill=bill, refused_reason="")
    if not asked_is_gone:
        going = going.filter(decided_at__isnull=False)
    for lines, advance, entry_id in going.values_list("lines", "advance", "entry_id"):
        for line in lines:
            left[line["kind"]] -= line["amount"]
        if entry_id is None:
            left["advance"] -= advance
    return left


def _refuse_too_much(bill: Bill, parts: Mapping[str, int], advance: int) -> None:
    left = refundable(bill)
    if not parts and not advance:
        raise WrongAmount(msg("Nhập số tiền hoàn trả lớn hơn 0."), field="amount")
    for kind, amount in {**parts, "advance": advance}.items():
        if amount < 0 or amount > left.get(kind, 0):
            raise WrongAmount(
                msg("Chỉ còn hoàn được %(left)s đồng.", left=grouped(left.get(kind, 0))),
                field="amount",
            )


def refuse_empty_till(unit_id: int, amount: int) -> None:
    """Raise `WrongAmount` when the till holds less than is to go out of it."""
    there = balance(unit_id, journal.Account.CASH)
    if there < amount:
        raise WrongAmount(
            msg(
                "Quỹ tiền mặt chỉ còn %(there)s đồng, chưa đủ để hoàn %(amount)s đồng.",
                there=grouped(there),
                amount=grouped(amount),
            ),
            field="amount",
        )


def _refuse_own(actor: Actor, refund: Refund) -> None:
    if actor.user_id is not None and actor.user_id == refund.asked_by_id:
        raise NotAllowed(msg("Người đề nghị hoàn trả không tự xác nhận được: cần người thứ hai."))


def _locked(actor: Actor, refund_id: int) -> Refund:
    refund = Refund.objects.select_for_update().filter(pk=refund_id).first()
    unknown = NotFound(msg("Không có đề nghị hoàn trả này."))
    if refund is None:
        raise unknown
    require_known(actor, refund.unit_id, unknown)
    return refund


def _log(actor: Actor, action: str, refund: Refund, now: datetime) -> None:
    audit.record(
        actor,
        action,
        subject_type="bill",
        subject=refund.bill.reference,
        data={"for": refund.bill.subject, "amount": refund.amount, "reason": refund.reason},
        at=now,
    )
