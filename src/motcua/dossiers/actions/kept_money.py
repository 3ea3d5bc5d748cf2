"""What was paid for a dossier and is still there, and what of it may go back when the dossier ends. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motcua.dossiers.actions.assessing import latest
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import fee_changes
from motcua.dossiers.rules.fee_changes import Sum
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import grouped
from motcua.payments import actions as payments
from motcua.payments import queries as payments_queries
from motcua.payments.queries import Bill
from motcua.payments.types import BillState

UNPAID = (BillState.OPEN, BillState.PARTLY)


def kept_of(bill: Bill) -> list[Sum]:
    """What was paid of each line of a bill and neither given back nor asked back."""
    shares = payments_queries.paid_lines(bill)
    paid = [Sum(line["key"], line["kind"], share) for line, share in zip(bill.lines, shares, strict=True)]
    left = payments.refundable(bill, asked_is_gone=True)
    given_back = {kind: fee_changes.total(paid, kind) - left.get(kind, 0) for kind in left}
    return fee_changes.without(paid, given_back)


@dataclass(frozen=True, slots=True)
class Ending:
    """What was paid and kept, what of it may go back (by bill, by kind) when nothing is granted."""

    paid: int
    loose: Mapping[int, Sequence[Sum]]
    back: Mapping[str, int]


def ending_of(dossier: Dossier, bills: Sequence[Bill]) -> Ending:
    """What becomes of the money of these bills when nothing is granted."""
    stays = _kept_keys(dossier)
    kept = {bill.pk: kept_of(bill) for bill in bills if bill.paid}
    loose = {pk: [one for one in sums if one.key not in stays] for pk, sums in kept.items()}
    back: dict[str, int] = {}
    for one in (one for sums in loose.values() for one in sums):
        back[one.kind] = back.get(one.kind, 0) + one.amount
    return Ending(sum(one.amount for sums in kept.values() for one in sums), loose, back)


def if_it_ended(dossier: Dossier) -> tuple[Message, ...]:
    """What becomes of the money when the dossier is stopped or withdrawn now, for the form that asks for it."""
    bills = payments_queries.bills_of(dossier.code)
    owed = sum(bill.total - bill.paid for bill in bills if bill.state in UNPAID)
    ending = ending_of(dossier, bills)
    back = sum(ending.back.values())
    sums = {"paid": grouped(ending.paid), "back": grouped(back), "rest": grouped(ending.paid - back)}
    said = []
    if ending.paid and not back:
        said.append(msg("Đã nộp %(paid)s đồng: dừng thì không hoàn, theo quy định của thủ tục.", **sums))
    elif back:
        said.append(
            msg("Đã nộp %(paid)s đồng: dừng thì đề xuất hoàn %(back)s đồng, nơi thu xem xét.", **sums)
        )
        if back < ending.paid:
            said.append(msg("%(rest)s đồng không hoàn, theo quy định của thủ tục.", **sums))
    if owed:
        said.append(msg("%(owed)s đồng chưa nộp thì không phải nộp nữa.", owed=grouped(owed)))
    return tuple(said)


def _kept_keys(dossier: Dossier) -> frozenset[str]:
    last = latest(dossier)
    return frozenset(line["key"] for line in (last.lines if last else ()) if line.get("kept_when_refused"))
