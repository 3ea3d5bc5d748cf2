"""Which bills lines of statements may pay, as things stand: proposals, payments that are there, reasons to look."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.payments.models import BankAccount, Bill, Payment, StatementLine, StatementMatch
from motcua.payments.rules.matching import Bills, Credit, OpenBill, Proposal, match_all, references_in
from motcua.payments.types import BillState, MatchState, Method

MOST_BILLS, AT_ONCE = 30_000, 500
WAITING = (MatchState.UNMATCHED, MatchState.PROPOSED)
BY_ITSELF = (Method.TRANSFER, Method.PLATFORM)
_MATCHED = Exists(StatementMatch.objects.filter(payment_id=OuterRef("pk"), undone_at__isnull=True))
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-]{7,63}")


@dataclass(slots=True)
class Judgement:
    """What was found of lines: proposals, payments that are there already, and why a person must look."""

    proposals: dict[int, tuple[Proposal, ...]] = field(default_factory=dict)
    there: dict[int, tuple[Payment, ...]] = field(default_factory=dict)
    reasons: dict[int, Message] = field(default_factory=dict)


def judge(account: BankAccount, lines: Sequence[StatementLine]) -> Judgement:
    """Judge lines in the order given (six statements, whatever their number up to some hundreds)."""
    units = units_of(account)
    found = Judgement(there=_there(lines, units))
    named = {reference for line in lines for reference in references_in(line.text)[0]}
    bills = _bills(units, named)
    found.reasons = _reasons(lines, found.there, bills, units, named)
    hands_off = found.reasons | {line_id: msg("Tiền này đã được ghi thu") for line_id in found.there}
    found.proposals = match_all(
        [Credit(line.pk, line.amount, line.text, line.payer) for line in lines],
        Bills(_open(bill) for bill in bills),
        hands_off=hands_off,
    )
    return found


def payments_on(bill_ids: Iterable[int], amount: int) -> list[Payment]:
    """Transfers of this amount on these bills that no line was matched with: taken by hand before (one statement)."""
    return list(
        Payment.objects.select_related("bill")
        .filter(
            bill_id__in=list(bill_ids), amount=amount, method__in=BY_ITSELF, entry__reversed_by__isnull=True
        )
        .exclude(_MATCHED)
        .order_by("pk")
    )


def payments_there(line: StatementLine) -> list[Payment]:
    """Payments of this very amount whose number the line carries: this money, taken before (one statement)."""
    there = _there([line], units_of(line.account)).get(line.pk, ())
    return [payment for payment in there if payment.amount == line.amount]


def units_of(account: BankAccount) -> list[int]:
    """The units that collect into an account: those of its agency."""
    agency_id = organisation.unit(account.unit_id).agency_id
    return [unit.id for unit in organisation.units().values() if unit.agency_id == agency_id]


def _open(bill: Bill) -> OpenBill:
    owed = 0 if bill.state in (BillState.CANCELLED, BillState.REFUNDED) else max(bill.total - bill.paid, 0)
    return OpenBill(bill.pk, bill.reference, bill.subject, bill.payer_name, owed, bill.state)


def _bills(units: Sequence[int], named: Iterable[str]) -> list[Bill]:
    """Every bill of these units that waits for money, and those the lines name, whatever became of them."""
    fields = ("id", "unit_id", "reference", "subject", "payer_name", "total", "paid", "state")
    rows = Bill.objects.only(*fields)
    waiting = rows.filter(unit_id__in=units, state__in=(BillState.OPEN, BillState.PARTLY)).order_by("-pk")
    found = {bill.pk: bill for bill in waiting[:MOST_BILLS]}
    for part in _parts(sorted(named)):
        found |= {bill.pk: bill for bill in rows.filter(unit_id__in=units, reference__in=part)}
    return list(found.values())


def _there(lines: Sequence[StatementLine], units: Sequence[int]) -> dict[int, tuple[Payment, ...]]:
    """Payments with a line's own number, or with one its text holds, that were taken by hand or by the platform."""
    wanted: dict[str, list[StatementLine]] = defaultdict(list)
    for line in lines:
        for word in {line.number, *_WORD.findall(line.text)} - {""}:
            wanted[word].append(line)
    found: dict[int, list[Payment]] = defaultdict(list)
    for part in _parts(sorted(wanted)):
        rows = (
            Payment.objects.select_related("bill")
            .filter(
                method__in=BY_ITSELF, reference__in=part, unit_id__in=units, entry__reversed_by__isnull=True
            )
            .exclude(_MATCHED)
        )
        for payment in rows.order_by("pk"):
            for line in wanted[payment.reference]:
                found[line.pk].append(payment)
    return {line_id: tuple(payments) for line_id, payments in found.items()}


def _reasons(
    lines: Sequence[StatementLine],
    there: dict[int, tuple[Payment, ...]],
    bills: Sequence[Bill],
    units: Sequence[int],
    named: Iterable[str],
) -> dict[int, Message]:
    """Why a person must look before anything of a line is booked."""
    known = {bill.reference for bill in bills}
    foreign = _foreign(sorted(set(named) - known), units)
    undone = set(
        StatementLine.objects.filter(
            pk__in=[line.pk for line in lines], matches__undone_at__isnull=False
        ).values_list("pk", flat=True)
    )
    found: dict[int, Message] = {}
    for line in lines:
        others = [foreign[reference] for reference in references_in(line.text)[0] if reference in foreign]
        if others:
            found[line.pk] = msg("Mã nộp tiền là của %(unit)s, không thu vào tài khoản này", unit=others[0])
        elif line.pk in undone:
            found[line.pk] = msg("Đã từng khớp rồi gỡ ra: người xử lý chọn lại")
        elif any(payment.amount != line.amount for payment in there.get(line.pk, ())):
            found[line.pk] = msg("Số giao dịch này đã được ghi thu với số tiền khác: kiểm tra")
    return found


def _foreign(references: Sequence[str], units: Sequence[int]) -> dict[str, str]:
    """References of bills of other agencies, with the unit's name."""
    found: dict[str, str] = {}
    for part in _parts(references):
        rows = Bill.objects.filter(reference__in=part).exclude(unit_id__in=units)
        for reference, unit_id in rows.values_list("reference", "unit_id"):
            found[reference] = organisation.unit(unit_id).full_name
    return found


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE))
