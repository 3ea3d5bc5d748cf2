"""`motcua close-day`: the books that are meant, closed once, with the figures of the day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from motcua.organisation import queries as units
from motcua.organisation.tests import factories
from motcua.payments import actions
from motcua.payments.models import Bill, CashierDay
from motcua.payments.tests.counter import LINES, NOW, Counter, make_counter

pytestmark = pytest.mark.django_db
DAY = date(2025, 12, 1)


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def close(
    capsys: pytest.CaptureFixture[str], unit: str, day: date = DAY, **more: Any
) -> tuple[int, dict[str, Any]]:
    """The exit code and what `--json` prints."""
    code = 0
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        try:
            call_command("close_day", unit=unit, date=day, json=True, **more)
        except SystemExit as left:
            code = int(left.code or 0)
    return code, json.loads(capsys.readouterr().out)


def agency_bill(counter: Counter) -> Bill:
    agency = units.unit(counter.unit_id).agency_id
    return actions.open_bill(
        actor=factories.SYSTEM, unit_id=agency, budget_unit_id=agency, subject="H05.101-251201-x",
        payer=actions.Payer("Nguyễn Thị Ánh"), lines=LINES, key="x", now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("unit", ["07210", "07210.TT"])
def test_the_ward_means_the_books_of_its_centre(
    counter: Counter, capsys: pytest.CaptureFixture[str], unit: str
) -> None:
    counter.pay(counter.bill())
    code, told = close(capsys, unit)
    assert (code, told["unit"], told["expected"], told["difference"]) == (0, "07210.TT", 13_000, 0)
    assert told["figures"]["taken"] == {"cash": 13_000}
    assert close(capsys, unit)[1]["digest"] == told["digest"], "again changes nothing"
    assert CashierDay.objects.get().unit_id == counter.unit_id


def test_where_two_units_took_money_one_has_to_be_named(
    counter: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    counter.pay(counter.bill())
    agency = units.unit(counter.unit_id).agency_id
    counter.pay(agency_bill(counter))
    assert close(capsys, "07210")[1]["figures"]["taken"] == {"cash": 13_000}
    assert CashierDay.objects.get().unit_id == agency, "an agency with books of its own means these"
    code, told = close(capsys, "24")
    assert code == 2 and "07210, 07210.TT" in told["error"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"counted": 12_000}, "thiếu 1.000 đồng"),
        ({"counted": 12_000_000, "explanation": "Nhầm"}, "cần lãnh đạo xác nhận"),
        ({"counted": -1}, "không được âm"),
        ({"day": DAY + timedelta(days=1)}, "chưa tới"),
        ({"unit": "99999"}, "99999"),
    ],
)
def test_what_cannot_be_closed_leaves_with_2_and_a_sentence(
    counter: Counter, capsys: pytest.CaptureFixture[str], more: dict[str, Any], said: str
) -> None:
    counter.pay(counter.bill())
    code, told = close(capsys, **{"unit": "07210", **more})
    assert code == 2 and said in told["error"]
    assert not CashierDay.objects.exists()
