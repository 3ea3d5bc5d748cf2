"""A cashier's day in a real browser: cash by keyboard alone, a double press, the citizen's screen, the close."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from motcua.counter.tests.counter_desk import CARD
from motcua.kernel.tests.web import browser as tools
from tests.e2e.serving import served

pytestmark = pytest.mark.browser

PASSWORD = "mot-cua-kinh-bac-2026"
LIST, CLOSE, SCREEN = "/thu-phi/", "/thu-phi/khoa-so/", "/thu-phi/man-hinh/"
FOLLOWS_MS = 2_000
MOST_KEYS = 10
"""A reception with its money and back to the next person, besides data."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if tools.chromium() is None:
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    with served(tmp_path_factory.mktemp("till"), ("-m", "tests.e2e.till_site", PASSWORD)) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(address: str) -> Iterator[Browser]:
    path = tools.chromium()
    assert path is not None
    with tools.opened(path) as browser:
        yield browser


@pytest.fixture(scope="module")
def cashier(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """One session for the whole day; printing is a closed printer dialog."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=address)
    context.set_default_timeout(8000)
    context.add_init_script("window.print = function () {};")
    context.route(
        re.compile(r"/phieu/|/bien-lai/|/bien-ban/"), lambda route: route.fulfill(status=200, body="pdf")
    )
    page = context.new_page()
    page.goto(f"/dang-nhap/?next={LIST}")
    page.fill("[name=username]", "quay")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("Thu ngân")
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(cashier: BrowserContext) -> Iterator[Page]:
    page = cashier.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.goto(LIST)
    yield page
    page.close()
    assert complaints == []


def open_bill(page: Page, name: str) -> None:
    """By a few letters of the name and two keys."""
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.locator("[data-open]").first.wait_for()
    page.keyboard.press("Tab")
    page.locator("[data-open]").first.press("Enter")
    expect(page.locator("#id_tendered")).to_be_focused()


def shown(page: Page) -> None:
    """Keys work once the page's scripts ran: the receipt goes to the printer then."""
    expect(page.locator("#print-frame")).to_have_count(1)


def test_cash_is_taken_by_keyboard_alone_and_a_second_press_takes_nothing(page: Page) -> None:
    open_bill(page, "nguyen thi anh")
    page.keyboard.type("500k")
    expect(page.locator("[data-change]")).to_have_text("Trả lại 487.000 đ")
    page.keyboard.press("F9")
    page.keyboard.press("F9")
    expect(page.locator(".paid-change")).to_have_text(re.compile("487.000"))
    expect(page.locator(".paid-receipt")).to_contain_text("0000001")
    expect(page.locator("#scan")).to_be_focused()
    shown(page)
    page.keyboard.press("F8")
    expect(page.locator("h1")).to_have_text("Thu ngân")
    expect(page.get_by_text("Nguyễn Thị Ánh")).to_have_count(0)


def test_too_little_is_said_at_once_and_kept_when_sent(page: Page) -> None:
    open_bill(page, "binh")
    page.keyboard.type("5000")
    expect(page.locator("[data-change]")).to_contain_text("Còn thiếu")
    page.keyboard.press("F9")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#id_tendered")).to_have_value("5000")


def test_the_citizen_sees_the_qr_within_two_seconds_and_thanks_after_paying(
    page: Page, cashier: BrowserContext
) -> None:
    screen = cashier.new_page()
    screen.goto(SCREEN)
    open_bill(page, "hong nhung")
    expect(screen.locator(".show-amount")).to_contain_text("29.000", timeout=FOLLOWS_MS)
    page.keyboard.press("F7")
    expect(screen.locator(".show-qr svg")).to_be_visible(timeout=FOLLOWS_MS)
    assert "Nhung" not in screen.locator("body").inner_text()
    page.keyboard.press("F4")
    page.keyboard.type("50000")
    page.keyboard.press("F9")
    expect(screen.locator(".show-change")).to_contain_text("21.000", timeout=FOLLOWS_MS + 1_000)
    assert tools.serious(screen) == []
    screen.close()


def test_from_reception_the_money_is_one_key_away_and_so_is_the_next_person(page: Page) -> None:
    page.goto("/quay/tiep-nhan/?moi=1")
    page.keyboard.type(CARD, delay=2)
    page.keyboard.press("Enter")
    keys = ["x", "n", "t", "Enter", "*", "Enter"]
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.type("0912345678")
    page.keyboard.press("F9")
    expect(page.locator("#saved")).to_contain_text("Thu 5.000")
    page.keyboard.press("F1")
    expect(page.locator("#id_tendered")).to_be_focused()
    page.keyboard.press("F9")
    expect(page.locator(".paid-change")).to_be_visible()
    shown(page)
    page.keyboard.press("F8")
    assert len([*keys, "F9", "F1", "F9", "F8"]) <= MOST_KEYS
    expect(page.locator("h1")).to_have_text("Tiếp nhận hồ sơ")
    expect(page.locator("#scan")).to_be_focused()


@pytest.mark.parametrize("width", [1366, 360])
def test_nothing_serious_for_axe_and_nothing_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    bill = page.locator("[data-open]").first.get_attribute("href")
    for path in (
        LIST,
        str(bill),
        f"{bill}?cach=transfer",
        "/thu-phi/hoan-tra/",
        CLOSE,
        "/thu-phi/man-hinh/ghep/",
    ):
        page.goto(path)
        assert tools.serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_the_day_is_counted_note_by_note_and_shut(page: Page) -> None:
    page.goto(CLOSE)
    expect(page.locator("#id_note-500000")).to_be_focused()
    expected = int(page.locator("[data-count]").get_attribute("data-expected") or 0)
    for note, pieces in (("10000", expected // 10_000), ("1000", expected % 10_000 // 1_000)):
        page.fill(f"#id_note-{note}", str(pieces))
    expect(page.locator("[data-difference]")).to_have_text("Khớp")
    page.keyboard.press("F9")
    expect(page.locator(".eyebrow")).to_have_text("Ngày thu đã khóa")
    page.goto(LIST)
    expect(page.get_by_text("Sổ hôm nay đã khóa")).to_be_visible()
