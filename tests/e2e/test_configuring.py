"""An IT administrator at the configuration grid in a real browser: by keyboard, down the rows, and handed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from motcua.kernel.tests.web import browser as tools
from tests.e2e.serving import served

pytestmark = pytest.mark.browser

PASSWORD = "mot-cua-so-tu-phap-2026"
GRID = "/cau-hinh/"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if tools.chromium() is None:
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    with served(
        tmp_path_factory.mktemp("department"), ("-m", "tests.e2e.department_site", PASSWORD)
    ) as found:
        yield found


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:
    path = tools.chromium()
    assert path is not None
    with tools.opened(path) as opened:
        yield opened


_SIGNED_IN: dict[str, Any] = {}
"""The session of the site's only person, by its address: signing in more often than a person would is braked."""


def signed_in(browser: Browser, address: str, *, width: int = 1366, script: bool = True) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": 768},
        locale="vi-VN",
        base_url=address,
        java_script_enabled=script,
        storage_state=_SIGNED_IN.get(address),
    )
    context.set_default_timeout(15_000)
    if address in _SIGNED_IN:
        return context
    page = context.new_page()
    page.goto(f"/dang-nhap/?next={GRID}")
    page.fill("[name=username]", "it")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("Cấu hình thủ tục")
    page.close()
    _SIGNED_IN[address] = context.storage_state()
    return context


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = signed_in(browser, address)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.goto(GRID)
    yield page
    context.close()
    assert complaints == []


def cell(page: Page, row: int, column: str) -> str:
    return f"tr[data-row]:nth-of-type({row}) td[data-col={column}]"


def type_into_cell(page: Page, text: str) -> None:
    """Enter, the new value, Enter; the focus comes back to the cell."""
    page.keyboard.press("Enter")
    expect(page.locator(".cell-editor [data-cell-input]").first).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator(".cell-editor")).to_have_count(0)
    expect(page.locator("td:focus-within")).to_have_count(1)


def test_three_cells_by_keyboard_filled_down_and_handed_in(page: Page) -> None:
    page.locator(f"{cell(page, 1, 'receiving')} a").focus()
    type_into_cell(page, "Chỉ Trung tâm tỉnh")
    expect(page.locator(cell(page, 1, "receiving"))).to_contain_text("Chỉ Trung tâm tỉnh")
    expect(page.locator(f"{cell(page, 1, 'receiving')} del")).to_have_text("Mọi Trung tâm trong tỉnh")

    for _ in range(3):
        page.keyboard.press("ArrowRight")
    type_into_cell(page, "TP/HT-2026")
    page.keyboard.press("ArrowDown")
    type_into_cell(page, "TP/HT-2027")
    expect(page.locator(".config-draft")).to_contain_text("3 ô đã sửa")

    page.keyboard.press("Enter")
    expect(page.locator(".cell-editor")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".cell-editor")).to_have_count(0)

    page.keyboard.press("ArrowUp")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    expect(page.locator("[data-bulk-count]")).to_contain_text("2")
    page.keyboard.press("Control+d")
    expect(page.locator("h1")).to_have_text("Điền “Biểu mẫu” xuống")
    expect(page.locator("#doi ~ *, section:has(#doi) ins")).not_to_have_count(0)
    expect(page.locator("section:has(#doi) ins")).to_have_text(["TP/HT-2026", "TP/HT-2026"])
    page.keyboard.press("Enter")
    expect(page.locator(".config-draft")).to_contain_text("5 ô đã sửa")

    page.keyboard.press("F9")
    expect(page.locator("h1")).to_contain_text("Gói cấu hình của Sở Tư pháp, bản nháp")
    expect(page.locator(".config-changes tbody tr")).to_have_count(5)
    page.get_by_role("button", name="Bỏ sửa").first.click()
    expect(page.locator(".config-changes tbody tr")).to_have_count(4)
    page.keyboard.press("F9")
    expect(page.locator("body")).to_contain_text("Đã trình gói cấu hình")
    page.goto("/cau-hinh/ban-nhap/")
    expect(page.locator("body")).to_contain_text("Bản nháp đang trống")
    expect(page.locator("body")).to_contain_text("chờ phê duyệt")


def test_a_wrong_value_stays_in_the_cell_with_what_to_do(page: Page) -> None:
    page.locator(f"{cell(page, 5, 'receiving')} a").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cell-editor [data-cell-input]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Trung tâm Lạ")
    page.keyboard.press("Enter")
    expect(page.locator(".cell-editor .error")).to_contain_text("Không có “Trung tâm Lạ”")
    expect(page.locator(".cell-editor [data-cell-input]")).to_have_value("Trung tâm Lạ")


def test_without_script_every_cell_is_a_form(browser: Browser, address: str) -> None:
    context = signed_in(browser, address, script=False)
    page = context.new_page()
    page.goto(GRID)
    page.locator(f"{cell(page, 6, 'form')} a").click()
    page.locator("#c-form").fill("M06")
    page.get_by_role("button", name="Ghi vào bản nháp").click()
    expect(page.locator(cell(page, 6, "form"))).to_contain_text("M06")
    context.close()


@pytest.mark.parametrize("width", [1366, 360])
@pytest.mark.parametrize(
    "path", [GRID, "/cau-hinh/bat-dau/", "/cau-hinh/nap/", "/cau-hinh/mau/", "/cau-hinh/ban-nhap/"]
)
def test_no_page_has_a_serious_fault_or_runs_over_its_side(
    browser: Browser, address: str, width: int, path: str
) -> None:
    context = signed_in(browser, address, width=width)
    page = context.new_page()
    page.goto(path)
    assert tools.serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
