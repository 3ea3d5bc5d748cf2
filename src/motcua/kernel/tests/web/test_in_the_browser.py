"""The frame in a real browser: nothing serious for axe, keys, drafts, a dropped line, an expired session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import set_urlconf
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django import Settings

from motcua.kernel.tests.web import browser as tools
from motcua.kernel.tests.web import urls

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = tools.chromium()
    if path is None:
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    with tools.opened(path) as browser:
        yield browser


@pytest.fixture
def address(frame: Settings) -> Iterator[str]:
    set_urlconf(None)
    urls.received.clear()
    with tools.served() as address:
        yield address


@pytest.fixture(params=[1366, 360], ids=["desk", "telephone"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": request.param, "height": 740}, locale="vi-VN")
    context.set_default_timeout(5000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("path", ["/kieu-dang/", "/dang-nhap/", "/form/", "/khong-co/", "/fail/gone/"])
def test_nothing_serious_for_axe_and_nothing_wider_than_the_screen(
    page: Page, address: str, path: str
) -> None:
    page.goto(address + path)
    assert tools.serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_list_is_worked_by_keys_alone(page: Page, address: str) -> None:
    page.goto(address + "/kieu-dang/")
    for key in ("j", "j", "x", "j", "x", "k"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk-count]")).to_have_text("Đã chọn 2 dòng")
    expect(page.locator("tr.is-current")).to_contain_text("0002")
    page.keyboard.press("Enter")
    expect(page).to_have_url(address + "/kieu-dang/#s-list")


def test_the_chosen_tab_stands_where_it_is_seen(page: Page, address: str) -> None:
    page.goto(address + "/kieu-dang/")
    last = page.locator(".tabs").first.locator("a").last
    last.evaluate(
        """tab => {
            tab.append(" và những chữ làm cho hàng thẻ dài hơn màn hình");
            tab.closest("ul").querySelectorAll("a").forEach(one => one.removeAttribute("aria-current"));
            tab.setAttribute("aria-current", "page");
            document.dispatchEvent(new Event("htmx:afterSettle"));
        }"""
    )
    middle = "tab => { const box = tab.getBoundingClientRect(); return (box.left + box.right) / 2; }"
    assert 0 < last.evaluate(middle) < page.evaluate("window.innerWidth")


def test_help_opens_by_key_and_closes_by_escape(page: Page, address: str) -> None:
    page.goto(address + "/kieu-dang/")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()


def test_keys_are_not_taken_from_somebody_typing_but_function_keys_work(page: Page, address: str) -> None:
    page.goto(address + "/form/")
    page.focus("#note")
    page.keyboard.type("j/k?x")
    assert page.input_value("#note") == "j/k?x"
    page.fill("#name", "Nguyễn Thị Hạnh")
    page.keyboard.press("F9")
    expect(page).to_have_url(address + "/done/")


def test_what_was_typed_comes_back_after_the_page_was_lost(page: Page, address: str) -> None:
    page.goto(address + "/form/")
    page.fill("#name", "Đặng Thị Ước")
    page.wait_for_timeout(400)
    page.reload()
    expect(page.locator("#name")).to_have_value("Đặng Thị Ước")
    expect(page.locator("#notices")).to_contain_text("Đã khôi phục nội dung chưa lưu")
    page.get_by_role("button", name="Bỏ bản nháp").click()
    expect(page.locator("#name")).to_have_value("")


def test_an_error_keeps_what_was_typed_and_takes_the_focus(page: Page, address: str) -> None:
    page.goto(address + "/form/")
    page.fill("#note", "Giữ lại")
    page.keyboard.press("F9")
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Lỗi:")
    page.locator(".error-summary a").click()
    expect(page.locator("#name")).to_be_focused()


def test_a_dropped_line_is_retried_with_the_same_key(page: Page, address: str) -> None:
    keys: list[str] = []
    page.goto(address + "/form/")

    def drop_first(route: Route) -> None:
        if route.request.method == "POST":
            keys.append(str(route.request.post_data).partition('name="idempotency_key"')[2][:40].strip())
            if len(keys) == 1:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/form/", drop_first)
    page.fill("#name", "Lê Hữu Nghĩa")
    page.keyboard.press("F9")
    expect(page.locator("#notices")).to_contain_text("Mất kết nối")
    expect(page).to_have_url(address + "/done/")
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert [entry["name"] for entry in urls.received] == ["Lê Hữu Nghĩa"]
    assert len(urls.received[0]["idempotency_key"]) == 32


def test_an_expired_session_keeps_the_page_and_sends_again_after_signing_in(page: Page, address: str) -> None:
    page.goto(address + "/form/")
    page.fill("#name", "Trần Văn Đức")
    page.context.add_cookies([{"name": "expired", "value": "1", "url": address}])
    page.keyboard.press("F9")
    expect(page.locator("#notices")).to_contain_text("Phiên đã hết hạn")
    expect(page.locator("#name")).to_have_value("Trần Văn Đức")
    page.context.clear_cookies(name="expired")
    page.get_by_role("button", name="Gửi lại").click()
    expect(page).to_have_url(address + "/done/")
    assert len(urls.received) == 1


def test_an_accepted_form_leaves_no_draft_behind(page: Page, address: str) -> None:
    page.goto(address + "/form/")
    page.fill("#name", "Ngô Bá Ước")
    page.wait_for_timeout(400)
    page.keyboard.press("F9")
    expect(page).to_have_url(address + "/done/")
    page.goto(address + "/form/")
    expect(page.locator("#name")).to_have_value("")


def test_a_demo_account_is_filled_in_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + "/dang-nhap/")
    page.locator(".account").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#username")).to_have_value("demo.0")
    expect(page.locator("#sign-in-form [type=submit]")).to_be_focused()


def test_the_frame_works_without_script(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/kieu-dang/")
    expect(page.locator(".rail-quick")).to_be_visible()
    expect(page.locator(".rail-groups")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    page.locator(".rail-group summary").click()
    expect(page.locator(".rail-groups").get_by_role("link", name="Thủ tục")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".rail-groups")).to_be_hidden()
    expect(page.locator("[data-bulk-bar]").first).to_be_visible()
    expect(page.locator(".foot-keys")).to_be_hidden()
    context.close()


def test_the_menu_of_a_desk_is_a_column_whose_groups_fold_by_key_and_stay_folded(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(viewport={"width": 1366, "height": 740})
    page = context.new_page()
    page.goto(address + "/kieu-dang/")
    expect(page.locator(".rail-quick")).to_be_hidden()
    summary = page.locator(".rail-group summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rail-groups").get_by_role("link", name="Thủ tục")).to_be_visible()
    assert {cookie["name"]: cookie["value"] for cookie in context.cookies()}["motcua_menu"] == "more:0"
    page.keyboard.press("Enter")
    assert {cookie["name"]: cookie["value"] for cookie in context.cookies()}["motcua_menu"] == "more:1"
    context.close()


@pytest.mark.parametrize("resilient", [True, False], ids=["by script", "by the browser"])
def test_a_double_click_sends_once(page: Page, address: str, resilient: bool) -> None:
    sent: list[str] = []

    def slow(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(str(route.request.url))
            page.wait_for_timeout(300)
        route.continue_()

    page.route("**/form/", slow)
    page.goto(address + "/form/")
    if not resilient:
        page.evaluate(
            """() => {
                const form = document.querySelector('main form');
                form.removeAttribute('data-resilient');
                form.insertAdjacentHTML('beforeend', '<input type="hidden" name="method" value="cash">');
            }"""
        )
    page.fill("#name", "Lê Hữu Nghĩa")
    page.locator("main form [type=submit]").first.click(click_count=2, delay=20)
    expect(page).to_have_url(address + "/done/")
    assert len(sent) == 1
    page.go_back()
    page.fill("#name", "Lê Hữu Nghĩa")
    page.locator("main form [type=submit]").first.click()
    expect(page).to_have_url(address + "/done/")
    assert len(sent) == 2, "after the browser's Back the form can be sent again"


def test_the_calendar_writes_day_first_on_an_english_browser(chromium: Browser, address: str) -> None:
    context = chromium.new_context(locale="en-US")
    page = context.new_page()
    page.add_init_script("HTMLInputElement.prototype.showPicker = function () { window.opened = this; };")
    page.goto(address + "/kieu-dang/")
    day = page.locator("[data-day=date] input").first
    day.fill("25/11/2026")
    page.locator("[data-day=date] [data-day-open]").first.click()
    assert page.evaluate("[opened.type, opened.value, opened.name]") == ["date", "2026-11-25", ""]
    page.evaluate(
        "opened.value = '2026-04-03'; opened.dispatchEvent(new Event('change', { bubbles: true }));"
    )
    expect(day).to_have_value("03/04/2026")
    expect(day).to_be_focused()
    context.close()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("15081990", "15/08/1990"),
        ("5-1-2026", "05/01/2026"),
        ("2026-11-25", "25/11/2026"),
        ("25/11/26", "25/11/2026"),
        ("31/02/2026", "31/02/2026"),
        ("hôm nay", "hôm nay"),
    ],
)
def test_a_day_that_can_be_read_is_written_out_and_the_rest_stays(
    chromium: Browser, address: str, typed: str, shown: str
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address + "/kieu-dang/")
    day = page.locator("[data-day=date] input").first
    day.fill(typed)
    page.keyboard.press("Tab")
    expect(day).to_have_value(shown)
    assert page.evaluate("document.activeElement.matches('[data-day-open]')") is False
    context.close()


def test_the_calendar_opens_by_key(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script(
        "HTMLInputElement.prototype.showPicker = function () { window.opened = this.type; };"
    )
    page.goto(address + "/kieu-dang/")
    page.locator("[data-day=month] input").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    assert page.evaluate("window.opened") == "month"
    context.close()
