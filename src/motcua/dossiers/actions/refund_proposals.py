"""Money that may have to go back: proposed by what happens to a dossier, decided by people.

A proposal moves no money. Somebody who collects asks for the refund (then another confirms it, in the books) or writes
down why nothing is given back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from motcua.dossiers.models import Dossier, RefundProposal
from motcua.dossiers.rules.fee_changes import Sum
from motcua.dossiers.types import RefundCause, RefundOutcome
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.payments import actions as payments
from motcua.payments import queries as payments_queries
from motcua.payments.permissions import require_collect, require_known
from motcua.payments.queries import Bill
from motcua.payments.types import BillState

ENDED = (RefundCause.WITHDRAWN, RefundCause.STOPPED, RefundCause.REFUSED)
RECKONED = (RefundCause.LOWERED, RefundCause.RESOLUTION)
"""Worked out anew as a whole each time: the latest of them says all."""


def propose(
    dossier: Dossier,
    bills: Sequence[Bill],
    kept: Mapping[int, Sequence[Sum]],
    back: Mapping[str, int],
    *,
    cause: RefundCause,
    why: str,
    now: datetime,
) -> None:
    """Spread what may go back (`back`, by kind) over the bills it was paid on, newest first.

    An open proposal of the same cause takes the new amount, or is dropped where nothing is left to give back.
    """
    left = dict(back)
    for bill in reversed(bills):
        parts: dict[str, int] = {}
        for one in kept.get(bill.pk, ()):
            taken = min(one.amount, left.get(one.kind, 0))
            if taken:
                parts[one.kind] = parts.get(one.kind, 0) + taken
                left[one.kind] -= taken
        write(dossier, bill, parts, 0, cause=cause, why=why, now=now)


def write(
    dossier: Dossier,
    bill: Bill,
    parts: Mapping[str, int],
    advance: int,
    *,
    cause: RefundCause,
    why: str,
    now: datetime,
) -> RefundProposal | None:
    """The open proposal of a bill and a cause with this amount; none where there is nothing to give back.

    No đồng is proposed twice: what is asked back already is not in `parts` and `advance`, of several causes for paid
    lines one is left, and what people decided to keep stays kept while its reason is the same.
    """
    amount = sum(parts.values()) + advance
    there = {
        RefundCause(one.cause): one
        for one in RefundProposal.objects.filter(bill_id=bill.pk, outcome=RefundOutcome.OPEN)
    }
    if cause in RECKONED and any(one in there for one in ENDED):  # all of it is proposed already
        return None
    if cause is not RefundCause.TOO_MUCH:
        for other in {*RECKONED, *ENDED} - {cause}:
            _drop(there.get(other), now)
    open_one = there.get(cause)
    if not amount or _kept_before(bill, cause, parts, why):
        _drop(open_one, now)
        return None
    if open_one is None:
        open_one = RefundProposal(dossier=dossier, bill_id=bill.pk, unit_id=bill.unit_id, cause=cause)
    elif (open_one.parts, open_one.advance) == (dict(parts), advance):
        return open_one
    open_one.parts, open_one.advance, open_one.amount = dict(parts), advance, amount
    open_one.why, open_one.proposed_at = why[:500], now
    open_one.save()
    return open_one


def _kept_before(bill: Bill, cause: RefundCause, parts: Mapping[str, int], why: str) -> bool:
    """Whether people have decided about this very money for this very reason."""
    if cause is RefundCause.TOO_MUCH:  # counted by itself
        return False
    last = RefundProposal.objects.filter(bill_id=bill.pk, cause=cause).order_by("-pk").first()
    decided = last is not None and last.outcome == RefundOutcome.DISMISSED
    return decided and last is not None and (last.parts, last.why) == (dict(parts), why[:500])


def asked_for(dossier: Dossier) -> list[RefundProposal]:
    """Proposals whose requests are under way in the books, those locked (two statements, one where there is none)."""
    asked = RefundProposal.objects.filter(dossier_id=dossier.pk, outcome=RefundOutcome.ASKED)
    found = {one.refund_id: one for one in asked.exclude(cause=RefundCause.TOO_MUCH) if one.refund_id}
    made = []
    for refund in payments.lock_refunds(list(found)):
        found[refund.pk].refund = refund
        made.append(found[refund.pk])
    return made


def withdraw(actor: Actor, asked: Sequence[RefundProposal], *, reason: str, now: datetime) -> None:
    """What the money was to go back for is no longer so: the requests are taken back, the proposals dropped."""
    for one in asked:
        assert one.refund is not None
        payments.withdraw_refund(actor=actor, refund=one.refund, reason=reason, now=now)
        one.note = nfc(reason)[:500]
        one.outcome, one.decided_at = RefundOutcome.DROPPED, now
        one.save(update_fields=["outcome", "decided_at", "note"])


def drop_all(dossier: Dossier, now: datetime) -> None:
    """Nothing is to go back any more."""
    RefundProposal.objects.filter(dossier_id=dossier.pk, outcome=RefundOutcome.OPEN).update(
        outcome=RefundOutcome.DROPPED, decided_at=now
    )


def open_amount(dossier: Dossier) -> int:
    """What is proposed to go back and not decided, in đồng."""
    rows = RefundProposal.objects.filter(dossier_id=dossier.pk, outcome=RefundOutcome.OPEN)
    return sum(rows.values_list("amount", flat=True))


def _drop(found: RefundProposal | None, now: datetime) -> None:
    if found is not None:
        found.outcome, found.decided_at = RefundOutcome.DROPPED, now
        found.save(update_fields=["outcome", "decided_at"])


@transaction.atomic
def propose_for_payment(*, bill_id: int, subject: str, now: datetime) -> RefundProposal | None:
    """More was paid than was owed, or it came after the dossier had ended: nobody's money but the payer's."""
    dossier = Dossier.objects.select_for_update(no_key=True).filter(code=subject).first()
    bill = next((one for one in payments_queries.bills_of(subject) if one.pk == bill_id), None)
    if dossier is None or bill is None:  # a bill of something else than a dossier
        return None
    kept = RefundProposal.objects.filter(
        bill_id=bill_id, cause=RefundCause.TOO_MUCH, outcome=RefundOutcome.DISMISSED
    )
    decided = sum(kept.values_list("advance", flat=True))
    left = payments.refundable(bill, asked_is_gone=True).get("advance", 0)
    advance = max(left - decided, 0)
    why = (
        msg("Tiền đến sau khi khoản phải nộp đã hủy.")
        if bill.state == BillState.CANCELLED
        else msg("Nộp nhiều hơn số phải nộp.")
    )
    return write(dossier, bill, {}, advance, cause=RefundCause.TOO_MUCH, why=why.source(), now=now)


@transaction.atomic
def ask_for_refund(
    *, actor: Actor, proposal_id: int, method: str, now: datetime, to_account: str = "", note: str = ""
) -> RefundProposal:
    """Ask the books to give it back; another person confirms it there. Raises what `ask_refund` refuses with."""
    found = _locked(actor, proposal_id)
    found.refund = payments.ask_refund(
        actor=actor,
        bill_id=found.bill_id,
        method=method,
        parts={str(kind): int(amount) for kind, amount in found.parts.items()},
        advance=found.advance,
        reason=nfc(f"{RefundCause(found.cause).label}. {found.why} {note}")[:500],
        to_account=to_account,
        now=now,
    )
    return _decide(actor, found, RefundOutcome.ASKED, note, now)


@transaction.atomic
def dismiss_refund(*, actor: Actor, proposal_id: int, note: str, now: datetime) -> RefundProposal:
    """Nothing is given back, and why."""
    if not nfc(note):
        raise Invalid(msg("Ghi lý do không hoàn: người nộp có quyền được biết."), field="note")
    return _decide(actor, _locked(actor, proposal_id), RefundOutcome.DISMISSED, note, now)


def _locked(actor: Actor, proposal_id: int) -> RefundProposal:
    found = RefundProposal.objects.filter(pk=proposal_id).first()
    unknown = NotFound(msg("Không có đề nghị hoàn phí này."))
    if found is None:
        raise unknown
    require_known(actor, found.unit_id, unknown)
    require_collect(actor, found.unit_id)
    # The dossier before its proposals, as every act that proposes: those hold the bill this one will ask for.
    dossier = Dossier.objects.select_for_update(no_key=True).get(pk=found.dossier_id)
    found = RefundProposal.objects.select_for_update().get(pk=proposal_id)
    found.dossier = dossier
    if found.outcome != RefundOutcome.OPEN:
        raise Conflict(msg("Đề nghị hoàn phí này đã được xem xét. Tải lại danh sách."))
    return found


def _decide(
    actor: Actor, found: RefundProposal, outcome: RefundOutcome, note: str, now: datetime
) -> RefundProposal:
    found.outcome, found.decided_at, found.decided_by_name = outcome, now, actor.name[:160]
    found.note = nfc(note)[:500]
    found.save()
    audit.record(
        actor,
        "dossiers.refund_considered",
        subject_type="dossier",
        subject=found.dossier.code,
        data={"outcome": outcome.value, "amount": found.amount, "cause": found.cause, "note": found.note},
        at=now,
    )
    return found
