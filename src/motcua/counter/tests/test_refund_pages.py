"""Money that goes back, over HTTP: two people, then the money, never more than was paid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.counter.tests.counter_desk import sign_in
from motcua.counter.tests.till import REFUNDS, Till, make_till, words
from motcua.kernel.actor import Actor
from motcua.payments import actions, queries
from motcua.payments.models import Bill, Refund
from motcua.payments.tests.counter import LINES, NOW


@pytest.fixture
def till(db: None) -> Iterator[Till]:
    with time_machine.travel(NOW, tick=False):
        made = make_till()
        made.pay(made.bill())
        yield made


@pytest.fixture
def bill(till: Till) -> Bill:
    return Bill.objects.get()


def ask(till: Till, bill: Bill, **typed: str) -> Refund:
    answer = till.cashier.post(
        f"{till.url(bill)}hoan-tra/",
        {"le_phi": "5000", "method": "cash", "reason": "Thuộc diện miễn", **typed},
    )
    assert answer.status_code == 302, words(answer)
    return Refund.objects.latest("pk")


def test_the_only_kind_there_is_stands_in_the_form_with_all_of_it(till: Till) -> None:
    only = till.bill("mot", lines=LINES[:1])
    till.pay(only)
    assert 'value="8.000"' in words(till.cashier.get(f"{till.url(only)}hoan-tra/"))
    refused = till.cashier.post(f"{till.url(only)}hoan-tra/", {"phi": "", "method": "cash", "reason": "x"})
    assert refused.status_code == 422 and "lớn hơn 0" in words(refused)


def page_of(refund: Refund) -> str:
    return f"{REFUNDS}{refund.pk}/"


def test_a_refund_goes_from_the_cashier_to_the_leader_and_back_and_then_the_money(
    till: Till, bill: Bill
) -> None:
    refund = ask(till, bill)
    assert "Chờ xác nhận" in words(till.leader.get(REFUNDS))
    assert till.cashier.post(page_of(refund), {"do": "pay"}).status_code == 409
    assert till.leader.post(page_of(refund), {"do": "confirm"}).status_code == 302
    assert queries.balance(till.unit_id, "cash") == 13_000
    assert "Chi trả 5.000 đồng" in words(till.cashier.get(page_of(refund)))
    assert till.cashier.post(page_of(refund), {"do": "pay"}).status_code == 302
    assert queries.balance(till.unit_id, "cash") == 8_000
    assert "Không có đề nghị" in words(till.cashier.get(REFUNDS))
    assert "Đã chi trả" in words(till.cashier.get(f"{REFUNDS}?muc=xong"))
    slip = till.cashier.get(f"{page_of(refund)}phieu/")
    assert slip.content.startswith(b"%PDF")
    assert queries.check_ledger().ok


def test_nobody_confirms_what_they_asked_for(till: Till, bill: Bill) -> None:
    both = Actor(
        till.books.cashier.user_id, "Hai vai", grants=(*till.books.cashier.grants, *till.books.leader.grants)
    )
    refund = ask(till, bill)
    answer = till.cashier.post(page_of(refund), {"do": "confirm"})
    assert answer.status_code == 403
    with pytest.raises(Exception, match="người thứ hai"):
        actions.confirm_refund(actor=both, refund_id=refund.pk, now=NOW)


@pytest.mark.parametrize(
    ("typed", "at", "said"),
    [
        ({"phi": "8001"}, "id_phi", "Chỉ còn hoàn được 8.000"),
        ({"le_phi": "", "phi": ""}, "id_phi", "lớn hơn 0"),
        ({"le_phi": "năm"}, "id_le_phi", "không phải số tiền"),
        ({"reason": " "}, "id_reason", "Lý do"),
        ({"method": "transfer"}, "id_to_account", "số tài khoản"),
    ],
)
def test_a_wrong_request_stands_at_its_field(
    till: Till, bill: Bill, typed: dict[str, str], at: str, said: str
) -> None:
    data = {"phi": "8000", "le_phi": "5000", "method": "cash", "reason": "Nhầm", **typed}
    answer = till.cashier.post(f"{till.url(bill)}hoan-tra/", data)
    assert answer.status_code == 422
    assert said in words(answer) and f'href="#{at}"' in words(answer)
    assert Refund.objects.count() == 0


def test_a_refusal_needs_its_reason_and_frees_the_bill_for_another_request(till: Till, bill: Bill) -> None:
    refund = ask(till, bill)
    assert till.leader.post(page_of(refund), {"do": "refuse", "reason": ""}).status_code == 422
    assert (
        till.leader.post(page_of(refund), {"do": "refuse", "reason": "Không thuộc diện"}).status_code == 302
    )
    assert "Không thuộc diện" in words(till.cashier.get(page_of(refund)))
    ask(till, bill)


def test_what_is_confirmed_and_not_paid_out_cannot_be_asked_for_again(till: Till, bill: Bill) -> None:
    refund = ask(till, bill)
    till.leader.post(page_of(refund), {"do": "confirm"})
    page = words(till.cashier.get(f"{till.url(bill)}hoan-tra/"))
    assert 'name="phi"' in page and 'name="le_phi"' not in page


def test_a_payment_with_a_refund_under_way_is_not_taken_back(till: Till, bill: Bill) -> None:
    ask(till, bill)
    payment = bill.payments.get()
    answer = till.cashier.post(f"/thu-phi/da-thu/{payment.pk}/huy/", {"reason": "Nhầm"})
    assert answer.status_code == 409 and "đang có đề nghị hoàn trả" in words(answer)


def test_the_till_gives_out_no_more_cash_than_it_holds(till: Till, bill: Bill) -> None:
    refund = ask(till, bill)
    till.leader.post(page_of(refund), {"do": "confirm"})
    actions.remit(
        actor=till.books.cashier,
        unit_id=till.unit_id,
        method="cash",
        amount=10_000,
        document="GNT 1",
        key="r",
        now=NOW,
    )
    answer = till.cashier.post(page_of(refund), {"do": "pay"})
    assert answer.status_code == 422 and "chỉ còn 3.000 đồng" in words(answer)


def test_the_list_takes_few_statements(till: Till, bill: Bill) -> None:
    ask(till, bill)
    till.leader.get(REFUNDS)
    with CaptureQueriesContext(connection) as run:
        till.leader.get(REFUNDS)
    assert len(run) <= 6, [query["sql"][:120] for query in run]


def test_a_stranger_sees_no_requests(till: Till, bill: Bill) -> None:
    refund = ask(till, bill)
    from motcua.organisation.tests import factories

    stranger = factories.person("nguoi-la")
    client = sign_in(Actor(stranger.pk, "Người lạ"))
    assert client.get(REFUNDS).status_code == 403
    assert client.get(page_of(refund)).status_code == 404
