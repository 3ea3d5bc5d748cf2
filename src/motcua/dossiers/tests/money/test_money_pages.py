"""The money on the pages of a dossier: the panel, working it out again, waiting for it, what may go back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.catalogue.queries.fees import Answers
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, RefundProposal
from motcua.dossiers.queries_page import dossier_page
from motcua.dossiers.tests import factories
from motcua.dossiers.tests.factories import MONDAY, Province, Staff, at
from motcua.dossiers.tests.money import APPRAISAL, costly, pay, sums
from motcua.kernel.accounts.models import User
from motcua.payments import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(staff: Staff) -> Dossier:
    procedure = costly(payment_pause=True)
    return factories.receive(staff.counter, procedure, fees=Answers(quantities={"copies": 2}))


@pytest.fixture
def browser(staff: Staff, client: Client) -> Client:
    client.force_login(User.objects.get(full_name="Nguyễn Thị Quầy"))
    return client


def test_the_panel_tells_what_is_owed_with_reasons_and_how_to_pay(browser: Client, dossier: Dossier) -> None:
    page = browser.get(f"/ho-so/{dossier.code}/").content.decode()
    (bill,) = queries.bills_of(dossier.code)
    assert "8.000 đồng × 2 bản sao." in page
    assert "21.000" in page
    assert bill.reference in page


def test_after_it_was_paid_the_panel_names_the_receipt(
    browser: Client, staff: Staff, dossier: Dossier
) -> None:
    pay(staff, queries.bills_of(dossier.code)[0])
    page = browser.get(f"/ho-so/{dossier.code}/").content.decode()
    assert "Biên lai AA-26T số 0000001" in page


def test_a_procedure_without_fees_shows_no_panel(browser: Client, staff: Staff) -> None:
    free = factories.receive(staff.counter, factories.make_procedure())
    assert 'id="s-money"' not in browser.get(f"/ho-so/{free.code}/").content.decode()


def test_the_panel_costs_at_most_six_statements(staff: Staff, dossier: Dossier) -> None:
    pay(staff, queries.bills_of(dossier.code)[0])
    free = factories.receive(staff.counter, factories.make_procedure())
    for code in (free.code, dossier.code):  # what a process keeps
        dossier_page(staff.counter, code, now=MONDAY)
    counted = []
    for code in (free.code, dossier.code):
        with CaptureQueriesContext(connection) as made:
            dossier_page(staff.counter, code, now=MONDAY)
        counted.append(len(made))
    assert counted[1] - counted[0] <= 6, counted


def test_it_is_worked_out_again_on_its_page(browser: Client, dossier: Dossier) -> None:
    url = f"/ho-so/{dossier.code}/tinh-phi/"
    assert 'value="2"' in browser.get(url).content.decode()
    answer = browser.post(url, {"fee-copies": "3", "reason": "Thêm một bản"})
    assert answer.status_code == 302
    assert sums(dossier.code) == [(21_000, "cancelled"), (29_000, "open")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"fee-copies": "ba", "reason": "x"}, "bằng chữ số"),
        ({"fee-copies": "0", "reason": "x"}, "từ 1 trở lên"),
        ({"fee-copies": "3", "reason": ""}, "ghi lý do"),
    ],
)
def test_what_cannot_be_used_is_told_and_stays_typed(
    browser: Client, dossier: Dossier, typed: dict[str, str], told: str
) -> None:
    answer = browser.post(f"/ho-so/{dossier.code}/tinh-phi/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert f'value="{typed["fee-copies"]}"' in page


def test_the_wait_for_money_is_asked_for_on_its_page(browser: Client, staff: Staff) -> None:
    dossier = factories.receive(staff.counter, costly(APPRAISAL, payment_pause=True))
    answer = browser.post(f"/ho-so/{dossier.code}/yeu-cau-nop-phi/", {"note": ""})
    assert answer.status_code == 302
    assert "Yêu cầu thực hiện nghĩa vụ tài chính" in browser.get(f"/ho-so/{dossier.code}/").content.decode()


def test_without_anything_owed_the_notice_must_be_named(
    browser: Client, staff: Staff, dossier: Dossier
) -> None:
    pay(staff, queries.bills_of(dossier.code)[0])
    answer = browser.post(f"/ho-so/{dossier.code}/yeu-cau-nop-phi/", {"note": ""})
    assert answer.status_code == 422
    actions.await_payment(actor=staff.counter, code=dossier.code, note="Thông báo thuế 1", now=at(17))
    done = browser.post(f"/ho-so/{dossier.code}/da-nop/", {"note": "Giấy nộp tiền 5"})
    assert done.status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).status == "processing"


@pytest.mark.parametrize(
    ("paid", "rules", "said"),
    [
        (0, (), "500.000 đồng chưa nộp thì không phải nộp nữa."),
        (500_000, (), "Đã nộp 500.000 đồng: dừng thì đề xuất hoàn 500.000 đồng, nơi thu xem xét."),
        (
            500_000,
            ("không hoàn khi không được cấp",),
            "Đã nộp 500.000 đồng: dừng thì không hoàn, theo quy định của thủ tục.",
        ),
        (
            200_000,
            (),
            "đề xuất hoàn 200.000 đồng, nơi thu xem xét.</p><p>300.000 đồng chưa nộp thì không phải nộp nữa.",
        ),
    ],
)
def test_before_it_is_stopped_the_form_says_what_becomes_of_the_money(
    browser: Client, staff: Staff, paid: int, rules: tuple[str, ...], said: str
) -> None:
    dossier = factories.receive(staff.counter, costly(APPRAISAL, fee_rules=rules))
    if paid:
        pay(staff, queries.bills_of(dossier.code)[0], amount=paid)
    page = browser.get(f"/ho-so/{dossier.code}/dung-giai-quyet/").content.decode()
    assert said in " ".join(page.replace("\xa0", " ").split())


def test_a_dossier_without_money_is_stopped_without_a_word_of_it(browser: Client, staff: Staff) -> None:
    free = factories.receive(staff.counter, factories.make_procedure())
    page = browser.get(f"/ho-so/{free.code}/dung-giai-quyet/").content.decode()
    assert "dừng thì" not in page


def withdrawn(staff: Staff) -> Dossier:
    found = factories.receive(staff.counter, costly(APPRAISAL))
    pay(staff, queries.bills_of(found.code)[0])
    actions.stop_dossier(
        actor=staff.counter, code=found.code, reason="Rút", requested_by_applicant=True, now=at(17)
    )
    return found


def test_what_may_go_back_is_listed_and_decided_there(browser: Client, staff: Staff) -> None:
    dossier = withdrawn(staff)
    page = browser.get("/ho-so/hoan-phi/").content.decode()
    assert dossier.code in page and "500.000" in page
    proposal = RefundProposal.objects.get().pk
    wrong = browser.post(
        "/ho-so/hoan-phi/", {"proposal": proposal, "do": "ask", "method": "transfer", "note": "Trả lại"}
    )
    assert wrong.status_code == 422
    assert "số tài khoản" in wrong.content.decode() and 'value="Trả lại"' in wrong.content.decode()
    done = browser.post("/ho-so/hoan-phi/", {"proposal": proposal, "do": "ask", "method": "cash"})
    assert done.status_code == 302
    assert dossier.code not in browser.get("/ho-so/hoan-phi/").content.decode()
    assert "Đã đề nghị hoàn" in browser.get("/ho-so/hoan-phi/?tat-ca=1").content.decode()


def test_another_ward_sees_no_proposal(place: Province, staff: Staff, client: Client) -> None:
    dossier = withdrawn(staff)
    factories.make_officer("one_stop_officer", place.other.centre, name="Người Khác")
    client.force_login(User.objects.get(full_name="Người Khác"))
    assert dossier.code not in client.get("/ho-so/hoan-phi/").content.decode()
    proposal = RefundProposal.objects.get().pk
    refused = client.post("/ho-so/hoan-phi/", {"proposal": proposal, "do": "dismiss", "note": "x"})
    assert refused.status_code == 404


def test_the_list_of_refunds_costs_the_same_for_one_and_for_many(browser: Client, staff: Staff) -> None:
    counted = []
    for many in (1, 4):
        for _one in range(many):
            withdrawn(staff)
        browser.get("/ho-so/hoan-phi/")
        with CaptureQueriesContext(connection) as made:
            browser.get("/ho-so/hoan-phi/")
        counted.append(len(made))
    assert counted[0] == counted[1]
