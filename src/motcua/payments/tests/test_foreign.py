"""What belongs to another ward is as unknown as what is not there: the same answer, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation.tests import factories
from motcua.organisation.types import Role, UnitKind
from motcua.payments import actions
from motcua.payments.models import StatementLine
from motcua.payments.tests.counter import NOW, Counter, make_counter
from motcua.payments.tests.statements import csv_of, open_account

pytestmark = pytest.mark.django_db
NOBODYS = 9_999_999
Place = Callable[[Counter], int]


def _bill(counter: Counter) -> int:
    return counter.bill("cua-ai").pk


def _payment(counter: Counter) -> int:
    return counter.pay(counter.bill("da-nop")).payment.pk


def _refund(counter: Counter) -> int:
    bill = counter.pay(counter.bill("hoan")).bill
    return int(
        actions.ask_refund(
            actor=counter.cashier, bill_id=bill.pk, method="cash", parts={"phi": 1_000}, reason="x", now=NOW
        ).pk
    )


def _book(counter: Counter) -> int:
    agency_id = units.unit(counter.unit_id).agency_id
    return actions.open_book(
        actor=factories.SYSTEM, unit_id=agency_id, form_symbol="01BLP2-001", series="AB-25T", now=NOW
    ).pk


def _account(counter: Counter) -> int:
    return open_account(counter).pk


def _line(counter: Counter) -> int:
    account_id = _account(counter)
    data = csv_of(("1", 5_000, "khong ro"), day="01/12/2025")
    actions.import_statement(actor=counter.cashier, account_id=account_id, name="s", data=data, now=NOW)
    return StatementLine.objects.get().pk


def _count(counter: Counter) -> int:
    done = actions.count_day(
        actor=counter.cashier,
        unit_id=counter.unit_id,
        day=NOW.date(),
        pieces={500_000: 1},
        explanation="x",
        now=NOW,
    )
    assert done.waiting is not None
    return done.waiting.pk


ACTS: dict[str, tuple[Place, Callable[..., Any], str, dict[str, Any]]] = {
    "pay": (_bill, actions.take_payment, "bill_id", {"method": "cash", "amount": 1_000, "key": "k"}),
    "ask_refund": (
        _bill,
        actions.ask_refund,
        "bill_id",
        {"method": "cash", "parts": {"phi": 1}, "reason": "x"},
    ),
    "confirm_refund": (_refund, actions.confirm_refund, "refund_id", {}),
    "refuse_refund": (_refund, actions.refuse_refund, "refund_id", {"reason": "x"}),
    "pay_out_refund": (_refund, actions.pay_out_refund, "refund_id", {}),
    "reverse": (_payment, actions.reverse_payment, "payment_id", {"reason": "x"}),
    "unbook": (_payment, actions.unbook_transfer, "payment_id", {"reason": "x"}),
    "receipts": (_payment, actions.issue_missing_receipts, "payment_id", {}),
    "close_book": (_book, actions.close_book, "book_id", {"reason": "x"}),
    "confirm_book": (_book, actions.confirm_book, "book_id", {"first_number": 1, "last_number": 9}),
    "note_notice": (_book, actions.note_notice, "book_id", {"notice_number": "1", "notice_on": NOW.date()}),
    "end_account": (_account, actions.end_account, "account_id", {"ends_on": NOW.date(), "reason": "x"}),
    "settle_certain": (_account, actions.settle_automatic, "account_id", {}),
    "import": (_account, actions.import_statement, "account_id", {"name": "s", "data": b"x"}),
    "ignore_line": (_line, actions.ignore_line, "line_id", {"reason": "x"}),
    "settle_line": (_line, actions.settle_line, "line_id", {"parts": [(1, 5_000)]}),
    "undo_match": (_line, actions.undo_match, "line_id", {"reason": "x"}),
    "confirm_count": (_count, actions.confirm_count, "count_id", {}),
    "refuse_count": (_count, actions.refuse_count, "count_id", {"reason": "x"}),
}


@pytest.fixture
def stranger(counter: Counter) -> Actor:
    """Everything a person can be, in another ward."""
    top = units.unit_by_code("24")
    organisation.create_unit(
        actor=factories.SYSTEM,
        now=NOW,
        code="07213",
        name="Phường Bên",
        full_name="Ủy ban nhân dân phường Bên",
        kind=UnitKind.COMMUNE,
        parent_id=top.id,
        agency_code="H05.102",
    )
    person = factories.person("nguoi-la")
    for role in (Role.ONE_STOP_OFFICER, Role.LEADER, Role.IT_ADMIN):
        factories.post(person, "07213", role)
    return units.actor_for(person, NOW)


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.mark.parametrize("act", list(ACTS))
def test_foreign_and_unknown_are_alike(counter: Counter, stranger: Actor, act: str) -> None:
    place, action, name, asked = ACTS[act]
    number = place(counter)
    answers = [
        _refused(action, actor=stranger, now=NOW, **{name: each}, **asked) for each in (number, NOBODYS)
    ]
    assert all(isinstance(answer, NotFound) for answer in answers), answers
    assert answers[0].message.source() == answers[1].message.source()


def test_of_ones_own_ward_one_is_told_that_one_may_not(counter: Counter) -> None:
    for actor, act in (
        (counter.leader, "pay"),
        (counter.cashier, "confirm_refund"),
        (counter.cashier, "close_book"),
    ):
        place, action, name, asked = ACTS[act]
        assert isinstance(
            _refused(action, actor=actor, now=NOW, **{name: place(counter)}, **asked), NotAllowed
        )


def test_an_advance_of_another_ward_is_unknown(counter: Counter, stranger: Actor) -> None:
    asked = {"from_bill_id": _bill(counter), "bill_id": counter.bill("kia").pk, "amount": 1, "key": "k"}
    assert isinstance(_refused(actions.allocate_advance, actor=stranger, now=NOW, **asked), NotFound)


def _refused(action: Callable[..., Any], **asked: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        action(**asked)
    return refusal.value
