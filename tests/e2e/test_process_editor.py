"""A department's IT administrator in a real browser: steps moved by keyboard, by mouse and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from motcua.kernel.tests.web import browser as tools
from tests.e2e.serving import served

pytestmark = pytest.mark.browser

PASSWORD = "mot-cua-kinh-bac-2026"
LIST, EDITOR, OTHER, PASTE = (
    "/quy-trinh/ban-nhap/",
    "/quy-trinh/soan/1/",
    "/quy-trinh/soan/2/",
    "/quy-trinh/soan/dan-bang/",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if tools.chromium() is None:
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    with served(tmp_path_factory.mktemp("quy-trinh"), ("-m", "tests.e2e.process_site", PASSWORD)) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = tools.chromium()
    assert path is not None
    with tools.opened(path) as browser:
        yield browser


def signed_in(browser: Browser, address: str, username: str, *, script: bool = True) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=address, java_script_enabled=script
    )
    context.set_default_timeout(8000)
    page = context.new_page()
    page.goto(f"/dang-nhap/?next={LIST}")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("Bản nháp quy trình")
    page.close()
    return context


@pytest.fixture(scope="module")
def context(chromium: Browser, address: str) -> BrowserContext:
    return signed_in(chromium, address, "tin")


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.goto(EDITOR)
    yield page
    page.close()
    assert complaints == []


def order(page: Page) -> list[str]:
    return [
        str(key) for key in page.locator("[data-step]").evaluate_all("s => s.map(step => step.dataset.step)")
    ]


def test_a_step_is_moved_by_keyboard_keeps_the_focus_and_is_announced(page: Page) -> None:
    before = order(page)
    page.focus("#name-b2")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#da-lam")).to_have_text(re.compile("xuống vị trí 4 trên 12"))
    assert order(page) == [before[0], before[2], before[3], before[1], *before[4:]]
    expect(page.locator("#name-b2")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#da-lam")).to_have_text(re.compile("lên vị trí 2 trên 12"))
    assert order(page) == before
    page.reload()
    assert order(page) == before


def test_a_step_is_moved_by_mouse_and_undone(page: Page) -> None:
    before = order(page)
    handle = page.locator("[data-step=b3] [data-handle]")
    page.set_viewport_size({"width": 1366, "height": 1400})
    target = page.locator("[data-step=b1]").bounding_box()
    start = handle.bounding_box()
    assert target is not None
    assert start is not None
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(target["x"] + 20, target["y"] + 60, steps=5)
    page.mouse.move(target["x"] + 20, target["y"] + 5, steps=5)
    expect(page.locator("[data-step=b1]")).to_have_class(re.compile("drop-before"))
    page.mouse.up()
    expect(page.locator("#da-lam")).to_have_text(re.compile("đến vị trí 1 trên 12"))
    assert order(page) == ["b3", "b1", "b2", *before[3:]]
    expect(page.locator("#name-b3")).to_be_focused()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#da-lam")).to_have_text(re.compile("hoàn tác"))
    assert order(page) == before


def test_buttons_move_a_step_for_touch_and_stay_focused(page: Page) -> None:
    before = order(page)
    page.locator("[data-step=b5] [data-up]").click()
    expect(page.locator("#da-lam")).to_have_text(re.compile("lên vị trí 4"))
    expect(page.locator("[data-step=b5] [data-up]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#da-lam")).to_have_text(re.compile("xuống vị trí 5"))
    assert order(page) == before


def test_the_sum_and_the_drawing_follow_the_typing_before_anything_is_saved(page: Page) -> None:
    expect(page.locator(".sum-text")).to_contain_text("Vừa đúng thời hạn")
    page.fill("#time-b6", "9 ngày")
    expect(page.locator(".sum-text")).to_contain_text("Vượt thời hạn 2")
    expect(page.locator("[data-unsaved-mark]")).to_be_visible()
    page.fill("#time-b6", "7 ngày")
    expect(page.locator(".sum-text")).to_contain_text("Vừa đúng thời hạn")
    page.fill("#name-b6", "Cho ý kiến bằng văn bản")
    expect(page.locator("[data-drawing] svg")).to_contain_text("Cho ý kiến bằng văn bản")
    page.keyboard.press("F9")
    expect(page.locator("#da-lam")).to_have_text("Đã lưu.")
    expect(page.locator("[data-unsaved-mark]")).to_be_hidden()
    page.reload()
    expect(page.locator("#name-b6")).to_have_value("Cho ý kiến bằng văn bản")


def test_a_mistake_takes_the_focus_and_keeps_what_was_typed(page: Page) -> None:
    page.fill("#time-b6", "mấy hôm")
    page.keyboard.press("F9")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    expect(page.locator("#time-b6")).to_be_focused()
    expect(page.locator("#time-b6")).to_have_value("mấy hôm")


def test_two_tabs_lose_nothing(page: Page, context: BrowserContext) -> None:
    second = context.new_page()
    second.goto(EDITOR)
    second.fill("#name-b8", "Xem xét lần hai")
    second.keyboard.press("F9")
    expect(second.locator("#da-lam")).to_have_text("Đã lưu.")
    second.close()
    page.fill("#name-b9", "Ký số")
    page.keyboard.press("F9")
    expect(page.locator("h1")).to_have_text("Người khác vừa lưu bản nháp này")
    expect(page.locator("main")).to_contain_text("Xem xét lần hai")
    page.get_by_role("button", name="Lưu bản của tôi").click()
    expect(page.locator("#name-b9")).to_have_value("Ký số")


def test_the_whole_way_works_without_script(chromium: Browser, address: str) -> None:
    plain = signed_in(chromium, address, "kiem", script=False)
    page = plain.new_page()
    page.goto(OTHER)
    before = order_without_script(page)
    page.locator("[data-step=b2] [data-down]").click()
    expect(page.locator(".said")).to_contain_text("xuống vị trí 3")
    assert order_without_script(page) == [before[0], before[2], before[1], *before[3:]]
    page.get_by_role("button", name="Hoàn tác").click()
    assert order_without_script(page) == before
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.locator("main")).to_contain_text("Đã trình duyệt")
    plain.close()
    leader = signed_in(chromium, address, "lanh", script=False)
    page = leader.new_page()
    page.goto(OTHER)
    page.get_by_role("button", name="Duyệt và ban hành").click()
    expect(page.locator("main")).to_contain_text("Đã duyệt và ban hành")
    leader.close()


def order_without_script(page: Page) -> list[str]:
    return [step.get_attribute("data-step") or "" for step in page.locator("[data-step]").all()]


@pytest.mark.parametrize("width", [1366, 360])
@pytest.mark.parametrize("where", [EDITOR, LIST, PASTE, "opened", "wrong", "table"])
def test_nothing_serious_for_axe_and_nothing_wider_than_the_screen(
    page: Page, where: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(where if where.startswith("/") else EDITOR)
    if where == "opened":
        page.locator("[data-step=b11] summary").click()
    if where == "wrong":
        page.fill("#time-b6", "mấy hôm")
        page.keyboard.press("F9")
        expect(page.locator(".error-summary")).to_be_visible()
    if where == "table":
        page.goto(PASTE)
        page.fill(
            "[name=text]", "TT\tNội dung công việc\tĐơn vị thực hiện\tThời gian\n1\tViệc\tÔng Ba\tlâu\n"
        )
        page.keyboard.press("F9")
        expect(page.locator(".error-summary")).to_be_visible()
    assert tools.serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
