"""The page of a payment online: its messages, asking again, settling a doubt, the platform's own paper."""

from __future__ import annotations

from typing import Any

from django.test import Client

from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.payments.simulator.core import Behaviour
from motcua.payments.tests.town import Town, booked


def browser(actor: Actor) -> Client:
    assert actor.user_id is not None
    client = Client()
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="motcua.kernel.accounts.backend.PasswordBackend")
    return client


def test_every_message_is_shown_and_no_signature(town: Town, django_assert_max_num_queries: Any) -> None:
    attempt = town.open(town.bill())
    town.pays(attempt, Behaviour.REPEATS)
    client, path = browser(town.counter.cashier), f"/thu-phi/giao-dich/{attempt.pk}/"
    client.get(path)
    with django_assert_max_num_queries(9):
        text = client.get(path).content.decode()
    assert text.count("CONFIRM") >= 3 and "INIT" in text and "MaXacThuc" not in text
    assert "ThongTinBienLai.MaHoSo" in text and "được nhận" in text and "{&#x27;" not in text
    assert "Ghi kết quả đối chiếu" not in text


def test_a_leader_settles_a_doubt_on_the_page(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    town.pays(attempt, Behaviour.OTHER_AMOUNT)
    path, leader = f"/thu-phi/giao-dich/{attempt.pk}/", browser(town.counter.leader)
    assert "14.000 đồng" in leader.get(path).content.decode()
    wrong = leader.post(path, {"came": "14000", "reason": ""})
    assert wrong.status_code == 422 and 'value="14000"' in wrong.content.decode()
    assert browser(town.counter.cashier).post(path, {"came": "1", "reason": "x"}).status_code == 403
    assert leader.post(path, {"came": "14000", "reason": "Sao kê 01/12"}).status_code == 302
    assert booked(bill) == ("paid", 13_000, 1)


def test_a_cashier_asks_again_with_the_payer_waiting(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    town.pays(attempt, Behaviour.SILENT)
    client = browser(town.counter.cashier)
    assert client.post(f"/thu-phi/giao-dich/{attempt.pk}/hoi-lai/").status_code == 302
    assert booked(bill)[0] == "paid"
    paper = client.get(f"/thu-phi/giao-dich/{attempt.pk}/chung-tu/")
    assert paper.content.startswith(b"%PDF-") and paper["Content-Type"] == "application/pdf"


def test_the_unit_s_page_leads_to_the_payment(town: Town) -> None:
    attempt = town.open(town.bill())
    text = browser(town.counter.leader).get("/thu-phi/don-vi-thu/07210/").content.decode()
    assert f"/thu-phi/giao-dich/{attempt.pk}/" in text
