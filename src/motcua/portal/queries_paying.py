"""What the dossier of a token owes, for whoever holds its slip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from motcua.dossiers import queries_tracking
from motcua.kernel import clock
from motcua.payments import queries as payments
from motcua.payments.queries import HowToPay, OpenAttempt


@dataclass(frozen=True, slots=True)
class PayingPage:
    """Bills that stand, and attempts to pay online whose outcome is not known, by bill."""

    code: str
    bills: tuple[HowToPay, ...]
    attempts: Mapping[int, OpenAttempt]
    seen_at: datetime

    @property
    def owed(self) -> int:
        return sum(bill.owed for bill in self.bills)


def paying_page(token: str, now: datetime) -> PayingPage | None:
    """The page of a token, or None for an unknown one (six statements at most)."""
    code = queries_tracking.code_of_token(token)
    if code is None:
        return None
    bills = payments.how_to_pay(code, on=clock.today(now))
    online = [bill.bill_id for bill in bills if bill.owed]
    attempts = payments.last_attempts(online, now) if online else {}
    return PayingPage(code=code, bills=bills, attempts=attempts, seen_at=now)
