"""The papers of money that are no receipts: the record of a closed day, the slip of a refund."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from motcua.documents import actions as documents
from motcua.documents import queries as letters
from motcua.documents.types import LetterData, Party
from motcua.documents.types_money import (
    AmountLine,
    CollectionRecord,
    RefundSlip,
    Remittance,
    SeriesLine,
)
from motcua.kernel.actor import Actor
from motcua.payments.models import CashierDay, Collector, Entry, Refund
from motcua.payments.queries.figures import balance
from motcua.payments.rules.amount_words import dong_in_words
from motcua.payments.rules.journal import MONEY
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import WAYS, EntryKind, Method

KINDS = {"phi": "Phí", "le_phi": "Lệ phí"}


def day_record(
    *, actor: Actor, day: CashierDay, collector: Collector, people: Mapping[str, int | None], now: datetime
) -> letters.Letter:
    """The record of a day that is being closed, in the caller's transaction; `people` sign it: cashier, confirmer."""
    figures = day.figures
    methods = tuple(
        AmountLine(
            name=str(method.label),
            amount=figures["taken"].get(MONEY[method], 0),
            returned=figures["returned"].get(MONEY[method], 0),
        )
        for method in WAYS
        if MONEY[method] in {*figures["taken"], *figures["returned"]} or method is Method.CASH
    )
    record = CollectionRecord(
        head=letters.letter_head(day.unit_id),
        collector=collector.name,
        tax_code=collector.tax_code,
        day=day.day,
        methods=methods,
        revenue=tuple(AmountLine(name=KINDS[kind], amount=sum_) for kind, sum_ in figures["revenue"].items()),
        receipts=tuple(
            SeriesLine(
                symbol=f"{use['form_symbol']} {use['series']}",
                first=number_text(use["first"]),
                last=number_text(use["last"]),
                count=use["count"],
                amount=use["amount"],
            )
            for use in figures["receipts"]
        ),
        remittances=_remittances(day),
        pieces=tuple(
            AmountLine(name=note, amount=int(note) * count, count=count)
            for note, count in sorted(day.pieces.items(), key=lambda piece: -int(piece[0]))
            if count
        ),
        opening=balance(day.unit_id, "cash", until=day.day - timedelta(days=1)),
        expected=day.expected,
        counted=day.counted,
        counted_in_words=dong_in_words(day.counted),
        explanation=day.explanation,
        cashier=day.closed_by_name,
        second=day.confirmed_by_name,
        digest=day.digest,
    )
    return _issue(actor, "collection_record", day.unit_id, f"{day.day:%Y-%m-%d}", record, now, people)


def refund_slip(*, actor: Actor, refund: Refund, now: datetime) -> letters.Letter:
    """The slip of a refund that is being paid out, in the caller's transaction."""
    bill = refund.bill
    lines = [AmountLine(name=KINDS[line["kind"]], amount=line["amount"]) for line in refund.lines]
    if refund.advance:
        lines.append(AmountLine(name="Tiền nộp thừa", amount=refund.advance))
    slip = RefundSlip(
        head=letters.letter_head(refund.unit_id),
        payee=Party(name=bill.payer_name, id_number=bill.payer_id_number, address=bill.payer_address),
        subject=bill.subject,
        procedure=bill.procedure_name,
        reference=bill.reference,
        lines=tuple(lines),
        amount=refund.amount,
        amount_in_words=dong_in_words(refund.amount),
        reason=refund.reason,
        method=str(Method(refund.method).label),
        to_account=refund.to_account,
        payout_reference=refund.payout_reference,
        asked_by=refund.asked_by_name,
        confirmed_by=refund.decided_by_name,
        paid_out_by=refund.paid_out_by_name,
    )
    return _issue(actor, "refund_slip", refund.unit_id, bill.reference, slip, now)


def _remittances(day: CashierDay) -> tuple[Remittance, ...]:
    entries = Entry.objects.filter(unit_id=day.unit_id, day=day.day, kind=EntryKind.REMITTANCE)
    return tuple(
        Remittance(
            document=entry.note,
            method=str(Method(entry.method).label),
            amount=sum(side.amount for side in entry.postings.all() if side.account == "treasury"),
        )
        for entry in entries.prefetch_related("postings").order_by("pk")
    )


def _issue(
    actor: Actor,
    kind: str,
    unit_id: int,
    subject: str,
    data: LetterData,
    now: datetime,
    people: Mapping[str, int | None] | None = None,
) -> letters.Letter:
    return documents.issue_letter(
        kind=kind,
        unit_id=unit_id,
        subject=subject,
        data=data,
        number=documents.next_letter_number(unit_id=unit_id, kind=kind, now=now),
        issued_by=actor.user_id,
        now=now,
        people=people,
    )
