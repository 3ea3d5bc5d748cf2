"""What the dossier of a token owes, for whoever holds its slip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.dossiers import queries_tracking
from motcua.kernel import clock
from motcua.payments import queries as payments
from motcua.payments.queries import HowToPay, OpenAttempt
from motcua.payments.queries.subjects import Came, history_of


@dataclass(frozen=True, slots=True)
class PayingPage:
    """Bills that stand, attempts to pay online whose outcome is not known, what came with its receipts; by bill."""

    code: str
    bills: tuple[HowToPay, ...]
    attempts: Mapping[int, OpenAttempt]
    came: Mapping[int, Sequence[Came]]
    seen_at: datetime

    @property
    def owed(self) -> int:
        return sum(bill.owed for bill in self.bills)


def paying_page(token: str, now: datetime) -> PayingPage | None:
    """The page of a token, or None for an unknown one (nine statements at most)."""
    code = queries_tracking.code_of_token(token)
    if code is None:
        return None
    bills = payments.how_to_pay(code, on=clock.today(now))
    online = [bill.bill_id for bill in bills if bill.owed]
    attempts = payments.last_attempts(online, now) if online else {}
    return PayingPage(code=code, bills=bills, attempts=attempts, came=_came(code, bills), seen_at=now)


def _came(code: str, bills: Sequence[HowToPay]) -> dict[int, list[Came]]:
    """What was paid on each bill and still stands (three statements; none while nothing was paid)."""
    found: dict[int, list[Came]] = {}
    for one in history_of(code).came if any(bill.paid for bill in bills) else ():
        if not one.taken_back:
            found.setdefault(one.bill_id, []).append(one)
    return found
