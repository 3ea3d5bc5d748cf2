"""A platform that is late, silent, wrong or away: what is not known is asked for, and nobody waits for it."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection

from motcua.kernel.errors import Conflict
from motcua.kernel.outbox.worker import drain, schedule_due
from motcua.organisation import actions as organisation
from motcua.organisation import queries as units
from motcua.organisation.tests import factories
from motcua.payments import actions, queries
from motcua.payments.errors import NothingOwed, NotOffered, PlatformAway
from motcua.payments.models import Collector, Payment, PlatformExchange, PlatformTransaction
from motcua.payments.platform_settings import key_of, wording
from motcua.payments.rules import platform as rules
from motcua.payments.simulator.core import Behaviour
from motcua.payments.simulator.server import over_http
from motcua.payments.tests.counter import NOW
from motcua.payments.tests.town import CITIZEN, CONFIRM, PARTNER, Town, booked, connected


def ask(minutes: float) -> dict[str, int]:
    return actions.ask_platform(now=NOW + timedelta(minutes=minutes))


def test_a_payment_the_platform_never_confirms_is_found_by_asking(town: Town) -> None:
    bill = town.bill()
    town.pays(town.open(bill), Behaviour.SILENT)
    assert ask(4) == {"asked": 0, "settled": 0, "open": 0}
    assert ask(5) == {"asked": 1, "settled": 1, "open": 0}
    assert booked(bill) == ("paid", bill.total, 1)
    assert ask(6)["asked"] == 0


def test_a_confirmation_after_asking_changes_nothing(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    messages = list(town.platform.pay(attempt.reference, NOW))
    ask(5)
    assert [town.told(message)["MaLoi"] for message in messages] == ["00"]
    assert booked(bill)[2] == 1


def test_an_unknown_outcome_is_asked_for_ever_more_seldom(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    town.pays(attempt, Behaviour.UNKNOWN)
    waits, at = [], 5.0
    for _time in range(3):
        ask(at)
        attempt.refresh_from_db()
        if attempt.next_ask_at is not None:
            wait = (attempt.next_ask_at - NOW).total_seconds() / 60 - at
            waits.append(wait)
            at += wait
    assert waits == [2, 4] and attempt.state == "succeeded"
    assert booked(bill)[2] == 1


def test_the_waits_end_at_six_hours() -> None:
    assert [(rules.next_ask(n, NOW) - NOW).total_seconds() / 60 for n in (0, 1, 5, 9, 99)] == [
        1,
        2,
        32,
        360,
        360,
    ]


@pytest.mark.parametrize("how", [Behaviour.LOSES_INIT, Behaviour.BROKEN_INIT])
def test_an_answer_that_never_came_is_not_a_no(town: Town, how: Behaviour) -> None:
    bill = town.bill()
    town.platform.behaviour = how
    with pytest.raises(PlatformAway):
        town.open(bill)
    attempt = PlatformTransaction.objects.get()
    assert (attempt.state, attempt.next_ask_at) == ("pending", NOW + timedelta(minutes=1))
    town.pays(attempt, Behaviour.SILENT)
    ask(1)
    assert booked(bill) == ("paid", bill.total, 1)


def test_a_platform_that_is_slower_than_we_wait_is_asked_later(town: Town, settings: Any) -> None:
    settings.PLATFORM_TIMEOUT, town.platform.delay = 0.2, 0.6
    with pytest.raises(PlatformAway):
        town.open(town.bill())
    assert PlatformExchange.objects.get().answered == {"error": "time is up"}
    assert PlatformTransaction.objects.get().state == "pending"


def test_a_platform_that_is_not_there_costs_nobody_their_other_ways_to_pay(town: Town, settings: Any) -> None:
    settings.PLATFORM_URL = "http://127.0.0.1:9/"
    bill = town.bill()
    with pytest.raises(PlatformAway) as refusal:
        town.open(bill)
    assert "cách khác" in refusal.value.message.source()
    town.counter.pay(bill)
    assert booked(bill)[0] == "paid"


def test_an_attempt_the_platform_refuses_is_over_and_a_new_one_begins(town: Town) -> None:
    bill = town.bill()
    town.platform.behaviour = Behaviour.REFUSES_INIT
    with pytest.raises(PlatformAway):
        town.open(bill)
    assert PlatformTransaction.objects.get().state == "failed"
    town.platform.behaviour = Behaviour.GOOD
    assert town.open(bill).state == "created"


@pytest.mark.parametrize("told", [Behaviour.FAILS, Behaviour.SILENT])
def test_after_a_no_it_is_asked_once_more(town: Town, told: Behaviour) -> None:
    """The bank said no and may have paid all the same: an hour later the platform is asked, then it is left."""
    bill = town.bill()
    attempt = town.open(bill)
    town.pays(attempt, Behaviour.FAILS)
    found = PlatformTransaction.objects.get()
    assert (found.state, found.next_ask_at) == ("failed", NOW + timedelta(hours=1))
    if told is Behaviour.SILENT:
        town.platform.change(attempt.reference, state="1")
    assert ask(59)["asked"] == 0
    assert ask(60)["asked"] == 1
    attempt.refresh_from_db()
    paid = told is Behaviour.SILENT
    assert (attempt.state, attempt.next_ask_at) == ("succeeded" if paid else "failed", None)
    assert booked(bill) == (("paid", bill.total, 1) if paid else ("open", 0, 0))
    assert ask(24 * 60)["asked"] == 0


def test_a_no_that_is_repeated_does_not_spare_the_question(town: Town) -> None:
    attempt = town.open(town.bill())
    (message,) = town.platform.pay(attempt.reference, NOW, behaviour=Behaviour.FAILS)
    for _time in range(2):
        town.told(message)
    assert ask(60)["asked"] == 1


def test_a_platform_that_is_mute_then_is_asked_on_until_three_days(town: Town) -> None:
    attempt = town.open(town.bill())
    town.pays(attempt, Behaviour.FAILS)
    town.platform.change(attempt.reference, behaviour=Behaviour.MUTE.value)
    ask(60)
    assert PlatformTransaction.objects.get().next_ask_at is not None
    ask(4 * 24 * 60)
    attempt.refresh_from_db()
    assert (str(attempt.state), attempt.next_ask_at is None) == ("failed", True)
    assert "đối chiếu" not in attempt.problem


def test_a_yes_long_after_the_no_is_booked(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    bad, good = town.platform.pay(attempt.reference, NOW, behaviour=Behaviour.FAILS_THEN_PAYS)
    town.told(bad)
    ask(4 * 24 * 60)
    assert town.told(good)["MaLoi"] == "00"
    assert booked(bill) == ("paid", bill.total, 1)


def test_a_cashier_may_ask_about_what_failed(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    town.pays(attempt, Behaviour.FAILS)
    page = queries.transaction_page(actor=town.counter.cashier, transaction_id=attempt.pk)
    assert page.can_ask
    town.platform.change(attempt.reference, state="1")
    state = actions.ask_now(actor=town.counter.cashier, transaction_id=attempt.pk, now=NOW)
    assert (state, booked(bill)[0]) == ("succeeded", "paid")


def test_what_the_platform_refused_to_open_is_not_asked_for(town: Town) -> None:
    town.platform.behaviour = Behaviour.REFUSES_INIT
    with pytest.raises(PlatformAway):
        town.open(town.bill())
    assert PlatformTransaction.objects.get().next_ask_at is None


def test_nobody_paid_for_three_days(town: Town) -> None:
    attempt = town.open(town.bill())
    for days in (1, 2, 4):
        ask(days * 24 * 60)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.next_ask_at) == ("failed", None)


def test_a_mute_platform_is_given_up_after_three_days_and_shown_to_people(town: Town) -> None:
    attempt = town.open(town.bill())
    list(town.platform.pay(attempt.reference, NOW, behaviour=Behaviour.MUTE))
    for days in (1, 4):
        ask(days * 24 * 60)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.next_ask_at) == ("created", None)
    assert "đối chiếu với sao kê" in attempt.problem


def test_a_confirmation_after_we_gave_up_is_still_booked(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    ask(4 * 24 * 60)
    assert [answer["MaLoi"] for answer in town.pays(attempt)] == ["00"]
    assert booked(bill)[0] == "paid"


def test_money_for_a_cancelled_bill_is_an_advance(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    actions.cancel_bill(actor=factories.SYSTEM, bill_id=bill.pk, reason="Rút hồ sơ", now=NOW)
    assert [answer["MaLoi"] for answer in town.pays(attempt)] == ["00"]
    assert booked(bill) == ("cancelled", 0, 1)
    assert actions.refundable(bill)["advance"] == bill.total
    assert queries.check_ledger().problems == []


def test_paying_twice_online_is_booked_twice_the_second_as_an_advance(town: Town) -> None:
    bill = town.bill()
    first = town.open(bill)
    second = town.open(bill, NOW + timedelta(minutes=20))
    town.pays(first)
    town.pays(second)
    assert booked(bill) == ("paid", bill.total, 2)
    assert actions.refundable(bill)["advance"] == bill.total


def test_a_number_the_platform_used_before_is_a_doubt(town: Town) -> None:
    first, second = town.open(town.bill("b1")), town.open(town.bill("b2"))
    (message,) = town.platform.pay(first.reference, NOW)
    town.told(message)
    again = {**message, "MaThamChieu": second.reference}
    again["MaXacThuc"] = rules.signature(wording(), "CONFIRM", again, key_of(PARTNER))  # type: ignore[arg-type]
    assert town.told(again)["MaLoi"] == "99"
    second.refresh_from_db()
    assert second.state == "disputed"


def test_a_message_about_nothing_we_know_is_refused_and_kept(town: Town) -> None:
    attempt = town.open(town.bill())
    (message,) = town.platform.pay(attempt.reference, NOW)
    strange = {**message, "MaThamChieu": "MC0"}
    strange["MaXacThuc"] = rules.signature(wording(), "CONFIRM", strange, key_of(PARTNER))  # type: ignore[arg-type]
    assert town.told(strange)["MaLoi"] == "99"
    assert town.told({**message, "MaDoiTac": "NOBODY"})["MaXacThuc"] == ""
    assert list(PlatformExchange.objects.filter(kind="CONFIRM").values_list("outcome", flat=True)) == [
        "unknown",
        "bad signature",
    ]


@pytest.mark.parametrize("field", ["SoTien", "MaThamChieu", "MaGiaoDich", "MaLoi", "ThoiGianGD"])
def test_a_changed_field_breaks_the_signature(town: Town, field: str) -> None:
    attempt = town.open(town.bill())
    (message,) = town.platform.pay(attempt.reference, NOW)
    assert town.told({**message, field: f"{message[field]}1"})["MaLoi"] == "99"
    attempt.refresh_from_db()
    assert attempt.state == "created"


def test_a_system_without_the_scope_confirms_nothing(town: Town) -> None:
    other = organisation.create_api_client(
        actor=factories.SYSTEM, name="Khác", agency_id=None, scopes=["dossiers:read"], now=NOW
    )
    attempt = town.open(town.bill())
    (message,) = town.platform.pay(attempt.reference, NOW)
    town.told(message, status=403, token=other.token)
    town.told(message, status=401, token="wrong")
    assert not Payment.objects.exists()


def test_money_the_books_cannot_take_now_is_taken_when_they_can(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    unit_id = Collector.objects.values_list("unit_id", flat=True).get()
    Collector.objects.update(unit_id=units.province().id)
    (message,) = town.platform.pay(attempt.reference, NOW)
    assert town.told(message)["MaLoi"] == "99"
    Collector.objects.update(unit_id=unit_id)
    ask(5)
    assert booked(bill)[0] == "paid"


def test_without_a_registered_account_paying_online_is_not_offered(town: Town) -> None:
    bill = town.bill()
    Collector.objects.update(platform_partner="")
    with pytest.raises(NotOffered):
        town.open(bill)


def test_a_paid_bill_opens_no_page(town: Town) -> None:
    bill = town.bill()
    town.counter.pay(bill)
    with pytest.raises(NothingOwed):
        town.open(bill)


def test_while_the_page_is_being_opened_a_second_press_waits(town: Town) -> None:
    bill = town.bill()
    attempt = town.open(bill)
    PlatformTransaction.objects.filter(pk=attempt.pk).update(pay_url="")
    with pytest.raises(Conflict):
        town.open(bill, NOW + timedelta(seconds=20))
    assert town.open(bill, NOW + timedelta(minutes=2)).pk != attempt.pk


def test_the_job_asks_by_the_clock_and_twice_changes_nothing(town: Town) -> None:
    bill = town.bill()
    town.pays(town.open(bill), Behaviour.SILENT)
    at = NOW + timedelta(minutes=6)
    for _time in range(2):
        with time_machine.travel(at, tick=False):
            schedule_due(at)
            drain(at)
    assert booked(bill) == ("paid", bill.total, 1)


on_postgres = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time: nothing to race"
)


@on_postgres
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_both_ways_over_http_three_confirmations_at_once(
    live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.CONFIRM_AT = live_server.url
    with connected(settings, tmp_path) as town:
        bill = town.counter.bill()
        url = actions.pay_online(actor=CITIZEN, bill_id=bill.pk, now=NOW)
        with urllib.request.urlopen(url, data=b"how=silent", timeout=20) as response:
            assert json.loads(response.read()) == []
        attempt = PlatformTransaction.objects.get()
        order = town.platform.order(attempt.reference)
        assert order is not None
        message = town.platform._confirm(order, NOW)
        answers = together(
            *[
                partial(over_http(live_server.url + CONFIRM, town.token, timeout=60), message)
                for _each in range(3)
            ],
            partial(ask, 6),
        )
        assert [answer["MaLoi"] for answer in answers[:3]] == ["00"] * 3
        assert booked(bill) == ("paid", bill.total, 1)
        assert queries.check_ledger().problems == []


@on_postgres
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_about_each_attempt_once(settings: Any, tmp_path: Path) -> None:
    settings.CONFIRM_AT = ""
    with connected(settings, tmp_path) as town:
        for key in ("b1", "b2", "b3"):
            town.pays(town.open(town.counter.bill(key)), Behaviour.SILENT)
        both = together(*[partial(ask, 6) for _each in range(2)])
        assert sum(each["asked"] for each in both) == 3
        assert Payment.objects.count() == 3


def together(*acts: Callable[[], Any]) -> list[Any]:
    """The results of acts begun at the same moment, each with its own connection."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(90) for future in [pool.submit(run, act) for act in acts]]
