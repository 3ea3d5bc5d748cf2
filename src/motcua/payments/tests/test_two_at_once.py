"""Two cashiers at one receipt: one waits for the other, and neither waits for ever."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from motcua.kernel.errors import Conflict
from motcua.organisation.tests.factories import SYSTEM
from motcua.payments import actions, queries
from motcua.payments.actions.billing import lock_bill
from motcua.payments.actions.entries import lock_collector
from motcua.payments.models import Entry, Receipt, ReceiptBook
from motcua.payments.tests.counter import NOW, make_counter

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
