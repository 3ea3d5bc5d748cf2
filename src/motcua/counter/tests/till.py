"""A till with a cashier's and a leader's browser, for the tests of the cashier's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.test import Client

from motcua.counter.tests.counter_desk import sign_in
from motcua.payments.models import BankAccount, Bill, Payment
from motcua.payments.tests.counter import NOW, Counter, make_counter

TODAY = date(2025, 12, 1)
LIST, CLOSE, REFUNDS, SCREEN = "/thu-phi/", "/thu-phi/khoa-so/", "/thu-phi/hoan-tra/", "/thu-phi/man-hinh/"


@dataclass
class Till:
    """The small ward's till."""

    books: Counter
    cashier: Client
    leader: Client

    @property
    def unit_id(self) -> int:
        return self.books.unit_id

    def bill(self, key: str = "b1", **more: Any) -> Bill:
        return self.books.bill(key, **more)

    def url(self, bill: Bill) -> str:
        return f"/thu-phi/khoan/{bill.reference}/"

    def form(self, bill: Bill, **changes: Any) -> dict[str, Any]:
        """What the page sends for cash, complete."""
        data = {"key": "form-1", "method": "cash", "owed": str(bill.total), "opened": "2025-12-01", **changes}
        return {name: value for name, value in data.items() if value is not None}

    def pay(self, bill: Bill, **changes: Any) -> Payment:
        """Taken through the page."""
        answer = self.cashier.post(self.url(bill), self.form(bill, **{"key": f"pay-{bill.key}", **changes}))
        assert answer.status_code == 302, answer.content.decode()
        return Payment.objects.latest("pk")

    def sign_in_again(self) -> None:
        """After a journey through time the session has expired."""
        self.cashier = sign_in(self.books.cashier)

    def with_account(self) -> None:
        """The ward takes transfers."""
        BankAccount.objects.create(
            unit_id=self.books.leader.grants[0].unit_id,
            bank_bin="970436",
            number="0011001234567",
            holder="UBND PHUONG BAC GIANG",
            registered=True,
            starts_on=date(2025, 7, 1),
        )


def make_till(*, now: datetime = NOW) -> Till:
    books = make_counter(now=now)
    return Till(books, sign_in(books.cashier), sign_in(books.leader))


def words(answer: object) -> str:
    """The page, with ordinary spaces in its amounts."""
    content: bytes = answer.content  # type: ignore[attr-defined]  # the test client's own type
    return content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
