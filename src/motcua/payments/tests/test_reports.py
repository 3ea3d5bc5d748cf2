"""Reports: their totals are the ledger's, every figure leads to its payments, and nobody reads others' books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.tests.kept_rows import made_alike
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation.snapshot import touch
from motcua.organisation.tests import factories
from motcua.organisation.types import Role, UnitKind
from motcua.payments import actions, queries
from motcua.payments.queries import report_lists, reports
from motcua.payments.rules.journal import MONEY
from motcua.payments.rules.periods import Period, asked, beside, containing
from motcua.payments.tests.counter import LINES, NOW, Counter, make_counter

pytestmark = pytest.mark.django_db
REPORT = "/thu-phi/bao-cao/"
LISTS = ("", "khoan-thu/", "bien-lai/", "chua-nop/", "hoan-tra/", "kho-bac/", "kho-bac/giay-nop-tien/")
TODAY = date(2025, 12, 1)


@pytest.fixture
def counter() -> Iterator[Counter]:
    with time_machine.travel(NOW, tick=False):
        made = made_alike("a day of reports", _a_day)
        touch()
        yield made


def _a_day() -> Counter:
    """Cash, a transfer with too much, a mistake taken back, a refund, money paid in, and a bill nobody pays."""
    counter = make_counter()
    counter.pay(counter.bill("b1"))
    counter.pay(counter.bill("b2"), 15_000, method="transfer")
    wrong = counter.pay(counter.bill("b3"), method="card")
    actions.reverse_payment(actor=counter.cashier, payment_id=wrong.payment.pk, reason="Nhầm", now=NOW)
    back = counter.bill("b4", LINES[:1])
    counter.pay(back)
    refund = actions.ask_refund(
        actor=counter.cashier,
        bill_id=back.pk,
        method="cash",
        parts={"phi": 8_000},
        reason="Thu nhầm",
        now=NOW,
    )
    actions.confirm_refund(actor=counter.leader, refund_id=refund.pk, now=NOW)
    actions.pay_out_refund(actor=counter.cashier, refund_id=refund.pk, now=NOW)
    actions.remit(
        actor=counter.cashier,
        unit_id=counter.unit_id,
        method="transfer",
        amount=9_000,
        document="GNT 01/2025",
        key="remit:1",
        now=NOW,
    )
    counter.bill("b5", now=NOW - timedelta(days=40))
    return counter


def browser(actor: Actor) -> Client:
    client = Client()
    user = User.objects.get(pk=actor.user_id or 0)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


def scope(counter: Counter, **chosen: object) -> reports.Scope:
    return reports.scope_of(counter.leader, TODAY, TODAY, **chosen)


@pytest.mark.parametrize("group", reports.GROUPS)
def test_whatever_it_is_grouped_by_the_total_is_the_ledgers(counter: Counter, group: str) -> None:
    found = reports.collections(scope(counter), group)
    ledger = queries.check_ledger()
    money = sum(queries.balance(counter.unit_id, account) for account in (*MONEY.values(), "treasury"))
    assert found.sums.total == ledger.ledger_sum == ledger.payments_sum == 36_000
    assert (found.sums.returned, found.sums.net, found.sums.count) == (8_000, money, 3)


def test_every_row_leads_to_payments_that_come_to_it(counter: Counter) -> None:
    client = browser(counter.leader)
    for group in reports.GROUPS:
        page = client.get(REPORT, {"theo": group, "ky": "ngay"})
        for one in page.context["rows"]:
            behind = client.get(one["url"])
            assert behind.status_code == 200
            assert behind.context["page"].total == one["row"].total, (group, one["url"])


def test_a_payment_leads_to_its_bill_and_on_to_the_dossier(counter: Counter) -> None:
    client = browser(counter.leader)
    listed = client.get(f"{REPORT}khoan-thu/").context["page"].rows[-1]
    page = client.get(f"{REPORT}khoan/{listed.bill_id}/").content.decode()
    assert f"/tim/?q={listed.bill.subject}" in page


def test_what_is_owed_is_told_by_its_age(counter: Counter) -> None:
    page, ages = report_lists.unpaid_page(scope(counter), TODAY, None)
    assert {age.key: (age.count, age.owed) for age in ages} == {
        "moi": (1, 13_000),
        "thang": (0, 0),
        "quy": (1, 13_000),
        "cu": (0, 0),
    }
    assert (page.count, page.total) == (2, 26_000)
    old, _ages = report_lists.unpaid_page(scope(counter), TODAY, None, "quy")
    assert [bill.key for bill in old.rows] == ["b5"]


@pytest.mark.parametrize("days", range(0, 120, 10))
def test_every_age_is_in_one_group_only(days: int) -> None:
    counter = make_counter()
    bill = counter.bill(now=NOW - timedelta(days=days))
    _page, ages = report_lists.unpaid_page(scope(counter), TODAY, None)
    inside = [age.key for age in ages if age.count]
    bounds = {key: (low, high) for key, _label, low, high in report_lists.AGES}
    assert len(inside) == 1, bill.created_at
    assert bounds[inside[0]][0] <= days <= bounds[inside[0]][1]


@pytest.mark.parametrize("part", LISTS)
def test_each_report_is_a_real_workbook(counter: Counter, part: str) -> None:
    answer = browser(counter.leader).get(f"{REPORT}{part}", {"ky": "ngay", "xuat": "xlsx"})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if all(row))
    assert sheet.freeze_panes == f"B{head + 2}"
    assert any("(đồng)" in str(cell) for cell in rows[head])
    amounts = [cell for row in rows[head + 1 :] for cell in row if isinstance(cell, int)]
    assert amounts
    assert str(rows[-1][0]) == "Cộng"
    assert any(str(cell).startswith("=SUM(") for cell in rows[-1])


def test_others_read_nothing_of_it(counter: Counter) -> None:
    made = organisation.create_unit(
        actor=factories.SYSTEM,
        now=NOW,
        code="07228",
        name="Phường Kinh Bắc",
        kind=UnitKind.COMMUNE,
        parent_id=units.province().id,
        agency_code="H05.102",
    )
    stranger = factories.person("nguoi-la")
    factories.post(stranger, made.code, Role.LEADER)
    actor = units.actor_for(stranger, NOW)
    client = browser(actor)
    assert reports.collections(reports.scope_of(actor, TODAY, TODAY), "don-vi").sums.total == 0
    for part in LISTS:
        assert "Nguyễn Thị Ánh" not in client.get(f"{REPORT}{part}").content.decode()
        assert client.get(f"{REPORT}{part}", {"don-vi": "07210"}).status_code == 404
    bill = queries.bills_of("H05.101-251201-b1")[0]
    assert client.get(f"{REPORT}khoan/{bill.pk}/").status_code == 404


def test_who_oversees_the_province_reads_all_units(counter: Counter) -> None:
    admin = Actor(user_id=None, name="quản trị", is_admin=True)
    assert reports.collections(reports.scope_of(admin, TODAY, TODAY), "don-vi").sums.total == 36_000


def test_somebody_without_books_is_refused(counter: Counter) -> None:
    nobody = factories.person("chuyen-vien")
    factories.post(nobody, "07210", Role.SPECIALIST)
    assert browser(units.actor_for(nobody, NOW)).get(REPORT).status_code == 403


@pytest.mark.parametrize("part", LISTS)
def test_reports_take_a_fixed_number_of_statements(
    counter: Counter, part: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(counter.leader)
    client.get(REPORT)
    with django_assert_max_num_queries(9):
        assert client.get(f"{REPORT}{part}", {"ky": "ngay"}).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["tu=abc&den=1", "ky=x", "cach=vang", "truoc=-1", "theo=gi", "ngan-sach=la", "tuoi=x", "thu-tuc=-"],
)
@pytest.mark.parametrize("part", LISTS)
def test_bad_input_falls_back(counter: Counter, part: str, query: str) -> None:
    assert browser(counter.leader).get(f"{REPORT}{part}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("ngay", "2025-12-01", "2025-12-01"),
        ("thang", "2025-12-01", "2025-12-31"),
        ("quy", "2025-10-01", "2025-12-31"),
        ("nam", "2025-01-01", "2025-12-31"),
    ],
)
def test_periods(kind: str, first: str, last: str) -> None:
    period = containing(TODAY, kind)
    assert (f"{period.first}", f"{period.last}") == (first, last)
    assert asked("", first, last, today=date(2026, 5, 5)) == period
    after = beside(period, 1)
    assert after is not None
    assert beside(after, -1) == period


def test_days_the_wrong_way_round_are_turned() -> None:
    assert asked("", "31/12/2025", "15/11/2025", today=TODAY) == Period(
        date(2025, 11, 15), date(2025, 12, 31), "tu-chon"
    )


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        ("2025-11-20", "", (date(2025, 11, 20), TODAY)),
        ("", "15/11/2025", (date(2025, 11, 1), date(2025, 11, 15))),
        ("01/12/2099", "", (date(2099, 12, 1), date(2099, 12, 1))),
    ],
)
def test_one_day_alone_makes_a_period(first: str, last: str, period: tuple[date, date]) -> None:
    found = asked("", first, last, today=TODAY)
    assert (found.first, found.last) == period


@pytest.mark.parametrize("part", ["", "khoan-thu/", "bien-lai/", "hoan-tra/"])
def test_a_wrong_day_is_told_at_its_field_and_kept_lest_another_period_is_taken_for_it(
    counter: Counter, part: str
) -> None:
    page = browser(counter.leader).get(f"{REPORT}{part}?tu=31/02/2025&den=25/12/2025").content.decode()
    assert "Không có ngày “31/02/2025”" in page
    assert 'value="31/02/2025"' in page
    assert 'value="25/12/2025"' in page
    assert 'aria-describedby="tu-error"' in page
