"""Books of an agency that collects in its own name: their days are closed on the same page as a till's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from motcua.counter.tests.counter_desk import sign_in
from motcua.counter.tests.till import CLOSE, LIST, TODAY, Till, make_till, words
from motcua.desk import queries_money
from motcua.desk.views.home import address_of
from motcua.kernel.actor import Actor
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation.tests import factories
from motcua.organisation.types import Role, UnitKind
from motcua.payments import actions, queries
from motcua.payments.models import Bill, CashierDay, Collector
from motcua.payments.tests.counter import LINES, NOW

TOMORROW = NOW + timedelta(days=1)

pytestmark = pytest.mark.usefixtures("books_agree")


@pytest.fixture
def till(db: None) -> Iterator[Till]:
    with time_machine.travel(NOW, tick=False):
        yield make_till()


def agency(till: Till) -> int:
    return units.unit(till.unit_id).agency_id


def bill_of(unit_id: int, key: str = "a1") -> Bill:
    return actions.open_bill(
        actor=factories.SYSTEM,
        unit_id=unit_id,
        budget_unit_id=unit_id,
        subject=f"H05.101-251201-{key}",
        payer=actions.Payer("Nguyễn Thị Ánh"),
        lines=LINES,
        key=key,
        now=NOW,
    )


def close(browser: Client, unit_id: int, **typed: str) -> Any:
    data = {
        "do": "close",
        "so": str(unit_id),
        "day": str(TODAY),
        "note-10000": "1",
        "note-1000": "3",
        **typed,
    }
    return browser.post(CLOSE, data)


def test_what_was_paid_here_for_the_agency_is_counted_and_closed_beside_the_till(till: Till) -> None:
    till.pay(bill_of(agency(till)))
    page = words(till.cashier.get(CLOSE))
    assert f"?so={agency(till)}" in page and "Ủy ban nhân dân phường Bắc Giang" in page
    books = words(till.cashier.get(f"{CLOSE}?so={agency(till)}"))
    assert "13.000" in books and f'name="so" value="{agency(till)}"' in books
    answer = close(till.cashier, agency(till))
    day = CashierDay.objects.get()
    assert (day.unit_id, day.counted, answer.status_code) == (agency(till), 13_000, 302)


def test_a_till_without_books_of_its_agency_offers_none(till: Till) -> None:
    till.pay(till.bill())
    assert "?so=" not in words(till.cashier.get(CLOSE))


def test_money_of_the_agency_is_paid_in_from_its_own_books(till: Till) -> None:
    till.pay(bill_of(agency(till)))
    asked = {"so": str(agency(till)), "method": "cash", "amount": "3000", "document": "GNT 1", "key": "k"}
    answer = till.cashier.post(f"{CLOSE}nop-kho-bac/", asked)
    assert answer.status_code == 302 and answer["Location"].endswith(f"?so={agency(till)}")
    assert queries.balance(agency(till), "cash") == 10_000


def test_the_next_morning_the_day_is_asked_for_and_the_link_leads_to_it(till: Till) -> None:
    till.pay(bill_of(agency(till)))
    with time_machine.travel(TOMORROW, tick=False):
        till.sign_in_again()
        link = f"{CLOSE}?so={agency(till)}&amp;ngay={TODAY}"
        assert link in words(till.cashier.get(LIST))
        (hint,) = queries_money.hints(till.books.cashier, TOMORROW.date())
        assert address_of(hint) == link.replace("&amp;", "&")
        page = words(till.cashier.get(link.replace("&amp;", "&")))
        assert "Khóa sổ" in page and "13.000" in page


def test_books_of_others_are_not_opened(till: Till) -> None:
    other = factories_ward()
    page = words(till.cashier.get(f"{CLOSE}?so={other}"))
    assert f'name="so" value="{till.unit_id}"' in page, "one's own till instead"
    close(till.cashier, other, **{"note-10000": "0", "note-1000": "0"})
    assert not CashierDay.objects.filter(unit_id=other).exists()


def factories_ward() -> int:
    return organisation.create_unit(
        actor=factories.SYSTEM,
        now=NOW,
        code="07213",
        name="Phường Bên",
        full_name="Ủy ban nhân dân phường Bên",
        kind=UnitKind.COMMUNE,
        parent_id=units.unit_by_code("24").id,
        agency_code="H05.102",
    ).id


# --- agencies without a till ------------------------------------------------------------------------------


@pytest.fixture
def department(till: Till) -> tuple[int, Actor]:
    """A department that collects by transfer, without a counter of its own, and its head."""
    made = organisation.create_unit(
        actor=factories.SYSTEM,
        now=NOW,
        code="STP",
        name="Sở Tư pháp",
        full_name="Sở Tư pháp tỉnh Bắc Ninh",
        kind=UnitKind.DEPARTMENT,
        parent_id=units.unit_by_code("24").id,
        agency_code="H05.20",
    )
    Collector.objects.create(unit_id=made.id, name="Sở Tư pháp", tax_code="2300000001", updated_at=NOW)
    actions.open_book(
        actor=factories.SYSTEM, unit_id=made.id, form_symbol="01BLP2-001", series="AA-25T", now=NOW
    )
    head = factories.person("giam-doc")
    factories.post(head, "STP", Role.LEADER)
    return made.id, units.actor_for(head, NOW)


def test_where_nobody_sits_at_a_till_the_head_closes_the_day(department: tuple[int, Actor]) -> None:
    unit_id, head = department
    actions.take_payment(
        actor=factories.SYSTEM,
        bill_id=bill_of(unit_id).pk,
        method="transfer",
        amount=13_000,
        key="k",
        now=NOW,
    )
    browser = sign_in(head)
    page = words(browser.get(CLOSE))
    assert "Sở Tư pháp tỉnh Bắc Ninh" in page and "13.000" in page
    with time_machine.travel(TOMORROW, tick=False):
        hints = [hint.text.render() for hint in queries_money.hints(head, TOMORROW.date())]
    assert hints == ["Chưa khóa sổ thu ngày 01/12/2025"]
    answer = close(browser, unit_id, **{"note-10000": "0", "note-1000": "0"})
    day = CashierDay.objects.get()
    assert (day.unit_id, day.counted, answer.status_code) == (unit_id, 0, 302)


def test_where_there_is_a_till_heads_close_nothing(till: Till) -> None:
    assert till.leader.get(CLOSE).status_code == 403
    till.pay(bill_of(agency(till)))
    assert till.leader.get(f"{CLOSE}?so={agency(till)}").status_code == 403


def test_a_department_that_collects_nothing_has_no_such_page(department: tuple[int, Actor]) -> None:
    Collector.objects.filter(unit_id=department[0]).update(unit_id=units.unit_by_code("24").id)
    assert sign_in(department[1]).get(CLOSE).status_code == 403
