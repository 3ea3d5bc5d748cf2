"""Receipts of money that came by itself while no book was open."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, NotFound, Refused
from motcua.kernel.messages import msg
from motcua.payments.actions.billing import lock_bill
from motcua.payments.actions.entries import lock_collector
from motcua.payments.actions.receipts import write_receipts
from motcua.payments.models import Entry, Payment, Posting, Receipt
from motcua.payments.permissions import require_collect, require_known
from motcua.payments.rules import journal

WRITER = Actor.system("Lập biên lai còn chờ")


@transaction.atomic
def issue_missing_receipts(*, actor: Actor, payment_id: int, now: datetime) -> list[Receipt]:
    """Receipts of money that came by itself before a book was open; those that are there already are given."""
    payment = Payment.objects.select_related("entry").filter(pk=payment_id).first()
    unknown = NotFound(msg("Không có khoản thu này."))
    if payment is None:
        raise unknown
    require_known(actor, payment.unit_id, unknown)
    require_collect(actor, payment.unit_id)
    bill = lock_bill(payment.bill_id)
    collector = lock_collector(payment.unit_id)
    if Entry.objects.filter(reverses=payment.entry_id).exists():
        raise Conflict(msg("Khoản thu này đã hủy nên không lập biên lai."))
    there = list(Receipt.objects.filter(payment_id=payment_id).order_by("pk"))
    if there:
        return there
    return write_receipts(
        actor=actor,
        payment=payment,
        bill=bill,
        allocated=int(payment.entry.data["allocated"]),
        collector=collector,
        now=now,
    )


def write_waiting_receipts(*, now: datetime, limit: int = 500) -> int:
    """Receipts of money that came by itself while no book was open, oldest first; how many payments got theirs.

    At most `limit` a place; a place that still has no book holds up no other. Run again at any point.
    """
    to_bill = Posting.objects.filter(entry_id=OuterRef("entry_id"), account=journal.Account.RECEIVABLE)
    waiting = Payment.objects.filter(
        Exists(to_bill), ~Exists(Receipt.objects.filter(payment_id=OuterRef("pk"))), entry__reversed_by=None
    )
    written = 0
    for unit_id in sorted(set(waiting.values_list("unit_id", flat=True))):
        for payment_id in list(
            waiting.filter(unit_id=unit_id).order_by("pk").values_list("pk", flat=True)[:limit]
        ):
            try:
                written += bool(issue_missing_receipts(actor=WRITER, payment_id=payment_id, now=now))
            except Refused:  # no book yet, or taken back meanwhile
                break
    return written
