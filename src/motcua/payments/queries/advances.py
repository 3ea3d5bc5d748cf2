"""What somebody paid too much and may use for what else they owe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from motcua.payments.models import Bill, Refund
from motcua.payments.queries.desk import BillView
from motcua.payments.queries.figures import advance_balances
from motcua.payments.types import BillState


@dataclass(frozen=True, slots=True)
class Advance:
    """So many đồng lie on a bill that nobody owes there."""

    bill_id: int
    reference: str
    subject: str
    amount: int


def advances_for(view: BillView) -> tuple[Advance, ...]:
    """Advances on other bills of the same unit: of the same subject, or of the payer by identity number.

    What a refund asks back is not offered (at most three statements; one for most people).
    """
    bill = Bill.objects.only("payer_id_number", "subject", "unit_id").get(pk=view.id)
    same = Q(subject=bill.subject)
    if bill.payer_id_number:
        same |= Q(payer_id_number=bill.payer_id_number)  # as `same_payer`
    settled = Q(paid__gte=F("total")) | Q(state=BillState.CANCELLED)
    found = Bill.objects.filter(same, settled, unit_id=bill.unit_id).exclude(pk=bill.pk)
    others = {row.pk: row for row in found.only("pk", "reference", "subject")}
    if not others:
        return ()
    return tuple(
        Advance(pk, others[pk].reference, others[pk].subject, amount)
        for pk, amount in sorted(_left(list(others)).items())
        if amount > 0
    )


def same_payer(one: Bill, other: Bill) -> bool:
    """Whether what came too much on one bill may pay the other: the same subject, or the same identity number.

    The same name is not enough: many people share one.
    """
    numbers = {one.payer_id_number, other.payer_id_number}
    return one.subject == other.subject or (len(numbers) == 1 and "" not in numbers)


def advance_on(view: BillView) -> int:
    """What lies on the bill itself that nobody owes there (two statements, none where no more came than was owed)."""
    came = sum(payment.amount for payment in view.payments if not payment.reversed)
    return max(_left([view.id]).get(view.id, 0), 0) if came > view.paid else 0


def _left(bill_ids: Sequence[int]) -> dict[int, int]:
    """What is left of the advances of some bills, less what a refund asks back."""
    left = advance_balances(bill_ids)
    waiting = Refund.objects.filter(bill_id__in=bill_ids, entry__isnull=True, refused_reason="")
    for owner, advance in waiting.values_list("bill_id", "advance"):
        left[owner] = left.get(owner, 0) - advance
    return left
