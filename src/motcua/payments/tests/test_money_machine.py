"""A ward's money in any order of acts: whatever people do, refused or done, the books agree afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Refused
from motcua.organisation import queries as units
from motcua.organisation.tests.factories import SYSTEM
from motcua.payments import actions, queries
from motcua.payments.actions.reversing import unbook_platform
from motcua.payments.models import Bill, Payment, Posting, Receipt, Refund, StatementLine
from motcua.payments.tests.counter import LINES, NOW, Counter, make_counter
from motcua.payments.tests.statements import csv_of, open_account

PICK = st.integers(0, 7)
SUMS = st.sampled_from([1, 5_000, 8_000, 9_000, 13_000, 20_000])
WAYS = st.sampled_from(["cash", "card", "transfer", "platform"])
LAST_DAYS = datetime(2025, 12, 29, 2, 0, tzinfo=NOW.tzinfo)


class Ward(RuleBasedStateMachine):
    """Each rule is one act; a refusal is an outcome too, and changes nothing."""

    counter: Counter
    account_id: int

    def __init__(self) -> None:
        super().__init__()
        self.now, self.count, self.outer = LAST_DAYS, 0, transaction.atomic()
        self.outer.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @initialize()
    def ward(self) -> None:
        self.counter = make_counter(now=NOW)
        self.account_id = open_account(self.counter).pk
        self.act(actions.open_book, SYSTEM, form_symbol="01BLP2-001", series="AA-26T", **self.here)

    @property
    def here(self) -> dict[str, Any]:
        return {"unit_id": self.counter.unit_id}

    @property
    def key(self) -> str:
        self.count += 1
        return f"k{self.count}"

    def act(self, act: Any, actor: Any = None, **asked: Any) -> Any:
        """Do it as the product does, in a transaction of its own that a refusal rolls back."""
        try:
            with transaction.atomic():
                return act(actor=actor or self.counter.cashier, now=self.now, **asked)
        except Refused:
            return None

    def one(self, rows: Any, pick: int) -> int:
        """One of the newest rows, or a number nobody has."""
        keys = list(rows.order_by("-pk").values_list("pk", flat=True)[:8])
        return keys[pick % len(keys)] if keys else 0

    def bill(self, pick: int) -> int:
        return self.one(Bill.objects, pick)

    @rule()
    def open(self) -> None:
        self.counter.bill(self.key, now=self.now)

    @rule(pick=PICK, way=WAYS, amount=SUMS)
    def pay(self, pick: int, way: str, amount: int) -> None:
        asked = {"bill_id": self.bill(pick), "method": way, "amount": amount, "key": self.key}
        for _press in range(2):
            self.act(actions.take_payment, **asked)

    @rule()
    def open_for_the_agency(self) -> None:
        """What the agency collects in its own name is paid at the same counter and lies in its own books."""
        agency_id = units.unit(self.counter.unit_id).agency_id
        self.act(
            actions.open_bill,
            SYSTEM,
            unit_id=agency_id,
            budget_unit_id=agency_id,
            subject=f"H05.101-251201-{self.key}",
            payer=actions.Payer("Nguyễn Thị Ánh", "027090001234"),
            lines=LINES,
            key=self.key,
        )

    @rule(back=st.integers(0, 2))
    def close_the_agency(self, back: int) -> None:
        agency_id = units.unit(self.counter.unit_id).agency_id
        day = clock.today(self.now) - timedelta(days=back)
        counted = queries.balance(agency_id, "cash", until=day)
        self.act(actions.close_day, unit_id=agency_id, day=day, counted=max(counted, 0), explanation="")

    @rule(pick=PICK)
    def bounce(self, pick: int) -> None:
        self.act(actions.unbook_transfer, payment_id=self.one(Payment.objects, pick), reason="Bị trả lại")

    @rule(pick=PICK)
    def never_came(self, pick: int) -> None:
        paid = Payment.objects.filter(method="platform")
        self.act(unbook_platform, SYSTEM, payment_id=self.one(paid, pick), reason="Tiền không về")

    @rule(pick=PICK)
    def withdraw_refund(self, pick: int) -> None:
        def act(*, actor: Actor, now: datetime) -> None:
            for refund in actions.lock_refunds([self.one(Refund.objects, pick)]):
                actions.withdraw_refund(actor=actor, refund=refund, reason="Hoàn tác", now=now)

        self.act(act, SYSTEM)

    @rule(pick=PICK)
    def reverse(self, pick: int) -> None:
        self.act(actions.reverse_payment, payment_id=self.one(Payment.objects, pick), reason="Nhầm")

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        self.act(actions.cancel_bill, bill_id=self.bill(pick), reason="Rút")

    @rule(source=PICK, pick=PICK, amount=SUMS)
    def use_advance(self, source: int, pick: int, amount: int) -> None:
        asked = {"from_bill_id": self.bill(source), "bill_id": self.bill(pick), "amount": amount}
        self.act(actions.allocate_advance, key=self.key, **asked)

    @rule(pick=PICK, way=WAYS, fee=st.sampled_from([0, 3_000, 8_000]), advance=st.sampled_from([0, 7_000]))
    def ask_refund(self, pick: int, way: str, fee: int, advance: int) -> None:
        asked = {"parts": {"phi": fee}, "advance": advance, "reason": "x", "to_account": "VCB 1"}
        self.act(actions.ask_refund, bill_id=self.bill(pick), method=way, **asked)

    @rule(pick=PICK, what=st.sampled_from(["confirm", "confirm", "refuse"]))
    def decide_refund(self, pick: int, what: str) -> None:
        refund_id = self.one(Refund.objects, pick)
        if what == "confirm":
            self.act(actions.confirm_refund, self.counter.leader, refund_id=refund_id)
        else:
            self.act(actions.refuse_refund, self.counter.leader, refund_id=refund_id, reason="x")

    @rule(pick=PICK)
    def pay_out(self, pick: int) -> None:
        self.act(actions.pay_out_refund, refund_id=self.one(Refund.objects, pick), reference="UNC 1")

    @rule(pick=PICK, act=st.sampled_from(["void", "replace", "adjust", "lost"]), leader=st.booleans())
    def correct(self, pick: int, act: str, leader: bool) -> None:
        acts: dict[str, Any] = {
            "void": actions.void_receipt,
            "replace": actions.replace_receipt,
            "adjust": actions.adjust_receipt,
            "lost": actions.report_lost,
        }
        asked = {"payer_name": "Nguyễn Thị Anh"} if act in ("replace", "adjust") else {}
        actor = self.counter.leader if leader else self.counter.cashier
        self.act(acts[act], actor, receipt_id=self.one(Receipt.objects, pick), reason="In hỏng", **asked)

    @rule(amount=SUMS, way=WAYS)
    def remit(self, amount: int, way: str) -> None:
        self.act(actions.remit, method=way, amount=amount, document="KB", key=self.key, **self.here)

    @rule(back=st.integers(0, 2), off=st.sampled_from([0, 0, 0, 500, -500]))
    def close(self, back: int, off: int) -> None:
        day: date = clock.today(self.now) - timedelta(days=back)
        counted = queries.balance(self.counter.unit_id, "cash", until=day) + off
        self.act(actions.close_day, day=day, counted=counted, explanation="Lệch", **self.here)

    @rule()
    def next_day(self) -> None:
        self.now += timedelta(days=1)

    @rule(pick=PICK, amount=SUMS, named=st.booleans())
    def bring_statement(self, pick: int, amount: int, named: bool) -> None:
        bill = Bill.objects.filter(pk=self.bill(pick)).first()
        text = bill.reference if bill and named else "khong ro"
        data = csv_of((self.key, amount, text), day=f"{clock.today(self.now):%d/%m/%Y}")
        self.act(actions.import_statement, account_id=self.account_id, name="s.csv", data=data)
        self.act(actions.settle_automatic, account_id=self.account_id)

    @rule(line=PICK, pick=PICK, act=st.sampled_from(["settle", "tie", "undo", "ignore"]))
    def decide_line(self, line: int, pick: int, act: str) -> None:
        line_id = self.one(StatementLine.objects, line)
        if act == "settle":
            amount = StatementLine.objects.filter(pk=line_id).values_list("amount", flat=True).first() or 0
            self.act(actions.settle_line, line_id=line_id, parts=[(self.bill(pick), amount)])
        elif act == "tie":
            self.act(actions.tie_line, line_id=line_id, payment_id=self.one(Payment.objects, pick))
        else:
            acts: dict[str, Any] = {"undo": actions.undo_match, "ignore": actions.ignore_line}
            self.act(acts[act], line_id=line_id, reason="Nhầm")

    @invariant()
    def the_books_agree(self) -> None:
        found = queries.check_ledger()
        assert found.ok, found.problems

    @invariant()
    def the_till_never_owes(self) -> None:
        if hasattr(self, "counter"):
            assert queries.balance(self.counter.unit_id, "cash") >= 0

    @invariant()
    def a_matched_line_stands_for_money_in_the_books(self) -> None:
        for line in StatementLine.objects.filter(state="matched"):
            standing = line.matches.filter(undone_at=None, payment__entry__reversed_by=None)
            assert sum(standing.values_list("payment__amount", flat=True)) == line.amount

    @invariant()
    def nothing_is_asked_for_on_a_bill_that_was_cancelled(self) -> None:
        for bill in Bill.objects.filter(state="cancelled"):
            sides = Posting.objects.filter(entry__bill=bill, account="receivable")
            assert sum(sides.values_list("amount", flat=True)) == 0

    @invariant()
    def no_advance_is_given_twice(self) -> None:
        for bill in Bill.objects.all():
            assert all(left >= 0 for left in actions.refundable(bill).values())


class MoneyMachine(TestCase):
    def test_whatever_people_do_the_books_agree(self) -> None:
        run_state_machine_as_test(
            Ward,
            settings=settings(
                max_examples=5,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
