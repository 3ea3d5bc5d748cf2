"""The pages of statements: bring one in, work through it by keyboard, and never see others' money."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.outbox import worker
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation.tests import factories
from motcua.organisation.types import Role, UnitKind
from motcua.payments import actions
from motcua.payments.models import BankAccount, Payment, Refund, StatementLine, StatementMapping
from motcua.payments.tests.counter import NOW, Counter, make_counter
from motcua.payments.tests.statements import bring, csv_of, open_account

pytestmark = pytest.mark.django_db
LIST, UPLOAD = "/thu-phi/sao-ke/", "/thu-phi/sao-ke/nhap/"


@pytest.fixture
def counter() -> Iterator[Counter]:
    with time_machine.travel(NOW, tick=False):
        yield make_counter()


@pytest.fixture
def account(counter: Counter) -> BankAccount:
    return open_account(counter)


def browser(actor: Actor) -> Client:
    client = Client()
    user = User.objects.get(pk=actor.user_id or 0)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


def line_url(line: StatementLine, act: str = "") -> str:
    return f"/thu-phi/sao-ke/dong/{line.pk}/{act}"


def file_of(data: bytes, name: str = "sao-ke.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_file_is_shown_before_it_is_imported(counter: Counter, account: BankAccount) -> None:
    bill = counter.bill()
    client = browser(counter.cashier)
    data = csv_of(("FT1", 13_000, bill.reference))
    shown = client.post(UPLOAD, {"account": account.pk, "file": file_of(data)})
    assert (shown.status_code, StatementLine.objects.count()) == (200, 0)
    assert "13.000" in shown.content.decode()
    held = shown.context["held"]
    done = client.post(UPLOAD, {"account": account.pk, "held": held, "name": "sao-ke.csv", "do": "import"})
    assert done["Location"] == f"{LIST}?tk={account.pk}"
    worker.drain(NOW)
    assert (Payment.objects.get().amount, StatementLine.objects.get().state) == (13_000, "matched")


def test_what_cannot_be_read_is_named_by_cell_and_nothing_is_kept(
    counter: Counter, account: BankAccount
) -> None:
    data = csv_of(("FT1", 13_000, "x"), ("FT2", 5_000, "y", "31/02/2025"))
    answer = browser(counter.cashier).post(
        UPLOAD, {"account": account.pk, "file": file_of(data), "do": "import"}
    )
    page = answer.content.decode()
    assert (answer.status_code, StatementLine.objects.count()) == (422, 0)
    assert "dòng 5, cột 1" in page
    assert "31/02/2025" in page


def test_unknown_columns_are_mapped_on_the_screen_and_the_mapping_is_kept(
    counter: Counter, account: BankAccount
) -> None:
    client = browser(counter.cashier)
    data = b'Khi nao,Bao nhieu,Gi\n01/12/2025,"13,000",abc\n'
    asked = client.post(UPLOAD, {"account": account.pk, "file": file_of(data)})
    assert asked.status_code == 422
    assert "Bao nhieu" in asked.content.decode()
    shown = client.post(
        UPLOAD,
        {
            "account": account.pk,
            "held": asked.context["held"],
            "name": "a.csv",
            "column-date": "Khi nao",
            "column-credit": "Bao nhieu",
            "column-text": "Gi",
            "mapping_name": "Ngân hàng huyện",
        },
    )
    assert shown.status_code == 200
    assert StatementMapping.objects.get().columns["credit"] == "Bao nhieu"
    assert client.post(UPLOAD, {"account": account.pk, "file": file_of(data)}).status_code == 200


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({}, ("Chọn cột ghi ngày giao dịch.", "Chọn cột số tiền ghi có")),
        ({"date": "Khi nao"}, ("Chọn cột số tiền ghi có",)),
        ({"date": "Gi", "credit": "Gi"}, ("Cột “Gi” đã chọn cho “Ngày giao dịch”.",)),
    ],
)
def test_columns_chosen_wrongly_are_told_at_their_field_and_no_mapping_is_kept(
    counter: Counter, account: BankAccount, chosen: dict[str, str], words: tuple[str, ...]
) -> None:
    client = browser(counter.cashier)
    data = b'Khi nao,Bao nhieu,Gi\n01/12/2025,"13,000",abc\n'
    asked = client.post(UPLOAD, {"account": account.pk, "file": file_of(data)})
    columns = {f"column-{field}": chosen.get(field, "") for field in ("date", "credit", "amount", "text")}
    held = {"account": account.pk, "held": asked.context["held"], "name": "a.csv"}
    answer = client.post(UPLOAD, {**held, **columns, "mapping_name": "Ngân hàng huyện"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(sentence in page for sentence in words)
    assert 'value="Ngân hàng huyện"' in page
    assert not StatementMapping.objects.exists()


def test_a_proposal_is_taken_by_one_key_and_the_next_line_follows(
    counter: Counter, account: BankAccount
) -> None:
    bill = counter.bill()
    bring(counter, account, csv_of(("FT1", 10_000, bill.reference), ("FT2", 500, "lãi", "02/12/2025")))
    first, second = StatementLine.objects.order_by("at")
    client = browser(counter.cashier)
    page = client.get(line_url(first)).content.decode()
    assert 'data-key="1"' in page
    assert "Nộp một phần" in page
    done = client.post(line_url(first, "khop/"), {"part": f"{bill.pk}:10000"})
    assert done["Location"] == line_url(second)
    assert Payment.objects.get().amount == 10_000


def test_a_bill_is_found_by_its_payer_without_accents_and_shares_are_worked_out(
    counter: Counter, account: BankAccount
) -> None:
    one, two = counter.bill("b1"), counter.bill("b2")
    bring(counter, account, csv_of(("FT1", 20_000, "nop tien")))
    line = StatementLine.objects.get()
    client = browser(counter.cashier)
    assert one.reference in client.get(line_url(line), {"q": "anh nguyen"}).content.decode()
    client.post(line_url(line, "khop/"), {"bill": [one.pk, two.pk]})
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [7_000, 13_000]


def test_a_wrong_share_is_refused_with_everything_typed(counter: Counter, account: BankAccount) -> None:
    bill = counter.bill()
    bring(counter, account, csv_of(("FT1", 20_000, "nop tien")))
    line = StatementLine.objects.get()
    answer = browser(counter.cashier).post(
        line_url(line, "khop/"), {"bill": bill.pk, f"amount-{bill.pk}": "1.000", "q": "ánh"}
    )
    assert answer.status_code == 422
    assert "phải bằng nhau" in answer.content.decode()
    assert bill.reference in answer.content.decode()


def test_what_was_too_much_is_asked_back_from_the_line(counter: Counter, account: BankAccount) -> None:
    bill = counter.bill()
    bring(counter, account, csv_of(("FT1", 20_000, bill.reference)))
    line = StatementLine.objects.get()
    actions.settle_line(actor=counter.cashier, line_id=line.pk, parts=[(bill.pk, 20_000)], now=NOW)
    client = browser(counter.cashier)
    assert "7.000" in client.get(line_url(line)).content.decode()
    client.post(
        line_url(line, "hoan/"), {"bill": bill.pk, "advance": "7000", "to_account": "VCB 0123 Nguyễn Thị Ánh"}
    )
    assert Refund.objects.get().amount == 7_000


def test_a_match_is_undone_and_a_line_put_aside_on_the_page(counter: Counter, account: BankAccount) -> None:
    bill = counter.bill()
    bring(counter, account, csv_of(("FT1", 13_000, bill.reference)))
    line = StatementLine.objects.get()
    client = browser(counter.cashier)
    client.post(line_url(line, "go/"), {"reason": "Nhầm"})
    assert client.post(line_url(line, "bo-qua/"), {"reason": " "}).status_code == 422
    client.post(line_url(line, "bo-qua/"), {"reason": "Chuyển nội bộ"})
    line.refresh_from_db()
    assert line.state == "ignored"


def test_others_see_neither_account_nor_line(counter: Counter, account: BankAccount) -> None:
    bring(counter, account, csv_of(("FT1", 500, "lãi")))
    line = StatementLine.objects.get()
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
    factories.post(stranger, made.code, Role.ONE_STOP_OFFICER)
    client = browser(units.actor_for(stranger, NOW))
    assert client.get(LIST, {"tk": account.pk}).status_code in (200, 404)
    assert account.number not in client.get(LIST).content.decode()
    assert client.get(line_url(line)).status_code == 404
    assert client.post(line_url(line, "bo-qua/"), {"reason": "x"}).status_code in (403, 404)


def test_a_leader_reads_and_does_nothing(counter: Counter, account: BankAccount) -> None:
    bring(counter, account, csv_of(("FT1", 500, "lãi")))
    line = StatementLine.objects.get()
    client = browser(counter.leader)
    assert "Bỏ qua dòng này" not in client.get(line_url(line)).content.decode()
    assert client.post(line_url(line, "bo-qua/"), {"reason": "x"}).status_code == 403


def test_pages_take_a_fixed_number_of_statements(
    counter: Counter, account: BankAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bills = [counter.bill(f"b{number}") for number in range(6)]
    data = csv_of(*[(f"FT{number}", 12_000, bill.reference) for number, bill in enumerate(bills)])
    bring(counter, account, data)
    client = browser(counter.cashier)
    client.get(LIST)
    with django_assert_max_num_queries(10):
        assert client.get(LIST).status_code == 200
    with django_assert_max_num_queries(18):
        assert client.get(line_url(StatementLine.objects.all()[0])).status_code == 200


@pytest.mark.parametrize("query", ["tk=abc", "tab=gi", "truoc=~~", "truoc=2025-12-01~5", "tk=99999"])
def test_bad_input_in_the_address_is_no_failure(counter: Counter, account: BankAccount, query: str) -> None:
    assert browser(counter.cashier).get(f"{LIST}?{query}").status_code in (200, 404)
