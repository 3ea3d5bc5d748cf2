"""Two cashiers at one receipt: one waits for the other, and neither waits for ever."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from motcua.kernel.errors import Conflict, NotFound
from motcua.organisation.tests.factories import SYSTEM
from motcua.payments import actions, queries
from motcua.payments.actions.billing import lock_bill
from motcua.payments.actions.entries import lock_collector
from motcua.payments.models import Entry, Receipt, ReceiptBook, StatementLine
from motcua.payments.tests.counter import NOW, make_counter
from motcua.payments.tests.statements import bring, csv_of, open_account

TODAY, DAY = date(2025, 12, 1), timedelta(days=1)

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time: nothing to race"
    ),
]


def test_taking_a_payment_back_and_voiding_its_receipt_do_not_block_each_other() -> None:
    counter = make_counter()
    bill = counter.bill()
    done = counter.pay(bill)
    receipt = Receipt.objects.get()
    begun, raised = threading.Event(), list[Exception]()

    def void() -> None:
        begun.wait(10)
        try:
            actions.void_receipt(actor=counter.cashier, receipt_id=receipt.pk, reason="In hỏng", now=NOW)
        except Exception as error:  # looked at below
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=void)
    thread.start()
    with transaction.atomic():
        lock_bill(bill.pk)
        lock_collector(counter.unit_id)
        begun.set()
        threading.Event().wait(0.5)  # the other is at its first lock by now
        actions.reverse_payment(
            actor=counter.cashier, payment_id=done.payment.pk, reason="Nhầm người", now=NOW
        )
    thread.join(30)
    assert [type(error) for error in raised] == [Conflict]
    assert [found.state for found in Receipt.objects.all()] == ["void"]


@pytest.mark.parametrize("act", ["open", "cancel"])
def test_what_is_owed_does_not_slip_into_a_day_that_is_being_closed(act: str) -> None:
    counter = make_counter()
    old = counter.bill("cu", now=NOW - timedelta(days=1))
    actions.close_day(actor=counter.cashier, unit_id=counter.unit_id, day=TODAY - DAY, counted=0, now=NOW)
    later = NOW + timedelta(minutes=1)
    begun, raised = threading.Event(), list[Exception]()

    def book() -> None:
        begun.wait(10)
        try:
            if act == "open":
                counter.bill("moi", now=later)
            else:
                actions.cancel_bill(actor=counter.cashier, bill_id=old.pk, reason="Rút hồ sơ", now=later)
        except Exception as error:  # looked at below
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=book)
    thread.start()
    with transaction.atomic():
        actions.close_day(actor=counter.cashier, unit_id=counter.unit_id, day=TODAY, counted=0, now=NOW)
        begun.set()
        threading.Event().wait(0.5)  # the other is at its first lock by now
    thread.join(30)
    assert raised == []
    assert Entry.objects.latest("pk").day == TODAY + DAY
    assert queries.check_ledger().ok


def test_two_books_opened_at_once_never_share_a_number() -> None:
    """The ward and its centre collect under one tax code: their books follow one another too."""
    counter = make_counter(books=False)
    ward_id = counter.leader.grants[0].unit_id
    barrier, raised = threading.Barrier(2), list[Exception]()

    def open_one(unit_id: int, first: int, last: int) -> None:
        barrier.wait(10)
        try:
            with transaction.atomic():
                actions.open_book(
                    actor=counter.leader,
                    unit_id=unit_id,
                    form_symbol="01BLP2-001",
                    series="AA-25T",
                    first_number=first,
                    last_number=last,
                    now=NOW,
                )
                threading.Event().wait(0.5)  # neither has committed while the other looks
        except Exception as error:  # looked at below
            raised.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=open_one, args=(ward_id, 1, 500)),
        threading.Thread(target=open_one, args=(counter.unit_id, 400, 900)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [type(error) for error in raised] == [Conflict]
    assert ReceiptBook.objects.count() == 1


@pytest.mark.parametrize("act", ["void", "missing"])
def test_writing_a_receipt_and_paying_the_rest_of_its_bill_do_not_block_each_other(act: str) -> None:
    counter = make_counter(books=act == "void")
    bill = counter.bill()
    done = counter.pay(bill, 8_000, method="transfer")
    if act == "missing":
        actions.open_book(
            actor=SYSTEM, unit_id=counter.unit_id, form_symbol="01BLP2-001", series="AA-25T", now=NOW
        )
    begun, raised = threading.Event(), list[Exception]()

    def write() -> None:
        begun.wait(10)
        try:
            if act == "void":
                receipt_id = Receipt.objects.get().pk
                actions.void_receipt(actor=counter.cashier, receipt_id=receipt_id, reason="In hỏng", now=NOW)
            else:
                actions.issue_missing_receipts(actor=counter.cashier, payment_id=done.payment.pk, now=NOW)
        except Exception as error:  # looked at below
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    with transaction.atomic():
        lock_bill(bill.pk)
        begun.set()
        threading.Event().wait(0.5)  # the other is at its first lock by now
        counter.pay(bill, 5_000, key="rest")
    thread.join(30)
    assert raised == []
    assert queries.check_ledger().problems == []


def test_a_line_that_is_settled_while_a_statement_comes_in_stays_settled() -> None:
    counter = make_counter()
    account = open_account(counter)
    bring(counter, account, csv_of(("FT1", 9_000, counter.bill("b1").reference)))
    line = StatementLine.objects.get()
    bill_id, begun, raised = line.bill_id, threading.Event(), list[Exception]()
    assert bill_id is not None

    def bring_another() -> None:
        begun.wait(10)
        try:
            bring(counter, account, csv_of(("FT2", 1, "lãi")), settle=False)
        except Exception as error:  # looked at below
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=bring_another)
    thread.start()
    with transaction.atomic():
        actions.settle_line(actor=counter.cashier, line_id=line.pk, parts=[(bill_id, 9_000)], now=NOW)
        begun.set()
        for _try in range(100):  # until the other is done, or waits for us
            threading.Event().wait(0.05)
            if not thread.is_alive() or _somebody_waits():
                break
    thread.join(30)
    assert raised == []
    line.refresh_from_db()
    assert line.state == "matched"


def test_counting_again_and_confirming_the_count_do_not_block_each_other() -> None:
    counter = make_counter()
    said: dict[str, Any] = {"unit_id": counter.unit_id, "day": TODAY, "now": NOW, "explanation": "Thừa"}
    waiting = actions.count_day(actor=counter.cashier, pieces={500_000: 1}, **said).waiting
    assert waiting is not None
    begun, raised = threading.Event(), list[Exception]()

    def confirm() -> None:
        begun.wait(10)
        try:
            actions.confirm_count(actor=counter.leader, count_id=waiting.pk, now=NOW)
        except Exception as error:  # looked at below
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=confirm)
    thread.start()
    with transaction.atomic():
        lock_collector(counter.unit_id)
        begun.set()
        threading.Event().wait(0.5)  # the other is at its first lock by now
        actions.count_day(actor=counter.cashier, pieces={500_000: 2}, **said)
    thread.join(30)
    assert [type(error) for error in raised] == [NotFound]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
