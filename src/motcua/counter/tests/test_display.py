"""The screen turned to the citizen: follows the till, shows nobody's name, paired once by a short code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.counter.actions_display import show_on_display
from motcua.counter.rules.display import FORGOTTEN, THANKS_FOR, Phase, shown
from motcua.counter.tests.till import SCREEN, Till, make_till, words
from motcua.payments.tests.counter import NOW

SHOW, CONTENT, PAIR = f"{SCREEN}hien/", f"{SCREEN}noi-dung/", f"{SCREEN}ghep/"


@pytest.fixture
def till(db: None) -> Iterator[Till]:
    with time_machine.travel(NOW, tick=False):
        yield make_till()


def paired(till: Till) -> Client:
    """A tablet that was paired."""
    code = re.search(
        r'class="pair-code" role="status">(\w{6})<', words(till.cashier.post(PAIR, {"do": "offer"}))
    )
    assert code is not None
    tablet = Client()
    assert tablet.post(SCREEN, {"code": f"{code[1][:3]}-{code[1][3:].lower()}"}).status_code == 302
    return tablet


@pytest.mark.parametrize(
    ("phase", "age", "owed", "picture"),
    [
        ("idle", timedelta(0), 5, Phase.IDLE),
        ("bill", timedelta(0), None, Phase.IDLE),
        ("bill", timedelta(0), 5, Phase.BILL),
        ("transfer", timedelta(minutes=1), 5, Phase.TRANSFER),
        ("transfer", timedelta(minutes=1), 0, Phase.THANKS),
        ("online", timedelta(minutes=1), 5, Phase.ONLINE),
        ("transfer", FORGOTTEN + timedelta(seconds=1), 5, Phase.IDLE),
        ("thanks", timedelta(0), 0, Phase.THANKS),
        ("thanks", THANKS_FOR, 0, Phase.IDLE),
    ],
)
def test_the_picture_follows_what_was_done_and_fades(
    phase: str, age: timedelta, owed: int | None, picture: Phase
) -> None:
    now = datetime(2025, 12, 1, 9, 0, tzinfo=NOW.tzinfo)
    assert shown(phase, shown_at=now - age, owed=owed, now=now) is picture


def test_the_screen_shows_the_amount_the_qr_and_thanks_and_nobodys_name(till: Till) -> None:
    till.with_account()
    bill = till.bill()
    assert "Kính chào" in words(till.cashier.get(SCREEN))
    till.cashier.post(SHOW, {"ma": bill.reference, "hien": "bill"})
    page = words(till.cashier.get(SCREEN))
    assert "13.000" in page and "<svg" not in page.split("<main")[1].split("</main")[0]
    till.cashier.post(SHOW, {"ma": bill.reference, "hien": "transfer"})
    page = words(till.cashier.get(SCREEN))
    assert 'class="show-qr"' in page and "0011001234567" in page
    for private in ("Nguyễn Thị Ánh", "027090001234", "Thôn Đông", bill.subject):
        assert private not in page
    till.books.pay(bill, method="transfer", key="bank:1")
    assert "Xin cảm ơn" in words(till.cashier.get(SCREEN))


def test_who_pays_online_scans_the_way_to_the_paying_page(till: Till) -> None:
    show_on_display(
        actor=till.books.cashier,
        unit_id=till.unit_id,
        reference=till.bill().reference,
        phase=Phase.ONLINE,
        link="https://motcua.example/tra-cuu/0123456789abcdef/nop-tien/",
        now=NOW,
    )
    page = words(till.cashier.get(SCREEN))
    assert 'class="show-qr"' in page and "nộp trực tuyến" in page and "tra-cuu" not in page


def test_the_change_is_shown_after_cash(till: Till) -> None:
    till.pay(till.bill(), tendered="20000")
    page = words(till.cashier.get(SCREEN))
    assert "Tiền trả lại" in page and "7.000" in page


def test_a_tablet_follows_its_own_till_and_asks_lightly(till: Till) -> None:
    tablet, bill = paired(till), till.bill()
    till.cashier.post(SHOW, {"ma": bill.reference, "hien": "bill"})
    answer = tablet.get(CONTENT)
    assert "13.000" in words(answer)
    with CaptureQueriesContext(connection) as run:
        again = tablet.get(CONTENT, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and again.content == b""
    assert len(run) <= 2, [query["sql"][:120] for query in run]


def test_a_code_is_used_once_and_soon(till: Till) -> None:
    answer = words(till.cashier.post(PAIR, {"do": "offer"}))
    code = re.search(r'role="status">(\w{6})<', answer)
    assert code is not None
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert Client().post(SCREEN, {"code": code[1]}).status_code == 422
    assert Client().post(SCREEN, {"code": code[1]}).status_code == 302
    second = Client().post(SCREEN, {"code": code[1]})
    assert second.status_code == 422 and "hết hạn" in words(second)


def test_guessing_codes_is_slowed_down(till: Till) -> None:
    answers = [Client().post(SCREEN, {"code": "ABCDEF"}).status_code for _try in range(21)]
    assert answers[-1] == 429 and set(answers[:-1]) == {422}


def test_a_forgotten_tablet_shows_nothing_more(till: Till) -> None:
    tablet = paired(till)
    till.cashier.post(PAIR, {"do": "forget"})
    assert tablet.get(CONTENT).status_code == 204
    assert "Ghép màn hình" in words(tablet.get(SCREEN))


def test_a_stranger_gets_a_place_for_the_code_and_nothing_else(till: Till) -> None:
    assert "Ghép màn hình" in words(Client().get(SCREEN))
    assert Client().get(CONTENT).status_code == 204
    assert till.leader.post(SHOW, {"ma": till.bill().reference}).status_code == 403
