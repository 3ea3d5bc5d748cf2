"""What a dossier owes: worked out at reception, again when the case turns out otherwise, and over when it ends.

The bills are the books' (`payments`), keyed by the dossier, so that nothing is asked twice. What was booked stays: a
change cancels what is unpaid, opens a bill for what is more, and proposes to give back what was paid too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from motcua.catalogue.queries.fees import Answers, Assessed, Collection
from motcua.catalogue.rules.fees.computing import Line
from motcua.dossiers.actions import refund_proposals
from motcua.dossiers.actions.assessing import (
    assessed,
    assessed_again,
    bill_line,
    keep,
    latest,
    lines_of,
    payer_of,
    put,
)
from motcua.dossiers.actions.kept_money import UNPAID, ending_of, kept_of
from motcua.dossiers.actions.loading import lock, lock_for
from motcua.dossiers.models import Dossier, Party
from motcua.dossiers.rules import fee_changes
from motcua.dossiers.rules.assessment import Assessment
from motcua.dossiers.rules.fee_changes import Sum
from motcua.dossiers.types import Act, RefundCause
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import grouped, nfc
from motcua.payments import actions as payments
from motcua.payments import queries as payments_queries
from motcua.payments.queries import Bill

_COUNTED_AGAIN = "Tính lại phí, lệ phí"
Place = tuple[int, int]
"""A collecting unit and the unit for whose budget it collects."""


# --- at reception -----------------------------------------------------------------------------------------


def assess_reception(actor: Actor, dossier: Dossier, answers: Answers, now: datetime) -> Assessed:
    """Work out what a dossier that is not stored yet owes and write it there; nothing where nothing is ever asked.

    Raises `Invalid` naming the count that cannot be used, as `fees.<name>`.
    """
    found = assessed(dossier, answers, at=dossier.received_at or now)
    if found.owed.lines:
        put(actor, dossier, answers, found, reason="", now=now)
    return found


def assess_after_intake(actor: Actor, dossier: Dossier, now: datetime) -> Assessed:
    """The same for a dossier that waited for papers: what was told then counts, by the law of the reception."""
    kept = latest(dossier)
    return assess_reception(actor, dossier, Answers.from_dict(kept.answers) if kept else Answers(), now)


def bill_reception(
    actor: Actor, dossier: Dossier, found: Assessed, parties: Iterable[Party], now: datetime
) -> list[Bill]:
    """Book what was worked out, in the reception's transaction."""
    made = latest(dossier)
    return _open(actor, dossier, made, found.collections, payer_of(parties), now) if made is not None else []


@transaction.atomic
def bill_dossier(*, actor: Actor, code: str, now: datetime) -> list[Bill]:
    """The bills of a dossier that was received before it had any; those that are there already are given.

    For dossiers that came in otherwise than by a reception here. The caller has checked who may.
    """
    dossier = lock(actor, code).dossier
    there = payments_queries.bills_of(code)
    if there or latest(dossier) is not None or dossier.received_at is None or dossier.state.is_final:
        return there
    found = assessed(dossier, Answers(), at=dossier.received_at)
    if not found.owed.lines:
        return []
    keep(actor, dossier, Answers(), found, reason="", now=now)
    return bill_reception(actor, dossier, found, dossier.parties.all(), now)


# --- afterwards -------------------------------------------------------------------------------------------


@transaction.atomic
def assess_fees(*, actor: Actor, code: str, answers: Answers, reason: str, now: datetime) -> Assessment:
    """Work it out again with other counts, proofs or answers; more than was promised only with a reason, in writing.

    The law of the day of reception counts. Doing it again with the same answers changes nothing.
    """
    dossier = lock_for(Act.ASSESS_FEES, actor, code).dossier
    before = latest(dossier)
    found = assessed_again(dossier, answers, now)
    if not found.owed.lines:
        raise Invalid(msg("Thủ tục này không có khoản phí, lệ phí nào để tính."), field="reason")
    if before is not None and not nfc(reason):
        sentence = (
            msg(
                "Tính lại cao hơn lúc tiếp nhận (%(before)s đồng thành %(after)s đồng): ghi lý do.",
                before=grouped(before.total),
                after=grouped(found.owed.total),
            )
            if found.owed.total > before.total
            else msg("Ghi lý do tính lại.")
        )
        raise Invalid(sentence, field="reason")
    return rebill(actor, dossier, answers, found, reason=nfc(reason), now=now)


def follow_case(actor: Actor, dossier: Dossier, *, reason: str, now: datetime) -> None:
    """Another case of the procedure may cost otherwise: the difference is owed, or may be given back."""
    before = latest(dossier)
    answers = Answers.from_dict(before.answers) if before else Answers()
    found = assessed_again(dossier, answers, now)
    if found.owed.lines or before is not None:
        rebill(actor, dossier, answers, found, reason=nfc(reason), now=now)


@dataclass(frozen=True, slots=True)
class _Till:
    """One collecting unit and one budget: what is wanted there, what was paid and kept there, the difference."""

    place: Place
    bills: Sequence[Bill]
    wanted: Sequence[Line]
    kept: Mapping[int, Sequence[Sum]]
    change: fee_changes.Difference

    @property
    def asks_otherwise(self) -> bool:
        """Whether the open bills ask for anything else than what is still owed."""
        return _outstanding(self.bills) != dict(self.change.owed)


def rebill(
    actor: Actor,
    dossier: Dossier,
    answers: Answers,
    found: Assessed,
    *,
    reason: str,
    now: datetime,
    cause: RefundCause = RefundCause.LOWERED,
) -> Assessment:
    """Bring the bills of a locked dossier to what was worked out now; nothing where nothing is different."""
    before = latest(dossier)
    asked_back = refund_proposals.asked_for(dossier)  # locked before the bills
    tills = _tills(dossier, found)
    if asked_back and any(
        till.change.owed for till in tills
    ):  # asked for otherwise it would go back and be owed
        why = reason or _COUNTED_AGAIN
        refund_proposals.withdraw(actor, asked_back, reason=why, now=now)
        tills = _tills(dossier, found)
    same = before is not None and (before.answers, before.lines) == (
        answers.to_dict(),
        lines_of(found.owed.lines),
    )
    if before is not None and same and not any(till.asks_otherwise for till in tills):
        made = before
    else:  # bills are keyed by the number: what is asked anew has one of its own
        made = keep(actor, dossier, answers, found, reason=reason, now=now)
    for till in tills:
        if till.asks_otherwise:
            _ask_otherwise(actor, dossier, made, till, reason=reason, now=now)
        refund_proposals.propose(
            dossier,
            till.bills,
            till.kept,
            till.change.back,
            cause=cause,
            why=reason or str(cause.label),
            now=now,
        )
    return made


def _tills(dossier: Dossier, found: Assessed) -> list[_Till]:
    """By place, with every bill and unit locked that is going to change."""
    due = {(one.unit_id, one.budget_unit_id): one.lines for one in found.collections}
    bills = payments.lock_bills(dossier.code, at=[unit_id for unit_id, _ in due])
    made = []
    for place in sorted({(bill.unit_id, bill.budget_unit_id) for bill in bills} | set(due)):
        here = [bill for bill in bills if (bill.unit_id, bill.budget_unit_id) == place]
        wanted = due.get(place, ())
        kept = {bill.pk: kept_of(bill) for bill in here if bill.paid}
        sums = [Sum(line.rule.key, line.rule.kind.value, line.amount or 0) for line in wanted]
        change = fee_changes.difference(sums, [one for some in kept.values() for one in some])
        made.append(_Till(place, here, wanted, kept, change))
    return made


def _ask_otherwise(
    actor: Actor, dossier: Dossier, made: Assessment, till: _Till, *, reason: str, now: datetime
) -> None:
    """Cancel what is unpaid there and ask for what is still owed."""
    for bill in till.bills:
        if bill.state in UNPAID:
            why = reason or _COUNTED_AGAIN
            payments.cancel_bill(actor=actor, bill_id=bill.pk, reason=why, now=now)
    owed = [
        replace(bill_line(line), amount=till.change.owed[line.rule.key])
        for line in till.wanted
        if line.rule.key in till.change.owed
    ]
    if owed:
        _book(actor, dossier, made, owed, till.place, payer_of(dossier.parties.all()), now)


def _outstanding(bills: Iterable[Bill]) -> dict[str, int]:
    """What the open bills still ask for, by line."""
    found: dict[str, int] = {}
    for bill in bills:
        if bill.state in UNPAID:
            for line, paid in zip(bill.lines, payments_queries.paid_lines(bill), strict=True):
                if line["amount"] > paid:
                    found[line["key"]] = found.get(line["key"], 0) + line["amount"] - paid
    return found


# --- at the end -------------------------------------------------------------------------------------------


def end_bills(
    actor: Actor, dossier: Dossier, *, cause: RefundCause, reason: str, now: datetime
) -> Message | None:
    """A dossier ends without what was asked for: unpaid bills are cancelled, what may go back is proposed.

    Gives the sentence for the letter; None where the dossier had no bill. Lines that are kept when nothing is granted
    are not proposed.
    """
    bills = payments.lock_bills(dossier.code)
    if not bills:
        return None
    for bill in bills:
        if bill.state in UNPAID:
            payments.cancel_bill(
                actor=actor, bill_id=bill.pk, reason=nfc(reason) or str(cause.label), now=now
            )
    ending = ending_of(dossier, bills)
    refund_proposals.propose(dossier, bills, ending.loose, ending.back, cause=cause, why=nfc(reason), now=now)
    return _ending(ending.paid, sum(ending.back.values()))


def _ending(paid: int, back: int) -> Message:
    if not paid:
        return msg("chưa nộp; không phải nộp nữa.")
    if not back:
        return msg("%(paid)s đồng; không hoàn trả theo quy định của thủ tục.", paid=grouped(paid))
    if back == paid:
        return msg("%(paid)s đồng; việc hoàn trả do nơi thu xem xét và thông báo.", paid=grouped(paid))
    return msg(
        "%(paid)s đồng; việc hoàn trả %(back)s đồng do nơi thu xem xét và thông báo, phần còn lại không hoàn trả "
        "theo quy định của thủ tục.",
        paid=grouped(paid),
        back=grouped(back),
    )


def bill_again(actor: Actor, dossier: Dossier, *, reason: str, now: datetime) -> None:
    """The end of a dossier was taken back: what was cancelled is owed again, and nothing is to go back."""
    before = latest(dossier)
    if before is None:
        return
    refund_proposals.drop_all(dossier, now)
    answers = Answers.from_dict(before.answers)
    rebill(actor, dossier, answers, assessed_again(dossier, answers, now), reason=reason, now=now)


def _open(
    actor: Actor,
    dossier: Dossier,
    made: Assessment,
    found: Iterable[Collection],
    payer: payments.Payer,
    now: datetime,
) -> list[Bill]:
    places = sorted(found, key=lambda some: (some.unit_id, some.budget_unit_id))
    if len(places) > 1:
        payments.lock_bills(dossier.code, at=[some.unit_id for some in places])
    return [
        _book(
            actor,
            dossier,
            made,
            [bill_line(line) for line in one.lines],
            (one.unit_id, one.budget_unit_id),
            payer,
            now,
        )
        for one in places
    ]


def _book(
    actor: Actor,
    dossier: Dossier,
    made: Assessment,
    lines: Sequence[payments.BillLine],
    place: Place,
    payer: payments.Payer,
    now: datetime,
) -> Bill:
    unit_id, budget_unit_id = place
    return payments.open_bill(
        actor=actor,
        unit_id=unit_id,
        budget_unit_id=budget_unit_id,
        subject=dossier.code,
        payer=payer,
        lines=lines,
        key=f"dossier:{dossier.code}:{made.number}:{unit_id}:{budget_unit_id}",
        now=now,
        procedure_code=dossier.procedure_code,
        procedure_name=dossier.procedure_name,
    )
