"""Receipts of money that came by itself while no book was open: written as soon as one is."""

from __future__ import annotations

from datetime import datetime

from motcua.kernel.actor import Actor
from motcua.payments.actions.receipts import issue_missing_receipts
from motcua.payments.errors import NoBook, NoCollector
from motcua.payments.models import Payment


def issue_waiting(*, now: datetime) -> int:
    """How many payments got theirs; each in a transaction of its own, oldest first, safe to run again at any point.

    A unit that still has no book is asked for once and left.
    """
    actor = Actor.system("Lập biên lai còn chờ", "job")
    waiting = Payment.objects.filter(
        receipts__isnull=True, entry__reversed_by__isnull=True, entry__data__allocated__gt=0
    )
    without_book: set[int] = set()
    done = 0
    for payment_id, unit_id in waiting.order_by("pk").values_list("pk", "unit_id").iterator():
        if unit_id in without_book:
            continue
        try:
            done += bool(issue_missing_receipts(actor=actor, payment_id=payment_id, now=now))
        except (NoBook, NoCollector):
            without_book.add(unit_id)
    return done
