"""What the menu shows can be opened, and what can be used is shown."""

from __future__ import annotations

import pytest

from motcua.config import navigation
from motcua.payments import queries as payments
from motcua.payments.models import Receipt
from motcua.payments.permissions import may_read_somewhere
from tests.cast import Cast
from tests.permissions import asking

pytestmark = pytest.mark.django_db


def test_every_entry_names_a_page_of_the_table() -> None:
    assert {entry.view for entry in navigation.ENTRIES} <= set(asking.url_names())


def test_everybody_can_open_what_their_menu_shows(cast: Cast) -> None:
    browsers = asking.page_askers(cast)
    closed = [
        f"{name}: {item['url']}"
        for name, actor in cast.people.items()
        for item in navigation.items(actor, "/")
        if _opened(browsers[name], item["url"]) != 200
    ]
    assert closed == []


def _opened(browser: asking.Asker, address: str) -> int:
    """Where there is but one thing to list, the list leads to it."""
    answer = browser.ask("GET", address)
    if answer.status == 302 and answer.word != "login":
        answer = browser.ask("GET", answer.location)
    return answer.status


def test_the_counter_stands_in_the_menu_of_those_who_sit_there(cast: Cast) -> None:
    shown = {
        name: {item["view"] for item in navigation.items(actor, "/")} for name, actor in cast.people.items()
    }
    assert {name for name, views in shown.items() if "counter:reception" in views} == {"counter", "other"}
    assert {name for name, views in shown.items() if "desk:audit" in views} == {"it", "insp", "ctrl", "admin"}


def test_what_changes_procedures_stands_in_the_menu_of_those_who_change_them(cast: Cast) -> None:
    def who_sees(view: str) -> set[str]:
        return {
            name
            for name, actor in cast.people.items()
            if view in {item["view"] for item in navigation.items(actor, "/")}
        }

    assert who_sees("support:readiness") == who_sees("matrix:procedures") >= {"it", "ctrl", "admin"}
    assert not who_sees("support:readiness") & {"counter", "other"}
    assert who_sees("rehearsals:list") == who_sees("catalogue_configuring:grid")


def test_whoever_oversees_the_province_finds_what_their_menu_speaks_of(cast: Cast) -> None:
    """Inspectors and controllers of the province read the books of every ward, those of a ward their own."""
    every = Receipt.objects.count()
    found = {
        name: payments.receipts_page(actor, payments.ReceiptFilters()).total
        for name, actor in cast.people.items()
        if "payments:receipts" in {item["view"] for item in navigation.items(actor, "/")}
    }
    assert {name: found.get(name) for name in ("insp", "ctrl", "admin")} == dict.fromkeys(
        ("insp", "ctrl", "admin"), every
    )
    assert every == 2 and found["counter"] == found["leader"] == found["other"] == 1


def test_books_stand_in_nobodys_menu_who_reads_none(cast: Cast) -> None:
    views = {"payments:receipts", "payments:statements", "payments:report"}
    shown = {
        name: views & {item["view"] for item in navigation.items(actor, "/")}
        for name, actor in cast.people.items()
    }
    assert all(may_read_somewhere(cast.people[name]) for name, some in shown.items() if some)
    assert shown["insp"] == shown["ctrl"] == views
