"""Taking money at the counter: through the payments context, with the citizen's display following."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.counter import actions_display
from motcua.counter.actions import pressed_twice
from motcua.counter.permissions import officer_id
from motcua.counter.rules.display import Phase
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.payments import actions as payments
from motcua.payments.queries import BillView
from motcua.payments.types import Method

AT_THE_DESK = (Method.CASH, Method.CARD)


@pressed_twice
@transaction.atomic
def take_money(
    *,
    actor: Actor,
    unit_id: int | None,
    bill: BillView,
    method: str,
    amount: int,
    key: str,
    now: datetime,
    tendered: int | None = None,
    reference: str = "",
) -> payments.PaymentDone:
    """Cash or card over the counter, once for the form's key; the display of the seat says thanks.

    The money belongs to the day on which the server takes it, whenever the form was opened. Raises the refusals of
    `take_payment`; a card payment names its slip.
    """
    if not key:
        raise Invalid(msg("Trang thu tiền không có khóa. Hãy tải lại trang."))
    if method not in AT_THE_DESK:
        raise Invalid(msg("Chọn tiền mặt hoặc thẻ; chuyển khoản tự ghi khi tiền về."), field="method")
    if method == Method.CARD and not reference.strip():
        raise Invalid(msg("Nhập số tham chiếu in trên hóa đơn của máy thẻ."), field="reference")
    done = payments.take_payment(
        actor=actor,
        bill_id=bill.id,
        method=method,
        amount=amount,
        key=f"desk:{officer_id(actor)}:{key[:64]}",
        now=now,
        tendered=tendered if method == Method.CASH else None,
        reference=reference.strip() if method == Method.CARD else "",
    )
    if unit_id is not None and not done.repeated:
        actions_display.show_on_display(
            actor=actor,
            unit_id=unit_id,
            reference=bill.reference,
            phase=Phase.BILL if done.bill.total > done.bill.paid else Phase.THANKS,
            now=now,
            change=done.change,
        )
    return done
