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


def test_the_groups_of_the_menu_hold_every_entry_once(cast: Cast) -> None:
    for actor in cast.people.values():
        grouped = [item["view"] for group in navigation.menu(actor, "/", {}) for item in group["items_shown"]]
        assert grouped == [item["view"] for item in navigation.items(actor, "/")]


def test_daily_work_stands_open_and_the_rest_is_folded_until_it_is_wanted(cast: Cast) -> None:
    def opened(name: str, path: str = "/", **folded: bool) -> list[str]:
        groups = navigation.menu(
            cast.people[name], path, {key.replace("_", "-"): value for key, value in folded.items()}
        )
        return [group["key"] for group in groups if group["open"]]

    assert opened("counter") == ["cong-viec", "thu-tien"]
    assert "thu-tuc" in opened("ctrl")
    assert "thu-tuc" in opened("counter", "/thu-tuc/"), "the group of the page that is shown is open"
    assert opened("counter", thu_tien=True) == ["cong-viec"]
    assert opened("counter", thu_tuc=False) == ["cong-viec", "thu-tien", "thu-tuc"]
    assert "cong-viec" in opened("counter", cong_viec=True), "daily work never folds"


def test_a_telephone_shows_the_daily_work_in_its_bar(cast: Cast) -> None:
    bar = navigation.quick(navigation.menu(cast.people["counter"], "/", {}))
    assert [entry["view"] for entry in bar] == [
        "counter:reception",
        "counter:today",
        "counter:handover",
        "dossiers:worklist",
    ]
    for actor in cast.people.values():
        assert len(navigation.quick(navigation.menu(actor, "/", {}))) <= navigation.QUICK


@pytest.mark.parametrize(
    ("cookie", "found"),
    [
        ("thu-tien:1.thu-tuc:0", {"thu-tien": True, "thu-tuc": False}),
        ("", {}),
        ("thu-tien", {}),
        ("thu-tien:x.:.<script>", {}),
        ("a:1." * 4000, {"a": True}),
    ],
)
def test_what_a_person_folded_is_read_from_a_cookie_that_anybody_can_write(
    cookie: str, found: dict[str, bool]
) -> None:
    assert navigation.chosen(cookie) == found


def test_the_two_steps_of_giving_back_money_have_names_nobody_takes_for_each_other() -> None:
    labels = {entry.view: entry.label for entry in navigation.ENTRIES}
    assert labels["dossiers:refunds"] == "Hồ sơ xét hoàn phí"
    assert labels["cashier:refunds"] == "Duyệt và chi hoàn"


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
