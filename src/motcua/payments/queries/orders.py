"""What the platform is told of a bill: our attempt as its order, and the bill it may ask us for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core import signing

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.payments.models import Bill, Collector, PlatformTransaction
from motcua.payments.platform_settings import wording
from motcua.payments.queries.bills import OPEN
from motcua.payments.queries.ways import account_of, ways_to_pay
from motcua.payments.rules import journal, platform
from motcua.payments.rules.platform import Order, OrderLine
from motcua.payments.types import BillState, TransactionState


def partner_of(unit_id: int) -> str | None:
    """The partner code a unit collects under: its own, else its agency's (one statement)."""
    agency_id = organisation.unit(unit_id).agency_id
    found = dict(
        Collector.objects.filter(unit_id__in={unit_id, agency_id}).values_list("unit_id", "platform_partner")
    )
    return found.get(unit_id, found.get(agency_id)) or None


def order_of(attempt: PlatformTransaction, *, ip: str = "") -> Order:
    """An attempt as the platform is told of it (one statement beside its bill); `ip` is the payer's."""
    return _order(attempt.bill, attempt.partner, attempt.reference, attempt.amount, attempt.created_at, ip)


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """The last attempt to pay a bill online; `url` where it can still be paid."""

    url: str
    state: TransactionState

    @property
    def in_doubt(self) -> bool:
        """Money may have come: nobody should pay again before people have looked."""
        return self.state == TransactionState.DISPUTED


BACK_SALT, BACK_LASTS = "payments.back", timedelta(days=1)


def with_way_back(url: str, path: str) -> str:
    """The page of an attempt as a link that knows where it was opened: the stand-in of a demo leads back there.

    The path is signed, so that nobody sends people elsewhere; the real platform's address is left as it is.
    """
    if not url.startswith("/"):
        return url
    return f"{url}?{urlencode({'ve': signing.dumps(path, salt=BACK_SALT, compress=True)})}"


def way_back(given: str) -> str:
    """The path such a link carries; "" for one that is not ours, or too old."""
    try:
        found = signing.loads(given, salt=BACK_SALT, max_age=BACK_LASTS)
    except signing.BadSignature:
        return ""
    return str(found)


def last_attempts(bill_ids: Collection[int], now: datetime) -> dict[int, OpenAttempt]:
    """The last attempt at each bill whose outcome is not known (one statement)."""
    found: dict[int, OpenAttempt] = {}
    rows = PlatformTransaction.objects.filter(bill_id__in=bill_ids).select_related("bill").order_by("-pk")
    for row in rows[:200]:
        # Its page asks for what was owed then: no longer shown once part of it came another way.
        same = row.amount == row.bill.total - row.bill.paid
        fresh = same and row.state == TransactionState.CREATED and now - row.created_at < platform.PAGE_LASTS
        attempt = OpenAttempt(row.pay_url if fresh else "", TransactionState(row.state))
        found.setdefault(row.bill_id, attempt)
    open_states = (TransactionState.PENDING, TransactionState.DISPUTED)
    return {key: each for key, each in found.items() if each.url or each.state in open_states}


def payable(actor: Actor, subject: str, now: datetime) -> tuple[int, dict[str, Any] | list[Any]]:
    """The platform asks by a dossier's code: 1 and what is to be paid, 0 when nothing is, -1 for an unknown code.

    A partner system of one agency learns of that agency's bills alone.
    """
    bills = [
        bill
        for bill in Bill.objects.filter(subject=subject).order_by("pk")[:50]
        if not actor.agency_ids or organisation.unit(bill.unit_id).agency_id in actor.agency_ids
    ]
    if not bills:
        return -1, []
    for bill in bills:
        if bill.state in OPEN and bill.total > bill.paid:
            partner = partner_of(bill.unit_id)
            if partner is None or not ways_to_pay(bill.unit_id, on=clock.today(now)).platform:
                continue
            order = _order(bill, partner, bill.reference, bill.total - bill.paid, now)
            found = platform.bill(wording(), order)
            return 1, {**found, "MaTraCuuTT": bill.reference, "SoTien": str(order.amount)}
    return 0, []


def _order(bill: Bill, partner: str, reference: str, amount: int, at: datetime, ip: str = "") -> Order:
    unit = organisation.unit(bill.unit_id)
    agency = organisation.unit(unit.agency_id)
    account = account_of(bill.unit_id, on=clock.today(at))
    return Order(
        partner=partner,
        reference=reference,
        amount=amount,
        at=at,
        ip=ip,
        description=f"Thanh toan ho so {bill.subject}",
        subject=bill.subject,
        procedure_code=bill.procedure_code,
        procedure_name=bill.procedure_name,
        unit_code=agency.agency_code,
        unit_name=agency.full_name,
        bank_bin=account.bank_bin if account else "",
        account_number=account.number if account else "",
        account_holder=account.holder if account else "",
        payer_name=bill.payer_name,
        payer_id_number=bill.payer_id_number,
        payer_address=bill.payer_address,
        province=organisation.province().name,
        lines=_left(bill, amount),
    )


def _left(bill: Bill, amount: int) -> tuple[OrderLine, ...]:
    """What of each line the amount pays, after what was paid before."""
    kinds = [(line["kind"], line["amount"]) for line in bill.lines]
    before = bill.paid if bill.state != BillState.CANCELLED else 0
    shares = journal.shared_out(kinds, before=before, amount=amount)
    return tuple(
        OrderLine(line["kind"], line["key"], line["name"], share)
        for line, share in zip(bill.lines, shares, strict=True)
        if share
    )
